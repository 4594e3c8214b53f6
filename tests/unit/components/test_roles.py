"""The one table of roles (R9)."""

import re
from pathlib import Path

from components.roles import ROLES, Role

COMPONENTS = Path(__file__).parents[3] / "components"
BUILT_IN = {
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
    "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
    "Key Vault Certificate User": "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security"""


def test_every_role_in_the_table_is_a_known_built_in_role() -> None:
    assert {role.value: facts.guid for role, facts in ROLES.items()} == BUILT_IN
    assert set(ROLES) == set(Role)


def test_the_role_an_app_gets_can_read_values_and_do_nothing_else() -> None:
    assert ROLES[Role.KEY_VAULT_SECRETS_USER].data_actions == (
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    )


def test_no_other_file_of_the_components_knows_a_role_by_its_guid() -> None:
    guid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
    files = {path.name for path in COMPONENTS.rglob("*.py") if guid.search(path.read_text())}
    assert files == {"roles.py"}
