"""The program, run as the engine runs it, for each stack file."""

import json
import runpy
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components import ConfigurationError
from settings import ConfigurationRefused, WrongSubscription
from tests.unit.program.mocked_engine import (
    IDENTITY_CLIENT,
    IDENTITY_PRINCIPAL,
    ROOT,
    SIGNED_IN,
    SITE_PRINCIPAL,
    Configure,
    MockedAzure,
    stack_file,
)

SECRETS = {"DATABASE_PASSWORD": "database-password", "PAYMENT_API_KEY": "payment-api-key"}
GUID = "33333333-3333-4333-8333-333333333333"
TEAM = f"/subscriptions/{GUID}/resourceGroups/rg-team/providers"
TEAM_IDENTITY = f"{TEAM}/Microsoft.ManagedIdentity/userAssignedIdentities/id-team"
TEAM_VAULT = {
    "vaultId": f"{TEAM}/Microsoft.KeyVault/vaults/kv-team",
    "vaultEndpoint": "https://kv-team.vault.azure.net/",
}
OUTPUTS = {
    "url", "app_id", "app_name", "resource_group", "vault_id", "vault_name", "vault_endpoint", "identity",
    "principal_id", "client_id", "secrets", "access", "deployer_contract", "local_development",
    "custom_domain_verification_id",
}  # fmt: skip
VAULT_ROLES = {
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
}

RunProgram = Callable[[], dict[str, Any]]


@pytest.fixture
def run_program(monkeypatch: pytest.MonkeyPatch) -> RunProgram:
    """Runs `__main__.py` and returns the stack's outputs."""

    def run() -> dict[str, Any]:
        exported: dict[str, Any] = {}
        outputs: dict[str, Any] = {}
        monkeypatch.setattr(pulumi, "export", exported.__setitem__)

        @pulumi.runtime.test  # pyright: ignore[reportUnknownMemberType]
        def program() -> pulumi.Output[None]:
            runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
            return pulumi.Output.from_input(exported).apply(outputs.update)

        program()
        return outputs

    return run


def of_stack(stack: str) -> dict[str, Any]:
    """The stack file, in the tenant and subscription that the mocked Azure is signed in to."""
    return stack_file(stack) | SIGNED_IN


def grants(azure: MockedAzure) -> set[tuple[str, str]]:
    """(principal, role) of every role assignment."""
    assigned = [resource.inputs for resource in azure.of("authorization:RoleAssignment")]
    return {(a["principalId"], VAULT_ROLES[a["roleDefinitionId"].rpartition("/")[2]]) for a in assigned}


def app_settings(azure: MockedAzure) -> dict[str, str]:
    return azure.one("web:WebAppApplicationSettings")["properties"]


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_every_stack_deploys_one_app_that_may_read_its_secrets(
    stack: str, configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack(stack), stack)
    outputs = run_program()
    assert set(outputs) == OUTPUTS
    assert (IDENTITY_PRINCIPAL, "Key Vault Secrets User") in grants(azure)
    assert (outputs["identity"], outputs["principal_id"]) == ("user-assigned", IDENTITY_PRINCIPAL)
    assert outputs["secrets"] == SECRETS
    for group in azure.of("resources:ResourceGroup"):
        assert group.inputs["tags"] == {"environment": stack}


@pytest.mark.parametrize(
    ("stack", "size", "purge_protection", "days"),
    [
        ("local", "B1", None, 7),
        ("dev", "B1", None, 7),
        ("staging", "S1", None, 30),
        ("prod", "P1v3", True, 90),
    ],
)
def test_environments_differ_in_size_retention_and_purge_protection(
    stack: str, size: str, purge_protection: bool | None, days: int,
    configure: Configure, azure: MockedAzure, run_program: RunProgram,
) -> None:  # fmt: skip
    configure(of_stack(stack), stack)
    run_program()
    vault = azure.one("keyvault:Vault")["properties"]
    assert azure.one("web:AppServicePlan")["sku"]["name"] == size
    assert vault.get("enablePurgeProtection") is purge_protection
    assert vault["softDeleteRetentionInDays"] == days


