"""KeylessWebApp: the parts put together, and no meaning of its own (P14, P15, K3)."""

from typing import Any

import pytest

from components import KeylessWebApp, KeylessWebAppArgs, KeyVaultArgs, WebAppArgs
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    IDENTITY,
    PEOPLE,
    PLAN,
    PRINCIPAL,
    SUBSCRIPTION,
    TENANT,
    VAULT,
    VERIFICATION_ID,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, deploy, deploy_component

SECRETS = {"DB_PASSWORD": "db-password"}
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shop-dev-abc123"
IDENTITY_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"


def _app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(KeylessWebApp, args, mode)


def test_nothing_is_required_and_everything_an_app_needs_is_created() -> None:
    assert _app().counts() == {
        "keyvault:Vault": 1,
        "managedidentity:UserAssignedIdentity": 1,
        "resources:ResourceGroup": 1,
        "web:AppServicePlan": 1,
        "web:WebApp": 1,
        "web:WebAppApplicationSettings": 1,
        "web:WebAppFtpAllowed": 1,
        "web:WebAppScmAllowed": 1,
    }


def test_the_outputs_are_those_of_the_parts() -> None:
    vault = "kv-shop-dev-abc123"
    assert _app(secrets=SECRETS, secret_readers={"readers": PEOPLE}).plain_outputs == {
        "resource_group_name": "rg-shop-dev-abc123",
        "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-shop-dev-abc123",
        "app_name": "app-shop-dev-abc123",
        "custom_domain_records": {},
        "custom_domain_verification_id": VERIFICATION_ID,
        "url": "https://app-shop-dev-abc123-hash.westeurope-01.azurewebsites.net",
        "plan_id": f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-shop-dev-abc123",
        "vault_id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/{vault}",
        "vault_name": vault,
        "vault_endpoint": f"https://{vault}.vault.azure.net/",
        "identity_id": IDENTITY_ID,
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
        "access": [
            "Identity id-shop-dev-abc123 may read the values of secrets in key vault kv-shop-dev-abc123 "
            "(Key Vault Secrets User).",
            "Members of group readers may read the values of secrets in key vault kv-shop-dev-abc123 "
            "(Key Vault Secrets User).",
        ],
        "sign_in_commands": [],
        "audience": None,
        "slot_ids": {},
        "slot_urls": {},
    }


def test_all_names_end_in_the_one_suffix_that_the_state_keeps() -> None:
    deployment = _app()
    assert deployment.one("RandomString").inputs == {
        "keepers": {"name": "shop", "stack": "dev"},
        "length": 6,
        "special": False,
        "upper": False,
    }
    assert deployment.one("ResourceGroup").inputs["resourceGroupName"] == "rg-shop-dev-abc123"
    assert deployment.one("Vault").inputs["vaultName"] == "kv-shop-dev-abc123"
    assert deployment.one("UserAssignedIdentity").inputs["resourceName"] == "id-shop-dev-abc123"
    assert deployment.one("AppServicePlan").inputs["name"] == "asp-shop-dev-abc123"
    assert deployment.one("web:WebApp").inputs["name"] == "app-shop-dev-abc123"


def test_renaming_the_stack_replaces_nothing() -> None:
    before = _app().resources
    after = deploy(lambda: KeylessWebApp("shop", {}), stack="production", keepers={"stack": "dev"}).resources
    names = {"random:index/randomString:RandomString"}
    inputs = [{r.type: r.inputs for r in run if r.type not in names} for run in (before, after)]
    assert inputs[0] == inputs[1]


def test_renaming_the_component_with_an_alias_keeps_every_name() -> None:
    kept = {"name": "shop", "stack": "dev"}
    named = [
        (r.type, r.inputs.get("name") or r.inputs.get("vaultName") or r.inputs.get("resourceName"))
        for r in deploy(lambda: KeylessWebApp("store", {}), keepers=kept).resources
        if r.type.startswith("azure-native:")
    ]
    assert ("azure-native:web:WebApp", "app-shop-dev-abc123") in named
    assert not any("store" in str(name) for _, name in named)


def test_a_given_resource_group_is_used_and_none_is_created() -> None:
    deployment = _app(resource_group_name="rg-team")
    assert deployment.all("ResourceGroup") == []
    assert deployment.one("Vault").inputs["resourceGroupName"] == "rg-team"
    assert deployment.one("web:WebApp").inputs["resourceGroupName"] == "rg-team"


def test_a_given_vault_is_used_and_none_is_created() -> None:
    deployment = _app(vault_id=VAULT, vault_endpoint=ENDPOINT, secrets=SECRETS)
    assert deployment.all("Vault") == []
    assert deployment.one("RoleAssignment").inputs["scope"] == VAULT
    assert deployment.outputs["vault_name"] == "kv-team"
    settings = deployment.one("WebAppApplicationSettings").inputs["properties"]
    assert settings["DB_PASSWORD"] == f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/db-password)"


