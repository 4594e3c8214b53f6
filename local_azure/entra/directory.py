"""Entra ID: who there is, and tokens that say so, signed with a key of this local Azure's own.

Tokens are RS256 with version 1.0 claims: https://learn.microsoft.com/entra/identity-platform/access-tokens
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jwt

from local_azure.clock import Clock
from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    TENANT_ID,
    VAULT_OFFICERS,
    VAULT_READERS,
)
from local_azure.entra.audiences import is_known_audience
from local_azure.entra.keys import Credentials, SigningKey
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Store

ISSUER: Final = f"https://sts.windows.net/{TENANT_ID}/"
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
class Principal:
    """A person, a group, an application or a managed identity, whose `resource_id` is its own or its
    host's."""

    object_id: str
    client_id: str | None
    kind: str
    name: str
    resource_id: str | None = None


@dataclass(frozen=True)
class Caller:
    """Who holds a valid token: `groups` are those the token was issued with."""

    principal: Principal
    groups: frozenset[str]
    audience: str


class Entra:
    """One tenant."""

    def __init__(self, state: Path, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._principals = store.documents("principals")
        self._members = store.documents("group-members")
        self._is_audience: Callable[[str], bool] = is_known_audience
        self._unreplicated: dict[str, int] = {}
        self._replication_delay = 0
        self.key = SigningKey(state / "entra-key.pem")
        self._credentials = Credentials(state / "credentials.json")
        for one in (DEPLOYER, OFFICER, DEVELOPER, VAULT_OFFICERS, VAULT_READERS):
            if self.principal(one.object_id) is None:
                self._put(Principal(one.object_id, one.client_id, one.kind, one.name))
                if one is OFFICER:
                    self.add_member(VAULT_OFFICERS.object_id, OFFICER.object_id)

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

    def remove_identity(self, object_id: str) -> None:
        """Forget it and its memberships; its role assignments stay behind (R17)."""
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

    def every(self) -> list[Principal]:
        """All who are in the directory."""
        return [_principal(document) for _, document in self._principals.items()]

    def user_by_name(self, name: str) -> Principal | None:
        found = self.principals()
        return next((one for one in found if one.kind == "User" and one.name.lower() == name.lower()), None)

    def groups_of(self, object_id: str) -> set[str]:
        """The object ids of the groups that it is a direct member of."""
        return {
            group for group, document in self._members.items() if object_id.lower() in document["members"]
        }

    def add_member(self, group_id: str, object_id: str) -> None:
        members = self._members.get(group_id) or {"members": []}
        self._members.put(group_id, {"members": sorted({*members["members"], object_id.lower()})})

    def remove_member(self, group_id: str, object_id: str) -> None:
        members = self._members.get(group_id) or {"members": []}
        self._members.put(group_id, {"members": [m for m in members["members"] if m != object_id.lower()]})

    def issue(self, principal: Principal, audience: str) -> tuple[str, int]:
        """A token for `audience` and when it expires, in seconds since the epoch. Raises Refusal 400 for an
        audience that is no resource of Azure's."""
        if not self._is_audience(audience):
            raise Refusal(
                400, "invalid_resource",
                f"AADSTS500011: The resource principal named {audience} was not found in the tenant named "
                f"{TENANT_ID}.",
            )  # fmt: skip
        now = int(self._clock.now())
        lifetime = IDENTITY_LIFETIME if principal.resource_id else PERSON_LIFETIME
        claims: JsonObject = {
            "aud": audience, "iss": ISSUER, "iat": now, "nbf": now, "exp": now + lifetime, "ver": "1.0",
            "oid": principal.object_id, "sub": principal.object_id, "tid": TENANT_ID,
            "idtyp": "user" if principal.kind == "User" else "app",
            "groups": sorted(self.groups_of(principal.object_id)),
        }  # fmt: skip
        if principal.kind == "User":
            claims |= {"upn": principal.name, "unique_name": principal.name, "scp": "user_impersonation"}
        claims["appid"] = principal.client_id or AZURE_CLI
        if principal.resource_id:
            claims["xms_mirid"] = principal.resource_id
        return self.key.sign(claims), now + lifetime

    def verify(self, token: str, audiences: Collection[str]) -> Caller:
        """Whose token it is. Raises Refusal 401 for one of another issuer or audience, or out of its time."""
        try:
            claims = jwt.decode(
                token, self.key.public, algorithms=["RS256"], issuer=ISSUER,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            raise _invalid("The access token is invalid.") from None
        audience = str(claims["aud"]).rstrip("/")
        if audience.lower() not in {one.rstrip("/").lower() for one in audiences}:
            text = f"The access token has been obtained for wrong audience or resource '{audience}'."
            raise _invalid(text, "InvalidAuthenticationTokenAudience")
        if claims["exp"] <= self._clock.now():
            text = "The access token expiry UTC time is earlier than current UTC time."
            raise _invalid(text, "ExpiredAuthenticationToken")
        principal = self.principal(claims["oid"])
        if principal is None:  # deleted since: its token is good until it expires
            principal = Principal(claims["oid"], claims["appid"], "ServicePrincipal", "deleted identity")
        return Caller(principal, frozenset(claims["groups"]), audience)

    def _put(self, principal: Principal) -> None:
        self._principals.put(
            principal.object_id,
            {
                "object_id": principal.object_id, "client_id": principal.client_id, "kind": principal.kind,
                "name": principal.name, "resource_id": principal.resource_id,
            },
        )  # fmt: skip


AZURE_CLI: Final = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
"""The public client id of the Azure CLI, which people's tokens carry."""


def _principal(document: JsonObject) -> Principal:
    return Principal(**document)


def _invalid(message: str, code: str = "InvalidAuthenticationToken") -> Refusal:
    return Refusal(401, code, message)
