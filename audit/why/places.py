"""What the place itself says: a vault's permission model.

https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.mgmt.keyvault import KeyVaultManagementClient

from audit.why.question import Answer, Question, Step
from components.azure_facts.actions import any_contains
from components.azure_facts.vault_permissions import VaultPermission, wholly_allowed

VAULT: Final = "microsoft.keyvault/vaults"


class Place:
    """A vault as it is now; no other type decides by anything but roles."""

    def __init__(self, credential: TokenCredential, question: Question, **options: Any) -> None:
        self._asked = question
        self._found: Any = None
        # Who may not read it may not read its network either, which says so.
        with suppress(AzureError):
            self._found = _read(credential, question, options)

    @property
    def goes_by_policies(self) -> bool:
        """Whether a vault decides by access policies, and looks at no role."""
        if self._found is None or self._asked.type != VAULT or not self._asked.is_on_data:
            return False
        return not self._found.properties.enable_rbac_authorization

    def by_policies(self) -> Iterator[Step]:
        """https://learn.microsoft.com/azure/key-vault/general/assign-access-policy"""
        mine = [
            policy
            for policy in self._found.properties.access_policies or ()
            if str(policy.object_id).lower() == self._asked.principal.lower()
        ]
        actions = [action for policy in mine for action in wholly_allowed(_permissions(policy))]
        is_allowed = any_contains(actions, self._asked.action)
        model = f"vault {self._asked.name} goes by access policies, and looks at no role"
        if is_allowed:
            yield Step("permission model", f"{model}; the principal's allows it", Answer.ALLOWED)
        else:
            who = "the principal's does not allow it" if mine else "the principal has none"
            words = f"{model}; {who}. Those of groups are not seen here"
            yield Step("permission model", words, Answer.REFUSED)


def _read(credential: TokenCredential, asked: Question, options: Any) -> Any:
    if asked.type != VAULT:
        return None
    vaults: Any = KeyVaultManagementClient(credential, asked.subscription, **options)
    return vaults.vaults.get(asked.group, asked.name)


def _permissions(policy: Any) -> list[VaultPermission]:
    held: Any = policy.permissions
    return [
        VaultPermission(kind, str(getattr(word, "value", word)).lower())
        for kind in ("keys", "secrets", "certificates", "storage")
        for word in getattr(held, kind, None) or ()
    ]
