"""SignalR and WebPubSub: created without keys, or an existing service read by its full id."""

from functools import partial
from typing import Any

import pytest

from components import SignalR, WebApp, WebPubSub
from components.azure_facts.roles import role_named
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    SIGNALR,
    SIGNALR_ENDPOINT,
    SUFFIX,
    WEB_PUBSUB,
    WEB_PUBSUB_ENDPOINT,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

OF = {
    SignalR: ("signalrservice:SignalR", "sigr", "SignalR", "service.signalr.net"),
    WebPubSub: ("webpubsub:WebPubSub", "wps", "WebPubSub", "webpubsub.azure.com"),
}
BOTH = pytest.mark.parametrize("kind", OF)


def live(kind: Any, mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(kind, args, mode)


def sent(kind: Any, **args: Any) -> dict[str, Any]:
    return dict(live(kind, **args).one(OF[kind][0]).inputs)


def guid(role: str) -> str:
    known = role_named(role)
    assert known is not None
    return known.guid


@BOTH
def test_a_service_is_created_with_these_inputs_and_no_others(kind: Any) -> None:
    type_, abbreviation, word, domain = OF[kind]
    deployment = live(kind, location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {type_: 1}
    of_signalr = {"features": [{"flag": "ServiceMode", "value": "Default"}]} if kind is SignalR else {}
    name = f"{abbreviation}-shop-dev-{SUFFIX}"
    assert deployment.one(type_).inputs == {
        **of_signalr,
        "disableAadAuth": False,
        "disableLocalAuth": True,
        "location": "westeurope",
        "networkACLs": {"defaultAction": "Allow", "publicNetwork": {"deny": []}},
        "publicNetworkAccess": "Enabled",
        "regionEndpointEnabled": "Enabled",
        "resourceGroupName": "rg-team",
        "resourceName": name,
        "resourceStopped": "false",
        "sku": {"capacity": 1, "name": "Standard_S1"},
        "tags": {"team": "shop"},
        "tls": {"clientCertEnabled": False},
    }
    assert deployment.plain_outputs == {
        "service_id": f"{GROUP}/providers/Microsoft.SignalRService/{word}/{name}",
        "name": name,
        "endpoint": f"https://{name}.{domain}/",
        "access": [],
    }


@BOTH
def test_a_service_has_no_key_that_opens_it_and_takes_tokens(kind: Any) -> None:
    assert (sent(kind)["disableLocalAuth"], sent(kind)["disableAadAuth"]) == (True, False)


@BOTH
def test_a_service_asks_its_clients_for_no_certificate(kind: Any) -> None:
    assert sent(kind)["tls"] == {"clientCertEnabled": False}


@BOTH
def test_a_service_is_open_to_every_network_unless_something_is_said(kind: Any) -> None:
    given = sent(kind)
    assert given["publicNetworkAccess"] == "Enabled"
    assert given["networkACLs"]["publicNetwork"] == {"deny": []}


@BOTH
def test_what_a_service_can_do_and_costs_is_a_choice(kind: Any) -> None:
    for tier, sku in (("free", "Free_F1"), ("standard", "Standard_S1"), ("premium", "Premium_P1")):
        assert sent(kind, tier=tier)["sku"] == {"capacity": 1, "name": sku}
    assert sent(kind, units=20)["sku"] == {"capacity": 20, "name": "Standard_S1"}


def test_who_serves_the_clients_of_signalr_is_a_choice() -> None:
    assert sent(SignalR, mode="serverless")["features"] == [{"flag": "ServiceMode", "value": "Serverless"}]


@BOTH
def test_with_a_private_endpoint_alone_a_service_has_no_public_address(kind: Any) -> None:
    zone = f"{ZONES}/privatelink.{OF[kind][3]}"
    deployment = live(kind, private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_id=zone)
    assert deployment.one(OF[kind][0]).inputs["publicNetworkAccess"] == "Disabled"
    (connection,) = deployment.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == [OF[kind][2].lower()]


@BOTH
def test_clients_come_from_everywhere_while_code_comes_by_the_private_endpoint(kind: Any) -> None:
    given = sent(kind, private_endpoint_subnet_id=ENDPOINTS_SUBNET, public_clients_only=True)
    assert given["publicNetworkAccess"] == "Enabled"
    assert given["networkACLs"] == {
        "defaultAction": "Allow",
        "publicNetwork": {"deny": ["RESTAPI", "ServerConnection", "Trace"]},
    }


@pytest.mark.parametrize(
    ("kind", "reader", "manager"),
    [
        (SignalR, "SignalR REST API Reader", "SignalR REST API Owner"),
        (WebPubSub, "Web PubSub Service Reader", "Web PubSub Service Owner"),
    ],
)
def test_people_are_let_in_through_groups(kind: Any, reader: str, manager: str) -> None:
    deployment = live(kind, connection_readers={"clerks": PEOPLE}, connection_managers={"on-call": PEOPLE})
    assert {
        grant.name: (grant.inputs["roleDefinitionId"].rpartition("/")[2], grant.inputs["principalType"])
        for grant in deployment.all("RoleAssignment")
    } == {"shop-reader-clerks": (guid(reader), "Group"), "shop-manager-on-call": (guid(manager), "Group")}


def test_what_people_may_is_said_in_words() -> None:
    groups = {"connection_readers": {"clerks": PEOPLE}, "connection_managers": {"on-call": PEOPLE}}
    sig, pub = f"SignalR service sigr-shop-dev-{SUFFIX}", f"Web PubSub service wps-shop-dev-{SUFFIX}"
    clerks, on_call = "Members of group clerks may", "Members of group on-call may"
    assert live(SignalR, **groups).outputs["access"] == [
        f"{clerks} see who is connected to SignalR in {sig} (SignalR REST API Reader).",
        f"{on_call} let clients of SignalR in and send to them in {sig} (SignalR REST API Owner).",
    ]
    assert live(WebPubSub, **groups).outputs["access"] == [
        f"{clerks} see who is connected to Web PubSub in {pub} (Web PubSub Service Reader).",
        f"{on_call} do everything with connections of Web PubSub in {pub} (Web PubSub Service Owner).",
    ]


@pytest.mark.parametrize(
    ("kind", "id", "endpoint"),
    [(SignalR, SIGNALR, SIGNALR_ENDPOINT), (WebPubSub, WEB_PUBSUB, WEB_PUBSUB_ENDPOINT)],
)
def test_an_existing_service_is_read_by_its_full_id_and_nothing_is_created(
    kind: Any, id: str, endpoint: str
) -> None:
    deployment = live(kind, existing_id=id)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [(f"azure-native:{OF[kind][0]}", True)]
    outputs = deployment.plain_outputs
    assert (outputs["service_id"], outputs["endpoint"]) == (id, endpoint)


@BOTH
def test_logs_go_to_tables_of_their_own_and_a_lock_comes_after_everything(kind: Any) -> None:
    deployment = live(kind, diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    setting, lock = deployment.one("DiagnosticSetting"), deployment.one("ManagementLockByScope")
    assert setting.inputs["logAnalyticsDestinationType"] == "Dedicated"
    for made in (deployment.one(OF[kind][0]), setting):
        assert deployment.waits_for(lock, made)


def test_services_give_their_own_links() -> None:
    def program() -> dict[str, Any]:
        place: Any = {"resource_group_name": "rg-team"}
        sig, pub = SignalR("shop", place), WebPubSub("shop", place)
        links: Any = {
            "a": sig.read_link(), "b": sig.send_link(), "c": sig.serve_link(), "d": sig.own_link(),
            "e": pub.read_link(), "f": pub.serve_link(),
        }  # fmt: skip
        WebApp("web", {"resource_group_name": "rg-team", "links": links})
        return {}

    roles = {
        one.name.rpartition("-")[2]: one.inputs["roleDefinitionId"].rpartition("/")[2]
        for one in deploy(program).all("RoleAssignment")
    }
    assert roles == {
        "a": guid("SignalR REST API Reader"),
        "b": guid("SignalR REST API Owner"),
        "c": guid("SignalR App Server"),
        "d": guid("SignalR Service Owner"),
        "e": guid("Web PubSub Service Reader"),
        "f": guid("Web PubSub Service Owner"),
    }


@BOTH
@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        ({"service_name": "1live"}, "service_name", "starting with a letter"),
        ({"units": 11}, "units", "write 10"),
        ({"tier": "free", "units": 2}, "tier and units", "set tier to standard, or take units out"),
        (
            {"tier": "free", "private_endpoint_subnet_id": ENDPOINTS_SUBNET},
            "tier and private_endpoint_subnet_id",
            "set tier to standard, or take private_endpoint_subnet_id out",
        ),
        ({"public_clients_only": True}, "public_clients_only", "give private_endpoint_subnet_id"),
        (
            {
                "private_endpoint_subnet_id": ENDPOINTS_SUBNET,
                "public_clients_only": True,
                "public_network_access": False,
            },
            "public_network_access and public_clients_only",
            "take public_clients_only out",
        ),
        ({"public_network_access": False}, "public_network_access", "give private_endpoint_subnet_id"),
    ],
)
def test_what_azure_would_refuse_is_refused_with_the_next_step(
    kind: Any, args: dict[str, Any], subject: str, step: str
) -> None:
    text = refusal_of(partial(live, kind))(**args)
    assert f"1. {subject}" in text
    assert step in text
