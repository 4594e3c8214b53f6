"""What services say of themselves, for logs: each tells, and whoever keeps logs listens."""

from dataclasses import dataclass

from local_azure.http import JsonObject
from local_azure.told import Told


@dataclass(frozen=True)
class Happened:
    """Something that Azure logs, by what it happened to and in which of its log categories. `row` is what
    Microsoft's table of that category says of it: never the value of a secret, never a token."""

    resource_id: str
    category: str
    row: JsonObject


class Trail(Told[Happened]):
    """Knows neither who tells nor who listens."""
