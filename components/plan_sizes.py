"""The sizes of an App Service plan on Linux, and what follows from one.

Source: https://learn.microsoft.com/azure/app-service/overview-hosting-plans
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

DEFAULT_SIZE: Final = "B1"


@dataclass(frozen=True)
class PlanSize:
    """A size's tier, and whether an app on it can be kept loaded (`always_on`)."""

    tier: str
    always_on: bool = True


# Shared (D1) is missing because it does not exist on Linux.
PLAN_SIZES: Final[Mapping[str, PlanSize]] = MappingProxyType(
    {
        "F1": PlanSize("Free", always_on=False),
        **{f"B{n}": PlanSize("Basic") for n in range(1, 4)},
        **{f"S{n}": PlanSize("Standard") for n in range(1, 4)},
        **{
            f"P{n}v{generation}": PlanSize(f"PremiumV{generation}") for generation in (3, 4) for n in range(4)
        },
        **{
            f"P{n}mv{generation}": PlanSize(f"PremiumMV{generation}")
            for generation in (3, 4)
            for n in range(1, 6)
        },
    }
)
