"""The tokens that one connection has put, each of which lets a caller in to a path and what is below it.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from local_azure.amqp.encryption import customer_key
from local_azure.amqp.kinds import Claim, Kind
from local_azure.amqp.link import UNAUTHORIZED, AmqpError
from local_azure.amqp.network import is_let_in
from local_azure.bodies import properties_of
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.key_vault.customer_keys import CustomerKeys
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

RULES: Final = [
    Rule(
        "M2",
        "refusal",
        "A signature with a key is refused where local authentication is off: 401 LocalAuthDisabled.",
        held_by="m2_a_key_opens_nothing",
        source="Azure/azure-sdk-for-java#37010 Azure/azure-sdk-for-js#32923",
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


class Tokens:
    """The tokens of one connection, by the paths that they were put for."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services
        self._keys = CustomerKeys(ground)
        self._tokens: dict[str, str] = {}

    def put(self, kind: Kind, namespace: Resource, path: str, type_: str, token: str) -> None:
        """From now on links to the path are held by that token. Raises AmqpError."""
        if type_ != "jwt" or token.startswith("SharedAccessSignature"):  # some clients call both jwt
            is_off = bool(properties_of(namespace.body).get("disableLocalAuth"))
            text = "LocalAuthDisabled: Authorization failed because SAS authentication has been disabled for "
            # Nothing here gives out a key, so nobody can have signed with one.
            why = (
                f"{text}the namespace." if is_off else "InvalidSignature: The token has an invalid signature."
            )
            raise AmqpError(UNAUTHORIZED, f"{why} {self.tracking()}")
        try:
            caller = self._ground.entra.verify(token, kind.audiences)
        except Refusal as refusal:
            self._require_path(namespace, [Origin(address=PERSON_ADDRESS)])
            raise AmqpError(UNAUTHORIZED, f"{refusal.code}: {refusal.message} {self.tracking()}") from None
        self._require_path(namespace, self._services.origins(caller.principal.object_id))
        if self._keys.lost(namespace, customer_key(namespace.body)) is not None:
            text = "The namespace cannot use the key that it is encrypted with."
            raise AmqpError(UNAUTHORIZED, f"{text} {self.tracking()}")
        self._tokens[path.lower()] = token

    def caller(self, kind: Kind, host: str, path: str, claim: Claim) -> Caller:
        """Whose token covers the path, the one for the longest part of it."""
        parts = path.lower().split("/")
        covering = ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]
        token = next((self._tokens[one] for one in covering if one in self._tokens), None)
        if token is None:
            raise self.unauthorized(host, path, claim)
        try:
            return self._ground.entra.verify(token, kind.audiences)
        except Refusal as refusal:
            raise AmqpError(UNAUTHORIZED, f"{refusal.code}: {refusal.message} {self.tracking()}") from None

    def unauthorized(self, host: str, path: str, claim: Claim) -> AmqpError:
        """Who has no claim to a path is told which it takes."""
        text = f"Unauthorized access. '{claim}' claim(s) are required to perform this operation. Resource: "
        return AmqpError(UNAUTHORIZED, f"{text}'sb://{host}/{path.lower()}'. {self.tracking()}")

    def tracking(self) -> str:
        """How every refusal ends."""
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"TrackingId:{uuid.uuid4()}_G0, SystemTracker:NoSystemTracker, Timestamp:{now}"

    def _require_path(self, namespace: Resource, origins: Sequence[Origin]) -> None:
        if not is_let_in(self._ground.store, namespace, origins):
            text = "Ip has been prevented to connect to the endpoint."
            raise AmqpError(UNAUTHORIZED, f"{text} {self.tracking()}")
