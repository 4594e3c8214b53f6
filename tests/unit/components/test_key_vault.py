"""KeyVault: created closed, or an existing one read by its full id (K1 K6 K7 K8 K11 K17)."""

from typing import Any

import pulumi
import pytest

from components import ConfigurationError
from components.unknowns import answered
from tests.unit.components.answering_azure import ENDPOINT, GROUP, IDENTITY, PEOPLE, TENANT, VAULT, Mode
from tests.unit.components.key_vaults import key_vault, refusal
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def _properties(**args: Any) -> dict[str, Any]:
    return key_vault(**args).one("Vault").inputs["properties"]


def test_a_vault_is_created_with_these_inputs_and_no_others() -> None:
    deployment = key_vault(location="westeurope", tags={"team": "shop"})
    assert deployment.one("Vault").inputs == {
        "location": "westeurope",
        "properties": {
            "enablePurgeProtection": True,
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "enabledForDeployment": False,
            "enabledForDiskEncryption": False,
            "enabledForTemplateDeployment": False,
            "publicNetworkAccess": "Enabled",
            "sku": {"family": "A", "name": "standard"},
            "softDeleteRetentionInDays": 90,
            "tenantId": TENANT,
        },
        "resourceGroupName": "rg-team",
        "tags": {"team": "shop"},
        "vaultName": "kv-shop-dev-abc123",
    }
    assert deployment.counts() == {"keyvault:Vault": 1}
    assert deployment.plain_outputs == {
        "vault_id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop-dev-abc123",
        "name": "kv-shop-dev-abc123",
        "endpoint": "https://kv-shop-dev-abc123.vault.azure.net/",
        "access": [],
    }


def test_every_vault_states_rbac_authorization_explicitly() -> None:
    assert _properties()["enableRbacAuthorization"] is True


@pytest.mark.parametrize(("given", "sent"), [(True, True), (False, None)])
def test_purge_protection_is_either_on_or_not_mentioned(given: bool, sent: bool | None) -> None:
    assert _properties(purge_protection=given).get("enablePurgeProtection") is sent


def test_soft_delete_cannot_be_switched_off() -> None:
    assert _properties()["enableSoftDelete"] is True
    assert "enable_soft_delete\n     given     an argument that nothing reads" in refusal(
        enable_soft_delete=False
    )


def test_no_access_policy_is_ever_written() -> None:
    assert "accessPolicies" not in _properties()


def test_retention_is_ninety_days_unless_told_otherwise() -> None:
    assert _properties()["softDeleteRetentionInDays"] == 90
    assert _properties(soft_delete_retention_days=7)["softDeleteRetentionInDays"] == 7


def test_a_whole_number_that_came_over_a_wire_as_a_float_is_taken() -> None:
    assert _properties(soft_delete_retention_days=7.0)["softDeleteRetentionInDays"] == 7


@pytest.mark.parametrize(
    ("days", "given"),
    [
        (6, "a number below 7"),
        (91, "a number above 90"),
        (7.5, "a number with a fraction"),
        (True, "true or false"),
        ("7", "a text of one character"),
        (float("nan"), "a number with a fraction"),
    ],
)
def test_a_retention_that_azure_refuses_is_refused(days: object, given: str) -> None:
    text = refusal(soft_delete_retention_days=days)
    assert f"given     {given}\n     expected  a whole number from 7 to 90" in text


def test_one_argument_drops_no_other_default() -> None:
    assert _properties(soft_delete_retention_days=7) == {**_properties(), "softDeleteRetentionInDays": 7}


def test_the_vault_lives_in_the_deployers_tenant_unless_told_otherwise() -> None:
    deployment = key_vault()
    assert deployment.calls == ["azure-native:authorization:getClientConfig"]
    other = "7e4a4700-0000-4000-8000-00000000000e"
    deployment = key_vault(tenant_id=other)
    assert deployment.one("Vault").inputs["properties"]["tenantId"] == other
    assert deployment.calls == []


def test_an_existing_vault_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = key_vault(existing_id=VAULT)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [("azure-native:keyvault:Vault", True)]
    assert deployment.plain_outputs == {
        "vault_id": VAULT,
        "name": "kv-team",
        "endpoint": ENDPOINT,
        "access": [],
    }
    assert deployment.calls == []


