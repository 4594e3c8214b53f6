"""Sign-ins and changes of the directory, as rows that azure-monitor-query finds."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from components.azure_facts.directory import DIRECTORY
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, TENANT_ID
from local_azure.entra.claims import AZURE_CLI
from local_azure.entra.federation import ASSERTION
from local_azure.entra.service import SignIn
from local_azure.graph.service import MicrosoftGraph
from local_azure.http import Request, Response
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content, refusal
from tests.local_azure.logs_stage import LogsStage
from tests.local_azure.vault_stage import Json, role_id
from toolchain.paths import ROOT

SETTING = f"{DIRECTORY}/diagnosticSettings/review"
TABLES = {
    "ManagedIdentitySignInLogs": "AADManagedIdentitySignInLogs",
    "ServicePrincipalSignInLogs": "AADServicePrincipalSignInLogs",
    "SignInLogs": "SigninLogs",
    "NonInteractiveUserSignInLogs": "AADNonInteractiveUserSignInLogs",
    "AuditLogs": "AuditLogs",
}
VAULT = "https://vault.azure.net"
NOT_BILLED = {"_ResourceId", "_SubscriptionId", "_ItemId", "_IsBillable", "_BilledSize", "Type"}
"""https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs"""


class Stage(LogsStage):
    """One running local Azure whose directory is looked at."""

    def setting(self, workspace_id: str, *categories: str) -> Json:
        """The body of a setting, of all logs unless told."""
        logs = [{"category": one, "enabled": True} for one in categories or TABLES]
        return {"properties": {"workspaceId": workspace_id, "logs": logs}}

    def logged(self, *categories: str) -> str:
        """The one workspace that the directory's logs go to from now on."""
        workspace = self.workspace()
        content(self.arm.as_(OFFICER)("PUT", SETTING, self.setting(workspace, *categories)))
        return workspace

    def token(self, **form: str) -> Response:
        body = str(httpx.QueryParams({"scope": f"{VAULT}/.default", **form})).encode()
        path = f"/{TENANT_ID}/oauth2/v2.0/token"
        return self.azure.service(SignIn).handle(
            Request("POST", "login.microsoftonline.com", path, body=body)
        )

    def counts(self, workspace_id: str) -> dict[str, int]:
        return {table: len(self.rows(workspace_id, table)) for table in TABLES.values()}

    def graph(self, method: str, path: str, body: Json | None = None) -> Any:
        officer = self.person(OFFICER)
        token, _ = self.azure.entra.issue(officer, "https://graph.microsoft.com")
        content = json.dumps(body).encode() if body is not None else b""
        asked = Request(
            method, "graph.microsoft.com", path, headers={"authorization": f"Bearer {token}"}, body=content
        )
        answer = self.azure.service(MicrosoftGraph).graph.handle(asked)
        assert answer.status < 400, answer.body
        return answer.body


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def test_o22_who_owns_the_subscription_sends_no_log_of_the_directory(stage: Stage) -> None:
    body = stage.setting(stage.workspace())
    status, code, text = refusal(stage.arm("PUT", SETTING, body))
    assert (status, code) == (403, "AuthorizationFailed")
    assert "microsoft.aadiam/diagnosticSettings/write" in text
    # A person who administers the directory lets it, and so may a pipeline.
    grant = f"{DIRECTORY}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    properties = {
        "principalId": DEPLOYER.object_id,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": role_id("Contributor"),
    }
    content(stage.arm.as_(OFFICER)("PUT", grant, {"properties": properties}))
    content(stage.arm("PUT", SETTING, body))
    assert content(stage.arm("GET", SETTING))["id"].lower() == SETTING.lower()


