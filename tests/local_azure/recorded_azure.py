"""A Resource Manager of a dictionary and a log, for tests of the plugin alone; it knows no rule."""

import base64
import json
from typing import Any

import httpx

Json = dict[str, Any]
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-00000000000a"
ENVIRONMENT = {
    "ARM_TENANT_ID": "the-tenant",
    "ARM_CLIENT_ID": "the-client",
    "ARM_CLIENT_SECRET": "the-client-secret",
    "ARM_SUBSCRIPTION_ID": SUBSCRIPTION.split("/")[-1],
}


class RecordedAzure:
    """`requests` holds every call but those for tokens; `answers` come before the dictionary."""

    def __init__(self) -> None:
        self.resources: dict[str, Json] = {}
        self.requests: list[str] = []
        self.bodies: list[Json] = []
        self.answers: dict[str, list[httpx.Response]] = {}
        self.tokens: list[str] = []
        self.transport = httpx.MockTransport(self._answer)

    def answer_once(self, request: str, *responses: httpx.Response) -> None:
        """Answer `METHOD path` with these, one call each, before the dictionary is asked again."""
        self.answers.setdefault(request, []).extend(responses)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.microsoftonline.com":
            self.tokens.append(request.content.decode())
            return httpx.Response(200, json={"access_token": token(), "expires_in": 3600})
        assert request.headers["authorization"] == f"Bearer {token()}"
        path, method = request.url.path, request.method
        shown = path if request.url.host == "management.azure.com" else f"{request.url.host}{path}"
        query = request.url.query.decode()
        self.requests.append(f"{method} {shown}?{query}")
        if waiting := self.answers.get(f"{method} {shown}"):
            return waiting.pop(0)
        key = path.removesuffix("/list").lower()
        if method == "PUT":
            body = json.loads(request.content)
            self.bodies.append(body)
            created = key not in self.resources
            self.resources[key] = {**body, "id": path, "name": path.split("/")[-1], "type": "a/type"}
            return httpx.Response(201 if created else 200, json=self.resources[key])
        if key not in self.resources:
            return httpx.Response(404, json={"error": {"code": "ResourceNotFound", "message": "not there"}})
        if method == "DELETE":
            del self.resources[key]
            return httpx.Response(200)
        return httpx.Response(200, json=self.resources[key])


def token() -> str:
    """Shaped as a JWT, with the claims that the plugin reads."""
    parts = [json.dumps(each).encode() for each in ({"alg": "none"}, {"oid": "the-object"})]
    return ".".join([*(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts), "signature"])
