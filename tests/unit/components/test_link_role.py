"""The link `role`, the way out: any built-in role by name or GUID, any role by its full id, on any scope."""

from typing import Any

import pytest

from components import AccessGrant, ConfigurationError, Role, WorkloadAccess
from components.access import grant_name
from tests.unit.components.answering_azure import CLIENT, GROUP, PRINCIPAL, STORAGE, SUBSCRIPTION
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component
from tests.unit.components.refusals import problems_of
from tests.unit.components.slotted_apps import with_slots
from tests.unit.components.web_apps import settings_of, web_app

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CUSTOM = "c0570000-0000-4000-8000-000000000001"
DEFINITIONS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
APP = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/appcs-team"
EXPECTED = (
    "a role's name, such as Key Vault Secrets User, its GUID, or the id of its definition, as "
    "/subscriptions/<subscription>/providers/Microsoft.Authorization/roleDefinitions/<guid>"
)


def workload_access(**args: Any) -> Deployment:
    return deploy_component(WorkloadAccess, {"principal_id": PRINCIPAL, **args}, "up")


def links(role: Any, id: Any = APP) -> dict[str, Any]:
    return {"config": {"role": {"id": id, "role": role}}}


HOSTS = pytest.mark.parametrize("host", [web_app, function_app, workload_access])


@HOSTS
@pytest.mark.parametrize("role", ["Reader", "reader", READER, READER.upper(), f"{DEFINITIONS}/{READER}"])
@pytest.mark.parametrize("later", [False, True])
def test_a_role_is_told_by_its_name_its_guid_or_its_full_id(host: Any, role: str, later: bool) -> None:
    (grant,) = [
        one
        for one in host(links=links(Later(role) if later else role)).all("RoleAssignment")
        if one.name == "shop-config"
    ]
    assert grant.inputs["scope"] == APP
    assert grant.inputs["roleDefinitionId"] == f"{DEFINITIONS}/{READER}"
    assert grant.inputs["roleAssignmentName"] == grant_name(APP, PRINCIPAL, "Reader")


@HOSTS
@pytest.mark.parametrize("role", [CUSTOM, f"{DEFINITIONS}/{CUSTOM}"])
def test_a_custom_role_is_told_by_its_guid_or_its_full_id(host: Any, role: str) -> None:
    deployment = host(links=links(role))
    (grant,) = [one for one in deployment.all("RoleAssignment") if one.name == "shop-config"]
    assert grant.inputs["roleDefinitionId"] == f"{DEFINITIONS}/{CUSTOM}"
    assert f"(custom role {CUSTOM})" in grant.inputs["description"]


def test_a_custom_role_of_a_management_group_keeps_its_own_id() -> None:
    definition = (
        "/providers/Microsoft.Management/managementGroups/corp"
        f"/providers/Microsoft.Authorization/roleDefinitions/{CUSTOM}"
    )
    assert web_app(links=links(definition)).one("RoleAssignment").inputs["roleDefinitionId"] == definition


def test_a_member_of_the_enum_is_a_name() -> None:
    grant = web_app(links=links(Role.STORAGE_TABLE_DATA_READER, STORAGE)).one("RoleAssignment")
    assert grant.inputs["roleDefinitionId"] == f"{DEFINITIONS}/76199698-9eea-4c19-bc75-cec21354c6b6"


@HOSTS
def test_a_name_that_no_role_has_is_answered_with_the_close_one(host: Any) -> None:
    given = "App Configuration Data Readr"
    assert problems_of(host)(links=links(given)) == [
        (
            "links[config].role.role",
            "a text of 28 characters",
            EXPECTED,
            "write App Configuration Data Reader",
        )
    ]
    host(links=links("App Configuration Data Reader"))  # the next step, tried


def test_a_name_that_turns_out_to_be_no_roles_is_refused_by_its_path() -> None:
    (problem,) = problems_of(web_app)(links=links(Later("Readr")))
    assert problem[:3] == ("links[config].role.role", "a text of 5 characters", EXPECTED)


def test_a_role_that_is_an_output_draws_no_warning() -> None:
    assert web_app(links=links(Later("Reader"))).warned == []


def test_code_is_told_nothing_and_the_slot_is_let_in_by_itself() -> None:
    assert settings_of(web_app(links=links("Reader"))) == {"AZURE_CLIENT_ID": CLIENT}
    names = [one.name for one in with_slots("up", links=links("Reader")).all("RoleAssignment")]
    assert sorted(name for name in names if name.endswith("-config")) == [
        "shop-canary-config",
        "shop-config",
        "shop-staging-config",
    ]


@pytest.mark.parametrize("later", [False, True])
def test_a_role_on_data_is_refused_above_a_group_by_the_links_own_path(later: bool) -> None:
    scope: Any = f"/subscriptions/{SUBSCRIPTION}"
    narrow = "the id of a resource or a resource group, as every component and resource outputs it"
    expected = f"{narrow}; Storage Blob Data Reader acts on data, so nothing wider is accepted"
    given = links("Storage Blob Data Reader", Later(scope) if later else scope)
    assert problems_of(web_app)(links=given) == [
        ("links[config].role.id", "the id of a subscription", expected, f"give {narrow}")
    ]
    for next_step in (STORAGE, GROUP):
        grant = web_app(links=links("Storage Blob Data Reader", next_step)).one("RoleAssignment")
        assert grant.inputs["scope"] == next_step
    assert web_app(links=links("Reader", scope)).one("RoleAssignment").inputs["scope"] == scope


@pytest.mark.parametrize("later", [False, True])
def test_what_is_no_id_is_no_scope(later: bool) -> None:
    expected = "the id of a resource, a resource group, a subscription or a management group"
    given = links("Reader", Later("appcs-team") if later else "appcs-team")
    said = "a text of 10 characters; character 1, 'a', is not allowed there"
    assert problems_of(web_app)(links=given) == [
        ("links[config].role.id", said, expected, f"give {expected}")
    ]


def test_id_and_role_are_both_required() -> None:
    subjects = [problem[0] for problem in problems_of(web_app)(links={"config": {"role": {}}})]
    assert subjects == ["links[config].role.id", "links[config].role.role"]


def test_a_role_that_its_owner_gives_is_left_to_them_by_its_name() -> None:
    deployment = web_app(links={"config": {**links(READER)["config"], "grant": False}})
    assert deployment.all("RoleAssignment") == []
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == f"Reader on {APP}"


@pytest.mark.parametrize("id", [APP, Later(APP)])
def test_a_role_that_is_no_text_is_refused_with_what_is_expected(id: Any) -> None:
    (problem,) = problems_of(workload_access)(links=links(5, id))
    assert problem == ("links[config].role.role", "a number", EXPECTED, f"give {EXPECTED}")
    with pytest.raises(ConfigurationError, match=r"1\. role\n     given     a number\n"):
        deploy_component(AccessGrant, {"principal_id": PRINCIPAL, "scope_id": APP, "role": 5}, "up")