def test_o22_a_setting_of_the_directory_has_a_sink_and_known_categories(stage: Stage) -> None:
    officer, workspace = stage.arm.as_(OFFICER), stage.workspace()
    bodies: tuple[dict[str, Any], ...] = (
        {"properties": {"logs": [{"category": "AuditLogs", "enabled": True}]}},
        {"properties": {"workspaceId": workspace, "logs": []}},
        stage.setting(workspace, "AuditEvent"),
    )
    for body in bodies:
        assert refusal(officer("PUT", SETTING, body))[0] == 400
    assert refusal(officer("PUT", SETTING, stage.setting(f"{workspace}-gone")))[0] == 404
    for number in range(5):
        content(officer("PUT", f"{SETTING}-{number}", stage.setting(workspace)))
    assert refusal(officer("PUT", SETTING, stage.setting(workspace)))[0] == 400
    assert officer("DELETE", f"{SETTING}-0").status == 200
    content(officer("PUT", SETTING, stage.setting(workspace)))


def test_o23_each_token_is_a_row_in_the_table_of_who_got_it(stage: Stage) -> None:
    app = stage.identity()
    workspace = stage.logged()
    stage.azure.entra.issue(app, VAULT)
    secret = stage.azure.entra.credentials()[DEPLOYER.name]
    client: Json = {"grant_type": "client_credentials", "client_id": DEPLOYER.client_id}
    given = stage.token(**client, client_secret=secret)
    assert given.status == 200
    person = {"grant_type": "password", "client_id": AZURE_CLI, "username": DEVELOPER.name}
    password = stage.azure.entra.credentials()[DEVELOPER.name]
    scope = f"{VAULT}/.default offline_access"
    first = content(stage.token(**person, password=password, scope=scope))
    refreshing = {"grant_type": "refresh_token", "client_id": AZURE_CLI, "scope": scope}
    content(stage.token(**refreshing, refresh_token=first["refresh_token"]))
    (managed,) = stage.rows(workspace, "AADManagedIdentitySignInLogs")
    assert (managed["ServicePrincipalId"], managed["AppId"], managed["ResultType"]) == (
        app.object_id, app.client_id, "0",
    )  # fmt: skip
    assert (managed["ResourceDisplayName"], managed["ClientCredentialType"]) == (
        "Azure Key Vault", "managedIdentity",
    )  # fmt: skip
    assert json.loads(managed["ManagedServiceIdentity"]) == {
        "msiType": "userAssigned", "associatedResourceId": app.resource_id,
    }  # fmt: skip
    asked = "AADServicePrincipalSignInLogs | where ResourceDisplayName == 'Azure Key Vault'"
    reader = stage.log_reader(workspace)
    (by_secret,) = stage.query(workspace, asked, reader)
    assert (by_secret["ServicePrincipalName"], by_secret["ClientCredentialType"]) == (
        DEPLOYER.name, "clientSecret",
    )  # fmt: skip
    (again,) = stage.query(workspace, "AADNonInteractiveUserSignInLogs", reader)
    assert (again["UserPrincipalName"], again["IsInteractive"]) == (DEVELOPER.name, False)
    (by_hand,) = stage.query(workspace, "SigninLogs | where AuthenticationProtocol == 'ropc'", reader)
    assert (by_hand["UserId"], by_hand["IPAddress"], by_hand["ResultType"]) == (
        DEVELOPER.object_id, "198.51.100.7", "0",
    )  # fmt: skip
    told = json.dumps([stage.rows(workspace, table) for table in TABLES.values()])
    for token in (content(given)["access_token"], first["access_token"], first["refresh_token"]):
        assert token not in told
    assert secret not in told
    assert password not in told


def test_o23_a_sign_in_that_is_refused_says_the_number(stage: Stage) -> None:
    workspace = stage.logged()
    before = stage.counts(workspace)
    client: Json = {"grant_type": "client_credentials", "client_secret": "wr0ng-planted-secret"}
    assert stage.token(**client, client_id=str(DEPLOYER.client_id)).status == 401
    person = {"grant_type": "password", "username": DEVELOPER.name, "password": "wr0ng-planted-secret"}
    assert stage.token(**person, client_id=AZURE_CLI).status == 400
    # Nobody is known by that id, so nobody was refused.
    assert stage.token(**client, client_id="no-such-client").status == 400
    application = stage.rows(workspace, "AADServicePrincipalSignInLogs")[-1]
    assert (application["ResultType"], application["ServicePrincipalId"]) == (
        "7000215", DEPLOYER.object_id,
    )  # fmt: skip
    someone = stage.rows(workspace, "SigninLogs")[-1]
    assert (someone["ResultType"], someone["UserId"]) == ("50126", DEVELOPER.object_id)
    after = stage.counts(workspace)
    assert {table: after[table] - before[table] for table in TABLES.values()} == {
        "AADManagedIdentitySignInLogs": 0,
        "AADServicePrincipalSignInLogs": 1,
        "SigninLogs": 1,
        "AADNonInteractiveUserSignInLogs": 0,
        "AuditLogs": 0,
    }
    assert "wr0ng-planted" not in json.dumps([stage.rows(workspace, table) for table in TABLES.values()])


