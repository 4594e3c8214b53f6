"""The data plane of the API for NoSQL: `<account>.documents.azure.com`, and the same in each region.

https://learn.microsoft.com/rest/api/cosmos-db/
"""

from typing import Any

from local_azure.bodies import items, properties_of, section
from local_azure.cosmos_db import account_names
from local_azure.cosmos_db.access import READ_METADATA, Access, not_by_a_token
from local_azure.cosmos_db.account_names import CONTAINERS, DATABASES, account_name
from local_azure.cosmos_db.container_data import ContainerData
from local_azure.cosmos_db.contents import rid_of
from local_azure.cosmos_db.data_paths import ACCOUNT
from local_azure.cosmos_db.encryption import require_still_there
from local_azure.cosmos_db.firewall import require_path
from local_azure.cosmos_db.items import ItemStore
from local_azure.cosmos_db.refusals import not_served_here, refusal
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.service import Services
from local_azure.store import Resource


class CosmosData:
    """Every account's databases, containers and items, behind tokens and role assignments."""

    def __init__(self, ground: Ground, items: ItemStore, services: Services) -> None:
        self._ground = ground
        self._services = services
        self._access = Access(ground)
        self._keys = CustomerKeys(ground)
        self._containers = ContainerData(ground, items, self._access)

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = account_names.find(self._ground.store, request.host)
        if account is None:
            raise refusal(404, "NotFound", f"There is no Cosmos DB account behind {request.host}.")
        caller = self._caller(account, request)
        require_still_there(self._keys, account)
        segments = [one for one in request.path.split("/") if one]
        with self._ground.store.transaction():
            answer = self._answer(account, request, caller, segments)
        return Response(answer.status, answer.body, {"x-ms-request-charge": "1", **answer.headers})

    def _answer(
        self, account: Resource, request: Request, caller: Caller | None, segments: list[str]
    ) -> Response:
        match request.method, segments:
            case "GET", []:
                self._access.require(account, caller, READ_METADATA, ACCOUNT)
                return Response(200, _description(account, request.host))
            case "GET", ["dbs"]:
                self._access.require(account, caller, READ_METADATA, ACCOUNT)
                found = self._children(account.id, DATABASES)
                return _listed("", "Databases", [_described(one) for one in found])
            case "GET", ["dbs", name]:
                self._access.require(account, caller, READ_METADATA, f"/dbs/{name}")
                return Response(200, _described(self._database(account, name)))
            case "GET", ["dbs", name, "colls"]:
                self._access.require(account, caller, READ_METADATA, f"/dbs/{name}")
                database = self._database(account, name)
                found = self._children(database.id, CONTAINERS)
                return _listed(_rid(database), "DocumentCollections", [_described(one) for one in found])
            case "GET", ["dbs", database, "colls", name]:
                path = f"/dbs/{database}/colls/{name}"
                self._access.require(account, caller, READ_METADATA, path)
                return Response(200, _described(self._container(account, database, name)))
            case "GET", ["dbs", database, "colls", name, "pkranges"]:
                path = f"/dbs/{database}/colls/{name}"
                self._access.require(account, caller, READ_METADATA, path)
                return _one_range(self._container(account, database, name), request)
            case _, ["dbs", database, "colls", name, "docs", *rest] if len(rest) < 2:
                path = f"/dbs/{database}/colls/{name}"
                find = lambda: self._container(account, database, name)  # noqa: E731 - asked after the grant
                return self._containers.answer(account, caller, path, find, request, rest)
            case _, ["dbs", *rest] if len(rest) < 4 and (len(rest) < 2 or rest[1] == "colls"):
                if caller is not None:
                    raise not_by_a_token(account, request)
                raise not_served_here("databases and containers that are made with a key")
            case method, _:
                raise not_served_here(f"{method} {request.path} of Cosmos DB")

    def _caller(self, account: Resource, request: Request) -> Caller | None:
        """Who asks, from a place that the account answers. Only a token tells whose place it is."""
        anywhere = [Origin(address=PERSON_ADDRESS)]
        try:
            caller = self._access.caller(account, request)
        except Refusal:
            require_path(self._ground.store, account, anywhere)
            raise
        origins = self._services.origins(caller.principal.object_id) if caller else anywhere
        require_path(self._ground.store, account, origins)
        return caller

    def _children(self, id: str, type_: str) -> list[Resource]:
        return self._ground.store.list(under=id, type=type_)

    def _database(self, account: Resource, name: str) -> Resource:
        return _found(self._ground.store.get(f"{account.id}/sqlDatabases/{name}"), name)

    def _container(self, account: Resource, database: str, name: str) -> Resource:
        parent = self._database(account, database)
        return _found(self._ground.store.get(f"{parent.id}/containers/{name}"), name)


