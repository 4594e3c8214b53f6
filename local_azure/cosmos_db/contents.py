"""Databases and containers of an account, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/cosmos-db-resource-provider/sql-resources
"""

import base64
import hashlib
import re
import uuid
from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.cosmos_db.account_names import CONTAINERS, DATABASES
from local_azure.cosmos_db.accounts import bad_request, is_serverless
from local_azure.cosmos_db.items import ItemStore
from local_azure.database_servers.accepted import Accepted
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

_NAME: Final = re.compile(r"[^/\\#?]{0,254}[^/\\#? ]")

RULES: Final = [
    Rule(
        "B5",
        "assumed",
        "A database's or container's name has 1-255 characters, none of /, \\, # and ?, and ends with no "
        "space: 400 BadRequest.",
        held_by="b5_an_impossible_name_of_a_container_is_refused",
        source="https://learn.microsoft.com/azure/cosmos-db/concepts-limits",
    ),
    Rule(
        "B5",
        "refusal",
        "In a serverless account nothing has a throughput: 400 BadRequest.",
        held_by="b5_in_a_serverless_account_nothing_has_a_throughput",
        source="microsoft/simplechat#33",
    ),
    Rule(
        "B5",
        "refusal",
        "A container has a partition key, which never changes: 400 BadRequest.",
        held_by="b5_the_partition_key_of_a_container_never_changes",
        source="pulumi/pulumi-azure-native#562",
    ),
]


class _Content(Accepted):
    """What an account or a database holds: its words are below `resource`, its throughput below `options`."""

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _NAME.fullmatch(id.name) is None:
            raise bad_request("The input name is invalid: 1-255 characters without /, \\, # and ?.")
        given, before = properties_of(new), section(properties_of(old), "resource")
        resource = {key: value for key, value in section(given, "resource").items() if value is not None}
        if resource.get("id") != id.name:
            raise bad_request("The id in the body is not the one in the path.")
        options = {key: value for key, value in section(given, "options").items() if value is not None}
        account = self.ground.store.get(_account_of(id))
        assert account is not None
        if options and is_serverless(account.body):
            raise bad_request(
                "Setting offer throughput or autopilot on container is not supported for serverless accounts."
            )
        self.check(before, resource)
        kept: JsonObject = {**before, **resource, **self._system(id, before)}
        had = section(properties_of(old), "options")
        return {
            "tags": new.get("tags") or {},
            "properties": {"resource": kept, "options": {**had, **options}},
        }

    def check(self, before: JsonObject, resource: JsonObject) -> None:
        """Raises Refusal for what the resource cannot be, or become."""

    def _system(self, id: ResourceId, before: JsonObject) -> JsonObject:
        return {
            "_etag": f'"{uuid.uuid4()}"',
            "_rid": before.get("_rid") or rid_of(id.text),
            "_ts": int(self.ground.clock.now()),
        }


class Database(_Content):
    """A database, which is a name for its containers."""

    type = DATABASES


class Container(_Content):
    """A container of items, which go with it."""

    type = CONTAINERS

    def __init__(self, ground: Ground, items: ItemStore) -> None:
        super().__init__(ground)
        self._items = items

    def check(self, before: JsonObject, resource: JsonObject) -> None:
        paths = items_of_key(resource)
        if not before and not paths:
            raise bad_request("The partition key of a container is required.")
        if before and paths and paths != items_of_key(before):
            raise bad_request("Document collection partition key cannot be changed.")
        if any(not re.fullmatch(r"(?:/[^/]+)+", path) for path in paths) or len(paths) > 3:
            raise bad_request("A partition key has one to three paths, each beginning with a slash.")

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._items.forget(id.text)


def items_of_key(resource: JsonObject) -> list[str]:
    """The paths of a container's partition key."""
    found: list[str] = section(resource, "partitionKey").get("paths") or []
    return found


def rid_of(text: str) -> str:
    """What the data plane calls a thing by: eight bytes, and for each thing its own."""
    return base64.b64encode(hashlib.sha256(text.lower().encode()).digest()[:8]).decode().replace("/", "-")


def _account_of(id: ResourceId) -> str:
    return re.split("/sqlDatabases/", id.text, maxsplit=1, flags=re.IGNORECASE)[0]
