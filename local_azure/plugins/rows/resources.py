"""Resource groups."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:resources:ResourceGroup": Row(
        api_version="2024-03-01",
        path=GROUP,
        body=names("location managedBy tags"),
        outputs=names("name type properties"),
        required=names("location"),
        replaces=names("location"),
    ),
}
