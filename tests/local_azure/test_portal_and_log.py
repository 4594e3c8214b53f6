"""What a person sees of a local Azure: the page, the log, and what it says of itself."""

import httpx
import jwt
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup
from cryptography.hazmat.primitives.asymmetric import rsa

from local_azure import journal
from local_azure.azure import Azure
from local_azure.body_limits import FROM_ANYBODY
from local_azure.constants import (
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    VAULT_OFFICERS,
    VAULT_READERS,
)
from local_azure.control_credential import ControlAuth
from local_azure.entra.directory import ISSUER
from local_azure.journal import Journal
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm
from tests.patience import PATIENCE

CONTROL = "https://local-azure.internal"


def control(cloud: LocalAzure, path: str) -> dict[str, object]:
    auth = ControlAuth(cloud.azure.state)
    return httpx.get(CONTROL + path, auth=auth, timeout=PATIENCE).raise_for_status().json()


def test_the_log_says_who_was_let_in_and_who_was_not(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    client = ResourceManagementClient(deployer, SUBSCRIPTION_ID)
    client.resource_groups.create_or_update("rg-one", ResourceGroup(location="westeurope"))
    with pytest.raises(HttpResponseError):
        client.resource_groups.get("rg-none")
    token = Arm(local_azure.azure, DEVELOPER).token()
    path = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"
    for bearer in (token, "forged", None):
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        httpx.get(
            f"https://management.azure.com{path}?api-version=2024-03-01", headers=headers, timeout=PATIENCE
        )
    entries = [
        entry for entry in local_azure.azure.journal.entries() if entry["host"] == "management.azure.com"
    ]
    told = [(one["principal"], one["method"], one["path"], one["status"], one["decision"]) for one in entries]
    assert told == [
        ("deployer", "PUT", path.replace("Groups", "groups"), 201, "allowed"),
        ("deployer", "GET", path.replace("Groups/rg-one", "groups/rg-none"), 404,
         "failed: ResourceGroupNotFound"),
        (DEVELOPER.name, "GET", path, 403, "refused: AuthorizationFailed"),
        (None, "GET", path, 401, "refused: InvalidAuthenticationToken"),
        (None, "GET", path, 401, "refused: AuthenticationFailed"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/nothing?api-version=2024-03-01", "/large"])
@pytest.mark.parametrize(
    "host", ["management.azure.com", "login.microsoftonline.com", "app-a.azurewebsites.net"]
)
def test_nobody_is_named_in_the_log_whose_token_somebody_else_made(
    local_azure: LocalAzure, host: str, path: str
) -> None:
    """Also where the answer does not depend on the token, or comes before it is looked at."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"oid": OFFICER.object_id, "iss": ISSUER, "aud": f"https://{host}"}
    for forged in (jwt.encode(claims, key, "RS256"), jwt.encode(claims, "", "none")):
        body = b"x" * (FROM_ANYBODY + 1) if path == "/large" else b""
        httpx.post(
            f"https://{host}{path}",
            content=body,
            headers={"Authorization": f"Bearer {forged}"},
            timeout=PATIENCE,
        )
    entries = [entry for entry in local_azure.azure.journal.entries() if entry["host"] == host]
    assert [entry["principal"] for entry in entries] == [None, None]


def test_the_log_names_whom_a_token_was_given(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    token = deployer.get_token("https://management.azure.com/.default").token
    logins = [entry for entry in local_azure.azure.journal.entries() if entry["path"].endswith("/token")]
    assert [(one["principal"], one["host"], one["status"]) for one in logins] == [
        ("deployer", "login.microsoftonline.com", 200)
    ]
    stored = (local_azure.azure.state / "azure.db").read_bytes() + str(control(local_azure, "/log")).encode()
    assert token.encode() not in stored
    assert local_azure.environment()["ARM_CLIENT_SECRET"].encode() not in stored


def test_a_query_string_never_reaches_the_log(azure: Azure) -> None:
    azure.journal.record("h", "GET", "/a?sig=hush", 200, "who", "allowed")
    assert [entry["path"] for entry in azure.journal.entries()] == ["/a"]


def test_the_log_keeps_the_newest_in_their_order(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 5)
    for number in range(8):
        azure.journal.record("h", "GET", f"/{number}", 200, None, "allowed")
    assert [entry["path"] for entry in azure.journal.entries()] == ["/3", "/4", "/5", "/6", "/7"]
    assert [entry["path"] for entry in azure.journal.entries(last=2)] == ["/6", "/7"]
    assert Journal(azure.store, azure.clock).entries(last=1)[0]["path"] == "/7"


def test_the_page_shows_what_there_is_and_no_secret(local_azure: LocalAzure) -> None:
    Arm(local_azure.azure).group("rg-one")
    local_azure.azure.journal.record("h", "GET", "/<script>alert(1)</script>", 403, "<b>", "refused")
    page = httpx.get(local_azure.portal_url, timeout=PATIENCE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert f'title="{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one">rg-one</span>' in page.text
    assert "<script" not in page.text
    assert "/&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<b>&lt;b&gt;</b>" in page.text
    assert not [value for value in local_azure.azure.entra.credentials().values() if value in page.text]


def test_the_page_is_not_served_under_another_name(local_azure: LocalAzure) -> None:
    answer = httpx.get(local_azure.portal_url, headers={"Host": "evil.example"}, timeout=PATIENCE)
    assert answer.status_code == 404
    assert httpx.get(f"{local_azure.portal_url}/azure.db", timeout=PATIENCE).status_code == 404


def test_it_says_where_it_is(local_azure: LocalAzure) -> None:
    status = control(local_azure, "/status")
    assert status["proxy"] == local_azure.proxy_url
    assert status["portal"] == local_azure.portal_url
    assert status["sites"] == {}


def test_a_fresh_local_azure_has_no_leftovers(local_azure: LocalAzure) -> None:
    nothing: dict[str, list[str]] = {
        "resources": [],
        "role_assignments": [],
        "orphans": [],
        "role_definitions": [],
        "deleted_ai_accounts": [],
        "deleted_stores": [],
        "deleted_vaults": [],
        "deleted_workspaces": [],
    }
    assert control(local_azure, "/leftovers") == nothing
    group = Arm(local_azure.azure).group()
    assert control(local_azure, "/leftovers") == {**nothing, "resources": [group]}


def test_the_clock_and_the_groups_can_be_moved(local_azure: LocalAzure) -> None:
    before = local_azure.azure.clock.now()
    auth = ControlAuth(local_azure.azure.state)
    assert httpx.post(f"{CONTROL}/clock/advance", json={"seconds": 3600}, auth=auth).status_code == 200
    assert local_azure.azure.clock.now() >= before + 3600
    body = {"object_id": DEVELOPER.object_id}
    members = f"{CONTROL}/groups/{VAULT_READERS.name}/members"
    assert httpx.post(members, json=body, auth=auth).status_code == 204
    assert local_azure.azure.entra.groups_of(DEVELOPER.object_id) == {VAULT_READERS.object_id}
    assert httpx.request("DELETE", members, json=body, auth=auth).status_code == 204
    assert local_azure.azure.entra.groups_of(DEVELOPER.object_id) == set()
    officers = f"{CONTROL}/groups/{VAULT_OFFICERS.object_id}/members"
    assert httpx.post(officers, json=body, auth=auth).status_code == 204


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/clock/advance", b'{"seconds": -1}', 400),
        ("/clock/advance", b'{"seconds": "1"}', 400),
        ("/clock/advance", b"{}", 400),
        ("/clock/advance", b"[", 400),
        ("/propagation", b'{"requests": true}', 400),
        ("/groups/nobody/members", b'{"object_id": "x"}', 400),
        ("/nothing", b"{}", 404),
    ],
)
def test_a_wrong_word_to_the_control_plane_is_refused(
    local_azure: LocalAzure, path: str, content: bytes, status: int
) -> None:
    auth = ControlAuth(local_azure.azure.state)
    assert httpx.post(CONTROL + path, content=content, auth=auth, timeout=PATIENCE).status_code == status


def test_a_defect_is_answered_with_500_and_does_not_leak_the_request(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(local_azure.azure.entra, "principal_by_client_id", broken)
    form = {"grant_type": "client_credentials", "client_id": "anybody", "client_secret": "hush"}
    answer = httpx.post(
        "https://login.microsoftonline.com/common/oauth2/v2.0/token?secret=hush", data=form, timeout=PATIENCE
    )
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "InternalServerError"
    assert "a defect" in caplog.text
    assert "hush" not in caplog.text + answer.text + str(local_azure.azure.journal.entries())
