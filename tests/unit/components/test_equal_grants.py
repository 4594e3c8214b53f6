"""Two grants never claim one assignment: equal needs are one grant, and what turns out equal is told so."""

from typing import Any

import pulumi
import pytest

from components import FunctionApp, WebApp
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    IDENTITY,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
    WORKSPACE,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Deployment, Later, deploy
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import settings_of, web_app

QUEUE_ENDPOINT = "https://stteam.queue.core.windows.net/"
DATA: dict[str, Any] = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT}
CODE = f"{STORAGE}/blobServices/default/containers/code"
PACKAGE: dict[str, Any] = {
    "package_url": f"{STORAGE_ENDPOINT}code/shop.zip",
    "package_storage_id": STORAGE,
    "runtime": "node-22",
}
BLOBS: dict[str, Any] = {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}
QUEUES: dict[str, Any] = {"id": STORAGE, "endpoint": QUEUE_ENDPOINT}
IN_CAPITALS = STORAGE.replace("resourceGroups/rg-team", "resourcegroups/RG-TEAM").replace("stteam", "STTEAM")
HOST = ["shop-host-blobs", "shop-host-queues", "shop-host-tables"]


def names(deployment: Deployment) -> list[str]:
    """The grants, each with an assignment that no other one claims."""
    grants = deployment.all("RoleAssignment")
    claimed = {(one.inputs["scope"].lower(), one.inputs["roleAssignmentName"]) for one in grants}
    assert len(claimed) == len(grants)
    return sorted(one.name for one in grants)


def one_output(component: Any, args: dict[str, Any]) -> Deployment:
    """Every plain STORAGE in the arguments becomes one and the same Output."""

    def program() -> pulumi.Resource:
        shared = pulumi.Output.from_input(STORAGE)
        filled = {key: shared if value == STORAGE else value for key, value in args.items()}
        return component("shop", {"resource_group_name": "rg-team", **filled})

    return deploy(program)


@pytest.mark.parametrize("host", [STORAGE, IN_CAPITALS])
def test_a_function_app_whose_host_account_is_its_data_account_has_each_role_once(host: str) -> None:
    deployment = function_app(**DATA, host_storage_id=host, queue_access="write")
    assert names(deployment) == HOST
    assert settings_of(deployment)["AZURE_STORAGE_QUEUE_ENDPOINT"] == QUEUE_ENDPOINT
    assert len(deployment.outputs["access"]) == 3


def test_one_output_that_is_given_twice_is_one_account() -> None:
    args = {**DATA, "host_storage_id": STORAGE, "queue_access": "write"}
    assert names(one_output(FunctionApp, args)) == HOST
    args = {**PACKAGE, **DATA, "blob_access": "read", "blob_container": "code"}
    assert names(one_output(WebApp, args)) == ["shop-blobs"]


def test_another_verb_on_the_host_account_is_a_grant_of_its_own() -> None:
    deployment = function_app(**DATA, host_storage_id=STORAGE, queue_access="send")
    assert names(deployment) == [*HOST, "shop-queues"]


@pytest.mark.parametrize("account", [STORAGE, IN_CAPITALS])
def test_a_package_that_lies_in_the_data_container_is_read_by_one_grant(account: str) -> None:
    given = {**PACKAGE, "package_storage_id": account}
    deployment = web_app(**given, **DATA, blob_access="read", blob_container="code")
    assert names(deployment) == ["shop-blobs"]
    assert deployment.one("RoleAssignment").inputs["scope"] == CODE
    settings = settings_of(deployment)
    assert settings["WEBSITE_RUN_FROM_PACKAGE"] == PACKAGE["package_url"]
    assert settings["AZURE_STORAGE_BLOB_CONTAINER"] == "code"


def test_a_package_beside_the_data_container_is_read_by_its_own_grant() -> None:
    deployment = web_app(**PACKAGE, **DATA, blob_access="read", blob_container="reports")
    assert names(deployment) == ["shop-blobs", "shop-package"]
    deployment = web_app(**PACKAGE, **DATA, blob_access="write", blob_container="code")
    assert names(deployment) == ["shop-blobs", "shop-package"]


def test_two_outputs_that_turn_out_to_be_one_account_are_refused_naming_both() -> None:
    given = {**DATA, "storage_account_id": Later(STORAGE), "queue_access": "write"}
    step = "write one of the two as a link with grant false; or give both as texts, or as one Output"
    assert problems_of(function_app)(**given, host_storage_id=Later(STORAGE)) == [
        (
            "host_storage_id and queue_access",
            "the same role on the same scope, twice",
            "one grant for both",
            step,
        )
    ]
    link = {"queues": {**QUEUES, "id": Later(STORAGE), "access": "write"}, "grant": False}
    deployment = function_app(host_storage_id=Later(STORAGE), links={"queues": link})  # the next step, tried
    assert names(deployment) == HOST


def test_a_package_whose_address_turns_out_to_be_in_the_data_container_is_refused_naming_both() -> None:
    given = {**PACKAGE, "package_url": Later(PACKAGE["package_url"]), "package_storage_id": Later(STORAGE)}
    blobs: dict[str, Any] = {**BLOBS, "container": Later("code")}
    step = (
        "set links[data].grant to false: what package_url grants is enough for both; "
        "or give both as texts, or as one Output"
    )
    assert problems_of(web_app)(**given, links={"data": {"blobs": blobs}}) == [
        (
            "links[data].blobs and package_url",
            "the same role on the same scope, twice",
            "one grant for both",
            step,
        )
    ]
    deployment = web_app(**given, links={"data": {"blobs": blobs, "grant": False}})
    assert names(deployment) == ["shop-package"]


