"""App registrations: who makes one, what it takes to get a token for it, and which that is (E4 to E7)."""

import base64
import json
from typing import Any

import pytest

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, TENANT_ID, VAULT_OFFICERS
from local_azure.entra.registrations import Registration
from local_azure.errors import Refusal
from local_azure.graph.service import MicrosoftGraph
from local_azure.http import Request
from tests.local_azure.arm import Arm
from tests.local_azure.tokens import issue

GRAPH = "https://graph.microsoft.com"
ROLE = "40000000-0000-4000-8000-000000000001"
Json = Any


class Directory:
    """Graph, asked by a person; and an API that is registered there."""

    def __init__(self, azure: Azure) -> None:
        self.azure = azure

    def ask(self, method: str, path: str, body: Json = None, by: str = OFFICER.object_id) -> Json:
        """The status and the JSON of an answer."""
        headers = {"authorization": f"Bearer {issue(self.azure, by, GRAPH)}"}
        path, _, query = path.partition("?$filter=")
        asked = {"$filter": query} if query else {}
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, "graph.microsoft.com", f"/v1.0{path}", asked, headers, content)
        answer = self.azure.service(MicrosoftGraph).graph.handle(request)
        return answer.status, answer.body

    def made(self, path: str, body: Json) -> Json:
        status, made = self.ask("POST", path, body)
        assert status == 201, made
        return made

    def api(self, *, version: int | None = 2, **more: Json) -> Json:
        """Registered under `api://<client id>`, with a service principal."""
        api = {"requestedAccessTokenVersion": version}
        one = self.made("/applications", {"displayName": "api", "api": api, **more})
        self.change(one, {"identifierUris": [f"api://{one['appId']}"]})
        one["principal"] = self.made("/servicePrincipals", {"appId": one["appId"], "accountEnabled": True})[
            "id"
        ]
        return one

    def change(self, one: Json, body: Json) -> None:
        assert self.ask("PATCH", f"/applications/{one['id']}", body) == (204, None)

    def claims(self, one: Json, by: str = DEPLOYER.object_id) -> Json:
        """What a token for it says."""
        token = issue(self.azure, by, f"api://{one['appId']}")
        return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


@pytest.fixture
def directory(azure: Azure) -> Directory:
    return Directory(azure)


def code(answer: Json) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_an_application_is_made_found_changed_and_taken_away(directory: Directory) -> None:
    one = directory.api()
    found = directory.ask("GET", f"/applications?$filter=appId eq '{one['appId']}'")[1]["value"]
    assert [(each["id"], each["identifierUris"]) for each in found] == [
        (one["id"], [f"api://{one['appId']}"])
    ]
    assert directory.ask("GET", f"/applications(appId='{one['appId']}')")[1]["displayName"] == "api"
    principal = directory.ask("GET", f"/servicePrincipals(appId='{one['appId']}')")[1]
    assert (principal["id"], principal["servicePrincipalType"]) == (one["principal"], "Application")
    assert directory.ask("DELETE", f"/applications/{one['id']}") == (204, None)
    missing = (404, "Request_ResourceNotFound")
    assert code(directory.ask("GET", f"/applications/{one['id']}")) == missing
    assert code(directory.ask("GET", f"/servicePrincipals(appId='{one['appId']}')")) == missing


def test_an_application_has_no_secret_and_takes_none(directory: Directory) -> None:
    one = directory.api()
    assert (one["passwordCredentials"], one["keyCredentials"]) == ([], [])
    denied = (403, "Authorization_RequestDenied")
    assert code(directory.ask("POST", f"/applications/{one['id']}/addPassword", {})) == denied
    given = {"displayName": "x", "passwordCredentials": [{"displayName": "p"}]}
    assert code(directory.ask("POST", "/applications", given)) == (501, "NotServedByLocalAzure")


def test_a_service_principal_that_would_be_switched_off_is_told_to_stay_on(directory: Directory) -> None:
    one = directory.api()
    off = {"accountEnabled": False, "appRoleAssignmentRequired": True}
    refused = directory.ask("PATCH", f"/servicePrincipals/{one['principal']}", off)
    assert code(refused) == (501, "NotServedByLocalAzure")
    assert directory.claims(one)["aud"] == one["appId"]


def test_e4_a_person_registers_an_application_and_an_application_does_not(
    directory: Directory, arm: Arm
) -> None:
    named = {"displayName": "api"}
    assert directory.ask("POST", "/applications", named, by=DEVELOPER.object_id)[0] == 201
    identity = arm.identity(arm.group())["properties"]["principalId"]
    for somebody in (DEPLOYER.object_id, identity):
        refused = directory.ask("POST", "/applications", named, by=somebody)
        assert code(refused) == (403, "Authorization_RequestDenied")


STORAGE = "https://storage.azure.com"


@pytest.mark.parametrize("name", [STORAGE, "https://Storage.Azure.com/", "https://st1.blob.core.windows.net"])
def test_e5_no_application_takes_the_name_of_a_resource_of_azures(directory: Directory, name: str) -> None:
    one = directory.api()
    refused = directory.ask("PATCH", f"/applications/{one['id']}", {"identifierUris": [name]})
    assert code(refused) == (400, "HostNameNotOnVerifiedDomain")


def test_a_site_that_names_a_resource_of_azures_gets_none_of_its_tokens(directory: Directory) -> None:
    entra = directory.azure.entra
    entra.registrations.also(lambda: [Registration(ROLE, [STORAGE], version=2)])
    token = entra.claims(issue(directory.azure, DEPLOYER.object_id, STORAGE))
    assert (token["aud"], token["ver"]) == (STORAGE, "1.0")


