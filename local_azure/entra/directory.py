"""Entra ID: who there is, and tokens that say so, signed with a key of this local Azure's own.

Tokens are RS256 with version 1.0 claims, and 2.0 where an app registration asks for these: https://learn.microsoft.com/entra/identity-platform/access-tokens
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import jwt
from jwt.types import Options

from local_azure.clock import Clock
from local_azure.constants import EVERYBODY, MEMBERS, TENANT_ID
from local_azure.entra.audiences import is_known_audience
from local_azure.entra.claims import ISSUER, ISSUER_OF_V2, Holder, claims_of
from local_azure.entra.events import APPLICATIONS, GROUPS, Changed, Event, SignInAttempt, Way, usual_way
from local_azure.entra.keys import Credentials, SigningKey
from local_azure.entra.principals import Principal
from local_azure.entra.registrations import Registration, Registrations
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Store
from local_azure.told import Told

PERSON_LIFETIME: Final = 3_600
"""Seconds for which a person's or the deployer's token is good."""
IDENTITY_LIFETIME: Final = 86_400
"""Seconds for which a managed identity's token is good; the platform hands out the same one meanwhile."""

RULES: Final = [
    Rule(
        "R14",
        "behaviour",
        "Groups are evaluated when a token is issued, and identities' tokens live a day.",
        held_by="groups_are_those_of_the_moment_the_token_was_issued",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "Azure/Azure-Functions#1947",
    ),
    Rule(
        "R19",
        "behaviour",
        "An identity that is made again has a new principal id.",
        held_by="an_identity_made_again_is_a_stranger_to_its_old_grants",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
    ),
]


@dataclass(frozen=True)
class Caller:
    """Who holds a valid token: `groups` are those the token was issued with, `until` is when it ends, in
    seconds since the epoch."""

    principal: Principal
    groups: frozenset[str]
    audience: str
    until: float = 0.0


