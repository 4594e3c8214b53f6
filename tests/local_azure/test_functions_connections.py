"""As whom a trigger's connection asks, as the identity endpoint of the site is asked."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from local_azure.functions_host.connections import Connection

CLIENT, OTHER = "10ca1a2e-0000-4000-8000-0000000000c1", "10ca1a2e-0000-4000-8000-0000000000c2"
IDENTITY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """What the endpoint was asked for: whose token."""
    seen: list[dict[str, str]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {key: one for key, (one,) in parse_qs(urlsplit(self.path).query).items()}
            seen.append({key: one for key, one in query.items() if key not in ("api-version", "resource")})
            answer = {"access_token": "made up", "expires_on": str(int(time.time()) + 3600)}
            content = json.dumps({**answer, "resource": query["resource"], "token_type": "Bearer"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "made up")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("settings", "whose"),
    [
        ({"ORDERS__credential": "managedidentity", "ORDERS__clientId": CLIENT}, {"client_id": CLIENT}),
        (
            {"ORDERS__credential": "managedidentity", "ORDERS__managedIdentityResourceId": IDENTITY},
            {"mi_res_id": IDENTITY},
        ),
        # The system-assigned one, whatever code is told.
        ({"ORDERS__credential": "ManagedIdentity"}, {}),
        ({"ORDERS__credential": "managedidentity", "OTHER__clientId": CLIENT}, {}),
    ],
)
def test_a_connection_asks_as_the_identity_that_its_own_settings_name(
    asked: list[dict[str, str]],
    settings: dict[str, str],
    whose: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", OTHER)
    connection = Connection("ORDERS", {"AZURE_CLIENT_ID": OTHER, **settings})
    connection.credential().get_token("https://storage.azure.com/.default")
    assert asked == [whose]
