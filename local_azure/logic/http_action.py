"""An HTTP action: a real call, with a token of the workflow's identity where it says so.

https://learn.microsoft.com/azure/logic-apps/authenticate-with-managed-identity
"""

import base64
import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

import httpx

from local_azure.app_service.attached_identities import attached_identities
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource

BY_IDENTITY: Final = "managedserviceidentity"
_OWN: Final = "systemassigned"
_LONGEST: Final = 120.0
"""Seconds that an answer is waited for.
https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration"""

RULES: Final = [
    Rule(
        "LA7",
        "behaviour",
        "An HTTP action with ManagedServiceIdentity calls with a token of the identity that it names, for "
        "its audience; one that names none means the system-assigned identity.",
        held_by="la7_an_action_calls_as_the_identity_that_it_names",
    ),
    Rule(
        "LA7",
        "assumed",
        "An action fails that names an identity which the workflow has not: "
        "InvalidWorkflowManagedIdentitySpecified; in a workflow without any: "
        "WorkflowManagedIdentityNotSpecified.",
        held_by="la7_an_action_calls_as_the_identity_that_it_names",
    ),
]


class ActionFailed(Exception):
    """What the history says of an action that failed before there was an answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Answered:
    """What an action gave: `outputs` as expressions read them."""

    status: int
    outputs: JsonObject

    @property
    def code(self) -> str:
        """As the history has it: `OK`, `Forbidden`."""
        try:
            return HTTPStatus(self.status).phrase.title().replace(" ", "").replace("Ok", "OK")
        except ValueError:
            return str(self.status)


class Caller:
    """Calls what actions call, through the proxy, with what its clients trust: a file that takes longer to
    read than most of a start, and is read for the first call."""

    def __init__(self, ground: Ground, client_environment: Mapping[str, str]) -> None:
        self._ground = ground
        self._proxy, self._trusted = client_environment["HTTPS_PROXY"], client_environment["SSL_CERT_FILE"]
        self._client: httpx.Client | None = None
        self._making = threading.Lock()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def call(self, workflow: Resource, inputs: JsonObject) -> Answered:
        """Raises ActionFailed where there is no answer."""
        headers = {str(key): str(value) for key, value in section(inputs, "headers").items()}
        content = _content(inputs.get("body"), headers)
        if authentication := section(inputs, "authentication"):
            headers |= self._proof(workflow, authentication)
        query = {str(key): str(value) for key, value in section(inputs, "queries").items()}
        uri = str(inputs.get("uri", ""))
        if query:
            uri = str(httpx.URL(uri).copy_merge_params(query))
        try:
            answer = self._made_client().request(
                str(inputs.get("method", "GET")), uri, headers=headers, content=content
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ActionFailed("BadRequest", f"Http request failed: {type(error).__name__}.") from None
        outputs: JsonObject = {"statusCode": answer.status_code, "headers": dict(answer.headers)}
        if answer.content:
            outputs["body"] = _read(answer)
        return Answered(answer.status_code, outputs)

    def _made_client(self) -> httpx.Client:
        with self._making:
            if self._client is None:
                trust = ssl.create_default_context(cafile=self._trusted)
                self._client = httpx.Client(
                    proxy=self._proxy, verify=trust, timeout=_LONGEST, trust_env=False
                )
            return self._client

    def _proof(self, workflow: Resource, authentication: JsonObject) -> dict[str, str]:
        type_ = str(authentication.get("type", "")).lower()
        if type_ == BY_IDENTITY:
            return {"Authorization": f"Bearer {self._token(workflow, authentication)}"}
        if type_ == "raw":
            return {"Authorization": str(authentication.get("value", ""))}
        if type_ == "basic":
            pair = f"{authentication.get('username', '')}:{authentication.get('password', '')}"
            return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        text = f"The local Azure does not serve the authentication type {authentication.get('type')}."
        raise ActionFailed("NotServedByLocalAzure", text)

    def _token(self, workflow: Resource, authentication: JsonObject) -> str:
        stored = self._ground.store.get(workflow.id)
        attached = attached_identities(stored.body if stored else {})
        name = workflow.id.rpartition("/")[2]
        if not attached:
            text = f"The workflow '{name}' does not have managed identity enabled or it has been deleted."
            raise ActionFailed("WorkflowManagedIdentityNotSpecified", text)
        wanted = str(authentication.get("identity") or _OWN).lower()
        for one in attached:
            if (one.resource_id or _OWN).lower() != wanted:
                continue
            principal = self._ground.entra.principal(one.principal_id)
            if principal is not None:
                return self._issued(principal, str(authentication.get("audience", "")))
        named = authentication.get("identity") or "SystemAssigned"
        text = f"The managed identity '{named}' is not one of the workflow '{name}'."
        raise ActionFailed("InvalidWorkflowManagedIdentitySpecified", text)

    def _issued(self, principal: Any, audience: str) -> str:
        try:
            return self._ground.entra.issue(principal, audience)[0]
        except Refusal as refusal:
            raise ActionFailed("ManagedIdentityTokenAcquisitionFailed", refusal.message) from None


def _content(body: Any, headers: dict[str, str]) -> bytes | None:
    """A body as it is sent; what is no text goes as JSON."""
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, Mapping) and "$content" in body:
        binary = cast(Mapping[str, str], body)
        return base64.b64decode(binary["$content"])
    if "content-type" not in {key.lower() for key in headers}:
        headers["Content-Type"] = "application/json; charset=utf-8"
    return json.dumps(body).encode()


def _read(answer: httpx.Response) -> Any:
    """A body as expressions read it."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return answer.json()
        except ValueError:
            return answer.text
    if kind.startswith("text/") or kind.endswith("xml"):
        return answer.text
    encoded = base64.b64encode(answer.content).decode()
    return {"$content-type": kind or "application/octet-stream", "$content": encoded}
