"""From where a call reaches something."""

from dataclasses import dataclass
from typing import Final

# From a block that is reserved for documentation.
PERSON_ADDRESS: Final = "198.51.100.7"
"""Where people and pipelines come from, as an Azure service sees them."""


@dataclass(frozen=True)
class Origin:
    """Where a call comes from: a subnet, or an address of the internet; None where there is neither."""

    subnet_id: str | None = None
    address: str | None = None
