"""Microsoft Graph, as far as it answers: who there is, to read. `tests/clients` asks it by the real `az`."""

import json
from typing import Any

import pytest

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, VAULT_OFFICERS, VAULT_READERS, Inhabitant
from local_azure.graph.service import MicrosoftGraph
from local_azure.http import Request
from tests.local_azure.arm import Arm
from tests.local_azure.tokens import issue

GRAPH = "https://graph.microsoft.com"
NOBODY = "10ca1a2e-0000-4000-8000-00000000beef"
Json = Any


@pytest.fixture
def ask(azure: Azure) -> Json:
    """One request, by default of the officer: its status and its JSON."""

    def send(
        path: str, body: Json = None, by: str = OFFICER.object_id, method: str = "", **query: str
    ) -> Json:
        request = Request(
            method or ("GET" if body is None else "POST"),
            "graph.microsoft.com",
            f"/v1.0{path}",
            {f"${key}": value for key, value in query.items()},
            {"authorization": f"Bearer {issue(azure, by, GRAPH)}"},
            b"" if body is None else json.dumps(body).encode(),
        )
        answer = azure.service(MicrosoftGraph).graph.handle(request)
        return answer.status, answer.body

    return send


def refused(answer: Json) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def names(answer: Json) -> list[str]:
    status, body = answer
    assert status == 200, body
    return [one["displayName"] for one in body["value"]]


def test_whoever_is_signed_in_reads_their_own_name(ask: Json) -> None:
    status, me = ask("/me")
    assert (status, me["id"], me["userPrincipalName"]) == (200, OFFICER.object_id, OFFICER.name)
    assert ask("/me", select="id")[1] == {"id": OFFICER.object_id}
    assert names(ask("/me/memberOf")) == [VAULT_OFFICERS.name]


def test_principals_are_asked_for_by_their_ids_whatever_they_are(ask: Json) -> None:
    ids = [one.object_id for one in (OFFICER, VAULT_READERS, DEPLOYER)]
    status, body = ask("/directoryObjects/getByIds", {"ids": [*ids, NOBODY], "types": []})
    assert status == 200
    assert [(one["@odata.type"], one["id"]) for one in body["value"]] == [
        ("#microsoft.graph.user", OFFICER.object_id),
        ("#microsoft.graph.group", VAULT_READERS.object_id),
        ("#microsoft.graph.servicePrincipal", DEPLOYER.object_id),
    ]
    only = ask("/directoryObjects/getByIds", {"ids": ids, "types": ["group"]})
    assert names(only) == [VAULT_READERS.name]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("/groups", "startswith(displayName,'vault-')", [VAULT_OFFICERS.name, VAULT_READERS.name]),
        ("/groups", "displayName eq 'Vault-Readers'", [VAULT_READERS.name]),
        ("/groups", "displayName eq 'vault-readers' and mailNickname eq 'other'", []),
        ("/users", f"userPrincipalName eq '{DEVELOPER.name}'", ["developer"]),
        ("/users", "displayName eq 'o''brien'", []),
        ("/servicePrincipals", f"servicePrincipalNames/any(c:c eq '{DEPLOYER.client_id}')", ["deployer"]),
        ("/servicePrincipals", f"appId eq '{DEPLOYER.object_id}'", []),
    ],
)
def test_principals_are_found_by_name_and_by_client_id(
    ask: Json, path: str, text: str, found: list[str]
) -> None:
    assert names(ask(path, filter=text)) == found


@pytest.mark.parametrize("text", ["displayName ne 'x'", "displayName", "contains(displayName,'x')"])
def test_a_filter_that_is_not_understood_is_refused_rather_than_ignored(ask: Json, text: str) -> None:
    assert refused(ask("/groups", filter=text)) == (400, "Request_UnsupportedQuery")
    assert refused(ask("/groups", filter="secret eq 'x'")) == (400, "BadRequest")


def test_a_managed_identity_is_a_service_principal_as_long_as_it_lives(ask: Json, arm: Arm) -> None:
    identity = arm.identity(arm.group())
    id, client = (identity["properties"][key] for key in ("principalId", "clientId"))
    status, shown = ask(f"/servicePrincipals/{id}")
    assert (status, shown["appId"], shown["displayName"]) == (200, client, "id-one")
    assert (shown["servicePrincipalType"], shown["alternativeNames"]) == ("ManagedIdentity", [identity["id"]])
    assert ask(f"/servicePrincipals(appId='{client}')")[1] == shown
    arm("DELETE", identity["id"])
    assert refused(ask(f"/servicePrincipals/{id}")) == (404, "Request_ResourceNotFound")


