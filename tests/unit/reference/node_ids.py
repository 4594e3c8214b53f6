"""Whether a test of some id is there."""

import ast
import re
from functools import cache

from toolchain.paths import ROOT


@cache
def functions(file: str) -> frozenset[str]:
    """The tests of a file, whose names are read and not collected."""
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def missing(node: str) -> str:
    """Why there is no test of that id; nothing where there is one."""
    found = re.fullmatch(r"(tests/[\w/]+/test_\w+\.py)::(test_\w+)(\[.+\])?", node)
    if found is None:
        return f"{node}: no id of a test, as tests/local_azure/test_blobs.py::test_what_it_says"
    if not (ROOT / found[1]).is_file():
        return f"{node}: there is no such file"
    return "" if found[2] in functions(found[1]) else f"{node}: the file has no such test"
