"""Resource Manager's provider namespaces, one module each; one with `TYPES` is found by being here."""

import importlib
import pkgutil

from local_azure.arm import ResourceType


def resource_types() -> list[type[ResourceType]]:
    """Every resource type of every module in this folder, in the order of the modules' names."""
    found: list[type[ResourceType]] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found += getattr(importlib.import_module(f"{__name__}.{module.name}"), "TYPES", [])
    return found
