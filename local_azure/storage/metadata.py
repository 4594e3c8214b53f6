"""What users write beside a queue or a share: names and values in the headers of requests.

https://learn.microsoft.com/rest/api/storageservices/setting-and-retrieving-properties-and-metadata-for-blob-resources
"""

import re
from collections.abc import Mapping
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.storage.refusals import refusal

_HEADER: Final = "x-ms-meta-"
_NAME: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_]*")


def metadata_of(request: Request) -> dict[str, str]:
    """Name to value. Raises Refusal 400 for a name that is no identifier."""
    names = {key: key.removeprefix(_HEADER) for key in request.headers if key.startswith(_HEADER)}
    if not all(_NAME.fullmatch(name) for name in names.values()):
        text = "The metadata specified is invalid. It has characters that are not permitted."
        raise refusal(400, "InvalidMetadata", text)
    return {name: request.headers[key] for key, name in names.items()}


def required(metadata: JsonObject) -> JsonObject:
    """The same as Resource Manager is given it. Raises Refusal 400 for what no header could hold."""
    if not all(_NAME.fullmatch(name) and isinstance(one, str) for name, one in metadata.items()):
        raise Refusal(400, "InvalidMetadata", "The metadata specified is invalid: names are identifiers.")
    return metadata


def metadata_headers(metadata: Mapping[str, str]) -> dict[str, str]:
    return {f"{_HEADER}{name}": value for name, value in metadata.items()}
