"""Azure over HTTPS as azure-native talks to it: tokens, retries, long-running operations, error texts.

The hosts are Azure's own; the environment's proxy and certificates lead to the local Azure.
Neither tokens nor bodies are ever printed.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from components.azure_facts.audiences import Service, audience
from local_azure.plugins.wire import PropertyMap, as_object

RESOURCE_MANAGER: Final = audience(Service.RESOURCE_MANAGER)
_LOGIN: Final = "https://login.microsoftonline.com"
_VAULT_AUDIENCE: Final = audience(Service.KEY_VAULT)
_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
_RETRY_DELAYS: Final = (0.2, 0.5, 1.0)
"""Seconds; azure-native waits for 20, 60 and 120, which a local Azure does not need."""
_POLL_DELAY: Final = 0.2
_LONGEST_DELAY: Final = 0.5
_TIMEOUT: Final = 600.0


class AzureError(Exception):
    """Azure's refusal, in the words that azure-native prints."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        shown = f' Code="{code}"' if code else ""
        super().__init__(f'Status={status}{shown} Message="{message}"')

    @staticmethod
    def of(response: httpx.Response) -> "AzureError":
        """An `error` object gives code and message; any other body (App Service's) is shown raw."""
        try:
            error = as_object((as_object(response.json()) or {}).get("error"))
        except ValueError:
            error = None
        if error is None:
            return AzureError(
                response.status_code, response.headers.get("x-ms-error-code", ""), response.text
            )
        message = error.get("message")
        code = response.headers.get("x-ms-error-code") or str(error.get("code", ""))
        return AzureError(response.status_code, code, message if isinstance(message, str) else response.text)


class OperationFailedError(Exception):
    """A write that Azure accepted and that then failed: the resource may exist half made."""


@dataclass(frozen=True)
class Credentials:
    """A service principal with a client secret, and the subscription that it works in."""

    tenant_id: str
    client_id: str
    client_secret: str
    subscription_id: str