def _found(resource: Resource | None, name: str) -> Resource:
    """Raises Refusal 404 for what is not there, or under a name that differs in case."""
    if resource is None or section(properties_of(resource.body), "resource")["id"] != name:
        text = "Owner resource does not exist. Learn more: https://aka.ms/cosmosdb-tsg-not-found"
        raise refusal(404, "NotFound", text, 1003)
    return resource


def _description(account: Resource, host: str) -> JsonObject:
    properties = properties_of(account.body)

    def places(key: str) -> list[JsonObject]:
        found = items(properties, key)
        return [
            {"name": one["locationName"], "databaseAccountEndpoint": one["documentEndpoint"]} for one in found
        ]

    return {
        "_self": "",
        "id": account_name(account),
        "_rid": host,
        "_dbs": "//dbs/",
        "media": "//media/",
        "addresses": "//addresses/",
        "enableMultipleWriteLocations": False,
        "queryEngineConfiguration": "{}",
        "readLocations": places("readLocations"),
        "readPolicy": {"primaryReadCoefficient": 1, "secondaryReadCoefficient": 1},
        "systemReplicationPolicy": {"minReplicaSetSize": 3, "maxReplicasetSize": 4},
        "userConsistencyPolicy": {
            "defaultConsistencyLevel": section(properties, "consistencyPolicy")["defaultConsistencyLevel"]
        },
        "userReplicationPolicy": {"asyncReplication": False, "minReplicaSetSize": 3, "maxReplicasetSize": 4},
        "writableLocations": places("writeLocations"),
    }


def _described(resource: Resource) -> JsonObject:
    """A database or a container in the data plane's words."""
    known = section(properties_of(resource.body), "resource")
    rid = known["_rid"]
    if resource.type == DATABASES:
        return {**known, "_self": f"dbs/{rid}/", "_colls": "colls/", "_users": "users/"}
    parent = rid_of(resource.id.rpartition("/containers/")[0])
    more = {"_docs": "docs/", "_sprocs": "sprocs/", "_triggers": "triggers/", "_udfs": "udfs/"}
    return {**known, "_self": f"dbs/{parent}/colls/{rid}/", **more, "_conflicts": "conflicts/"}


def _rid(resource: Resource) -> str:
    return str(section(properties_of(resource.body), "resource")["_rid"])


def _listed(rid: str, name: str, found: list[JsonObject]) -> Response:
    return Response(
        200, {"_rid": rid, name: found, "_count": len(found)}, {"x-ms-item-count": str(len(found))}
    )


def _one_range(container: Resource, request: Request) -> Response:
    """A container here has one partition, however many keys."""
    rid = _rid(container)
    etag = f'"{rid}"'
    if request.headers.get("if-none-match") == etag:
        return Response(304, None, {"etag": etag})
    one: dict[str, Any] = {
        "_rid": rid, "id": "0", "_etag": etag, "minInclusive": "", "maxExclusive": "FF", "ridPrefix": 0,
        "_self": f"pkranges/{rid}/", "throughputFraction": 1, "status": "online", "parents": [], "_ts": 0,
    }  # fmt: skip
    body = {"_rid": rid, "PartitionKeyRanges": [one], "_count": 1}
    return Response(200, body, {"etag": etag})
