"""The stack's app, as the program declares it: its settings, plan, runtime, domain and logs."""

import json

from tests.unit.program.declared import SECRETS, TEAM, RunProgram, app_settings, of_stack
from tests.unit.program.mocked_engine import IDENTITY_CLIENT, Configure, MockedAzure


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


def test_a_stack_may_have_its_package_built_elsewhere_in_any_spelling(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"settings": {"scm_do_build_during_deployment": "false"}})
    run_program()
    told = app_settings(azure)
    assert told["scm_do_build_during_deployment"] == "false"
    assert "SCM_DO_BUILD_DURING_DEPLOYMENT" not in told


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