class ArmClient:
    """One connection pool and one token for each audience; safe to use from several threads.

    Raises AzureError for a refusal, OperationFailedError for an accepted write that failed later, and
    ConnectionError when Azure cannot be reached after the retries.
    """

    def __init__(self, credentials: Credentials, transport: httpx.BaseTransport | None = None) -> None:
        self.credentials = credentials
        self._http = httpx.Client(transport=transport, timeout=60.0)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._token_lock = threading.Lock()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Let every wait end at once."""
        self._cancelled.set()

    def token(self, audience: str) -> str:
        """A bearer token for `audience` (a resource without `/.default`)."""
        with self._token_lock:
            token, expires = self._tokens.get(audience, ("", 0.0))
            if expires < time.monotonic() + 60:
                token, expires = self._fetch_token(audience)
                self._tokens[audience] = (token, expires)
            return token

    def send(
        self,
        method: str,
        url: str,
        api_version: str,
        body: PropertyMap | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request with retries. `url` is an ARM id or a whole URL; answers whatever the status."""
        target = httpx.URL(urljoin(RESOURCE_MANAGER, url))
        parameters = {"api-version": api_version, **(query or {}), **dict(target.params)}
        audience = RESOURCE_MANAGER if target.host == httpx.URL(RESOURCE_MANAGER).host else _VAULT_AUDIENCE
        for delay in (*_RETRY_DELAYS, None):
            try:
                headers = {"authorization": f"Bearer {self.token(audience)}", "accept": "application/json"}
                response = self._http.request(method, target, headers=headers, params=parameters, json=body)
            except httpx.TransportError as error:
                if delay is None:
                    raise ConnectionError(f"{method} {target.host}: {error}") from error
                self._wait(delay)
            else:
                if delay is None or not _is_retried(response):
                    return response
                self._wait(_retry_after(response, delay))
        raise AssertionError("unreachable: the last attempt answers or raises")

    def get(self, id_: str, api_version: str) -> PropertyMap:
        return _body(self.send("GET", id_, api_version))

    def post(self, id_: str, api_version: str) -> PropertyMap:
        return _body(self.send("POST", id_, api_version))

    def exists(self, id_: str, api_version: str) -> bool:
        """What azure-native asks before it creates; only a 200 with a body says that `id_` exists."""
        response = self.send("GET", id_, api_version)
        if response.status_code == 200:
            return bool(response.content) and bool(response.json())
        if response.status_code in (204, 404):
            return False
        raise RuntimeError(
            f"cannot check existence of resource '{id_}': status code {response.status_code}, {response.text}"
        )

    def put(self, id_: str, api_version: str, body: PropertyMap, timeout: float = 0) -> PropertyMap:
        """Write and wait until Azure is done. `timeout` is in seconds, 0 means ten minutes."""
        deadline = time.monotonic() + (timeout or _TIMEOUT)
        response = self.send("PUT", id_, api_version, body)
        written = _body(response)
        try:
            if "azure-asyncoperation" in response.headers:
                self._await_operation(response, api_version, deadline)
                return self.get(id_, api_version)
            if response.status_code == 202 and "location" in response.headers:
                return _body(self._await_location(response, api_version, deadline))
            while (state := _provisioning_state(written)) not in (None, "succeeded"):
                if state in ("failed", "canceled"):
                    raise OperationFailedError(f"provisioning of {id_} ended as {state}")
                self._wait(_retry_after(response, _POLL_DELAY), deadline)
                written = self.get(id_, api_version)
        except AzureError as error:
            raise OperationFailedError(str(error)) from error
        return written

    def delete(
        self, url: str, api_version: str, query: Mapping[str, str] | None = None, timeout: float = 0
    ) -> None:
        """Delete and wait until it is gone; what is not there is deleted already."""
        deadline = time.monotonic() + (timeout or _TIMEOUT)
        response = self.send("DELETE", url, api_version, query=query)
        if response.status_code == 404:
            return
        if response.status_code not in (200, 202, 204):
            raise AzureError.of(response)
        if "azure-asyncoperation" in response.headers:
            self._await_operation(response, api_version, deadline)
        elif response.status_code == 202 and "location" in response.headers:
            self._await_location(response, api_version, deadline)

    def _fetch_token(self, audience: str) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.client_secret,
            "scope": f"{audience}/.default",
        }
        response = self._http.post(f"{_LOGIN}/{self.credentials.tenant_id}/oauth2/v2.0/token", data=form)
        answer = as_object(response.json()) or {}
        if response.status_code != 200:
            raise RuntimeError(f"Entra refused the deployer's credentials: {answer.get('error_description')}")
        return str(answer["access_token"]), time.monotonic() + float(answer["expires_in"])

    def _await_operation(self, response: httpx.Response, api_version: str, deadline: float) -> None:
        while True:
            self._wait(_retry_after(response, _POLL_DELAY), deadline)
            poll = self.send("GET", response.headers["azure-asyncoperation"], api_version)
            operation = _body(poll)
            state = str(operation.get("status", "Succeeded")).lower()
            if state in ("failed", "canceled"):
                raise AzureError.of(poll)
            if state == "succeeded":
                return

    def _await_location(self, response: httpx.Response, api_version: str, deadline: float) -> httpx.Response:
        location = response.headers["location"]
        while response.status_code == 202:
            self._wait(_retry_after(response, _POLL_DELAY), deadline)
            response = self.send("GET", location, api_version)
            location = response.headers.get("location", location)
        if response.status_code not in (200, 201, 204):
            raise AzureError.of(response)
        return response

    def _wait(self, seconds: float, deadline: float | None = None) -> None:
        if self._cancelled.wait(seconds):
            raise RuntimeError("the operation was cancelled")
        if deadline is not None and time.monotonic() > deadline:
            raise OperationFailedError("Azure did not finish in time")


def _body(response: httpx.Response) -> PropertyMap:
    if response.status_code not in (200, 201, 202, 204):
        raise AzureError.of(response)
    answer: Any = response.json() if response.content else {}
    return as_object(answer) or {}


def _is_retried(response: httpx.Response) -> bool:
    if response.status_code == 409:
        return AzureError.of(response).code == "AnotherOperationInProgress"
    return response.status_code in _RETRIED


def _retry_after(response: httpx.Response, otherwise: float) -> float:
    """Azure's `Retry-After`, at most half a second: a local Azure is done by then."""
    given = response.headers.get("retry-after", "")
    return min(float(given), _LONGEST_DELAY) if given.isdecimal() else otherwise


def _provisioning_state(body: PropertyMap) -> str | None:
    state = (as_object(body.get("properties")) or {}).get("provisioningState")
    return str(state).lower() if state else None
