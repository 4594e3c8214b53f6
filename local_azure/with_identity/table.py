"""The types, one row each: what they are called, which identities they have, and what Azure answers besides.

Their own data planes are not served: whatever they do, they do as their identity, and that is real.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local_azure.managed_identity.attached import BOTH, SYSTEM

AUTOMATION: Final = "Microsoft.Automation/automationAccounts"
MACHINES: Final = "Microsoft.HybridCompute/machines"
STATIC_SITES: Final = "Microsoft.Web/staticSites"


@dataclass(frozen=True)
class Row:
    """`type` in Azure's words, `versions` those that azure-native and Microsoft's client speak, and two that
    are older where there are; `answers` gives what Azure adds to the properties, by the resource's name.
    """

    type: str
    versions: frozenset[str]
    source: str
    identities: tuple[str, ...] = BOTH
    answers: Callable[[str], Mapping[str, Any]] = field(default=lambda _: {})


ROWS: Final = (
    Row(
        "Microsoft.ApiManagement/service",
        frozenset({"2022-08-01", "2024-05-01"}),
        "https://learn.microsoft.com/azure/api-management/api-management-howto-use-managed-service-identity",
        answers=lambda name: {"gatewayUrl": f"https://{name}.azure-api.net"},
    ),
    Row(
        AUTOMATION,
        frozenset({"2022-08-08", "2023-11-01", "2024-10-23"}),
        "https://learn.microsoft.com/azure/automation/enable-managed-identity-for-automation",
        answers=lambda _: {"state": "Ok"},
    ),
    Row(
        "Microsoft.CognitiveServices/accounts/projects",
        frozenset({"2025-06-01", "2025-09-01", "2025-12-01"}),
        "https://learn.microsoft.com/azure/ai-foundry/concepts/rbac-azure-ai-foundry",
    ),
    Row(
        "Microsoft.DataFactory/factories",
        frozenset({"2018-06-01"}),
        "https://learn.microsoft.com/azure/data-factory/data-factory-service-identity",
        answers=lambda _: {"version": "2018-06-01"},
    ),
    Row(
        "Microsoft.EventGrid/systemTopics",
        frozenset({"2022-06-15", "2025-02-15"}),
        "https://learn.microsoft.com/azure/event-grid/enable-identity-system-topics",
    ),
    Row(
        MACHINES,
        frozenset({"2022-12-27", "2024-07-10", "2025-01-13", "2026-07-15"}),
        "https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication",
        identities=(SYSTEM,),
        answers=lambda _: {"status": "Connected"},
    ),
    Row(
        STATIC_SITES,
        frozenset({"2022-03-01", "2024-11-01", "2025-05-01"}),
        "https://learn.microsoft.com/azure/static-web-apps/key-vault-secrets",
        answers=lambda name: {"defaultHostname": f"{name}.azurestaticapps.net"},
    ),
)
