"""A vault's retention: set when it is created, and never again; and what ends it early: nothing, for good."""

from typing import Final

import pulumi
from pulumi_azure_native import keyvault

from ..errors import Problem, Step, TakeOut, warn
from ..taken_out import Kept

FIXED_RETENTION: Final = "properties.softDeleteRetentionInDays"
"""Azure refuses another value for a vault that exists, so none is sent."""


_STAYS: Final = Step("give true, or leave purge_protection out", (TakeOut("purge_protection"),))
PURGE_PROTECTION: Final = Kept(
    "properties.enablePurgeProtection",
    Problem(
        "purge_protection",
        "false, and the vault has it",
        "true: Azure never switches it off again",
        _STAYS,
    ),
)
"""https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview#purge-protection"""


def report_fixed_retention(
    component: pulumi.Resource, who: str, vault: keyvault.Vault, declared: int
) -> None:
    """Warn, in a preview too, where the vault has another retention than is declared."""

    def compare(actual: int | None) -> None:
        if actual is not None and int(actual) != declared:
            warn(
                f"{who}: soft_delete_retention_days is {declared}; the vault was created with {int(actual)}. "
                "Azure never changes it, so nothing was attempted. Next: declare "
                f"{int(actual)}, or create a vault of another name and move the secrets there.",
                component,
            )

    # In the preview of a recovery it is not known yet, and missing.
    vault.properties.apply(lambda properties: compare(properties.soft_delete_retention_in_days))
