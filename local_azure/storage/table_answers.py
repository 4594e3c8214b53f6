"""The words of the table service: OData in JSON, with as much metadata as clients ask for by default."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from local_azure.http import JsonObject, Request, Response
from local_azure.storage.entities import Entity

JSON: Final = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8"
_CONTINUE: Final = "x-ms-continuation-"


def listed(host: str, name: str, values: Sequence[JsonObject], after: Mapping[str, str]) -> Response:
    """A page of tables or of the entities of one; `after` says where the next begins."""
    body = {"odata.metadata": f"https://{host}/$metadata#{name}", "value": list(values)}
    return Response(200, body, {"content-type": JSON, **{_CONTINUE + key: one for key, one in after.items()}})


def entity_answer(host: str, table: str, entity: Entity, selected: Collection[str], status: int) -> Response:
    body = {"odata.metadata": f"https://{host}/$metadata#{table}/@Element", **entity.shown(selected)}
    return Response(status, body, {"content-type": JSON, "etag": entity.etag})


def made(request: Request, whole: Response) -> Response:
    """The answer to what was made: whole, or without its body where the client prefers none."""
    preferred = request.headers.get("prefer", "")
    headers = {**whole.headers, **({"preference-applied": preferred} if preferred else {})}
    if preferred != "return-no-content":
        return Response(201, whole.body, headers)
    headers.pop("content-type", None)
    return Response(204, None, headers)
