"""Which of Resource Manager's api-versions a resource is written with."""

import re
from typing import Final

from access_report.resources import Resource, known

_PARTS: Final = re.compile(r"v(\d{4})(\d{2})(\d{2})(\w*)")


def api_version(resource: Resource) -> str | None:
    """As in `2024-05-01`: the one in the type's token, else the one that the provider says it takes."""
    found = _PARTS.fullmatch(resource.native_version)
    if found:
        year, month, day, stage = found.groups()
        return f"{year}-{month}-{day}" + (f"-{stage}" if stage else "")
    said = resource.value("azureApiVersion")
    return str(said) if known(said) else None
