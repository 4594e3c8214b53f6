"""What a deployer has to be given, read from what is declared (R11 R12 G1)."""

from typing import Any

import pytest

from components import (
    COMPONENTS,
    FunctionApp,
    KeylessWebApp,
    KeyVault,
    PostgresServer,
    StorageAccount,
    WebApp,
)
from components.azure_facts.namespaces import namespace_of
from components.elsewhere import ELSEWHERE
from components.outputs import outputs_of
from local_azure.plugins.table import ROWS
from tests.unit.components.answering_azure import (
    ENDPOINT,
    GROUP,
    IDENTITY,
    PEOPLE,
    PLAN,
    POSTGRES,
    POSTGRES_HOST,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import deploy_component
from toolchain.paths import ROOT

USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
READERS = "0b1ec700-0000-4000-8000-0000000000f2"
SUBSCRIPTION = "/subscriptions/$subscription"
CREATES, GRANTS = "creates and changes what is declared", "grants, under the condition"
ADMINISTRATOR = "Role Based Access Control Administrator"
MODES: tuple[Mode, ...] = ("first preview", "later preview", "up")
SECRETS = {"DB_PASSWORD": "db-password"}


def _contract(component: Any, mode: Mode = "up", /, **args: Any) -> dict[str, str]:
    return deploy_component(component, args, mode).outputs["deployer_contract"]


@pytest.mark.parametrize("mode", MODES)
def test_the_stack_reports_which_role_ids_a_deployer_must_be_allowed_to_grant(mode: Mode) -> None:
    contract = _contract(KeylessWebApp, mode, secrets=SECRETS, secret_officers={"officers": PEOPLE})
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION} ({CREATES})",
        f"{ADMINISTRATOR} on {SUBSCRIPTION} ({GRANTS})",
    ]
    assert contract["role_ids"].splitlines() == [
        f"{OFFICER} Key Vault Secrets Officer",
        f"{USER} Key Vault Secrets User",
    ]
    assert contract["principal_types"] == "Group, ServicePrincipal"
    assert contract["resource_providers"] == "Microsoft.KeyVault, Microsoft.ManagedIdentity, Microsoft.Web"


def test_who_grants_nothing_needs_no_right_to_grant() -> None:
    for args in ({}, {"secrets": SECRETS, "manage_vault_access": False}):
        contract = _contract(KeylessWebApp, **args)
        assert contract["roles"] == f"Contributor on {SUBSCRIPTION} ({CREATES})"
        assert [contract[key] for key in ("role_ids", "principal_types", "condition")] == ["", "", ""]
        assert "--condition" not in contract["commands"]


@pytest.mark.parametrize("mode", MODES)
def test_a_grant_inside_a_database_names_the_command_that_gives_it(mode: Mode) -> None:
    link = {"postgres": {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders"}}
    contract = _contract(WebApp, mode, resource_group_name="rg-team", links={"orders": link})
    assert contract["database_grants"] == (
        "python -m database_grants --stack <stack> (after each update that changes a grant, as a member of a "
        "group that administers the server)"
    )
    people = {"administrators": {"dba": PEOPLE}, "databases": ["orders"], "database_readers": {"r": PEOPLE}}
    server = _contract(PostgresServer, mode, resource_group_name="rg-team", **people)
    assert server["database_grants"] == contract["database_grants"]
    assert contract["roles"] == f"Contributor on {SUBSCRIPTION}/resourceGroups/rg-team ({CREATES})"


def test_who_grants_nothing_by_sql_is_told_of_no_command() -> None:
    link = {"postgres": {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders"}, "grant": False}
    contract = _contract(WebApp, resource_group_name="rg-team", links={"orders": link})
    assert "database_grants" not in contract
    assert contract["left_to_owners"] == (
        f"read in schema public of {POSTGRES}/databases/orders, by `python -m database_grants`"
    )


def test_a_group_that_exists_is_all_a_deployer_needs() -> None:
    contract = _contract(KeylessWebApp, resource_group_name="rg-team", secrets=SECRETS)
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION}/resourceGroups/rg-team ({CREATES})",
        f"{ADMINISTRATOR} on {SUBSCRIPTION}/resourceGroups/rg-team ({GRANTS})",
    ]


@pytest.mark.parametrize("mode", MODES)
def test_a_vault_elsewhere_is_a_scope_of_its_own(mode: Mode) -> None:
    vault = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}
    contract = _contract(KeylessWebApp, mode, secrets=SECRETS, **vault)
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION} ({CREATES})",
        f"{ADMINISTRATOR} on {VAULT} ({GRANTS})",
    ]
    assert contract["resource_providers"] == "Microsoft.ManagedIdentity, Microsoft.Web"


def test_what_is_used_elsewhere_is_listed_with_the_role_that_using_it_takes() -> None:
    contract = _contract(
        WebApp, resource_group_name="rg-app", identity="existing", identity_id=IDENTITY, plan_id=PLAN
    )
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION}/resourceGroups/rg-app ({CREATES})",
        f"Managed Identity Operator on {IDENTITY} (attaches the identity)",
        f"Web Plan Contributor on {PLAN} (puts the app on the plan)",
    ]
    assert contract["resource_providers"] == "Microsoft.Web"


def test_each_further_identity_is_listed() -> None:
    other = IDENTITY.replace("id-team", "id-other")
    further = {"one": IDENTITY, "two": other}
    contract = _contract(WebApp, resource_group_name="rg-app", further_identity_ids=further)
    assert [line for line in contract["roles"].splitlines() if "Identity Operator" in line] == [
        f"Managed Identity Operator on {id} (attaches the identity)" for id in (IDENTITY, other)
    ]


