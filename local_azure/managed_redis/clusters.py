"""Microsoft.Cache/redisEnterprise, what Azure Managed Redis is made of.

https://learn.microsoft.com/rest/api/redis/redisenterprisecache/redis-enterprise
"""

import re
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.managed_redis.redis_names import ASSIGNMENTS, CLUSTERS, DATABASE, DATABASES, find, host_of
from local_azure.resource_manager.operations import location_of_operation
from local_azure.rules import Rule

_NAME: Final = re.compile(r"(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z0-9-]{1,60}")
_SKU: Final = re.compile(r"(Balanced_B|MemoryOptimized_M|ComputeOptimized_X|FlashOptimized_A)\d+")
ENABLED: Final = "Enabled"
DISABLED: Final = "Disabled"
ENCRYPTED: Final = "Encrypted"
POLICY: Final = "default"

RULES: Final = [
    Rule(
        "H1",
        "assumed",
        "A Managed Redis has a name of 1-60 letters, digits and single hyphens, unique in its region, and "
        "says whether its public address answers: 400, 409.",
        held_by="h1_an_impossible_or_taken_name_is_refused",
        source="https://learn.microsoft.com/rest/api/redis/redisenterprisecache/redis-enterprise/create",
    ),
    Rule(
        "H2",
        "assumed",
        "Its one database is called default, listens on port 10000, and changes neither its port nor its "
        "clustering policy: 400.",
        held_by="h2_the_one_database_is_called_default_and_keeps_its_port",
        source="https://learn.microsoft.com/azure/redis/architecture",
    ),
    Rule(
        "H2",
        "assumed",
        "Where nothing is said of them, access keys of a database are off.",
        held_by="h2_access_keys_are_off_unless_somebody_says_otherwise",
        source="https://learn.microsoft.com/azure/redis/entra-for-authentication",
    ),
    Rule(
        "H3",
        "refusal",
        "There is one access policy, default: an assignment of another one is refused, 400.",
        held_by="h3_there_is_no_other_access_policy_than_default",
        source="https://learn.microsoft.com/rest/api/redis/redisenterprisecache/access-policy-assignment",
    ),
    Rule(
        "H3",
        "refusal",
        "One principal has one assignment in a database: an invalid access policy assignment was detected "
        "due to duplicate entries.",
        held_by="h3_a_principal_is_assigned_once",
        source="Azure/AzureCacheForRedis#14",
    ),
]


class Cluster(ResourceType):
    """A Managed Redis. Its data is in its database, in memory."""

    type = CLUSTERS

    def __init__(self, ground: Ground, forget: Callable[[str], None]) -> None:
        """`forget` takes the data of a cluster away, by its id."""
        super().__init__(ground)
        self._forget = forget

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not _NAME.fullmatch(id.name):
            raise _bad("The name of the cluster has 1 to 60 letters, digits and single hyphens.")
        location, sku = located(new), str(section(new, "sku").get("name"))
        if not _SKU.fullmatch(sku):
            raise _bad(f"The SKU '{sku}' is none of Azure Managed Redis.")
        host = host_of(id.name, location)
        taken = find(self.ground.store, host)
        if old is None and taken is not None:
            raise Refusal(409, "NameNotAvailable", f"The name '{id.name}' is already in use in {location}.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        before = properties_of(old) or {
            "highAvailability": ENABLED,
            "hostName": host,
            "minimumTlsVersion": "1.2",
            "provisioningState": "Succeeded",
            "redisVersion": "7.4",
            "redundancyMode": "ZR",
            "resourceState": "Running",
        }
        if (given.get("publicNetworkAccess") or before.get("publicNetworkAccess")) not in (ENABLED, DISABLED):
            raise _bad("The property publicNetworkAccess is required, Enabled or Disabled.")
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": "v2",
            "location": location,
            "properties": {**before, **given},
            "sku": section(new, "sku"),
            "tags": new.get("tags") or {},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.store.after_commit(lambda: self._forget(id.key))


class Database(ResourceType):
    """The one database of a cluster."""

    type = DATABASES

    def __init__(self, ground: Ground, forget: Callable[[str], None]) -> None:
        super().__init__(ground)
        self._forget = forget

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if id.name != DATABASE:
            raise _bad(f"The name of the database is {DATABASE}.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        before = properties_of(old) or {
            "accessKeysAuthentication": DISABLED,
            "clientProtocol": ENCRYPTED,
            "clusteringPolicy": "OSSCluster",
            "deferUpgrade": "NotDeferred",
            "evictionPolicy": "VolatileLRU",
            "port": 10000,
            "provisioningState": "Succeeded",
            "redisVersion": "7.4",
            "resourceState": "Running",
        }
        for key in ("port", "clusteringPolicy") if old else ():
            if given.get(key, before[key]) != before[key]:
                raise _bad(f"The property {key} of a database cannot be changed.")
        return {"properties": {**before, **given}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        cluster = id.key.rpartition("/databases/")[0]
        self.ground.store.after_commit(lambda: self._forget(cluster))


class AccessPolicyAssignment(ResourceType):
    """Who is let in, with the one policy that there is."""

    type = ASSIGNMENTS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not _ASSIGNMENT.fullmatch(id.name):
            raise _bad("The name of an access policy assignment has 1 to 60 letters and digits.")
        given = properties_of(new)
        if given.get("accessPolicyName") != POLICY:
            raise _bad(
                f"The access policy '{given.get('accessPolicyName')}' is not found; there is {POLICY}."
            )
        object_id = str(section(given, "user").get("objectId") or "").lower()
        if not object_id:
            raise _bad("The property user.objectId is required.")
        for other in self.ground.store.list(under=id.parent, type=self.type):
            if other.id.lower() != id.key and holder(other.body) == object_id:
                raise Refusal(
                    400, "BadRequest",
                    "An invalid access policy assignment was detected due to duplicate entries. Please "
                    "review and ensure that each assignment has a unique combination of assignmentName, "
                    "policyName and ObjectId to avoid such duplicates",
                )  # fmt: skip
        return {
            "properties": {
                "accessPolicyName": POLICY,
                "provisioningState": "Succeeded",
                "user": {"objectId": object_id},
            }
        }

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(202, None, location_of_operation(self.ground.store, id.text, "delete"))


def holder(assignment: JsonObject) -> str:
    """Object id of who is let in, in lower case."""
    return str(section(properties_of(assignment), "user").get("objectId")).lower()


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