def test_two_outputs_of_two_accounts_are_two_grants() -> None:
    other = STORAGE.replace("stteam", "stother")
    given = {**DATA, "storage_account_id": Later(STORAGE), "queue_access": "write"}
    assert names(function_app(**given, host_storage_id=Later(other))) == [*HOST, "shop-queues"]


def test_a_preview_that_knows_neither_account_shows_both_grants() -> None:
    def program() -> pulumi.Resource:
        unknown = [pulumi.Output.from_input(pulumi.output.UNKNOWN) for _ in range(2)]
        links: Any = {
            name: {"queues": {"id": id, "endpoint": QUEUE_ENDPOINT}}
            for name, id in zip("ab", unknown, strict=True)
        }
        return WebApp("shop", {"resource_group_name": "rg-team", "links": links})

    assert sorted(one.name for one in deploy(program, "first preview").all("RoleAssignment")) == [
        "shop-a",
        "shop-b",
    ]


@pytest.mark.parametrize("id", [STORAGE, IN_CAPITALS, f"{STORAGE}/"])
def test_two_links_with_one_target_and_one_verb_are_one_grant(id: str) -> None:
    deployment = web_app(links={"a": {"queues": QUEUES}, "b": {"queues": {**QUEUES, "id": id}}})
    assert names(deployment) == ["shop-a"]
    assert settings_of(deployment) == {
        "AZURE_CLIENT_ID": CLIENT,
        "A_ENDPOINT": QUEUE_ENDPOINT,
        "B_ENDPOINT": QUEUE_ENDPOINT,
    }


def test_two_links_with_different_verbs_or_scopes_are_two_grants() -> None:
    send = {**QUEUES, "access": "send"}
    assert names(web_app(links={"a": {"queues": QUEUES}, "b": {"queues": send}})) == ["shop-a", "shop-b"]
    orders = {**QUEUES, "queue": "orders"}
    assert names(web_app(links={"a": {"queues": QUEUES}, "b": {"queues": orders}})) == ["shop-a", "shop-b"]


@pytest.mark.parametrize("role", ["Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"])
def test_a_role_by_hand_that_is_what_another_link_needs_is_no_second_grant(role: str) -> None:
    by_hand = {"role": {"id": CODE.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), "role": role}}
    links = {"code": {"blobs": {**BLOBS, "container": "code"}}, "more": by_hand}
    assert names(web_app(links=links)) == ["shop-code"]


def test_a_secret_that_two_links_read_is_granted_once() -> None:
    vault = {"id": VAULT, "endpoint": ENDPOINT, "secret_access": "secret"}
    links = {
        "main": {"key_vault": {**vault, "secrets": {"A": "db", "B": "db", "C": "key"}}},
        "more": {"key_vault": {**vault, "secrets": {"D": "DB"}}},
    }
    assert names(web_app(links=links)) == ["shop-main-db", "shop-main-key"]


@pytest.mark.parametrize("host", [{"host_storage_id": STORAGE}, {"host_storage_id": Later(STORAGE)}, {}])
def test_a_link_that_is_called_as_a_grant_of_the_host_is_refused_with_the_link_to_rename(
    host: dict[str, Any],
) -> None:
    links: dict[str, Any] = {"host-blobs": {"blobs": BLOBS}}
    clash = (
        "host_storage_id and links[host-blobs].blobs",
        "two grants that would have one name",
        "a name of its own for each grant",
        "give links[host-blobs] another name",
    )
    assert problems_of(function_app)(**host, links=links) == [clash]
    # Together with everything else that is wrong, so before anything is declared.
    said = problems_of(function_app)(**host, links=links, app_name="Not A Name")
    assert sorted(problem[0] for problem in said) == ["app_name", clash[0]]
    links = {"reports": links["host-blobs"]}
    assert names(function_app(**host, links=links)) == [*HOST, "shop-reports"]


def test_the_same_for_what_a_web_app_needs_for_its_telemetry_and_for_two_links() -> None:
    insights = {"application_insights_workspace_id": WORKSPACE}
    (problem,) = problems_of(web_app)(**insights, links={"insights": {"blobs": BLOBS}})
    assert problem[::3] == (
        "application_insights_workspace_id and links[insights].blobs",
        "give links[insights] another name",
    )
    assert names(web_app(links={"insights": {"blobs": BLOBS}})) == ["shop-insights"]
    secret = {"id": VAULT, "endpoint": ENDPOINT, "secret_access": "secret", "secrets": {"A": "db"}}
    links = {"main": {"key_vault": secret}, "main-db": {"blobs": BLOBS}}
    (problem,) = problems_of(web_app)(links=links)
    assert problem[::3] == (
        "links[main].key_vault and links[main-db].blobs",
        "give links[main-db] another name",
    )


def test_an_identity_that_others_grant_has_no_grants_to_name() -> None:
    deployment = function_app(
        identity="existing",
        identity_id=IDENTITY,
        host_storage_id=STORAGE,
        links={"host-blobs": {"blobs": BLOBS}},
    )
    assert deployment.all("RoleAssignment") == []
