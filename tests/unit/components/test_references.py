"""References and ids are built in one place, from what Azure itself says (F7, F8, R10, A21)."""

import pytest

from components import references
from components.endpoints import is_endpoint
from components.hosts.key_vault_references import is_reference, secret_reference
from components.references import ArmId, parse_id, role_definition_id
from tests.unit.components.answering_azure import GROUP, SUBSCRIPTION, VAULT


def test_the_reference_uses_the_vaults_own_endpoint() -> None:
    reference = secret_reference("https://kv-shop.vault.usgovcloudapi.net/", "db-password")
    assert (
        reference
        == "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.usgovcloudapi.net/secrets/db-password)"
    )


def test_references_are_unversioned_so_rotation_works() -> None:
    address = secret_reference("https://kv-shop.vault.azure.net", "db-password").split("SecretUri=")[1]
    assert address == "https://kv-shop.vault.azure.net/secrets/db-password)"


@pytest.mark.parametrize("text", ["@Microsoft.KeyVault(SecretUri=x)", " @microsoft.keyvault(VaultName=x)"])
def test_a_reference_is_recognised_however_it_is_spelt(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize("text", ["", "value", "Microsoft.KeyVault(", "see @Microsoft.KeyVault(...)"])
def test_other_texts_are_no_references(text: str) -> None:
    assert not is_reference(text)


def test_an_id_is_read_into_its_parts() -> None:
    assert parse_id(VAULT) == ArmId("Microsoft.KeyVault/vaults", "kv-team", SUBSCRIPTION, "rg-team")
    child = f"{VAULT}/secrets/db"
    assert parse_id(child) == ArmId("Microsoft.KeyVault/vaults/secrets", "db", SUBSCRIPTION, "rg-team")
    assert parse_id(GROUP).type == "Microsoft.Resources/resourceGroups"
    assert parse_id(f"/subscriptions/{SUBSCRIPTION}") == ArmId(
        "Microsoft.Resources/subscriptions", SUBSCRIPTION, SUBSCRIPTION
    )
    management_group = parse_id("/providers/Microsoft.Management/managementGroups/corp")
    assert management_group == ArmId("Microsoft.Management/managementGroups", "corp")


def test_ids_are_read_whatever_their_case_as_azure_answers_in_another() -> None:
    assert references.is_id_of(references.VAULT, VAULT.upper())
    assert references.is_id_of(references.VAULT, VAULT.lower() + "/")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "kv-team",
        VAULT[1:],
        f"{GROUP}/providers/Microsoft.KeyVault/vaults",
        f"{GROUP}/providers/Microsoft.KeyVault",
        f"{VAULT}/secrets",
        f"{GROUP}//kv",
        f"{VAULT}\n",
        f" {VAULT}",
        f"{VAULT} ",
        f"{VAULT}\nOwner on /subscriptions/{SUBSCRIPTION}",
        f"{VAULT}\u202e",
        "/subscriptions/not-a-guid/resourceGroups/rg",
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups",
        f"/subscriptions/{SUBSCRIPTION}/locations/westeurope",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the id of an Azure resource"):
        parse_id(text)
    assert not references.is_id_of(references.VAULT, text)


@pytest.mark.parametrize(("end", "character"), [("\n", "'\\n'"), (" ", "' '"), ("\u202e", "'\\u202e'")])
def test_what_is_wrong_behind_an_id_is_told_by_its_place(end: str, character: str) -> None:
    said = references.id_form(references.VAULT).refused(VAULT + end)
    length = len(VAULT) + 1
    assert said == f"a text of {length} characters; character {length}, {character}, is not allowed there"


def test_a_name_with_a_space_in_it_is_read() -> None:
    assert parse_id(VAULT.replace("rg-team", "rg team")).resource_group == "rg team"


def test_an_id_of_another_type_is_told_apart() -> None:
    assert not references.is_id_of(references.IDENTITY, VAULT)


def test_the_role_definition_is_in_the_subscription_of_the_scope() -> None:
    role = "4633458b-17de-408a-b874-0445c86b69e6"
    expected = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    assert role_definition_id(VAULT, role) == expected
    above = "/providers/Microsoft.Management/managementGroups/corp"
    assert role_definition_id(above, role) == f"/providers/Microsoft.Authorization/roleDefinitions/{role}"


@pytest.mark.parametrize("text", ["https://kv.vault.azure.net", "https://kv-team.vault.azure.cn/"])
def test_an_address_of_a_vault_is_accepted(text: str) -> None:
    assert is_endpoint(text, "vault")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://kv.vault.azure.net",
        "https://kv",
        "https://kv.vault.azure.net:8443/",
        "https://kv.vault.azure.net/secrets/x",
        "https://stteam.blob.core.windows.net/",
    ],
)
def test_anything_else_is_no_address_of_a_vault(text: str) -> None:
    assert not is_endpoint(text, "vault")
