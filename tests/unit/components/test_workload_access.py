"""WorkloadAccess lets the identity of anything in, and says what its code has to be told."""

from typing import Any

import pulumi
import pytest

from components import SecretAccess, WorkloadAccess
from components.access import grant_name
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    PRINCIPAL,
    STORAGE,
    STORAGE_ENDPOINT,
    SUBSCRIPTION,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, deploy_component
from tests.unit.components.refusals import problems_of

BLOBS: dict[str, Any] = {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}
QUEUES: dict[str, Any] = {"id": STORAGE, "endpoint": "https://stteam.queue.core.windows.net/"}
KEY_VAULT: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB_PASSWORD": "db"}}
LINKS: dict[str, Any] = {
    "main": {"key_vault": KEY_VAULT},
    "reports": {"blobs": {**BLOBS, "container": "reports"}},
    "orders": {"queues": {**QUEUES, "access": "receive"}},
}
USER, BLOB_READER, PROCESSOR = (
    "4633458b-17de-408a-b874-0445c86b69e6",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "8a0f0c08-91a1-4084-bc3d-661d67233fed",
)
REPORTS = f"{STORAGE}/blobServices/default/containers/reports"


def workload_access(mode: Mode = "up", /, **args: Any) -> Deployment:
    given = {"principal_id": PRINCIPAL, "links": LINKS, **args}
    return deploy_component(WorkloadAccess, given, mode)


problems = problems_of(workload_access)


def test_it_declares_a_grant_for_each_link_and_nothing_else() -> None:
    deployment = workload_access(principal_name="vm-nightly")
    assert deployment.counts() == {"authorization:RoleAssignment": 3}
    assert {
        one.name: (one.inputs["scope"], one.inputs["roleAssignmentName"]) for one in _grants(deployment)
    } == {
        "shop-main": (VAULT, grant_name(VAULT, PRINCIPAL, USER)),
        "shop-reports": (REPORTS, grant_name(REPORTS, PRINCIPAL, BLOB_READER)),
        "shop-orders": (STORAGE, grant_name(STORAGE, PRINCIPAL, PROCESSOR)),
    }
    assert {one.inputs["principalId"] for one in _grants(deployment)} == {PRINCIPAL}
    assert {one.inputs["principalType"] for one in _grants(deployment)} == {"ServicePrincipal"}


def test_its_outputs_are_these_and_hold_no_secret() -> None:
    who = "Identity vm-nightly may"
    assert workload_access(principal_name="vm-nightly").plain_outputs == {
        "environment": {
            "MAIN_ENDPOINT": ENDPOINT,
            "ORDERS_ENDPOINT": QUEUES["endpoint"],
            "REPORTS_CONTAINER": "reports",
            "REPORTS_ENDPOINT": STORAGE_ENDPOINT,
        },
        "secret_uris": {"DB_PASSWORD": f"{ENDPOINT}secrets/db"},
        "principal_id": PRINCIPAL,
        "access": [
            f"{who} read the values of secrets in key vault kv-team (Key Vault Secrets User).",
            f"{who} read blobs in container reports (Storage Blob Data Reader).",
            f"{who} read, take and delete messages of queues in storage account stteam "
            "(Storage Queue Data Message Processor).",
        ],
    }


def test_its_state_names_all_outputs_but_the_deployers_contract() -> None:
    deployment = workload_access()
    (component,) = [one for one in deployment.resources if one.type == "keyless:index:WorkloadAccess"]
    assert deployment.registered_outputs[component.urn] == {
        "environment",
        "secretUris",
        "principalId",
        "access",
    }
    assert component.inputs == {
        "links": {"main": {"DB_PASSWORD": "db"}},
        "parts": {"reports": "/blobServices/default/containers/reports"},
    }
    assert {one.parent for one in deployment.all("AccessGrant")} == {component.urn}


def test_left_without_a_name_it_is_called_after_the_component() -> None:
    deployment = workload_access()
    assert all(text.startswith("Identity shop may ") for text in deployment.outputs["access"])
    assert all("WorkloadAccess 'shop'" in one.inputs["description"] for one in _grants(deployment))


def test_the_client_id_is_told_to_code_and_never_granted() -> None:
    deployment = workload_access(client_id=CLIENT)
    assert deployment.outputs["environment"]["AZURE_CLIENT_ID"] == CLIENT
    assert {one.inputs["principalId"] for one in _grants(deployment)} == {PRINCIPAL}
    assert "AZURE_CLIENT_ID" not in workload_access().outputs["environment"]


@pytest.mark.parametrize("later", [False, True])
def test_the_client_id_in_the_place_of_the_principals_is_refused(later: bool) -> None:
    id: Any = Later(CLIENT) if later else CLIENT
    (problem,) = problems(principal_id=id, client_id=CLIENT)
    assert problem[1] == "the client id"
    assert problem[3].startswith("give the identity's principal_id")


def test_the_same_where_nothing_is_granted_here_and_together_with_all_that_is_wrong() -> None:
    links = {name: {**link, "grant": False} for name, link in LINKS.items()}
    said = problems(principal_id=CLIENT, client_id=CLIENT.upper(), links={**links, "-": {}})
    assert [problem[0] for problem in said] == [
        "links[<entry 1 by name>]",
        "links[<entry 1 by name>]",
        "principal_id",
    ]


