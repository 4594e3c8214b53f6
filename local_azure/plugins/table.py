"""What the azure-native stand-in knows of each resource type: one row each and no rules.

A new type is a new row, in the file of its module of azure-native, or in the one for modules whose types are
alike. Names are the SDK's property names in camel case; a test holds every row against the installed SDK.
What forces a replacement follows the `x-ms-mutability` marks of Azure's own API descriptions
(https://github.com/Azure/azure-rest-api-specs) and azure-native's additions to them.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Final

from local_azure.plugins import rows
from local_azure.plugins.row import Row

ROWS: Final[Mapping[str, Row]] = {
    type_: row
    for module in pkgutil.iter_modules(rows.__path__, f"{rows.__name__}.")
    for type_, row in importlib.import_module(module.name).ROWS.items()
}
