"""A service of Azure is one folder, found by being there: a new one edits no file of the others."""

import importlib
import socket
import ssl
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

import local_azure as package
from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.control_credential import ControlAuth
from local_azure.planes import Plane
from local_azure.rules import all_rules
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.networks import ENDPOINTS, network, private_endpoint_body

WEATHER = '''
    """Microsoft.Weather as a service: stations, what they say now, and a line to each."""

    import socket
    import threading

    from local_azure.arm import ResourceType
    from local_azure.errors import Refusal
    from local_azure.ground import Ground
    from local_azure.http import Response
    from local_azure.key_vault.service import KeyVault
    from local_azure.planes import HttpPlane, ListenerPlane
    from local_azure.rules import Rule
    from local_azure.service import Service

    AUDIENCE = "https://weather.azure.net"
    RULES = [
        Rule(
            "Z1",
            "assumed",
            "A station that is not on the ground is refused: 400 NoGround.",
            held_by="a_service_that_is_put_there_serves_its_type_and_its_data_plane",
        )
    ]


    class Station(ResourceType):
        type = "Microsoft.Weather/stations"
        api_versions = frozenset({"2026-01-01"})

        def put(self, id, old, new, request):
            if new["properties"]["height"] < 0:
                raise Refusal(400, "NoGround", "There is no ground.")
            return {"location": new["location"], "properties": new["properties"]}

        def private_link_groups(self, id, body):
            return ("station",)

        def log_categories(self):
            return frozenset({"Storms"})


    class Weather(Service):
        def __init__(self, ground: Ground, vaults: KeyVault) -> None:
            self._ground, self._vaults, self._listener = ground, vaults, None
            self.types = (Station(ground),)
            self.planes = (
                HttpPlane(hosts="*.weather.azure.net", audiences=(AUDIENCE,), handle=self.now),
                ListenerPlane(hosts="*.weatherline.azure.net", port=5671, address=lambda: self.address),
            )

        def start(self, listening):
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.address = self._listener.getsockname()
            threading.Thread(target=self._greet, args=(listening.tls,), daemon=True).start()

        def close(self):
            if self._listener:
                self._listener.close()

        def control(self, request):
            return Response(200, {"weather": "made"}) if request.path == "/weather" else None

        def now(self, request):
            caller = self._ground.entra.verify(request.bearer_token or "", {AUDIENCE})
            station = self._ground.store.list(type=Station.type)[0]
            if not self._ground.authorizer.is_allowed(caller, f"{Station.type}/read", station.id).allowed:
                raise Refusal(403, "NoUmbrella", "Stay in.")
            return Response(200, {"host": request.host, "height": station.body["properties"]["height"]})

        def _greet(self, tls):
            with self._listener.accept()[0] as plain, tls.wrap_socket(plain, server_side=True) as line:
                line.sendall(b"fair")
'''