def test_e5_nobody_gets_a_token_for_an_application_by_half(directory: Directory) -> None:
    one = directory.made("/applications", {"displayName": "api"})
    unknown = r"AADSTS500011: The resource principal named api://"
    with pytest.raises(Refusal, match=unknown):
        directory.claims(one)
    directory.change(one, {"identifierUris": [f"api://{one['appId']}"]})
    with pytest.raises(Refusal, match=unknown):
        directory.claims(one)
    directory.made("/servicePrincipals", {"appId": one["appId"]})
    assert directory.claims(one)["aud"] == f"api://{one['appId']}"
    directory.ask("DELETE", f"/applications/{one['id']}")
    with pytest.raises(Refusal, match=unknown):
        directory.claims(one)


@pytest.mark.parametrize(
    ("version", "issuer"),
    [
        (None, f"https://sts.windows.net/{TENANT_ID}/"),
        (1, f"https://sts.windows.net/{TENANT_ID}/"),
        (2, f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"),
    ],
)
def test_the_registration_says_which_tokens_there_are(
    directory: Directory, version: int | None, issuer: str
) -> None:
    one = directory.api(version=version)
    claims = directory.claims(one)
    assert claims["iss"] == issuer
    assert claims["aud"] == (one["appId"] if version == 2 else f"api://{one['appId']}")
    assert claims["azp" if version == 2 else "appid"] == DEPLOYER.client_id
    assert ("groups" in claims) is (version != 2)


def test_e6_where_an_app_role_is_required_others_get_no_token(directory: Directory, arm: Arm) -> None:
    role = {"id": ROLE, "value": "orders.read", "displayName": "r", "allowedMemberTypes": ["Application"]}
    one = directory.api(appRoles=[role])
    required = {"appRoleAssignmentRequired": True}
    assert directory.ask("PATCH", f"/servicePrincipals/{one['principal']}", required) == (204, None)
    caller = arm.identity(arm.group())["properties"]["principalId"]
    with pytest.raises(Refusal, match="AADSTS501051"):
        directory.claims(one, caller)
    assigned_to = f"/servicePrincipals/{one['principal']}/appRoleAssignedTo"
    given = {"principalId": caller, "resourceId": one["principal"], "appRoleId": ROLE}
    assignment = directory.made(assigned_to, given)
    assert directory.claims(one, caller)["roles"] == ["orders.read"]
    assert [each["id"] for each in directory.ask("GET", assigned_to)[1]["value"]] == [assignment["id"]]
    with pytest.raises(Refusal, match="AADSTS501051"):
        directory.claims(one, DEPLOYER.object_id)
    assert directory.ask("DELETE", f"{assigned_to}/{assignment['id']}") == (204, None)
    with pytest.raises(Refusal, match="AADSTS501051"):
        directory.claims(one, caller)


def test_e6_a_group_has_an_app_role_for_its_members(directory: Directory) -> None:
    one = directory.api(appRoles=[{"id": ROLE, "value": "orders.read"}])
    assigned_to = f"/servicePrincipals/{one['principal']}/appRoleAssignedTo"
    directory.made(assigned_to, {"principalId": VAULT_OFFICERS.object_id, "appRoleId": ROLE})
    assert directory.claims(one, OFFICER.object_id)["roles"] == ["orders.read"]
    assert "roles" not in directory.claims(one, DEVELOPER.object_id)


def test_e7_only_an_administrator_gives_app_roles(directory: Directory) -> None:
    one = directory.api()
    given = {"principalId": DEPLOYER.object_id, "appRoleId": ROLE}
    path = f"/servicePrincipals/{one['principal']}/appRoleAssignedTo"
    assert code(directory.ask("POST", path, given, by=DEVELOPER.object_id)) == (
        403,
        "Authorization_RequestDenied",
    )
    assert code(directory.ask("POST", path, given)) == (400, "Request_BadRequest")  # there is no such role


def test_an_identity_is_trusted_in_the_place_of_a_secret_once_under_one_name(directory: Directory) -> None:
    one = directory.api()
    path = f"/applications/{one['id']}/federatedIdentityCredentials"
    given = {
        "name": "shop",
        "issuer": "https://i",
        "subject": "s",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = directory.made(path, given)
    assert [each["id"] for each in directory.ask("GET", path)[1]["value"]] == [made["id"]]
    assert code(directory.ask("POST", path, given)) == (409, "Request_MultipleObjectsWithSameKeyValue")
    assert code(directory.ask("POST", path, {"name": "x"})) == (400, "Request_BadRequest")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"displayName": "x", "api": {"requestedAccessTokenVersion": 3}},
        {"displayName": "x", "identifierUris": "api://x"},
        {"displayName": "x", "appRoles": [{"id": ROLE}]},
    ],
)
def test_what_is_no_application_is_refused(directory: Directory, body: Json) -> None:
    assert code(directory.ask("POST", "/applications", body)) == (400, "Request_BadRequest")


def test_two_applications_have_no_name_in_common_and_one_has_one_principal(directory: Directory) -> None:
    one = directory.api()
    again = {"displayName": "other", "identifierUris": [f"api://{one['appId']}"]}
    same = "Request_MultipleObjectsWithSameKeyValue"
    assert code(directory.ask("POST", "/applications", again)) == (400, same)
    assert code(directory.ask("POST", "/servicePrincipals", {"appId": one["appId"]})) == (409, same)
    assert code(directory.ask("POST", "/servicePrincipals", {"appId": ROLE})) == (400, "Request_BadRequest")
