"""The instance metadata service, asked by azure-identity as programs on an instance do, and by hand."""

import base64
import itertools
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, DefaultAzureCredential, ManagedIdentityCredential

from local_azure.azure import Azure
from local_azure.control_credential import ControlAuth
from local_azure.http import JsonObject
from local_azure.imds.asking import Asking
from local_azure.imds.listener import Listener
from local_azure.imds.service import InstanceMetadata
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm

VAULT = "https://vault.azure.net"
USER_DATA = base64.b64encode(b"#cloud-config\n").decode()


class Instance:
    """An instance with identities that come and go, and its own listener."""

    def __init__(self, azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
        self._azure, self._monkeypatch = azure, monkeypatch
        self.body: JsonObject = {"identity": {"type": "None"}}
        self._service = next(one for one in azure.services if isinstance(one, InstanceMetadata))
        self.listener: Listener | None = None

    def start(self) -> Listener:
        compute = {"name": "vm-one", "userData": USER_DATA, "tagsList": [{"name": "owner", "value": "shop"}]}
        self.listener = self._service.open(Asking(lambda: self.body, lambda: {"compute": compute}))
        for name, value in self.listener.environment().items():
            self._monkeypatch.setenv(name, value)
        return self.listener

    def has(self, *ids: JsonObject, own: str | None = None) -> None:
        """`own` is the object id of its system-assigned identity."""
        kinds = (["SystemAssigned"] if own else []) + (["UserAssigned"] if ids else [])
        assigned = {one["id"]: {"principalId": one["properties"]["principalId"]} for one in ids}
        identity = {
            "type": ", ".join(kinds) or "None",
            "principalId": own,
            "userAssignedIdentities": assigned,
        }
        self.body = {"identity": identity}

    def own(self) -> str:
        return self._azure.entra.register_identity("vm-one", "/subscriptions/s/vm-one").object_id

    def ask(self, path: str = "identity/oauth2/token", **changes: Any) -> httpx.Response:
        assert self.listener
        query = {"api-version": "2018-02-01", "resource": VAULT, **changes.pop("query", {})}
        headers = {"Metadata": "true", **changes.pop("headers", {})}
        method = changes.pop("method", "GET")
        asked = {name: value for name, value in query.items() if value is not None}
        sent = {name: value for name, value in headers.items() if value is not None}
        address = f"{self.listener.address}/metadata/{path}"
        return httpx.request(method, address, params=asked, headers=sent, trust_env=False)


@pytest.fixture
def instance(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instance]:
    made = Instance(azure, monkeypatch)
    made.start()
    yield made
    assert made.listener
    made.listener.close()


@pytest.fixture
def identity(arm: Arm) -> Callable[[], JsonObject]:
    group = arm.group()
    names = itertools.count()
    return lambda: arm.identity(group, f"id-{next(names)}")


def object_id(token: str) -> str:
    return jwt.decode(token, options={"verify_signature": False})["oid"]


def token(**named: Any) -> str:
    return ManagedIdentityCredential(**named).get_token(f"{VAULT}/.default").token


def test_an_instance_gets_a_token_for_each_identity_by_each_of_its_names(
    instance: Instance, identity: Callable[[], JsonObject]
) -> None:
    one, two, own = identity(), identity(), instance.own()
    instance.has(one, two, own=own)
    about = two["properties"]
    assert object_id(token(client_id=about["clientId"])) == about["principalId"]
    assert object_id(token(identity_config={"object_id": about["principalId"]})) == about["principalId"]
    assert object_id(token(identity_config={"resource_id": two["id"].upper()})) == about["principalId"]
    assert object_id(token()) == own


def test_q1_who_names_no_identity_means_the_own_one_or_else_the_only_one(
    instance: Instance, identity: Callable[[], JsonObject]
) -> None:
    one, own = identity(), instance.own()
    instance.has(one)
    assert object_id(token()) == one["properties"]["principalId"]
    instance.has(one, own=own)
    assert object_id(token()) == own


def test_q1_of_several_identities_one_has_to_be_named(
    instance: Instance, identity: Callable[[], JsonObject], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = identity(), identity()
    instance.has(one, two)
    answer = instance.ask()
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    with pytest.raises(CredentialUnavailableError, match="specify the clientId"):
        token()
    # What Keyless tells code leads to the one that it names, and no other credential is tried.
    monkeypatch.setenv("AZURE_CLIENT_ID", two["properties"]["clientId"])
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    chosen = DefaultAzureCredential().get_token(f"{VAULT}/.default").token
    assert object_id(chosen) == two["properties"]["principalId"]


def test_q2_an_identity_of_somebody_else_gets_no_token(
    instance: Instance, identity: Callable[[], JsonObject], arm: Arm
) -> None:
    one, stranger = identity(), identity()
    instance.has(one)
    with pytest.raises(CredentialUnavailableError, match="Identity not found"):
        token(client_id=stranger["properties"]["clientId"])
    both = {"client_id": one["properties"]["clientId"], "msi_res_id": stranger["id"]}
    assert instance.ask(query=both).status_code == 400
    arm("DELETE", one["id"])
    with pytest.raises(CredentialUnavailableError, match="Identity not found"):
        token()
    instance.has()
    with pytest.raises(CredentialUnavailableError, match="Identity not found"):
        token()


def test_an_instance_reaches_no_identity_of_another_ones(
    instance: Instance, identity: Callable[[], JsonObject], azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = identity(), identity()
    instance.has(one)
    other = Instance(azure, monkeypatch)
    other.has(two)
    listener = other.start()
    assert object_id(instance.ask().json()["access_token"]) == one["properties"]["principalId"]
    assert object_id(other.ask().json()["access_token"]) == two["properties"]["principalId"]
    listener.close()
    with pytest.raises(httpx.ConnectError):
        other.ask()


def test_a_token_says_how_long_it_is_good_and_whose_it_is(
    instance: Instance, identity: Callable[[], JsonObject]
) -> None:
    one = identity()
    instance.has(one)
    body = instance.ask().json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert body["client_id"] == one["properties"]["clientId"]
    assert (body["resource"], body["token_type"], claims["aud"]) == (VAULT, "Bearer", VAULT)
    assert body["expires_on"] == str(claims["exp"])
    assert int(body["expires_on"]) - int(body["not_before"]) == int(body["expires_in"]) == 86_400


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"resource": "https://nowhere.example"}, "invalid_resource"),
        ({"resource": None}, "invalid_request"),
        ({"api-version": None}, "invalid_request"),
        ({"api-version": "2017-09-01"}, "invalid_request"),
    ],
)
def test_a_request_for_nothing_that_azure_has_is_refused(
    instance: Instance, identity: Callable[[], JsonObject], query: JsonObject, error: str
) -> None:
    instance.has(identity())
    answer = instance.ask(query=query)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "access_token" not in answer.text


