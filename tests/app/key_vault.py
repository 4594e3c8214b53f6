"""A key vault and credentials for the official client, in memory."""

import base64
import json
from typing import Any

import requests
from azure.core.credentials import AccessToken

from tests.app.transport import Answer

VAULT = "https://kv-shop.vault.azure.net/"
CHALLENGE = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"'


class Vault:
    """A vault that holds what a test puts in. A secret that is not mentioned cannot be reached."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def put(self, name: str, value: str, version: str = "v1") -> None:
        identifier = f"{VAULT}secrets/{name}/{version}"
        self._answers[name] = (200, {"value": value, "id": identifier, "attributes": {"enabled": True}}, {})

    def refuse(self, name: str, status: int, code: str, message: str, inner: str | None = None) -> None:
        error: dict[str, Any] = {"code": code, "message": message}
        self._answers[name] = (
            status,
            {"error": {**error, "innererror": {"code": inner}} if inner else error},
            {},
        )

    def answer(self, request: requests.PreparedRequest) -> Answer:
        """What the data plane says: a challenge first, as the real one does."""
        if "Authorization" not in request.headers:
            return 401, {}, {"WWW-Authenticate": CHALLENGE}
        name = (request.path_url).split("/")[2].partition("?")[0]
        self.asked.append(name)
        if name not in self._answers:
            raise requests.ConnectionError("no route to the vault")
        return self._answers[name]


class SignedIn:
    """A credential whose token carries these claims."""

    def __init__(self, **claims: Any) -> None:
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        self.token = f"e30.{payload}.c2lnbmF0dXJl"
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        del kwargs
        self.scopes.extend(scopes)
        return AccessToken(self.token, 4_102_444_800)


class NotSignedIn:
    """A credential that has nobody to offer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        del scopes, kwargs
        raise self.error