def test_people_are_let_in_by_the_groups_of_the_configuration_and_nobody_else(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"secrets": SECRETS, "secretReaders": {"readers": GUID}, "secretOfficers": {"officers": GUID}})
    run_program()
    assert grants(azure) == {
        (IDENTITY_PRINCIPAL, "Key Vault Secrets User"),
        (GUID, "Key Vault Secrets User"),
        (GUID, "Key Vault Secrets Officer"),
    }


def test_a_stack_without_groups_lets_only_the_app_in(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev"))
    run_program()
    assert grants(azure) == {(IDENTITY_PRINCIPAL, "Key Vault Secrets User")}


def test_the_app_gets_references_the_vault_its_identity_and_the_names_of_its_secrets(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev") | {"settings": {"GREETING": "hello"}})
    endpoint = run_program()["vault_endpoint"]
    assert app_settings(azure) == {
        "DATABASE_PASSWORD": f"@Microsoft.KeyVault(SecretUri={endpoint}secrets/database-password)",
        "PAYMENT_API_KEY": f"@Microsoft.KeyVault(SecretUri={endpoint}secrets/payment-api-key)",
        "AZURE_CLIENT_ID": IDENTITY_CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": endpoint,
        "KEYLESS_SECRETS": json.dumps(SECRETS),
        "SCM_DO_BUILD_DURING_DEPLOYMENT": "true",
        "GREETING": "hello",
    }


def test_a_developer_is_told_all_they_need_besides_a_login(
    configure: Configure, run_program: RunProgram
) -> None:
    configure(of_stack("dev"))
    outputs = run_program()
    assert outputs["local_development"] == {
        "AZURE_KEY_VAULT_ENDPOINT": outputs["vault_endpoint"],
        "AZURE_TOKEN_CREDENTIALS": "dev",
        "KEYLESS_SECRETS": json.dumps(SECRETS),
    }


def test_the_outputs_say_in_words_who_may_do_what(configure: Configure, run_program: RunProgram) -> None:
    configure({"secrets": SECRETS, "secretOfficers": {"officers": GUID}})
    outputs = run_program()
    identity = outputs["app_name"].replace("app-", "id-")
    assert sorted(outputs["access"]) == [
        f"Identity {identity} may read the values of secrets in key vault {outputs['vault_name']} "
        "(Key Vault Secrets User).",
        f"Members of group officers may read, write and delete secrets in key vault {outputs['vault_name']} "
        "(Key Vault Secrets Officer).",
    ]


def test_a_system_assigned_identity_is_one_key_away(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"secrets": SECRETS, "identity": "system-assigned"})
    outputs = run_program()
    assert grants(azure) == {(SITE_PRINCIPAL, "Key Vault Secrets User")}
    assert (outputs["identity"], outputs["client_id"]) == ("system-assigned", None)
    assert "AZURE_CLIENT_ID" not in app_settings(azure)
    assert azure.of("managedidentity:UserAssignedIdentity") == []


def test_an_existing_identity_is_used_and_not_granted(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"secrets": SECRETS, "identity": "existing", "identityId": TEAM_IDENTITY})
    outputs = run_program()
    assert grants(azure) == set()
    assert azure.one("web:WebApp")["identity"]["userAssignedIdentities"] == [TEAM_IDENTITY]
    assert outputs["client_id"] == IDENTITY_CLIENT


def test_an_app_without_secrets_needs_no_identity(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"identity": "none"})
    outputs = run_program()
    assert (outputs["principal_id"], outputs["client_id"], outputs["secrets"]) == (None, None, {})
    assert grants(azure) == set()
    assert app_settings(azure) == {"KEYLESS_SECRETS": "{}", "SCM_DO_BUILD_DURING_DEPLOYMENT": "true"}