@pytest.fixture
def weather(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A service in a folder of its own, beside the others as far as Python can tell."""
    folder = tmp_path / "services" / "weather"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "service.py").write_text(textwrap.dedent(WEATHER))
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder.parent)])
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.startswith("local_azure.weather")]:
        del sys.modules[name]
    monkeypatch.delattr(package, "weather", raising=False)


@pytest.fixture
def cloud(weather: Path, local_azure: LocalAzure) -> LocalAzure:
    """A local Azure that was started when the folder was there."""
    assert (weather / "service.py").exists()
    return local_azure


def control(cloud: LocalAzure, path: str) -> dict[str, Any]:
    auth = ControlAuth(cloud.azure.state)
    return httpx.get(f"https://local-azure.internal{path}", auth=auth, timeout=60).json()


def line_to(cloud: LocalAzure, host: str, port: int) -> tuple[str, bytes]:
    """What the proxy answers to a CONNECT, and what the other end says behind TLS."""
    proxy = urlsplit(cloud.proxy_url)
    context = ssl.create_default_context(cafile=cloud.addresses.authority)
    with socket.create_connection((str(proxy.hostname), int(proxy.port or 0)), timeout=60) as plain:
        plain.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += plain.recv(1)
        status = answer.split(b" ")[1].decode()
        if status != "200":
            return status, b""
        with context.wrap_socket(plain, server_hostname=host) as line:
            return status, line.recv(100)


def test_a_service_that_is_put_there_serves_its_type_and_its_data_plane(cloud: LocalAzure) -> None:
    arm = Arm(cloud.azure)
    group = arm.group()
    station = f"{group}/providers/Microsoft.Weather/stations/north"
    deployer = ClientSecretCredential(
        TENANT_ID, str(DEPLOYER.client_id), cloud.environment()["AZURE_CLIENT_SECRET"]
    )

    def bearer(audience: str) -> dict[str, str]:
        return {"authorization": f"Bearer {deployer.get_token(f'{audience}/.default').token}"}

    def put(height: int) -> httpx.Response:
        body = {"location": "westeurope", "properties": {"height": height}}
        address = f"https://management.azure.com{station}?api-version=2026-01-01"
        return httpx.put(address, json=body, headers=bearer("https://management.azure.com"), timeout=60)

    assert put(-1).json() == {"error": {"code": "NoGround", "message": "There is no ground."}}
    assert put(7).status_code == 201
    north = "https://north.weather.azure.net/"
    now = httpx.get(north, headers=bearer("https://weather.azure.net"), timeout=60)
    assert now.json() == {"host": "north.weather.azure.net", "height": 7}
    assert httpx.get(north, headers=bearer("https://vault.azure.net"), timeout=60).status_code == 401
    assert control(cloud, "/weather") == {"weather": "made"}
    assert line_to(cloud, "north.weatherline.azure.net", 5671) == ("200", b"fair")
    assert line_to(cloud, "north.weatherline.azure.net", 443) == ("403", b"")
    assert line_to(cloud, "north.weather.azure.net", 5671) == ("403", b"")


def test_its_listener_its_rules_and_its_namespace_are_told_like_all_others(cloud: LocalAzure) -> None:
    status = control(cloud, "/status")
    assert "*.weatherline.azure.net:5671" in status["listeners"]
    assert status["listeners"]["*.weatherline.azure.net:5671"].startswith("127.0.0.1:")
    assert [rule.text for rule in all_rules() if rule.id == "Z1"] == [
        "A station that is not on the ground is refused: 400 NoGround."
    ]
    one = content(Arm(cloud.azure)("GET", "/providers/Microsoft.Weather"))
    assert [kind["resourceType"] for kind in one["resourceTypes"]] == ["stations"]


def test_its_log_categories_and_private_link_groups_are_known_to_those_who_ask(cloud: LocalAzure) -> None:
    arm = Arm(cloud.azure)
    group = arm.group()
    station = f"{group}/providers/Microsoft.Weather/stations/north"
    content(arm("PUT", station, {"location": "westeurope", "properties": {"height": 7}}))
    workspace = f"{group}/providers/Microsoft.OperationalInsights/workspaces/logs"
    content(arm("PUT", workspace, {"location": "westeurope"}))

    def setting(category: str) -> tuple[str, dict[str, object]]:
        logs = [{"category": category, "enabled": True}]
        path = f"{station}/providers/Microsoft.Insights/diagnosticSettings/one"
        return path, {"properties": {"workspaceId": workspace, "logs": logs}}

    content(arm("PUT", *setting("Storms")))
    assert refusal(arm("PUT", *setting("AuditEvent")))[1:] == (
        "BadRequest", "Category 'AuditEvent' is not supported.",
    )  # fmt: skip
    subnet = f"{network(arm, group)}/subnets/{ENDPOINTS}"
    endpoint = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    wrong = arm("PUT", endpoint, private_endpoint_body(subnet, station, "vault"))
    assert refusal(wrong)[1] == "InvalidPrivateLinkServiceGroupIds"
    content(arm("PUT", endpoint, private_endpoint_body(subnet, station, "station")))


def test_without_the_folder_there_is_nothing_of_it(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    arm = Arm(local_azure.azure)
    path = f"{arm.group()}/providers/Microsoft.Weather/stations/north"
    assert refusal(arm("GET", path, api_version="2026-01-01"))[:2] == (404, "InvalidResourceNamespace")
    with pytest.raises(ClientAuthenticationError, match="AADSTS500011"):
        deployer.get_token("https://weather.azure.net/.default")
    assert line_to(local_azure, "north.weather.azure.net", 443) == ("403", b"")
    assert not [rule for rule in all_rules() if rule.id == "Z1"]


@pytest.mark.parametrize(
    ("host", "is_served"),
    [
        ("shop.westeurope-1.eventgrid.azure.net", True),
        ("westeurope-1.eventgrid.azure.net", False),
        ("a.shop.westeurope-1.eventgrid.azure.net", False),
        ("shop..eventgrid.azure.net", False),
        ("shop.westeurope-1.eventgrid.azure.net.evil.example", False),
        ("shop.westeurope-1evil.example", False),
    ],
)
def test_a_plane_whose_names_have_a_region_serves_those_and_no_others(host: str, is_served: bool) -> None:
    assert Plane(hosts="*.*.eventgrid.azure.net").serves(host) is is_served