def test_an_existing_id_that_is_known_later_is_read_then() -> None:
    deployment = key_vault(existing_id=Later(VAULT))
    assert deployment.outputs["endpoint"] == ENDPOINT


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_knows_an_existing_vault(mode: Mode) -> None:
    deployment = key_vault(mode, existing_id=VAULT, secret_readers={"readers": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"] == VAULT
    assert (deployment.outputs["vault_id"], deployment.outputs["endpoint"]) == (VAULT, ENDPOINT)


@pytest.mark.parametrize("mode", ["up", "later preview"])
def test_an_existing_vault_that_access_policies_open_is_refused_as_no_grant_would_do_anything(
    mode: Mode,
) -> None:
    policies = VAULT.replace("kv-team", "kv-with-policies")
    assert policies != VAULT
    with pytest.raises(ConfigurationError) as refused:
        key_vault(mode, existing_id=policies, secret_readers={"readers": PEOPLE})
    assert str(refused.value) == (
        "KeyVault 'shop' has one problem:\n"
        "  1. existing_id\n"
        "     given     a vault that access policies open\n"
        "     expected  a vault that roles open\n"
        "     next      let its owner give roles to everybody whom a policy lets in, and then switch it\n"
        "               az keyvault update --name kv-with-policies --enable-rbac-authorization true"
    )


def test_an_adopted_and_a_created_vault_have_the_same_urn_so_that_adopting_ones_own_lets_it_go() -> None:
    assert key_vault(existing_id=VAULT).one("Vault").urn == key_vault().one("Vault").urn


def test_people_get_access_through_the_groups_that_are_named_and_no_one_else_does() -> None:
    deployment = key_vault(secret_readers={"readers": PEOPLE}, secret_officers={"officers": PEOPLE})
    grants = {r.name: r.inputs for r in deployment.all("RoleAssignment")}
    assert {name: (g["principalId"], g["principalType"]) for name, g in grants.items()} == {
        "shop-reader-readers": (PEOPLE, "Group"),
        "shop-officer-officers": (PEOPLE, "Group"),
    }
    assert grants["shop-reader-readers"]["roleDefinitionId"].endswith(SECRETS_USER)
    assert grants["shop-officer-officers"]["roleDefinitionId"].endswith(SECRETS_OFFICER)
    vault = "key vault kv-shop-dev-abc123"
    assert deployment.outputs["access"] == [
        f"Members of group readers may read the values of secrets in {vault} (Key Vault Secrets User).",
        f"Members of group officers may read, write and delete secrets in {vault} "
        "(Key Vault Secrets Officer).",
    ]


def test_a_group_may_be_let_into_an_existing_vault() -> None:
    deployment = key_vault(existing_id=VAULT, secret_readers={"readers": Later(PEOPLE)})
    assert deployment.one("RoleAssignment").inputs["scope"] == VAULT


def test_a_first_preview_lists_every_grant_and_knows_what_it_can() -> None:
    deployment = key_vault("first preview", secret_readers={"readers": PEOPLE})
    grant = deployment.one("RoleAssignment").inputs
    assert (grant["principalId"], grant["principalType"]) == (PEOPLE, "Group")
    assert grant["scope"] == grant["roleAssignmentName"] == UNKNOWN
    assert deployment.outputs["endpoint"] == deployment.outputs["vault_id"] == UNKNOWN


def test_a_later_preview_knows_the_vault_and_calls_its_address_unknown_instead_of_absent() -> None:
    deployment = key_vault("later preview", secret_readers={"readers": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"].endswith("/vaults/kv-shop-dev-abc123")
    assert deployment.outputs["endpoint"] == UNKNOWN


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("resource_group_name", "rg-team"),
        ("location", "westeurope"),
        ("vault_name", "kv-mine"),
        ("purge_protection", False),
        ("soft_delete_retention_days", 7),
        ("tenant_id", TENANT),
        ("tags", {"a": "b"}),
    ],
)
def test_an_existing_id_with_what_creates_one_is_refused_naming_both(key: str, value: object) -> None:
    text = refusal(existing_id=VAULT, **{key: value})
    assert f"existing_id and {key}" in text
    assert "one of the two: a vault is adopted or created" in text


@pytest.mark.parametrize("later", [False, True])
def test_an_id_of_something_else_is_refused(later: bool) -> None:
    text = refusal(existing_id=Later(IDENTITY) if later else IDENTITY)
    assert "providers/Microsoft.KeyVault/vaults/<name>" in text


@pytest.mark.parametrize("later", [False, True])
def test_a_name_that_azure_refuses_is_refused_with_the_character_and_the_rule(later: bool) -> None:
    text = refusal(vault_name=Later("kv--shop") if later else "kv--shop")
    assert "given     a text of 8 characters; character 4, '-', is not allowed there\n" in text
    assert "3 to 24 letters, digits and single hyphens, starting with a letter" in text


@pytest.mark.parametrize("key", ["secret_readers", "secret_officers"])
def test_groups_shape_what_is_created_so_the_map_is_plain(key: str) -> None:
    text = refusal(**{key: Later({"readers": PEOPLE})})
    assert f"1. {key}\n     given     an Output" in text


@pytest.mark.parametrize("key", ["secret_readers", "secret_officers"])
def test_a_group_by_another_name_than_its_object_id_is_refused_with_the_command_that_shows_it(
    key: str,
) -> None:
    text = refusal(**{key: {"readers": "readers@example.org"}})
    given = "a text of 19 characters; character 1, 'r', is not allowed there"
    assert f"1. {key}[readers]\n     given     {given}\n" in text
    assert "az ad group show --group <name> --query id" in text


def test_a_switch_that_is_no_boolean_is_refused() -> None:
    text = refusal(purge_protection="false")
    assert "purge_protection\n     given     a text of 5 characters\n     expected  true or false" in text


def test_a_switch_that_is_an_output_is_refused() -> None:
    text = refusal(purge_protection=Later(False))
    assert "purge_protection\n     given     an Output\n     expected  true or false, known before" in text


def test_a_tenant_by_its_domain_is_refused() -> None:
    given = "a text of 11 characters; character 2, 'x', is not allowed there"
    assert f"tenant_id\n     given     {given}\n" in refusal(tenant_id="example.org")


def test_an_answer_without_an_address_is_an_error_and_not_an_empty_setting() -> None:
    def program() -> dict[str, Any]:
        properties: pulumi.Output[dict[str, str]] = pulumi.Output.from_input({})
        return {"endpoint": answered(properties, lambda p: p.get("vaultUri"), "the vault's address")}

    with pytest.raises(ValueError, match="Azure answered without the vault's address; `pulumi refresh`"):
        deploy(program)