def test_system_workers_zones_and_runtime_are_the_stacks(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    plan = {"size": "P1v3", "workers": 3, "zoneRedundant": True}
    configure({"os": "windows", "runtime": "dotnet-10", **plan})
    run_program()
    declared = azure.one("web:AppServicePlan")
    assert (declared["reserved"], declared["zoneRedundant"]) == (False, True)
    assert declared["sku"] == {"capacity": 3, "name": "P1v3", "tier": "PremiumV3"}
    assert azure.one("web:WebApp")["siteConfig"]["netFrameworkVersion"] == "v10.0"


def test_what_a_stack_leaves_empty_is_not_sent(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({})
    run_program()
    plan, site = azure.one("web:AppServicePlan"), azure.one("web:WebApp")
    assert (plan["sku"], plan["reserved"]) == ({"name": "B1", "tier": "Basic"}, True)
    assert "zoneRedundant" not in plan
    assert "appCommandLine" not in site["siteConfig"]
    assert site["siteConfig"]["linuxFxVersion"] == "PYTHON|3.12"


def test_the_start_up_command_is_the_stacks(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"runtime": "node-22", "startupCommand": "node server.js"})
    run_program()
    assert azure.one("web:WebApp")["siteConfig"]["appCommandLine"] == "node server.js"


def test_a_domain_logs_and_narrow_access_are_the_stacks(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    workspace = f"{TEAM}/Microsoft.OperationalInsights/workspaces/log-team"
    configure(
        {
            "secrets": {"DB": "db"},
            "secretAccess": "secret",
            "customDomain": "www.contoso.com",
            "customDomainTls": True,
            "diagnosticsWorkspaceId": workspace,
        }
    )
    run_program()
    binding = azure.one("web:WebAppHostNameBinding")
    assert (binding["hostName"], binding["sslState"]) == ("www.contoso.com", "SniEnabled")
    grants = [r for r in azure.declared if r.type.endswith(":RoleAssignment")]
    assert [grant.inputs["scope"].rpartition("/vaults/")[2].partition("/")[2] for grant in grants] == [
        "secrets/db"
    ]
    logs = [r.inputs for r in azure.declared if r.type.endswith(":DiagnosticSetting")]
    assert [each["workspaceId"] for each in logs] == [workspace] * 2


def test_a_contradiction_that_the_components_know_is_told_by_them(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"os": "windows", "workers": 9})
    with pytest.raises(ConfigurationError) as refused:
        run_program()
    assert [problem.subject for problem in refused.value.problems] == ["workers", "os and runtime"]
    assert not [r for r in azure.declared if r.type.startswith("azure-native:")]


def test_an_existing_vault_is_used_and_left_as_it_is(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"secrets": SECRETS, **TEAM_VAULT})
    outputs = run_program()
    assert azure.of("keyvault:Vault") == []
    assert (outputs["vault_id"], outputs["vault_name"]) == (TEAM_VAULT["vaultId"], "kv-team")
    assert azure.one("authorization:RoleAssignment")["scope"] == TEAM_VAULT["vaultId"]


def test_a_vault_that_others_govern_gets_no_grant(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"secrets": SECRETS, "manageVaultAccess": False, **TEAM_VAULT})
    run_program()
    assert grants(azure) == set()


def test_everything_in_azure_is_made_by_a_provider_bound_to_the_stacks_subscription(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev"))
    run_program()
    (provider,) = [r for r in azure.declared if r.type == "pulumi:providers:azure-native"]
    assert {key: provider.inputs[key] for key in SIGNED_IN} == SIGNED_IN
    made = [r for r in azure.declared if r.type.startswith("azure-native:")]
    assert len(made) >= 8
    assert {r.provider for r in made} == {provider.name}


def test_no_secret_of_the_login_reaches_the_provider_and_so_the_state(
    configure: Configure, azure: MockedAzure, run_program: RunProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARM_CLIENT_SECRET", "planted")
    configure(of_stack("dev"))
    run_program()
    (provider,) = [r for r in azure.declared if r.type == "pulumi:providers:azure-native"]
    assert set(provider.inputs) == {"environment", "subscriptionId", "tenantId"}


def test_a_preview_shows_every_grant(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("local"), "local", preview=True)
    run_program()
    assert len(azure.of("authorization:RoleAssignment")) == 3


def test_a_refused_configuration_declares_nothing(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev") | {"identity": "none"})
    with pytest.raises(ConfigurationRefused):
        run_program()
    assert azure.declared == []


def test_the_wrong_login_declares_nothing(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("prod") | {"subscriptionId": GUID}, "prod")
    with pytest.raises(WrongSubscription):
        run_program()
    assert azure.declared == []


def test_the_program_is_read_in_a_minute() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 60