@pytest.mark.parametrize("mode", MODES)
def test_a_function_app_needs_the_rights_to_let_it_into_its_own_storage(mode: Mode) -> None:
    contract = _contract(FunctionApp, mode, resource_group_name="rg-team")
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION}/resourceGroups/rg-team ({CREATES})",
        f"{ADMINISTRATOR} on {SUBSCRIPTION}/resourceGroups/rg-team ({GRANTS})",
    ]
    assert contract["role_ids"].splitlines() == [
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b Storage Blob Data Owner",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88 Storage Queue Data Contributor",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 Storage Table Data Contributor",
    ]
    assert contract["principal_types"] == "ServicePrincipal"
    assert contract["resource_providers"] == "Microsoft.ManagedIdentity, Microsoft.Storage, Microsoft.Web"


@pytest.mark.parametrize("mode", MODES)
def test_a_storage_account_that_lets_groups_in_needs_the_right_to_grant_just_that(mode: Mode) -> None:
    contract = _contract(
        StorageAccount, mode, resource_group_name="rg-team", blob_readers={"on-call": PEOPLE}
    )
    assert contract["roles"].splitlines() == [
        f"Contributor on {SUBSCRIPTION}/resourceGroups/rg-team ({CREATES})",
        f"{ADMINISTRATOR} on {SUBSCRIPTION}/resourceGroups/rg-team ({GRANTS})",
    ]
    assert contract["role_ids"] == "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1 Storage Blob Data Reader"
    assert contract["principal_types"] == "Group"
    assert contract["resource_providers"] == "Microsoft.Storage"


def test_what_is_in_the_same_group_is_listed_once() -> None:
    group = GROUP.rpartition("/")[2]
    contract = _contract(WebApp, resource_group_name=group, plan_id=PLAN)
    assert contract["roles"] == f"Contributor on {SUBSCRIPTION}/resourceGroups/{group} ({CREATES})"


def test_an_adopted_vault_is_read_and_not_created() -> None:
    contract = _contract(KeyVault, existing_id=VAULT, secret_readers={"readers": PEOPLE})
    assert contract["roles"].splitlines() == [
        f"{ADMINISTRATOR} on {VAULT} ({GRANTS})",
        f"Reader on {VAULT} (reads what is adopted)",
    ]
    assert contract["principal_types"] == "Group"
    assert contract["resource_providers"] == ""


def test_the_commands_are_whole() -> None:
    contract = _contract(KeylessWebApp, secrets=SECRETS)
    lines = contract["commands"].splitlines()
    register = [line for line in lines if line.startswith("az provider register")]
    assert register == [
        f"az provider register --namespace Microsoft.{name} --wait"
        for name in ("KeyVault", "ManagedIdentity", "Web")
    ]
    assert contract["condition"] in contract["commands"]
    assert lines[-1].endswith('--condition-version 2.0 --condition "$condition"')
    assert f'--role "{ADMINISTRATOR}" --scope {SUBSCRIPTION} ' in lines[-1]


def test_every_module_has_the_namespace_that_its_resources_are_in() -> None:
    for token, row in ROWS.items():
        _, _, place = row.path.rpartition("/providers/")
        # A resource group has no provider in its path.
        namespace = place.partition("/")[0] or "Microsoft.Resources"
        assert namespace_of(token.split(":")[1]).lower() == namespace.lower(), token


def test_every_argument_that_names_something_elsewhere_has_its_role() -> None:
    """The rest are targets, whose grants say it, and ids of Entra."""
    granted = {"api_private_dns_zone_id", "container_registry_id", "package_storage_id", "storage_account_id"}
    granted |= {"vault_id"}
    entra = {"client_id", "identity_client_id", "identity_principal_id", "principal_id", "tenant_id"}
    entra |= {"deployer_ids", "known_principal_ids"}
    with_contract = [one for one in COMPONENTS if "deployer_contract" in outputs_of(one)]
    assert {one.__name__ for one in with_contract} >= {"KeyVault", "KeylessWebApp", "WebApp"}
    given = {key for one in with_contract for key in _arguments(one) if key.endswith(("_id", "_ids"))}
    assert given - granted - entra == set(ELSEWHERE) & given


def _arguments(component: Any) -> set[str]:
    return set(component.__init__.__annotations__["args"].__annotations__)


def _of_the_page() -> dict[str, str]:
    """What the sample program reports in a first preview, with groups in the words of the page."""
    contract = _contract(
        KeylessWebApp,
        "first preview",
        resource_group_name="rg-keyless-dev",
        secrets=SECRETS,
        secret_officers={"vault-officers": PEOPLE},
        secret_readers={"vault-readers": READERS},
    )
    groups = {PEOPLE: "<object id of vault-officers>", READERS: "<object id of vault-readers>"}
    for id, words in groups.items():
        contract = {key: text.replace(id, words) for key, text in contract.items()}
    return contract


def test_the_file_with_the_deployers_condition_is_what_the_sample_program_reports() -> None:
    """With groups of people, as a stack has them; without, what names them goes."""
    condition = _of_the_page()["condition"]
    file = ROOT / "docs" / "guides" / "deployer-condition.txt"
    assert file.read_text() == condition + "\n", f"write this to {file}:\n{condition}"


def test_the_page_for_the_deployer_lists_what_the_sample_program_reports() -> None:
    page = (ROOT / "docs" / "guides" / "deployer.md").read_text()
    contract = _of_the_page()
    for key in ("roles", "role_ids", "principal_types", "resource_providers", "commands"):
        assert f"```\n{contract[key]}\n```" in page, f"put this into {key}:\n{contract[key]}"
