"""The code that runs on every host: asks one target, with the lines that its guide prints, and says how it
went.

A WSGI app (`/ask/<target>`), a server on `PORT` where it is started by itself, and a program that prints one
answer where it is given a target.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import make_server


def answer(target: str) -> dict[str, Any]:
    """`said` is what was read, or what the service refused with."""
    try:
        said = importlib.import_module(f"lines.{target}").ask(prefix(target))
    except Exception as error:
        return {"let_in": False, "said": f"{type(error).__name__}: {error}"}
    return {"let_in": True, "said": said}


def prefix(target: str) -> str:
    """How the variables of the target's link begin: it is called `data` where there is one alone."""
    own = f"TO_{target.upper()}_"
    return own if any(name.startswith(own) for name in os.environ) else "DATA_"


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = str(environ.get("PATH_INFO", "/"))
    body = answer(path.removeprefix("/ask/")) if path.startswith("/ask/") else {"well": True}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]


def main(arguments: list[str]) -> None:
    if arguments:
        print(json.dumps(answer(arguments[0])), flush=True)
        return
    port = int(os.environ["PORT"])
    with make_server("127.0.0.1", port, app) as server:  # pyright: ignore[reportArgumentType] - a WSGI app as any
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