class Entra:
    """One tenant. `happened` tells of each sign-in and of each change."""

    def __init__(self, state: Path, store: Store, clock: Clock) -> None:
        self._clock = clock
        self.happened = Told[Event]()
        self._principals = store.documents("principals")
        self._members = store.documents("group-members")
        self._is_audience: Callable[[str], bool] = is_known_audience
        self.registrations = Registrations(store)
        self._unreplicated: dict[str, int] = {}
        self._replication_delay = 0
        self.key = SigningKey(state / "entra-key.pem")
        self._credentials = Credentials(state / "credentials.json")
        for one in EVERYBODY:
            if self.principal(one.object_id) is None:
                self._put(Principal(one.object_id, one.client_id, one.kind, one.name))
                for member in MEMBERS.get(one.object_id, ()):
                    self.add_member(one.object_id, member)

    def recognise(self, is_audience: Callable[[str], bool]) -> None:
        """From now on tokens are issued for what the services say is theirs, too."""
        self._is_audience = lambda name: is_audience(name) or is_known_audience(name)

    def credentials(self) -> dict[str, str]:
        """The secret or password of each inhabitant who can sign in, by name."""
        return self._credentials.all()

    def register_identity(self, name: str, resource_id: str | None) -> Principal:
        """A new managed identity with ids never used before."""
        principal = Principal(str(uuid.uuid4()), str(uuid.uuid4()), "ServicePrincipal", name, resource_id)
        self._put(principal)
        self._tell("Add service principal", APPLICATIONS, principal)
        if self._replication_delay:
            self._unreplicated[principal.object_id] = self._replication_delay
        return principal

    def delay_replication(self, requests: int) -> None:
        """Let identities that are registered from now on be unknown to that many look-ups by others (R1)."""
        self._replication_delay = requests

    def is_still_replicating(self, object_id: str) -> bool:
        """Whether a look-up by another service still misses this principal; each call is one look-up.

        Counted in memory: the refusal that follows a miss undoes what its request wrote to the store.
        """
        left = self._unreplicated.pop(object_id.lower(), 0)
        if left > 1:
            self._unreplicated[object_id.lower()] = left - 1
        return left > 0

    def remove_identity(self, object_id: str, by: Principal | None = None) -> None:
        """Forget it and its memberships; its role assignments stay behind (R17)."""
        self._tell("Remove service principal", APPLICATIONS, self.principal(object_id), by=by)
        self._principals.delete(object_id)
        self._unreplicated.pop(object_id.lower(), None)
        for group in self.groups_of(object_id):
            self.remove_member(group, object_id)

    def principal(self, object_id: str) -> Principal | None:
        document = self._principals.get(object_id)
        return _principal(document) if document else None

    def principals(self) -> list[Principal]:
        """Everybody, by object id."""
        return [_principal(document) for _, document in self._principals.items()]

    def principal_by_client_id(self, client_id: str) -> Principal | None:
        found, wanted = self.principals(), client_id.lower()
        return next((one for one in found if one.client_id and one.client_id.lower() == wanted), None)

    def user_by_name(self, name: str) -> Principal | None:
        found = self.principals()
        return next((one for one in found if one.kind == "User" and one.name.lower() == name.lower()), None)

    def groups_of(self, object_id: str) -> set[str]:
        """The object ids of the groups that it is a direct member of."""
        return {group for group, one in self._members.items() if object_id.lower() in one["members"]}

    def add_member(self, group_id: str, object_id: str) -> None:
        members = self._members.get(group_id) or {"members": []}
        self._members.put(group_id, {"members": sorted({*members["members"], object_id.lower()})})
        self._tell("Add member to group", GROUPS, self.principal(object_id), self.principal(group_id))

    def remove_member(self, group_id: str, object_id: str) -> None:
        members = self._members.get(group_id) or {"members": []}
        self._members.put(group_id, {"members": [m for m in members["members"] if m != object_id.lower()]})
        self._tell("Remove member from group", GROUPS, self.principal(object_id), self.principal(group_id))

    def issue(self, principal: Principal, audience: str, way: Way | None = None) -> tuple[str, int]:
        """A token for `audience` and when it expires, in seconds since the epoch. Raises Refusal 400 for an
        audience that is no resource of Azure's. `way` is how the principal said who it is; left out, a
        managed identity's is its host's."""
        signed_in = SignInAttempt(principal, audience, way or usual_way(principal))
        try:
            issued = self._issued(principal, audience)
        except Refusal as refusal:
            self.refuse(signed_in, refusal)
            raise
        self.happened.tell(signed_in)
        return issued

    def refuse(self, asked: SignInAttempt, refusal: Refusal) -> None:
        """Somebody known got no token."""
        if refused := asked.refused(refusal):
            self.happened.tell(refused)

    def _issued(self, principal: Principal, audience: str) -> tuple[str, int]:
        is_azures = self._is_audience(audience)
        registration = None if is_azures else self.registrations.called(audience)
        if not (is_azures or (registration is not None and self._has_principal(registration))):
            raise Refusal(
                400, "invalid_resource",
                f"AADSTS500011: The resource principal named {audience} was not found in the tenant named "
                f"{TENANT_ID}.",
            )  # fmt: skip
        now = int(self._clock.now())
        lifetime = IDENTITY_LIFETIME if principal.resource_id else PERSON_LIFETIME
        who = Holder(principal, sorted(self.groups_of(principal.object_id)))
        lasting: JsonObject = {"iat": now, "nbf": now, "exp": now + lifetime}
        claims = {**lasting, **claims_of(who, audience, registration)}
        return self.key.sign(claims), now + lifetime

    def is_of_azure(self, name: str) -> bool:
        """Whether a resource of Azure's own is called that, which no registration can be."""
        return self._is_audience(name)

    def register_application(self, app_id: str, name: str, by: Principal | None = None) -> Principal:
        """The service principal of an app registration: without one, nobody gets a token for it."""
        principal = Principal(str(uuid.uuid4()), app_id, "ServicePrincipal", name)
        self._put(principal)
        self._tell("Add service principal", APPLICATIONS, principal, by=by)
        return principal

    def _tell(self, activity: str, what: str, *of: Principal | None, by: Principal | None = None) -> None:
        self.happened.tell(Changed.of(activity, what, of, by))

    def _has_principal(self, registration: Registration) -> bool:
        made_here = bool(registration.object_id)
        return not made_here or self.principal_by_client_id(registration.app_id) is not None

    def verify(self, token: str, audiences: Collection[str]) -> Caller:
        """Whose token it is. Raises Refusal 401 for one of another issuer or audience, or out of its time."""
        claims = self.claims(token)
        audience = str(claims["aud"]).rstrip("/")
        if audience.lower() not in {one.rstrip("/").lower() for one in audiences}:
            text = f"The access token has been obtained for wrong audience or resource '{audience}'."
            raise _invalid(text, "InvalidAuthenticationTokenAudience")
        if claims["exp"] <= self._clock.now():
            text = "The access token expiry UTC time is earlier than current UTC time."
            raise _invalid(text, "ExpiredAuthenticationToken")
        principal = self.principal(claims["oid"])
        if principal is None:  # deleted since: its token is good until it expires
            client_id = claims.get("appid") or claims.get("azp")
            principal = Principal(claims["oid"], client_id, "ServicePrincipal", "deleted identity")
        return Caller(principal, frozenset(claims.get("groups") or ()), audience, float(claims["exp"]))

    def claims(self, token: str) -> JsonObject:
        """What a token says that this tenant signed. Raises Refusal 401 for any other; its time and whom it
        is for are not looked at.
        """
        unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        try:
            claims = jwt.decode(
                token, self.key.public, algorithms=["RS256"], options=cast(Options, unchecked)
            )
        except jwt.InvalidTokenError:
            raise _invalid("The access token is invalid.") from None
        if claims.get("iss") not in (ISSUER, ISSUER_OF_V2):
            raise _invalid("The access token is invalid.")
        return claims

    def _put(self, principal: Principal) -> None:
        self._principals.put(
            principal.object_id,
            {
                "object_id": principal.object_id, "client_id": principal.client_id, "kind": principal.kind,
                "name": principal.name, "resource_id": principal.resource_id,
            },
        )  # fmt: skip


def _principal(document: JsonObject) -> Principal:
    return Principal(**document)


def _invalid(message: str, code: str = "InvalidAuthenticationToken") -> Refusal:
    return Refusal(401, code, message)
