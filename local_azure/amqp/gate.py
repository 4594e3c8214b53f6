"""Who may attach a link: a token for each, put on `$cbs`, and a role assignment on what it leads to.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_azure.amqp import kinds
from local_azure.amqp.audit import Audit
from local_azure.amqp.connection import Connection
from local_azure.amqp.frames import Performative
from local_azure.amqp.kinds import MANAGEMENT, Answered, Claim, Entity, Kind
from local_azure.amqp.link import NOT_FOUND, UNAUTHORIZED, AmqpError, Link, Node, text_of
from local_azure.amqp.messages import Message
from local_azure.amqp.requests import Requests
from local_azure.amqp.tokens import Tokens
from local_azure.amqp.values import Int
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
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
        "M3",
        "behaviour",
        "A token is put for each link, and again before it expires; who lost a role loses the link.",
        held_by="m3_a_grant_that_is_taken_away_is_felt_at_the_next_token",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide",
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
        self._ground, self._served = ground, served
        self._audit = Audit(ground, services)
        self._tokens = Tokens(ground, services)
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
            caller = self._tokens.caller(kind, link.host, path, claim)
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
        self._tokens.caller(kind, attached.link.host, attached.path, attached.claim)

    def forget(self, attached: _Attached) -> None:
        if attached in self._links:
            self._links.remove(attached)

    def _namespace(self, host: str) -> tuple[Kind, Resource]:
        found = kinds.find(self._ground.store, self._served, host)
        if found is None:
            raise AmqpError(NOT_FOUND, f"There is no namespace behind {host}. {self._tokens.tracking()}")
        return found

    def _require(
        self, kind: Kind, caller: Caller, entity: Entity, host: str, path: str, claim: Claim
    ) -> None:
        actions = [kind.actions[one] for one in entity.claims or (claim,)]
        decide = self._ground.authorizer.is_allowed
        asked = [(action, scope) for action in actions for scope in (entity.scope, *entity.parts)]
        if not any(decide(caller, action, scope, data=True).allowed for action, scope in asked):
            raise self._tokens.unauthorized(host, path, claim)

    def _asked_of(self, link: Link, request: Message) -> Answered:
        """A request to the namespace itself, about the entity that it names."""
        kind, namespace = self._namespace(link.host)
        path = f"{text_of(request.application.get('name'))}/{MANAGEMENT}"
        try:
            caller = self._tokens.caller(kind, link.host, path, "Listen")
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
            return _status(400, f"$cbs takes put-token. {self._tokens.tracking()}"), None
        try:
            kind, namespace = self._namespace(host)
            self._put(kind, namespace, path, text_of(given.get("type")), text_of(request.value))
        except AmqpError as refusal:
            self._journal(host, CBS, None, refusal)
            return _status(401 if refusal.condition == UNAUTHORIZED else 404, refusal.description), None
        return _status(202, "Accepted"), None

    def _put(self, kind: Kind, namespace: Resource, path: str, type_: str, token: str) -> None:
        self._tokens.put(kind, namespace, path, type_, token)
        self._look_again(kind, namespace)

    def _look_again(self, kind: Kind, namespace: Resource) -> None:
        """Each link is held by the token that was put last."""
        for one in list(self._links):
            try:
                caller = self._tokens.caller(kind, one.link.host, one.path, one.claim)
                entity = kind.entity(namespace, one.path, one.link)
                self._require(kind, caller, entity, one.link.host, one.path, one.claim)
            except AmqpError as refusal:
                self._journal(one.link.host, one.path, None, refusal)
                one.link.refuse(refusal)

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
