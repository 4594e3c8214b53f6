"""Who may attach a link: a token for each, put on `$cbs`, and a role assignment on what it leads to.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from local_azure.amqp import kinds
from local_azure.amqp.audit import Audit
from local_azure.amqp.connection import Connection
from local_azure.amqp.encryption import customer_key
from local_azure.amqp.frames import Performative
from local_azure.amqp.kinds import MANAGEMENT, Answered, Claim, Entity, Kind
from local_azure.amqp.link import NOT_FOUND, UNAUTHORIZED, AmqpError, Link, Node, text_of
from local_azure.amqp.messages import Message
from local_azure.amqp.network import is_let_in
from local_azure.amqp.requests import Requests
from local_azure.amqp.values import Int
from local_azure.bodies import properties_of
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.key_vault.customer_keys import CustomerKeys
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

CBS: Final = "$cbs"

RULES: Final = [
    Rule(
        "M1",
        "refusal",
        "A link to what no role on it or above lets the caller send to, or listen to, is refused: "
        "amqp:unauthorized-access, 'Send' or 'Listen' claim(s) are required.",
        held_by="m1_without_a_role_no_link_is_attached_and_the_claim_is_named",
        source="Azure/azure-sdk-for-java#27831 microsoft/azure-spring-boot#939",
    ),
    Rule(
        "M2",
        "refusal",
        "A signature with a key is refused where local authentication is off: 401 LocalAuthDisabled.",
        held_by="m2_a_key_opens_nothing",
        source="Azure/azure-sdk-for-java#37010 Azure/azure-sdk-for-js#32923",
    ),
    Rule(
        "M3",
        "behaviour",
        "A token is put for each link, and again before it expires; who lost a role loses the link.",
        held_by="m3_a_grant_that_is_taken_away_is_felt_at_the_next_token",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide",
    ),
    Rule(
        "M3",
        "assumed",
        "A token of another issuer or for another service is refused when it is put: 401.",
        held_by="m3_a_token_for_something_else_is_refused_when_it_is_put",
    ),
    Rule(
        "M4",
        "assumed",
        "A namespace that the caller's network does not reach refuses the token: 401, Ip has been prevented "
        "to connect to the endpoint.",
        held_by="m4_a_namespace_that_is_closed_answers_whom_its_rules_name_and_nobody_else",
    ),
]


@dataclass
class _Attached:
    """An open link, with what it needed."""

    link: Link
    path: str
    claim: Claim


class Gate:
    """The gate of one connection."""

    def __init__(
        self,
        ground: Ground,
        services: Services,
        served: Sequence[Kind],
        write: Callable[[bytes], None],
        end: Callable[[], None],
    ) -> None:
        self._ground, self._services, self._served = ground, services, served
        self._keys = CustomerKeys(ground)
        self._audit = Audit(ground, services)
        self._tokens: dict[str, str] = {}
        self._links: list[_Attached] = []
        self._answering: dict[str, Requests] = {}
        self.connection = Connection(write, self.attach, end)

    def put_token(self, host: str, path: str, token: str) -> None:
        """From now on links to the path are held by that token. Raises AmqpError."""
        kind, namespace = self._namespace(host)
        self._put(kind, namespace, path, "jwt", token)

    def attach(self, link: Link) -> Node:
        """What is behind a link. Raises AmqpError for who may not have it."""
        if link.address.lower() == CBS:
            return self._answering.setdefault(CBS, Requests(self._asked))
        kind, namespace = self._namespace(link.host)
        path = link.address
        if path.lower() == MANAGEMENT:
            return self._answering.setdefault(path.lower(), Requests(lambda one: self._asked_of(link, one)))
        claim: Claim = "Listen" if link.is_sender or path.lower().endswith("/$management") else "Send"
        caller = None
        try:
            caller = self._caller(kind, link.host, path, claim)
            entity = kind.entity(namespace, path, link)
            self._require(kind, caller, entity, link.host, path, claim)
        except AmqpError as refusal:
            self._journal(link.host, path, None, refusal)
            self._audit.tell(namespace, claim, caller, refusal)
            raise
        self._journal(link.host, path, caller, None)
        self._audit.tell(namespace, claim, caller, None)
        attached = _Attached(link, path, claim)
        self._links.append(attached)
        if entity.answers is not None:
            node: Node = self._answering.setdefault(path.lower(), Requests(entity.answers))
        else:
            assert entity.node is not None
            node = entity.node(link)
        return _Guarded(self, attached, node)

    def require_valid(self, attached: _Attached) -> None:
        """End a link whose token has expired. Raises AmqpError."""
        kind, _ = self._namespace(attached.link.host)
        self._caller(kind, attached.link.host, attached.path, attached.claim)

    def forget(self, attached: _Attached) -> None:
        if attached in self._links:
            self._links.remove(attached)

    def _namespace(self, host: str) -> tuple[Kind, Resource]:
        found = kinds.find(self._ground.store, self._served, host)
        if found is None:
            raise AmqpError(NOT_FOUND, f"There is no namespace behind {host}. {self._tracking()}")
        return found

    def _caller(self, kind: Kind, host: str, path: str, claim: Claim) -> Caller:
        """Whose token covers the path, the one for the longest part of it."""
        parts = path.lower().split("/")
        covering = ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]
        token = next((self._tokens[one] for one in covering if one in self._tokens), None)
        if token is None:
            raise self._unauthorized(host, path, claim)
        try:
            return self._ground.entra.verify(token, kind.audiences)
        except Refusal as refusal:
            raise AmqpError(UNAUTHORIZED, f"{refusal.code}: {refusal.message} {self._tracking()}") from None

    def _require(
        self, kind: Kind, caller: Caller, entity: Entity, host: str, path: str, claim: Claim
    ) -> None:
        actions = [kind.actions[one] for one in entity.claims or (claim,)]
        decide = self._ground.authorizer.is_allowed
        asked = [(action, scope) for action in actions for scope in (entity.scope, *entity.parts)]
        if not any(decide(caller, action, scope, data=True).allowed for action, scope in asked):
            raise self._unauthorized(host, path, claim)

    def _asked_of(self, link: Link, request: Message) -> Answered:
        """A request to the namespace itself, about the entity that it names."""
        kind, namespace = self._namespace(link.host)
        path = f"{text_of(request.application.get('name'))}/{MANAGEMENT}"
        try:
            caller = self._caller(kind, link.host, path, "Listen")
            entity = kind.entity(namespace, path, link)
            self._require(kind, caller, entity, link.host, path, "Listen")
        except AmqpError as refusal:
            self._journal(link.host, path, None, refusal)
            return _status(404 if refusal.condition == NOT_FOUND else 401, refusal.description), None
        assert entity.answers is not None
        return entity.answers(request)

    def _asked(self, request: Message) -> Answered:
        """`put-token`: the one request that `$cbs` takes."""
        given = request.application
        name, host = text_of(given.get("name")), self.connection.host
        path = name.partition("://")[2].partition("/")[2].strip("/")
        if given.get("operation") != "put-token":
            return _status(400, f"$cbs takes put-token. {self._tracking()}"), None
        try:
            kind, namespace = self._namespace(host)
            self._put(kind, namespace, path, text_of(given.get("type")), text_of(request.value))
        except AmqpError as refusal:
            self._journal(host, CBS, None, refusal)
            return _status(401 if refusal.condition == UNAUTHORIZED else 404, refusal.description), None
        return _status(202, "Accepted"), None

    def _put(self, kind: Kind, namespace: Resource, path: str, type_: str, token: str) -> None:
        if type_ != "jwt" or token.startswith("SharedAccessSignature"):  # some clients call both jwt
            is_off = bool(properties_of(namespace.body).get("disableLocalAuth"))
            text = "LocalAuthDisabled: Authorization failed because SAS authentication has been disabled for "
            # Nothing here gives out a key, so nobody can have signed with one.
            why = (
                f"{text}the namespace." if is_off else "InvalidSignature: The token has an invalid signature."
            )
            raise AmqpError(UNAUTHORIZED, f"{why} {self._tracking()}")
        try:
            caller = self._ground.entra.verify(token, kind.audiences)
        except Refusal as refusal:
            self._require_path(namespace, [Origin(address=PERSON_ADDRESS)])
            raise AmqpError(UNAUTHORIZED, f"{refusal.code}: {refusal.message} {self._tracking()}") from None
        self._require_path(namespace, self._services.origins(caller.principal.object_id))
        if self._keys.lost(namespace, customer_key(namespace.body)) is not None:
            text = "The namespace cannot use the key that it is encrypted with."
            raise AmqpError(UNAUTHORIZED, f"{text} {self._tracking()}")
        self._tokens[path.lower()] = token
        self._look_again(kind, namespace)

    def _look_again(self, kind: Kind, namespace: Resource) -> None:
        """Each link is held by the token that was put last."""
        for one in list(self._links):
            try:
                caller = self._caller(kind, one.link.host, one.path, one.claim)
                entity = kind.entity(namespace, one.path, one.link)
                self._require(kind, caller, entity, one.link.host, one.path, one.claim)
            except AmqpError as refusal:
                self._journal(one.link.host, one.path, None, refusal)
                one.link.refuse(refusal)

    def _require_path(self, namespace: Resource, origins: Sequence[Origin]) -> None:
        if not is_let_in(self._ground.store, namespace, origins):
            text = "Ip has been prevented to connect to the endpoint."
            raise AmqpError(UNAUTHORIZED, f"{text} {self._tracking()}")

    def _unauthorized(self, host: str, path: str, claim: Claim) -> AmqpError:
        text = f"Unauthorized access. '{claim}' claim(s) are required to perform this operation. Resource: "
        return AmqpError(UNAUTHORIZED, f"{text}'sb://{host}/{path.lower()}'. {self._tracking()}")

    def _tracking(self) -> str:
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"TrackingId:{uuid.uuid4()}_G0, SystemTracker:NoSystemTracker, Timestamp:{now}"

    def _journal(self, host: str, path: str, caller: Caller | None, refusal: AmqpError | None) -> None:
        status = 200 if refusal is None else 404 if refusal.condition == NOT_FOUND else 401
        decision = "allowed" if refusal is None else f"refused: {refusal.condition}"
        name = caller.principal.name if caller else None
        self._ground.journal.record(host, "AMQP", f"/{path}", status, name, decision)


class _Guarded:
    """A node behind the gate: nothing passes a link whose token has expired."""

    def __init__(self, gate: Gate, attached: _Attached, node: Node) -> None:
        self._gate, self._attached, self._node = gate, attached, node

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        if self._holds(link):
            self._node.received(link, message, is_batch)

    def credited(self, link: Link) -> None:
        if self._holds(link):
            self._node.credited(link)

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        self._node.settled(link, tag, outcome)

    def closed(self, link: Link) -> None:
        self._gate.forget(self._attached)
        self._node.closed(link)

    def _holds(self, link: Link) -> bool:
        try:
            self._gate.require_valid(self._attached)
        except AmqpError as refusal:
            link.refuse(refusal)
            return False
        return True


def _status(code: int, description: str) -> Mapping[str, Any]:
    return {"status-code": Int(code), "status-description": description}
