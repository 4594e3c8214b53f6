"""Who is let in to a Managed Redis: a token of Entra in the place of a password, an access policy assignment
to whoever it is of, and a path through the network.

https://learn.microsoft.com/azure/redis/entra-for-authentication
"""

from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience
from local_azure.bodies import properties_of
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.managed_redis.clusters import DISABLED, holder
from local_azure.managed_redis.redis_names import ASSIGNMENTS, database_of, find
from local_azure.managed_redis.resp import RedisRefusal
from local_azure.network.paths import leads_privately
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

AUDIENCE: Final = audience(Audience.REDIS)

RULES: Final = [
    Rule(
        "H4",
        "refusal",
        "Whoever has not said who they are is told so, whatever they ask: NOAUTH Authentication required.",
        held_by="h4_without_a_token_nothing_is_answered",
        source="https://redis.io/docs/latest/commands/auth/",
    ),
    Rule(
        "H4",
        "refusal",
        "A user name that is not the object id in the token, a token for something else or out of its time, "
        "and an access key are one refusal: WRONGPASS invalid username-password pair.",
        held_by="h4_what_is_no_token_of_the_named_principal_is_refused",
        source="Azure/azure-sdk-for-java#30002",
    ),
    Rule(
        "H5",
        "behaviour",
        "Who has no access policy assignment is not let in, whatever role they have.",
        held_by="h5_no_role_lets_anybody_in",
        source="https://learn.microsoft.com/azure/redis/entra-for-authentication",
    ),
    Rule(
        "H5",
        "behaviour",
        "A group is assigned in vain: its members are not let in.",
        held_by="h5_a_group_is_assigned_in_vain",
        source="https://learn.microsoft.com/azure/redis/entra-for-authentication",
    ),
    Rule(
        "H6",
        "assumed",
        "An assignment that is taken away is felt at the next AUTH of an open connection.",
        held_by="h6_an_assignment_that_is_taken_away_is_felt_at_the_next_token",
    ),
    Rule(
        "H6",
        "behaviour",
        "A connection ends when the token that it was opened with does, unless another AUTH came before.",
        held_by="h6_a_connection_ends_with_its_token",
        source="https://learn.microsoft.com/azure/redis/entra-for-authentication",
    ),
    Rule(
        "H7",
        "assumed",
        "Without public access nobody is let in but by a private endpoint: the connection ends.",
        held_by="h7_a_closed_cache_is_reached_by_its_private_endpoint_alone",
    ),
]


@dataclass(frozen=True)
class Admitted:
    """Who was let in where, and until when, in seconds since the epoch."""

    who: str
    cluster_id: str
    until: float


class UnreachableError(Exception):
    """No answer: the network leads nowhere."""


@dataclass(frozen=True)
class Admission:
    """Decides on one AUTH after the other; called in threads."""

    ground: Ground
    services: Services

    def decide(self, host: str, user: str, token: str) -> Admitted:
        """Raises RedisRefusal and UnreachableError."""
        cluster = find(self.ground.store, host)
        database = database_of(self.ground.store, cluster) if cluster else None
        if cluster is None or database is None:
            raise UnreachableError
        try:
            caller = self.ground.entra.verify(token, {AUDIENCE})
        except Refusal:
            # A key is refused where keys are on, too: nothing here gives one out.
            raise wrong_password() from None
        principal = caller.principal
        if not self._is_reached(cluster, principal.object_id):
            raise UnreachableError
        if principal.object_id.lower() != user.lower() or not self._is_assigned(database, user):
            raise wrong_password()
        return Admitted(principal.name, cluster.id.lower(), caller.until)

    def _is_assigned(self, database: Resource, object_id: str) -> bool:
        assignments = self.ground.store.list(under=database.id, type=ASSIGNMENTS)
        return any(holder(one.body) == object_id.lower() for one in assignments)

    def _is_reached(self, cluster: Resource, principal_id: str) -> bool:
        if properties_of(cluster.body).get("publicNetworkAccess") != DISABLED:
            return True
        origins = self.services.origins(principal_id)
        return any(leads_privately(self.ground.store, origin, cluster.id) for origin in origins)


def wrong_password() -> RedisRefusal:
    return RedisRefusal("WRONGPASS", "invalid username-password pair")
