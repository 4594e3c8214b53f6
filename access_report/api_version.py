"""Which of Resource Manager's api-versions a resource is written with."""

import re
from typing import Final

from access_report.resources import Resource, known

_IN_TOKEN: Final = re.compile(r"azure-native(?:_\w+?_|:\w+/)v(\d{4})(\d{2})(\d{2})(\w*?):\w+(?::\w+)?")


def api_version(resource: Resource) -> str | None:
    """As in `2024-05-01`: the one in the type's token, else the one that the provider says it takes."""
    found = _IN_TOKEN.fullmatch(resource.type)
    if found:
        year, month, day, stage = found.groups()
        return f"{year}-{month}-{day}" + (f"-{stage}" if stage else "")
    said = resource.value("azureApiVersion")
    return str(said) if known(said) else None
