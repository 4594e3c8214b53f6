"""SignalR and Web PubSub: Microsoft's clients make and ask them, and real clients see what is sent."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websocket
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.messaging.webpubsubservice import WebPubSubServiceClient
from azure.mgmt.signalr import SignalRManagementClient
from azure.mgmt.webpubsub import WebPubSubManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.arm import content, refusal
from tests.local_azure.networks import ENDPOINTS
from tests.local_azure.vault_stage import GROUP, Json, VaultStage
from tests.patience import PATIENCE

OWNER, READER = "Web PubSub Service Owner", "Web PubSub Service Reader"
REST_OWNER, REST_READER, SERVER = "SignalR REST API Owner", "SignalR REST API Reader", "SignalR App Server"
ACTIONS = "Microsoft.SignalRService/WebPubSub"
JSON = "json.webpubsub.azure.v1"
HUB = "orders"
CHANGES: list[tuple[str, tuple[Any, ...]]] = [
    ("add_connection_to_group", ("eu", "c")),
    ("remove_connection_from_group", ("eu", "c")),
    ("add_user_to_group", ("eu", "ada")),
    ("remove_user_from_group", ("eu", "ada")),
    ("remove_user_from_all_groups", ("ada",)),
    ("remove_connection_from_all_groups", ("c",)),
    ("grant_permission", ("sendToGroup", "c")),
    ("revoke_permission", ("sendToGroup", "c")),
    ("close_connection", ("c",)),
    ("close_all_connections", ()),
    ("close_group_connections", ("eu",)),
    ("close_user_connections", ("ada",)),
    ("send_to_connection", ("c", {})),
    ("send_to_all", ({},)),
]
"""Methods of the client that change or send something, with arguments."""


class Stage(VaultStage):
    """One running local Azure in which services of connections are made."""

    def service(self, kind: str = "WebPubSub", tier: str = "Standard_S1", **properties: Any) -> str:
        """Write a service, without keys unless told; its id."""
        id = f"{self.group}/providers/Microsoft.SignalRService/{kind}/{self.name('live')}"
        given = {"disableLocalAuth": True, **properties}
        content(self.arm("PUT", id, {"location": "westeurope", "sku": {"name": tier}, "properties": given}))
        return id

    def host(self, service_id: str) -> str:
        return content(self.arm("GET", service_id))["properties"]["hostName"]

    def hub(self, service_id: str, credential: Any, hub: str = HUB) -> Any:
        """azure-messaging-webpubsubservice, unmodified."""
        if isinstance(credential, Principal):
            credential = self.holder(credential)
        return WebPubSubServiceClient(f"https://{self.host(service_id)}", hub, credential, **self.trust)

    @contextmanager
    def connected(self, url: str, *protocols: str) -> Generator[Any]:
        """A client that is connected there, by a web socket."""
        proxy = urlsplit(self.local.proxy_url)
        made: Any = websocket.create_connection(
            url,
            timeout=PATIENCE,
            subprotocols=list(protocols) or None,
            http_proxy_host=proxy.hostname,
            http_proxy_port=proxy.port,
            proxy_type="http",
            sslopt={"ca_certs": self.trust["connection_verify"]},
        )
        try:
            yield made
        finally:
            made.close()

    def connects(self, url: str) -> None:
        with self.connected(url):
            pass

    def signalr(self, service_id: str, principal: Principal, method: str, path: str, **more: Any) -> Any:
        """SignalR has no client for Python: its REST API as its specification has it."""
        token, _ = self.azure.entra.issue(principal, "https://signalr.azure.com")
        url = f"https://{self.host(service_id)}/api/hubs/{HUB}/{path}"
        headers = {"authorization": f"Bearer {token}"}
        query = {"api-version": "2022-06-01", **more.pop("params", {})}
        with self.http() as http:
            return http.request(method, url, headers=headers, params=query, **more)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def code(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str]:
    response: Any = error.value.response
    body: Json = json.loads(response.text())
    return error.value.status_code, body["code"]


def status_of(do: Callable[..., object], *args: Any) -> int | None:
    """The status with which it was refused; None where it was not."""
    try:
        do(*args)
    except (HttpResponseError, websocket.WebSocketBadStatusException) as refused:
        return refused.status_code
    return None


def next_of(client: Any) -> Any:
    return json.loads(client.recv())


def test_a_service_is_created_read_changed_and_deleted(stage: Stage) -> None:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    pub: Any = WebPubSubManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)
    sig: Any = SignalRManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)
    for services, suffix in ((pub.web_pub_sub, "webpubsub.azure.com"), (sig.signal_r, "service.signalr.net")):
        name = stage.name("live")
        services.begin_create_or_update(GROUP, name, {"location": "westeurope"}).result()
        made = services.get(GROUP, name)
        assert (made.host_name, made.disable_local_auth, made.disable_aad_auth, made.sku.name) == (
            f"{name}.{suffix}", False, False, "Standard_S1",
        )  # fmt: skip
        assert name in [one.name for one in services.list_by_resource_group(GROUP)]
        services.begin_delete(GROUP, name).result()
        with pytest.raises(ResourceNotFoundError):
            services.get(GROUP, name)


def test_w5_a_client_is_let_in_by_who_may_and_sees_what_is_sent(stage: Stage) -> None:
    service = stage.service()
    hub = stage.hub(service, stage.with_role(OWNER, service))
    url = hub.get_client_access_token(user_id="ada", groups=["eu"])["url"]
    with stage.connected(url) as simple, stage.connected(url, JSON) as other:
        assert next_of(other) | {"connectionId": ""} == {
            "type": "system", "event": "connected", "userId": "ada", "connectionId": "",
        }  # fmt: skip
        hub.send_to_all("one", content_type="text/plain")
        assert simple.recv() == "one"
        assert next_of(other) == {"type": "message", "from": "server", "dataType": "text", "data": "one"}
        hub.send_to_user("ada", {"two": 2})
        assert next_of(simple) == {"two": 2}
        assert next_of(other)["data"] == {"two": 2}
        hub.send_to_group("us", {"three": 3})
        hub.send_to_group("eu", b"\x04", content_type="application/octet-stream")
        assert simple.recv() == b"\x04"
        assert next_of(other)["data"] == "BA=="
        reader = stage.hub(service, stage.with_role(READER, service))
        with pytest.raises(HttpResponseError) as error:
            reader.get_client_access_token()
        assert code(error) == (403, "Error.Forbidden")


def test_a_service_that_is_deleted_cuts_its_clients_off(stage: Stage) -> None:
    service, other = stage.service(), stage.service()
    hub, neighbour = (stage.hub(one, stage.with_role(OWNER, one)) for one in (service, other))
    with (
        stage.connected(hub.get_client_access_token()["url"], JSON) as client,
        stage.connected(neighbour.get_client_access_token()["url"], JSON) as of_other,
    ):
        assert next_of(client)["event"] == next_of(of_other)["event"] == "connected"
        stage.arm("DELETE", service)
        with pytest.raises((websocket.WebSocketException, OSError, ValueError)):
            next_of(client)
        neighbour.send_to_all({"one": 1})
        assert next_of(of_other)["data"] == {"one": 1}


def test_a_body_that_is_nested_too_deeply_is_refused(stage: Stage) -> None:
    service = stage.service("SignalR")
    app = stage.with_role(REST_OWNER, service)
    assert stage.signalr(service, app, "POST", ":send", content=b"[" * 100_000).status_code == 400


@pytest.mark.parametrize("of", ["another hub", "a token that has ended", "no token", "Entra"])
def test_w6_a_client_without_a_token_for_the_hub_is_refused(stage: Stage, of: str) -> None:
    service = stage.service()
    owner = stage.with_role(OWNER, service)
    token = stage.hub(service, owner).get_client_access_token(minutes_to_expire=1)["token"]
    base, hub = f"wss://{stage.host(service)}/client/hubs", HUB
    if of == "another hub":
        hub = "invoices"
    elif of == "a token that has ended":
        stage.azure.clock.advance(61)
    elif of == "no token":
        token = ""
    else:
        token = stage.azure.entra.issue(owner, "https://webpubsub.azure.com")[0]
    with pytest.raises(websocket.WebSocketBadStatusException) as error:
        stage.connected(f"{base}/{hub}?access_token={token}").__enter__()
    assert error.value.status_code == 401
    stage.sign_in()


def test_w6_a_client_does_in_groups_what_its_roles_allow(stage: Stage) -> None:
    service = stage.service()
    hub = stage.hub(service, stage.with_role(OWNER, service))
    roles = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup.eu"]
    url = hub.get_client_access_token(user_id="ada", roles=roles)["url"]
    bare = hub.get_client_access_token(user_id="bob")["url"]

    def said(client: Any, **body: Any) -> Any:
        client.send(json.dumps({"ackId": 1, **body}))
        return next_of(client)

    with stage.connected(url, JSON) as ada, stage.connected(bare, JSON) as bob:
        bobs = [next_of(ada), next_of(bob)][1]["connectionId"]
        assert said(ada, type="joinGroup", group="eu") == {"type": "ack", "ackId": 1, "success": True}
        assert said(bob, type="joinGroup", group="eu")["error"]["name"] == "Forbidden"
        assert said(ada, type="sendToGroup", group="us", data=1)["error"]["name"] == "Forbidden"
        assert said(ada, type="sendToGroup", group="eu", dataType="json", data=1, noEcho=True)["success"]
        hub.add_connection_to_group("eu", bobs)
        ada.send(json.dumps({"type": "sendToGroup", "group": "eu", "dataType": "json", "data": {"n": 2}}))
        for one in (ada, bob):
            assert next_of(one) == {
                "type": "message", "from": "group", "fromUserId": "ada", "group": "eu", "dataType": "json",
                "data": {"n": 2},
            }  # fmt: skip
        hub.grant_permission("joinLeaveGroup", bobs, target_name="eu")
        assert hub.has_permission("joinLeaveGroup", bobs, target_name="eu")
        assert said(bob, type="leaveGroup", group="eu")["success"]
        hub.revoke_permission("joinLeaveGroup", bobs, target_name="eu")
        assert not hub.has_permission("joinLeaveGroup", bobs, target_name="eu")
        assert said(bob, type="event", event="x", data=1)["error"]["name"] == "NotServedByLocalAzure"
        ada.send(json.dumps({"type": "ping"}))
        assert next_of(ada) == {"type": "pong"}


def test_w5_connections_users_and_groups_are_asked_about_and_closed(stage: Stage) -> None:
    service = stage.service()
    hub, seen = (stage.hub(service, stage.with_role(role, service)) for role in (OWNER, READER))
    url = hub.get_client_access_token(user_id="ada", groups=["eu"])["url"]
    with stage.connected(url, JSON) as client:
        id = next_of(client)["connectionId"]
        assert (seen.connection_exists(id), seen.user_exists("ada"), seen.group_exists("eu")) == (True,) * 3
        assert (seen.connection_exists("x"), seen.user_exists("x"), seen.group_exists("x")) == (False,) * 3
        assert [one.connection_id for one in seen.list_connections(group="eu")] == [id]
        hub.send_to_all({"n": 1}, excluded=["x", id])
        hub.send_to_connection(id, {"n": 2})
        assert next_of(client)["data"] == {"n": 2}
        hub.remove_user_from_all_groups("ada")
        assert not seen.group_exists("eu")
        hub.add_user_to_group("us", "ada")
        assert seen.group_exists("us")
        hub.close_connection(id, reason="moved")
        assert client.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE
    with pytest.raises(ResourceNotFoundError):
        hub.send_to_connection(id, {"n": 3})


def test_w3_without_the_role_the_action_is_named(stage: Stage) -> None:
    service, neighbour = stage.service(), stage.service()
    of_neighbour = stage.with_role(OWNER, neighbour)
    cases: list[tuple[Principal, str, list[Any], str]] = [
        (stage.identity(), "send_to_all", [{}], "hub/send/action"),
        (stage.with_role("Contributor", service), "send_to_user", ["a", {}], "user/send/action"),
        (stage.with_role(READER, service), "send_to_group", ["g", {}], "group/send/action"),
        (of_neighbour, "close_connection", ["c"], "clientConnection/write"),
    ]
    for who, method, args, action in cases:
        with pytest.raises(HttpResponseError) as error:
            getattr(stage.hub(service, who), method)(*args)
        assert code(error) == (403, "Error.Forbidden")
        assert f"{ACTIONS}/{action} permission is required to access this API." in error.value.message
    stage.hub(neighbour, of_neighbour).send_to_all({})


def test_w3_a_grant_that_is_taken_away_is_felt_at_once(stage: Stage) -> None:
    service, app = stage.service(), stage.identity()
    grant = stage.grant(service, OWNER, app.object_id)
    hub = stage.hub(service, app)
    hub.send_to_all({})
    stage.roles.delete_by_id(grant.id)
    with pytest.raises(HttpResponseError) as error:
        hub.send_to_all({})
    assert code(error)[0] == 403


def test_w3_a_token_for_something_else_does_nothing(stage: Stage) -> None:
    service = stage.service()
    owner = stage.with_role(OWNER, service)
    token, _ = stage.azure.entra.issue(owner, "https://signalr.azure.com")
    url = f"https://{stage.host(service)}/api/hubs/{HUB}/:send"
    with stage.http() as http:
        assert http.post(url, headers={"authorization": f"Bearer {token}"}, json={}).status_code == 401
        assert http.post(url, json={}).status_code == 401


def test_w2_a_key_opens_no_service_that_is_keyless(stage: Stage) -> None:
    service = stage.service()
    key = content(stage.arm("POST", f"{service}/listKeys"))["primaryKey"]
    with pytest.raises(ClientAuthenticationError):
        stage.hub(service, AzureKeyCredential(key)).send_to_all({})


def test_w2_a_key_opens_a_service_that_is_not_keyless_until_it_is_regenerated(stage: Stage) -> None:
    service = stage.service(disableLocalAuth=None)
    keys = content(stage.arm("POST", f"{service}/listKeys"))
    assert keys["primaryConnectionString"].startswith(f"Endpoint=https://{stage.host(service)};AccessKey=")
    hub = stage.hub(service, AzureKeyCredential(keys["primaryKey"]))
    hub.send_to_all({})
    content(stage.arm("POST", f"{service}/regenerateKey", {"keyType": "Primary"}))
    with pytest.raises(ClientAuthenticationError):
        hub.send_to_all({})


def test_w4_what_is_closed_to_the_public_is_answered_to_nobody_there(stage: Stage) -> None:
    clients_only = {"defaultAction": "Allow", "publicNetwork": {"deny": ["RESTAPI", "ServerConnection"]}}
    code_only = {"defaultAction": "Deny", "publicNetwork": {"allow": ["RESTAPI"]}}
    for rules, asks, connects in (
        ({}, None, None),
        ({"publicNetworkAccess": "Disabled"}, 403, 403),
        ({"networkACLs": clients_only}, 403, None),
        ({"networkACLs": code_only}, None, 403),
    ):
        service = stage.service()
        hub = stage.hub(service, stage.with_role(OWNER, service))
        url = hub.get_client_access_token()["url"]
        content(stage.arm("PATCH", service, {"properties": rules}))
        assert (status_of(hub.send_to_all, {}), status_of(stage.connects, url)) == (asks, connects)


@pytest.mark.parametrize("kind", ["SignalR", "WebPubSub"])
def test_w1_a_free_service_takes_no_private_endpoint(stage: Stage, kind: str) -> None:
    subnet = f"{networks.network(stage.arm, stage.group)}/subnets/{ENDPOINTS}"
    for tier, expected in (("Free_F1", 400), ("Standard_S1", 201)):
        service = stage.service(kind, tier)
        endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/{stage.name('pep')}"
        body = networks.private_endpoint_body(subnet, service, kind.lower())
        assert stage.arm("PUT", endpoint, body).status == expected


def test_w1_a_services_name_is_checked_and_unique(stage: Stage) -> None:
    body: Json = {"location": "westeurope", "properties": {}}
    start = f"{stage.group}/providers/Microsoft.SignalRService/WebPubSub"
    for name in ("ab", "1live", "live-", "l" * 64):
        assert refusal(stage.arm("PUT", f"{start}/{name}", body))[0] == 400
    taken = stage.service().rpartition("/")[2]
    elsewhere = stage.arm.group("rg-live-other")
    path = f"{elsewhere}/providers/Microsoft.SignalRService/WebPubSub/{taken}"
    assert refusal(stage.arm("PUT", path, body))[0] == 409


def test_signalr_sends_to_its_clients_by_the_verb_that_may_and_by_no_other(stage: Stage) -> None:
    service = stage.service("SignalR")
    sender, reader, server = (stage.with_role(role, service) for role in (REST_OWNER, REST_READER, SERVER))
    token = stage.signalr(service, sender, "POST", ":generateToken", params={"userId": "ada"}).json()["token"]
    url = f"wss://{stage.host(service)}/client/?hub={HUB}&access_token={token}"
    with stage.connected(url) as client:
        client.send('{"protocol":"json","version":1}\x1e')
        assert client.recv() == "{}\x1e"
        sent = stage.signalr(
            service, sender, "POST", "users/ada/:send", json={"target": "placed", "arguments": [1]}
        )
        assert sent.status_code == 202
        assert json.loads(client.recv().rstrip("\x1e")) == {"type": 1, "target": "placed", "arguments": [1]}
        assert stage.signalr(service, reader, "HEAD", "users/ada").status_code == 200
        assert stage.signalr(service, reader, "HEAD", "users/bob").status_code == 404
        for who in (reader, server, stage.identity()):
            refused: httpx.Response = stage.signalr(service, who, "POST", ":send", json={"target": "placed"})
            assert (refused.status_code, refused.json()["code"]) == (403, "Error.Forbidden")
            assert "Microsoft.SignalRService/SignalR/hub/send/action permission" in refused.json()["message"]
        assert stage.signalr(service, sender, "POST", ":send", json={"no": "target"}).status_code == 400


def test_a_role_on_signalr_opens_no_neighbour(stage: Stage) -> None:
    mine, neighbour = stage.service("SignalR"), stage.service("SignalR")
    sender = stage.with_role(REST_OWNER, mine)
    said = {"target": "placed"}
    assert stage.signalr(mine, sender, "POST", ":send", json=said).status_code == 202
    assert stage.signalr(neighbour, sender, "POST", ":send", json=said).status_code == 403


@pytest.mark.parametrize(("method", "args"), CHANGES)
def test_w3_who_only_reads_changes_nothing(stage: Stage, method: str, args: tuple[Any, ...]) -> None:
    service = stage.service()
    for who, expected in ((stage.with_role(READER, service), 403), (stage.with_role(OWNER, service), None)):
        hub: Any = stage.hub(service, who)
        of_nobody = 404 if "c" in args and method != "close_connection" else None
        assert status_of(getattr(hub, method), *args) == (expected or of_nobody)


def test_w3_a_service_that_takes_no_token_of_entra_takes_none(stage: Stage) -> None:
    service = stage.service(disableAadAuth=True)
    hub = stage.hub(service, stage.with_role(OWNER, service))
    assert status_of(hub.send_to_all, {}) == 401


def test_a_local_azure_that_stops_cuts_its_clients_off(tmp_path: Path) -> None:
    with LocalAzure(tmp_path) as local:
        stage = Stage(local)
        service = stage.service()
        url = stage.hub(service, stage.with_role(OWNER, service)).get_client_access_token()["url"]
        open_one = stage.connected(url)
        client = open_one.__enter__()
    with pytest.raises((websocket.WebSocketException, OSError)):
        client.recv()
    client.close()