def test_q4_a_request_that_a_page_or_a_proxy_made_is_refused(
    instance: Instance, identity: Callable[[], JsonObject]
) -> None:
    instance.has(identity())
    without = instance.ask(headers={"Metadata": None})
    assert (without.status_code, without.json()["error"]) == (400, "bad_request_102")
    assert instance.ask(headers={"Metadata": "false"}).status_code == 400
    assert instance.ask(headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 400
    assert instance.ask("instance", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 400
    assert instance.ask(method="POST").status_code == 405
    assert instance.ask(method="OPTIONS").status_code == 405
    assert instance.ask().status_code == 200


@pytest.mark.parametrize("status", [404, 410, 429, 503])
def test_q5_a_client_asks_again_while_the_service_is_not_ready(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    instance = Instance(local_azure.azure, monkeypatch)
    instance.start()
    own = instance.own()
    instance.has(own=own)
    _scenario(local_azure, {"status": status, "requests": 1})
    assert object_id(token()) == own
    entries = local_azure.azure.journal.entries(10)
    statuses = [entry["status"] for entry in entries if "oauth2" in entry["path"]]
    assert sorted(statuses) == [200, status]


def test_q5_a_client_waits_for_a_service_that_comes_up_late(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    _scenario(local_azure, {"seconds": 0.3})
    instance = Instance(local_azure.azure, monkeypatch)
    instance.start()
    own = instance.own()
    instance.has(own=own)
    with pytest.raises(httpx.ConnectError):
        instance.ask()
    assert object_id(token()) == own


def test_q3_an_instance_reads_about_itself(instance: Instance) -> None:
    version = {"api-version": "2021-02-01", "resource": None}
    whole = instance.ask("instance", query=version).json()
    assert whole["compute"]["name"] == "vm-one"
    assert whole["compute"]["tagsList"] == [{"name": "owner", "value": "shop"}]
    data = instance.ask("instance/compute/userData", query={**version, "format": "text"})
    assert (data.status_code, data.text) == (200, USER_DATA)
    listed = instance.ask("instance", query={**version, "format": "text"})
    assert listed.text == "compute/\n"
    tag = instance.ask("instance/compute/tagsList/0/value", query={**version, "format": "text"})
    assert tag.text == "shop"
    assert instance.ask("instance/compute/colour", query=version).status_code == 404
    assert instance.ask("instance/compute/tagsList/1", query=version).status_code == 404
    unversioned = instance.ask("instance", query={"api-version": None, "resource": None})
    assert (unversioned.status_code, "newest-versions" in unversioned.json()) == (400, True)


def test_a_default_credential_takes_no_other_way_when_the_instance_has_no_identity(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance.has()
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    with pytest.raises(ClientAuthenticationError, match="Identity not found"):
        DefaultAzureCredential().get_token(f"{VAULT}/.default")


def _scenario(local_azure: LocalAzure, body: JsonObject) -> None:
    state = local_azure.azure.ground.state
    authority = local_azure.addresses.authority
    answer = httpx.post(
        "https://local-azure.internal/imds",
        json=body,
        auth=ControlAuth(state),
        proxy=local_azure.proxy_url,
        verify=ssl.create_default_context(cafile=authority),
    )
    assert answer.status_code == 200, answer.text
