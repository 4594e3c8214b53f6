"""What App Service sells, and what each tier allows.

https://learn.microsoft.com/azure/app-service/overview-hosting-plans
https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-app-service-limits
"""

from typing import Final

FLEX: Final = "FlexConsumption"
TIERS: Final = {
    "F1": "Free",
    "D1": "Shared",
    "Y1": "Dynamic",
    "FC1": FLEX,
    "P0V3": "Premium0V3",
    **{f"B{n}": "Basic" for n in range(1, 4)},
    **{f"S{n}": "Standard" for n in range(1, 4)},
    **{f"EP{n}": "ElasticPremium" for n in range(1, 4)},
    **{f"P{n}V2": "PremiumV2" for n in range(1, 4)},
    **{f"P{n}V3": "PremiumV3" for n in range(1, 4)},
    **{f"P{n}V4": "PremiumV4" for n in range(4)},
    **{f"P{n}MV{generation}": f"PremiumMV{generation}" for generation in (3, 4) for n in range(1, 6)},
}
"""By the size in capitals."""
_WITHOUT_WORKERS_OF_ITS_OWN: Final = frozenset({"Free", "Shared", "Dynamic"})
_WORKERS: Final = {"Free": 1, "Shared": 1, "Dynamic": 1, FLEX: 1000, "Basic": 3, "Standard": 10}
_MOST_WORKERS: Final = 30


def workers_allowed(tier: str) -> int:
    """How many workers a plan may have."""
    return _WORKERS.get(tier, _MOST_WORKERS)


def slots_allowed(tier: str) -> int:
    """How many slots each site may have."""
    return 5 if tier == "Standard" else 20 if tier.startswith(("Premium", "Isolated")) else 0


def allows_always_on(tier: str) -> bool:
    """Whether idle sites stay loaded."""
    return tier not in (FLEX, *_WITHOUT_WORKERS_OF_ITS_OWN)


def allows_networks(tier: str) -> bool:
    """Whether sites may be integrated into a virtual network and have private endpoints."""
    return tier not in _WITHOUT_WORKERS_OF_ITS_OWN