def test_the_arguments_of_the_vault_reach_it() -> None:
    deployment = _app(
        location="westeurope",
        purge_protection=False,
        soft_delete_retention_days=7,
        tags={"team": "shop"},
        tenant_id=TENANT,
        vault_name="kv-mine",
        secret_readers={"readers": PEOPLE},
        secret_officers={"officers": PEOPLE},
    )
    vault = deployment.one("Vault").inputs
    assert (vault["vaultName"], vault["location"], vault["tags"]) == (
        "kv-mine",
        "westeurope",
        {"team": "shop"},
    )
    assert "enablePurgeProtection" not in vault["properties"]
    assert vault["properties"]["softDeleteRetentionInDays"] == 7
    assert sorted(g.name for g in deployment.all("RoleAssignment")) == [
        "shop-officer-officers",
        "shop-reader-readers",
    ]


def test_the_arguments_of_the_app_reach_it() -> None:
    deployment = _app(
        always_on=False,
        app_name="app-mine",
        health_check_path="/health",
        identity="existing",
        identity_id=IDENTITY,
        plan_id=PLAN,
        runtime="python-3.13",
        settings={"GREETING": "hello"},
    )
    site = deployment.one("web:WebApp").inputs
    assert (site["name"], site["serverFarmId"]) == ("app-mine", PLAN)
    config = site["siteConfig"]
    assert (config["alwaysOn"], config["healthCheckPath"], config["linuxFxVersion"]) == (
        False,
        "/health",
        "PYTHON|3.13",
    )
    assert site["keyVaultReferenceIdentity"] == IDENTITY
    assert deployment.one("WebAppApplicationSettings").inputs["properties"]["GREETING"] == "hello"


def test_tags_and_location_reach_everything_that_takes_them() -> None:
    deployment = _app(location="westeurope", tags={"team": "shop"})
    taggable = ("ResourceGroup", "Vault", "UserAssignedIdentity", "AppServicePlan", "web:WebApp")
    for type_ in taggable:
        inputs = deployment.one(type_).inputs
        assert (inputs["location"], inputs["tags"]) == ("westeurope", {"team": "shop"}), type_


def test_every_argument_is_one_of_a_part_with_the_same_name() -> None:
    parts = set(KeyVaultArgs.__annotations__) | set(WebAppArgs.__annotations__)
    assert set(KeylessWebAppArgs.__annotations__) == parts - {"existing_id"}


def test_the_parts_are_attributes() -> None:
    def program() -> dict[str, Any]:
        app = KeylessWebApp("shop", {"secrets": SECRETS})
        assert app.vault is not None
        assert app.group is not None
        assert app.app.grants
        return {"vault": app.vault.name, "group": app.group.name, "grant": app.app.runs_as.granted[0].access}

    assert deploy(program).outputs["vault"] == "kv-shop-dev-abc123"


def test_the_tokens_and_names_of_components_and_children_do_not_change() -> None:
    """A change here replaces everything in every stack: docs/decisions/type-tokens-and-child-names.md."""
    deployment = _app(secrets=SECRETS, secret_readers={"readers": PEOPLE})
    short = {r.urn.split("::", 2)[2] for r in deployment.resources}
    assert short == {
        "pulumi:pulumi:Stack$keyless:index:KeylessWebApp::shop",
        "keyless:index:KeylessWebApp$azure-native:resources:ResourceGroup::shop",
        "keyless:index:KeylessWebApp$keyless:index:KeyVault::shop",
        "keyless:index:KeylessWebApp$keyless:index:WebApp::shop",
        "keyless:index:KeylessWebApp$random:index/randomString:RandomString::shop-suffix",
        "keyless:index:KeyVault$azure-native:keyvault:Vault::shop",
        "keyless:index:KeyVault$keyless:index:AccessGrant::shop-reader-readers",
        "keyless:index:AccessGrant$azure-native:authorization:RoleAssignment::shop-reader-readers",
        "keyless:index:WebApp$keyless:index:ManagedIdentity::shop",
        "keyless:index:ManagedIdentity$azure-native:managedidentity:UserAssignedIdentity::shop",
        "keyless:index:WebApp$keyless:index:AccessGrant::shop-vault",
        "keyless:index:AccessGrant$azure-native:authorization:RoleAssignment::shop-vault",
        "keyless:index:WebApp$azure-native:web:AppServicePlan::shop",
        "keyless:index:WebApp$azure-native:web:WebApp::shop",
        "keyless:index:WebApp$azure-native:web:WebAppFtpAllowed::shop",
        "keyless:index:WebApp$azure-native:web:WebAppScmAllowed::shop",
        "keyless:index:WebApp$azure-native:web:WebAppApplicationSettings::shop",
    }


@pytest.mark.parametrize("identity", ["user-assigned", "system-assigned"])
def test_preview_lists_every_grant(identity: str) -> None:
    preview = _app("first preview", identity=identity, secrets=SECRETS, secret_readers={"readers": PEOPLE})
    grants = {g.name: g.inputs for g in preview.all("RoleAssignment")}
    assert set(grants) == {"shop-vault", "shop-reader-readers"}
    assert {g["principalType"] for g in grants.values()} == {"ServicePrincipal", "Group"}
    assert grants["shop-vault"]["scope"] == UNKNOWN
    assert (
        preview.counts()
        == _app(identity=identity, secrets=SECRETS, secret_readers={"readers": PEOPLE}).counts()
    )


def test_no_group_at_all_agrees_with_access_that_is_not_managed() -> None:
    deployment = _app(manage_vault_access=False, secrets=SECRETS, secret_readers={}, secret_officers={})
    assert deployment.all("RoleAssignment") == []
