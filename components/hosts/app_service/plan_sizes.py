"""The sizes of an App Service plan, and what follows from one.

Sources: https://learn.microsoft.com/azure/app-service/overview-hosting-plans for the tiers,
https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits
for workers and slots, https://learn.microsoft.com/azure/reliability/reliability-app-service for zones,
https://github.com/Azure/azure-cli (appservice/utils.py, get_sku_tier) for how Azure spells a tier,
https://learn.microsoft.com/azure/app-service/overview-tls for cipher suites and for TLS up to the worker,
https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan for Flex Consumption
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

DEFAULT_SIZE: Final = "B1"
FLEX_CONSUMPTION: Final = "FC1"
"""The one size of Flex Consumption, for one function app each."""
ZONE_WORKERS: Final = 2
"""The fewest workers that a zone-redundant plan may have."""


@dataclass(frozen=True)
class PlanSize:
    """A size's tier; how many workers and slots it may have; whether apps on it can be kept loaded
    (`always_on`), spread over zones, be Windows containers, refuse weak `cipher_suites`, have TLS up to the
    worker (`end_to_end_encryption`), and be entered by `ssh`. No `workers`: Azure counts them.
    """

    tier: str
    workers: int | None
    slots: int
    always_on: bool = True
    zones: bool = False
    windows_containers: bool = False
    cipher_suites: bool = True
    end_to_end_encryption: bool = False
    ssh: bool = True


def _premium(tier: str, *, windows_containers: bool = True) -> PlanSize:
    return PlanSize(
        tier, 30, 20, zones=True, windows_containers=windows_containers, end_to_end_encryption=True
    )


# Shared (D1) is missing because it does not exist on Linux.
PLAN_SIZES: Final[Mapping[str, PlanSize]] = MappingProxyType(
    {
        "F1": PlanSize("Free", workers=1, slots=0, always_on=False, cipher_suites=False),
        **{f"B{n}": PlanSize("Basic", workers=3, slots=0) for n in range(1, 4)},
        **{
            f"S{n}": PlanSize("Standard", workers=10, slots=5, end_to_end_encryption=True)
            for n in range(1, 4)
        },
        **{f"P{n}v2": _premium("PremiumV2", windows_containers=False) for n in range(1, 4)},
        "P0v3": _premium("Premium0V3"),
        **{f"P{n}v3": _premium("PremiumV3") for n in range(1, 4)},
        **{f"P{n}v4": _premium("PremiumV4") for n in range(4)},
        **{
            f"P{n}mv{generation}": _premium(f"PremiumMV{generation}")
            for generation in (3, 4)
            for n in range(1, 6)
        },
    }
)
"""Of web apps."""
FUNCTION_SIZES: Final[Mapping[str, PlanSize]] = MappingProxyType(
    {
        **PLAN_SIZES,
        FLEX_CONSUMPTION: PlanSize(
            "FlexConsumption",
            workers=None,
            slots=0,
            always_on=False,
            zones=True,
            cipher_suites=False,
            ssh=False,
        ),
    }
)
"""Of function apps, and so every size."""
WITH_A_SHARE: Final = ("Y1", "EP1", "EP2", "EP3")
"""Consumption and Elastic Premium, where a function app's files lie on a share that opens with a key.
https://learn.microsoft.com/azure/azure-functions/storage-considerations#create-an-app-without-azure-files"""
