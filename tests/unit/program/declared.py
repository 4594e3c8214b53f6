"""What a stack asks for, and what the program declared: its grants, its app's settings."""

from collections.abc import Callable
from typing import Any

from tests.unit.program.mocked_engine import SIGNED_IN, MockedAzure, stack_file

SECRETS = {"DATABASE_PASSWORD": "database-password", "PAYMENT_API_KEY": "payment-api-key"}
GUID = "33333333-3333-4333-8333-333333333333"
TEAM = f"/subscriptions/{GUID}/resourceGroups/rg-team/providers"
TEAM_IDENTITY = f"{TEAM}/Microsoft.ManagedIdentity/userAssignedIdentities/id-team"
TEAM_VAULT = {
    "vaultId": f"{TEAM}/Microsoft.KeyVault/vaults/kv-team",
    "vaultEndpoint": "https://kv-team.vault.azure.net/",
}
VAULT_ROLES = {
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
}

RunProgram = Callable[[], dict[str, Any]]


def of_stack(stack: str) -> dict[str, Any]:
    """The stack file, in the tenant and subscription that the mocked Azure is signed in to."""
    return stack_file(stack) | SIGNED_IN


def grants(azure: MockedAzure) -> set[tuple[str, str]]:
    """(principal, role) of every role assignment."""
    assigned = [resource.inputs for resource in azure.of("authorization:RoleAssignment")]
    return {(a["principalId"], VAULT_ROLES[a["roleDefinitionId"].rpartition("/")[2]]) for a in assigned}


def app_settings(azure: MockedAzure) -> dict[str, str]:
    return azure.one("web:WebAppApplicationSettings")["properties"]