def test_the_principal_id_is_given_out_when_every_grant_exists() -> None:
    def program() -> dict[str, Any]:
        access = WorkloadAccess("shop", {"principal_id": PRINCIPAL, "links": LINKS})
        behind = WorkloadAccess(
            "behind",
            {"principal_id": access.principal_id, "links": {"all": {"tables": _tables()}}},
        )
        return {"id": behind.principal_id}

    deployment = deploy(program)
    (last,) = [one for one in _grants(deployment) if one.name == "behind-all"]
    earlier = [one for one in _grants(deployment) if one.name.startswith("shop-")]
    assert len(earlier) == 3
    assert all(deployment.waits_for(last, one) for one in earlier)


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_knows_everything_that_it_was_given(mode: Mode) -> None:
    deployment = workload_access(mode)
    assert deployment.plain_outputs == workload_access().plain_outputs


def test_a_preview_lists_the_grants_of_a_principal_that_is_not_there_yet() -> None:
    def program() -> pulumi.Resource:
        unknown: Any = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        return WorkloadAccess("shop", {"principal_id": unknown, "links": LINKS})

    deployment = deploy(program, "first preview")
    assert {one.inputs["principalId"] for one in _grants(deployment)} == {UNKNOWN}
    assert {one.inputs["scope"] for one in _grants(deployment)} == {VAULT, REPORTS, STORAGE}
    assert deployment.outputs["principal_id"] == UNKNOWN
    assert deployment.outputs["environment"]["ORDERS_ENDPOINT"] == QUEUES["endpoint"]


def test_the_deployer_needs_the_right_to_grant_just_these_roles_just_there() -> None:
    contract = workload_access().outputs["deployer_contract"]
    grants = "Role Based Access Control Administrator"
    assert contract["roles"].splitlines() == [
        f"{grants} on {scope} (grants, under the condition)" for scope in (VAULT, STORAGE, REPORTS)
    ]
    assert contract["role_ids"].splitlines() == [
        f"{USER} Key Vault Secrets User",
        f"{BLOB_READER} Storage Blob Data Reader",
        f"{PROCESSOR} Storage Queue Data Message Processor",
    ]
    assert contract["principal_types"] == "ServicePrincipal"
    assert (contract["resource_providers"], contract["left_to_owners"]) == ("", "")


def test_a_link_without_a_grant_tells_code_the_same_and_leaves_the_grant_to_its_owner() -> None:
    links = {name: {**link, "grant": False} for name, link in LINKS.items()}
    deployment = workload_access(links=links)
    assert deployment.counts() == {}
    assert deployment.outputs["access"] == []
    assert deployment.outputs["principal_id"] == PRINCIPAL
    for output in ("environment", "secret_uris"):
        assert deployment.outputs[output] == workload_access().outputs[output]
    contract = deployment.outputs["deployer_contract"]
    assert contract["left_to_owners"].splitlines() == [
        f"Key Vault Secrets User on {VAULT}",
        f"Storage Blob Data Reader on {REPORTS}",
        f"Storage Queue Data Message Processor on {STORAGE}",
    ]
    assert (contract["roles"], contract["role_ids"]) == ("", "")


def test_exactly_the_secrets_are_opened_where_that_is_asked_for() -> None:
    links = {"main": {"key_vault": {**KEY_VAULT, "secret_access": SecretAccess.SECRET}}}
    (grant,) = _grants(workload_access(links=links))
    assert (grant.name, grant.inputs["scope"]) == ("shop-main-db", f"{VAULT}/secrets/db")


@pytest.mark.parametrize("given", [LINKS["orders"], LINKS])
def test_links_that_are_outputs_are_refused_by_name(given: Any) -> None:
    whole = given is LINKS
    links: Any = Later(LINKS) if whole else {"orders": Later(given)}
    subject = "links" if whole else "links[orders]"
    (problem,) = problems(links=links)
    assert problem[:2] == (subject, "an Output")
    assert problem[3] == (f"decide {subject} in the program or its configuration: it shapes what is created")


def test_where_a_platform_says_where_tokens_come_from_is_nobody_elses_to_tell() -> None:
    links: dict[str, Any] = {"identity": {"queues": QUEUES}}
    (problem,) = problems(links=links)
    assert problem[:2] == ("links[identity].queues", "IDENTITY_ENDPOINT")
    links["identity"]["variables"] = "ORDERS"
    assert workload_access(links=links).outputs["environment"] == {"ORDERS_ENDPOINT": QUEUES["endpoint"]}


def test_who_and_what_are_required_and_a_principal_is_a_guid() -> None:
    assert [one[0] for one in problems_of(lambda: deploy_component(WorkloadAccess, {}, "up"))()] == [
        "principal_id",
        "links",
    ]
    assert problems(principal_id=f"/subscriptions/{SUBSCRIPTION}")[0][0] == "principal_id"
    assert problems(principal_id=Later(GROUP))[0][0] == "principal_id"


def _tables() -> Any:
    return {"id": STORAGE, "endpoint": "https://stteam.table.core.windows.net/"}


def _grants(deployment: Deployment) -> list[Any]:
    return deployment.all("RoleAssignment")
