"""What lets an identity into Azure Managed Redis: no role of Azure's, an access policy assignment."""

import uuid
from typing import Final

import pulumi
from pulumi_azure_native import redisenterprise

from .contract import REDIS_GRANT as TOKEN
from .in_reach import in_reach
from .outputs import register_outputs
from .plain import is_plain
from .references import parse_id
from .takes import PrincipalType, Takes

POLICY: Final = "default"
"""The one access policy that there is: all that the access keys would allow.
https://learn.microsoft.com/azure/redis/entra-for-authentication"""
DATABASE: Final = "default"
"""The one database of a cluster, whose name is always this."""
_GRANTS: Final = "Azure Managed Redis Contributor"


class RedisGrant(pulumi.ComponentResource):
    """One identity let into the database of one Managed Redis.

    Source: https://learn.microsoft.com/azure/redis/entra-for-authentication
    """

    access: pulumi.Output[str]
    """Who may do what, and where, in one sentence."""

    def __init__(
        self,
        name: str,
        redis_id: pulumi.Output[str],
        principal_id: pulumi.Output[str],
        principal_name: pulumi.Input[str],
        granted_by: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        # Under the names of `components/contract.py`: what a first preview knows.
        known = {"principalType": PrincipalType.SERVICE_PRINCIPAL.value, "grantedBy": granted_by}
        if is_plain(principal_name):
            known["principalName"] = str(principal_name)
        super().__init__(TOKEN, name, known, opts)
        place = in_reach(self, f"RedisGrant '{name}'", redis_id, "a cache").apply(parse_id)
        self.access = pulumi.Output.all(principal_name, redis_id).apply(
            lambda told: (
                f"Identity {told[0]} may read and write everything in Managed Redis "
                f"{parse_id(str(told[1])).name} (access policy {POLICY})."
            )
        )
        self.assignment = redisenterprise.AccessPolicyAssignment(
            name,
            access_policy_assignment_name=pulumi.Output.all(redis_id, principal_id).apply(
                lambda known: assignment_name(*map(str, known))
            ),
            access_policy_name=POLICY,
            cluster_name=place.apply(lambda id: id.name),
            database_name=DATABASE,
            resource_group_name=place.apply(lambda id: id.resource_group or ""),
            user={"object_id": principal_id},
            # Another principal is another name, so the two never collide.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )
        self.takes = (Takes(_GRANTS, redis_id, "lets identities in"),)
        register_outputs(self)


def assignment_name(redis_id: str, principal_id: str) -> str:
    """The name of the assignment, which takes letters and digits alone, however the ids are spelt."""
    seed = f"{redis_id.rstrip('/')}/{principal_id}".lower()
    return uuid.uuid5(uuid.NAMESPACE_URL, seed).hex
