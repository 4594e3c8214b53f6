"""What the arguments of flexible servers have in common: their size."""

from typing import Final

from ..arguments import Arguments
from ..form import Form

_SIZE: Final = Form.matching(
    "the name of a size, such as Standard_B1ms, Standard_D2ds_v5 or Standard_E2ds_v5",
    r"Standard_[BDE][0-9]+[a-z]*(_v[0-9]+)?",
    r"(?:S(?:t(?:a(?:n(?:d(?:a(?:r(?:d(?:_[0-9A-Za-z_]*)?)?)?)?)?)?)?)?)?",
)
TIERS: Final = {"B": "Burstable", "D": "GeneralPurpose", "E": "MemoryOptimized"}
"""https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute and
https://learn.microsoft.com/azure/mysql/flexible-server/concepts-service-tiers-storage"""


def read_size(arguments: Arguments) -> str:
    """Problems are noted in `arguments`."""
    size = arguments.plain_text("size", "Standard_B1ms")
    if not _SIZE.holds(size):
        arguments.refuse("size", _SIZE.refused(size), _SIZE.words, "write Standard_B1ms, or a larger one")
    return size


def tier_of(size: str) -> str:
    """The tier that a size is in, which Azure wants beside it."""
    return TIERS[size.removeprefix("Standard_")[:1]]
