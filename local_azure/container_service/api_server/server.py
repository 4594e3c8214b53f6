"""The API of each cluster: a few kinds of objects, tokens of service accounts, and pods as they would start.

Nothing runs here: there are no nodes, and no controllers. What is asked for besides is refused as not served.
https://kubernetes.io/docs/reference/kubernetes-api/
"""

from datetime import UTC, datetime
from typing import Final

from local_azure.bodies import properties_of
from local_azure.container_service.api_server.access import authenticate, require
from local_azure.container_service.api_server.answers import NoAnswer, not_found, not_here
from local_azure.container_service.api_server.kinds import (
    ACCOUNTS,
    KINDS,
    NAMESPACES,
    PODS,
    Asked,
    Kind,
    read,
)
from local_azure.container_service.api_server.objects import Objects
from local_azure.container_service.api_server.webhook import with_identity
from local_azure.container_service.issuers import CLUSTERS, LONGEST, SHORTEST, Issuers, issuer_of
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource

HOSTS: Final = "*.*.*.azmk8s.io"
"""As `aks-shop-0a1b2c3d.hcp.westeurope.azmk8s.io`. A private cluster has no such name, and is not reached."""
_USUAL_SECONDS: Final = 3_600
_BY_PLURAL: Final = {one.plural: one for one in KINDS}

RULES: Final = [
    Rule(
        "P37",
        "refusal",
        "A token of a service account is for the audiences that are asked for, and good for ten minutes or "
        "longer: 422 otherwise; without an account there is none: 404.",
        held_by="p37_a_token_of_a_service_account_is_for_what_was_asked_and_for_ten_minutes_or_longer",
        source="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/",
    ),
    Rule(
        "P39",
        "refusal",
        "A pod needs its namespace, 404, and its service account, 403.",
        held_by="p39_a_pod_needs_its_namespace_and_its_service_account",
        source="https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#serviceaccount",
    ),
]


class ApiServers:
    """Those of all clusters; `issuers` sign what they give to pods."""

    def __init__(self, ground: Ground, issuers: Issuers) -> None:
        self._ground, self._issuers = ground, issuers
        self._objects = Objects(ground.store, ground.clock)

    def handle(self, request: Request) -> Response:
        """Raises Refusal 404 for a host that no cluster has."""
        cluster = self._cluster(request.host)
        try:
            caller = authenticate(self._ground, self._issuers, cluster, request)
            asked = read(request)
            require(self._ground, cluster, caller, asked)
            status, body = self._answer(cluster, request.host, asked, _body(request))
        except NoAnswer as refused:
            return refused.response()
        return Response(status, body)

    def forget(self, cluster: JsonObject) -> None:
        """What was in a cluster that is gone; `cluster` is its body."""
        if host := properties_of(cluster).get("fqdn"):
            self._objects.forget(host)

    def _cluster(self, host: str) -> Resource:
        for one in self._ground.store.list(type=CLUSTERS):
            if properties_of(one.body).get("fqdn") == host:
                return one
        raise Refusal(404, "ResourceNotFound", f"There is no cluster whose API is at https://{host}.")

    def _answer(self, cluster: Resource, host: str, asked: Asked, body: JsonObject) -> tuple[int, JsonObject]:
        """The host tells a cluster from an earlier one of its name."""
        if asked.part:
            if (asked.verb, asked.kind.plural, asked.part) != ("create", ACCOUNTS, "token"):
                raise not_here(f"{asked.part} of {asked.kind.plural}")
            return 201, self._token(cluster, host, asked, body)
        match asked.verb:
            case "get":
                return 200, self._objects.get(host, asked)
            case "list":
                return 200, self._objects.all(host, asked)
            case "create":
                return 201, self._objects.create(host, asked, self._admitted(host, asked, body))
            case "update":
                return 200, self._objects.update(host, asked, body)
            case _:
                return 200, self._objects.delete(host, asked)

    def _admitted(self, host: str, asked: Asked, body: JsonObject) -> JsonObject:
        """What is kept of a new object. Raises NoAnswer."""
        if asked.namespace:
            self._expect(host, _BY_PLURAL[NAMESPACES], "", asked.namespace)
        if asked.kind.plural != PODS:
            return body
        spec: JsonObject = body.get("spec") or {}
        if not spec.get("containers"):
            raise NoAnswer(422, "Invalid", "Pod is invalid: spec.containers: Required value")
        name = str(spec.get("serviceAccountName") or "default")
        account = self._objects.find(host, _BY_PLURAL[ACCOUNTS], asked.namespace, name)
        if account is None and name != "default":
            text = (
                f"error looking up service account {asked.namespace}/{name}: serviceaccount "
                f'"{name}" not found'
            )
            raise NoAnswer(403, "Forbidden", text)
        pod = {**body, "spec": {**spec, "serviceAccountName": name}, "status": {"phase": "Pending"}}
        return with_identity(pod, account or {})

    def _token(self, cluster: Resource, host: str, asked: Asked, body: JsonObject) -> JsonObject:
        self._expect(host, asked.kind, asked.namespace, asked.name)
        url = issuer_of(cluster)
        if url is None:
            raise not_here("tokens without an OIDC issuer")
        spec: JsonObject = body.get("spec") or {}
        seconds = int(spec.get("expirationSeconds") or _USUAL_SECONDS)
        if not SHORTEST <= seconds <= LONGEST:
            what = "less than 10 minutes" if seconds < SHORTEST else "more than a day"
            text = f"spec.expirationSeconds: Invalid value: {seconds}: may not specify a duration {what}"
            raise NoAnswer(422, "Invalid", text)
        audiences = [str(one) for one in spec.get("audiences") or [url]]
        token = self._issuers.token(cluster, asked.namespace, asked.name, audiences, seconds)
        ends = datetime.fromtimestamp(self._ground.clock.now() + seconds, UTC)
        status = {"token": token, "expirationTimestamp": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"name": asked.name, "namespace": asked.namespace},
            "spec": {"audiences": audiences, "expirationSeconds": seconds},
            "status": status,
        }

    def _expect(self, host: str, kind: Kind, namespace: str, name: str) -> None:
        if self._objects.find(host, kind, namespace, name) is None:
            raise not_found(kind.plural, name)


def _body(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError:
        raise NoAnswer(400, "BadRequest", "the request is no JSON object") from None
