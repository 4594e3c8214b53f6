"""The stack's identity, vault and groups, as the program declares them: who is let in, and who is not."""

from tests.unit.program.declared import (
    GUID,
    SECRETS,
    TEAM_IDENTITY,
    TEAM_VAULT,
    RunProgram,
    app_settings,
    grants,
    of_stack,
)
from tests.unit.program.mocked_engine import (
    IDENTITY_CLIENT,
    IDENTITY_PRINCIPAL,
    SITE_PRINCIPAL,
    Configure,
    MockedAzure,
)


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
