"""What an instance is told about itself.

https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
"""

from typing import Any, Final, cast

from local_azure.http import JsonObject, Request, Response
from local_azure.imds.asking import Asking
from local_azure.rules import Rule

PATH: Final = "/metadata/instance"
_VERSIONS: Final = ("2021-12-13", "2021-11-15", "2021-11-01", "2021-10-01", "2021-05-01", "2021-02-01")
_OLDER: Final = (
    "2017-08-01",
    "2017-12-01",
    "2018-02-01",
    "2019-06-01",
    "2020-06-01",
    "2020-09-01",
    "2021-01-01",
)
_FORMATS: Final = ("json", "text")


def answer_instance(asking: Asking, request: Request) -> Response:
    """Answer GET `/metadata/instance`, the whole of it as JSON, or one value below it as text."""
    if asking.metadata is None:
        return _refused(404, "Not found")
    version = request.query.get("api-version")
    if version is None:
        text = "Bad request. api-version was not specified in the request"
        return Response(400, {"error": text, "newest-versions": list(_VERSIONS[:3])})
    if version not in (*_VERSIONS, *_OLDER):
        return _refused(400, "Bad request. api-version is invalid or was not specified in the request")
    found: Any = asking.metadata()
    for part in request.path.removeprefix(PATH).strip("/").split("/"):
        if not part:
            continue
        found = _below(found, part)
        if found is None:
            return _refused(404, "Not found")
    form = request.query.get("format", "json")
    if form not in _FORMATS:
        return _refused(400, "Bad request. The format is json or text")
    if isinstance(found, dict | list):
        if form == "text":
            return _text(_listed(cast(JsonObject | list[Any], found)))
        return Response(200, cast(JsonObject, found))
    # A single value has no other form: Azure wants it asked for as text.
    return _text(str(found)) if form == "text" else _refused(404, "Bad request. Use format=text")


def _below(found: Any, part: str) -> Any:
    if isinstance(found, list):
        items = cast(list[Any], found)
        return items[int(part)] if part.isdecimal() and int(part) < len(items) else None
    return cast(JsonObject, found).get(part) if isinstance(found, dict) else None


def _listed(found: JsonObject | list[Any]) -> str:
    if isinstance(found, list):
        return "".join(f"{number}/\n" for number in range(len(found)))
    return "".join(
        f"{name}/\n" if isinstance(value, dict | list) else f"{name}\n" for name, value in found.items()
    )


def _text(value: str) -> Response:
    return Response(200, value.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def _refused(status: int, text: str) -> Response:
    return Response(status, {"error": text})


RULES: Final = [
    Rule(
        "Q3",
        "behaviour",
        "An instance reads of itself what Azure knows: a document, or one value of it as text; `userData` as "
        "it was written, in Base64.",
        held_by="q3_an_instance_reads_about_itself",
        source="https://learn.microsoft.com/azure/virtual-machines/user-data",
    ),
]
