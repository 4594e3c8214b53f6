"""Names of virtual machines, scale sets and their network interfaces."""

from dataclasses import replace
from typing import Final

from .rule import NameRule

VIRTUAL_MACHINE: Final = NameRule(
    "vm",
    64,
    r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?",
    "1 to 64 letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute"""
VIRTUAL_MACHINE_SCALE_SET: Final = replace(
    VIRTUAL_MACHINE, abbreviation="vmss", longest=55, words=VIRTUAL_MACHINE.words.replace("64", "55")
)
"""An instance's name is its scale set's and nine characters more."""
NETWORK_INTERFACE: Final = NameRule(
    "nic",
    80,
    r"[0-9A-Za-z](?:[0-9A-Za-z_.-]*[0-9A-Za-z_])?",
    "1 to 80 letters, digits and ._-, starting with a letter or digit, not ending with . or -",
    r"(?:[0-9A-Za-z][0-9A-Za-z_.-]*)?",
)