def test_o23_an_exchanged_token_is_a_sign_in_of_the_identity(stage: Stage) -> None:
    app = stage.identity()
    workspace = stage.logged("ManagedIdentitySignInLogs")
    form = {"grant_type": "client_credentials", "client_id": str(app.client_id)}
    assertion = stage.azure.entra.key.sign({"iss": "https://issuer.example", "sub": "one", "aud": "two"})
    refused = stage.token(**form, client_assertion_type=ASSERTION, client_assertion=assertion)
    assert refused.status == 401
    (row,) = stage.rows(workspace, "AADManagedIdentitySignInLogs")
    assert (row["ServicePrincipalId"], row["ResultType"], row["ClientCredentialType"]) == (
        app.object_id, "70021", "federatedIdentityCredential",
    )  # fmt: skip
    assert assertion not in json.dumps(row)


def test_o24_a_change_in_the_directory_says_what_and_by_whom(stage: Stage) -> None:
    workspace = stage.logged("AuditLogs")
    made = stage.graph("POST", "/v1.0/applications", {"displayName": "orders"})
    principal = stage.graph("POST", "/v1.0/servicePrincipals", {"appId": made["appId"]})
    stage.graph("PATCH", f"/v1.0/applications/{made['id']}", {"displayName": "orders"})
    identity = stage.identity()
    stage.azure.entra.remove_identity(identity.object_id)
    stage.graph("DELETE", f"/v1.0/applications/{made['id']}")
    rows = stage.query(
        workspace,
        "AuditLogs | extend By = tostring(InitiatedBy.user.id), Id = tostring(TargetResources[0].id)"
        " | extend Name = tostring(TargetResources[0].displayName)"
        " | project OperationName, Id, Name, By, Category",
    )
    officer = OFFICER.object_id
    mine = [one for one in rows if one["Id"] in (made["id"], principal["id"], identity.object_id)]
    assert [(one["OperationName"], one["Id"], one["By"]) for one in mine] == [
        ("Add application", made["id"], officer),
        ("Add service principal", principal["id"], officer),
        ("Update application", made["id"], officer),
        ("Add service principal", identity.object_id, ""),
        ("Remove service principal", identity.object_id, ""),
        ("Remove service principal", principal["id"], officer),
        ("Delete application", made["id"], officer),
    ]
    assert {one["Name"] for one in mine} == {"orders", identity.name}
    assert {one["Category"] for one in mine} == {"ApplicationManagement"}


def test_a_row_takes_as_much_as_the_guide_reckons_with(stage: Stage) -> None:
    vault, workspace = stage.logged_vault()
    content(stage.arm.as_(OFFICER)("PUT", SETTING, stage.setting(workspace)))
    stage.officer_of(vault).get_secret("password")
    for who in (stage.identity(), stage.person(DEPLOYER), stage.person(DEVELOPER)):
        stage.azure.entra.issue(who, VAULT)
    guide = (ROOT / "docs" / "guides" / "audit.md").read_text(encoding="utf-8")
    said = {table: float(size) for table, size in re.findall(r"^\| `(\w+)` \| (0\.\d+) \|$", guide, re.M)}
    assert len(said) == 5
    for table, kilobytes in said.items():
        row = stage.rows(workspace, table)[-1]
        billed = {key: value for key, value in row.items() if key not in NOT_BILLED}
        # What is billed is what stands in a column, and not what it is called.
        texts = [one if isinstance(one, str) else json.dumps(one) for one in billed.values()]
        assert len("".join(texts)) / 1000 == pytest.approx(kilobytes, rel=0.15), table