def test_members_of_a_group_are_those_of_the_moment(ask: Json, azure: Azure) -> None:
    group = f"/groups/{VAULT_READERS.object_id}/members"
    assert names(ask(group)) == []
    azure.entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    assert names(ask(group)) == ["developer"]
    asked = {"groupIds": [VAULT_READERS.object_id, VAULT_OFFICERS.object_id]}
    found = ask(f"/users/{DEVELOPER.name}/checkMemberGroups", asked)
    assert found == (200, {"value": [VAULT_READERS.object_id]})
    assert ask(f"/users/{DEVELOPER.object_id}/getMemberGroups", {})[1] == found[1]


def test_e1_a_managed_identity_may_not_read_the_directory(ask: Json, arm: Arm) -> None:
    identity = arm.identity(arm.group())["properties"]["principalId"]
    for path in ("/groups", f"/servicePrincipals/{identity}", "/me"):
        assert refused(ask(path, by=identity)) == (403, "Authorization_RequestDenied")
    assert ask("/groups", by=DEPLOYER.object_id)[0] == 200


def test_e1_an_identity_that_is_deleted_may_not_either_with_the_token_that_it_has_left(
    azure: Azure, arm: Arm
) -> None:
    identity = arm.identity(arm.group())
    token = issue(azure, identity["properties"]["principalId"], GRAPH)
    arm("DELETE", identity["id"])
    left = Request("GET", "graph.microsoft.com", "/v1.0/groups", {}, {"authorization": f"Bearer {token}"})
    answer = azure.service(MicrosoftGraph).graph.handle(left)
    assert refused((answer.status, answer.body)) == (403, "Authorization_RequestDenied")


def test_e2_an_application_is_nobody_to_ask_about_me(ask: Json) -> None:
    status, body = ask("/me", by=DEPLOYER.object_id)
    assert (status, body["error"]["message"]) == (
        400,
        "/me request is only valid with delegated authentication flow.",
    )


@pytest.mark.parametrize("one", [VAULT_READERS, OFFICER, DEPLOYER], ids=lambda one: one.kind)
def test_e3_who_is_not_there_is_named_or_left_out(ask: Json, one: Inhabitant) -> None:
    assert refused(ask(f"/directoryObjects/{NOBODY}")) == (404, "Request_ResourceNotFound")
    other = "/groups" if one.kind != "Group" else "/users"
    assert refused(ask(f"{other}/{one.object_id}")) == (404, "Request_ResourceNotFound")
    assert ask("/directoryObjects/getByIds", {"ids": [NOBODY]}) == (200, {"value": []})


def test_the_directory_is_written_by_nobody(ask: Json, azure: Azure) -> None:
    reference = {"@odata.id": f"{GRAPH}/v1.0/directoryObjects/{DEVELOPER.object_id}"}
    group = f"/groups/{VAULT_OFFICERS.object_id}"
    denied = (403, "Authorization_RequestDenied")
    assert refused(ask(f"{group}/members/$ref", reference)) == denied
    assert refused(ask("/groups", {"displayName": "new"})) == denied
    assert refused(ask(group, method="DELETE")) == denied
    assert azure.entra.groups_of(DEVELOPER.object_id) == set()
    assert azure.entra.principal(VAULT_OFFICERS.object_id) is not None


def test_a_token_for_another_service_is_refused_and_an_unknown_path_named(azure: Azure, ask: Json) -> None:
    token = issue(azure, OFFICER.object_id, "https://management.azure.com")
    request = Request("GET", "graph.microsoft.com", "/v1.0/me", {}, {"authorization": f"Bearer {token}"})
    assert azure.service(MicrosoftGraph).graph.handle(request).status == 401
    assert (
        azure.service(MicrosoftGraph).graph.handle(Request("GET", "graph.microsoft.com", "/v1.0/me")).status
        == 401
    )
    assert refused(ask("/drives/x")) == (400, "BadRequest")
    assert refused(ask("/groups/x/y/z")) == (400, "BadRequest")


@pytest.mark.parametrize("path", ["", "/", "/v1.0", "/v2.0/me"])
def test_a_path_without_a_version_or_a_collection_is_a_bad_request(azure: Azure, path: str) -> None:
    headers = {"authorization": f"Bearer {issue(azure, OFFICER.object_id, GRAPH)}"}
    answer = azure.service(MicrosoftGraph).graph.handle(
        Request("GET", "graph.microsoft.com", path, {}, headers)
    )
    assert refused((answer.status, answer.body)) == (400, "BadRequest")


@pytest.mark.parametrize("body", [{"ids": 5}, {"ids": OFFICER.object_id}, {"ids": [], "types": {"user": 1}}])
def test_ids_and_types_that_are_no_lists_are_a_bad_request(ask: Json, body: Json) -> None:
    assert refused(ask("/directoryObjects/getByIds", body)) == (400, "BadRequest")


def test_a_name_with_the_word_and_in_it_is_one_name(ask: Json) -> None:
    status, body = ask("/groups", filter="displayName eq 'research and development' and id eq 'x'")
    assert (status, body["value"]) == (200, [])
