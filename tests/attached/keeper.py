"""Who keeps the keys of attached stacks: what HashiCorp Vault's transit engine answers, on the loopback.

From a passphrase the engine derives a stack's key anew in each run, by a million rounds of hashing. Here it
asks for the key that it drew when the stack was made, and that is kept wrapped in the stack's configuration.
What it does with the key is the same: each secret in a state is encrypted.
https://www.pulumi.com/docs/iac/concepts/secrets/#hashicorp-vault-transit-secrets-engine
"""

import base64
import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken

SECRETS_PROVIDER: Final = "PULUMI_OPTION_SECRETS_PROVIDER"
KEPT_HERE: Final = "hashivault://stacks"
PASSPHRASE: Final = "passphrase"
"""The engine's option, and two of its values: a stack's key is kept here, or derived as it is for users."""
_FOREVER: Final = 3600.0
WRAPPING: Final = Fernet(Fernet.generate_key())
"""Of this process: its stacks are opened by nobody else, and by nobody after it."""


class _Transit(BaseHTTPRequestHandler):
    """Wraps and unwraps. https://developer.hashicorp.com/vault/api-docs/secret/transit#encrypt-data"""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: the second would wait until the first is acknowledged

    def do_PUT(self) -> None:
        asked: dict[str, str] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            status, answer = 200, {"data": _answer(self.path, asked)}
        except InvalidToken:
            status, answer = 400, {"errors": ["wrapped with another key"]}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None: ...


def _answer(path: str, asked: dict[str, str]) -> dict[str, str]:
    if path.startswith("/v1/transit/encrypt/"):
        return {"ciphertext": WRAPPING.encrypt(base64.b64decode(asked["plaintext"])).decode()}
    return {"plaintext": base64.b64encode(WRAPPING.decrypt(asked["ciphertext"])).decode()}


@cache
def where_keys_are() -> dict[str, str]:
    """With which the engine finds the keys of the stacks that this process made, as long as it lives."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    threading.Thread(target=server.serve_forever, args=(_FOREVER,), daemon=True).start()
    # Both names go before those of a Vault that the caller's shell has.
    return {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": "none"}
