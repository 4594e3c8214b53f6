"""Microsoft.DocumentDB/databaseAccounts.

https://learn.microsoft.com/rest/api/cosmos-db-resource-provider/database-accounts
"""

import re
from collections.abc import Mapping
from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import items, located, properties_of, section
from local_azure.cosmos_db.account_keys import forget_keys, listed_keys, renewed_keys
from local_azure.cosmos_db.account_names import ACCOUNTS, FOREIGN_NAMES, endpoint, named, region_word
from local_azure.cosmos_db.encryption import require_key
from local_azure.cosmos_db.firewall import check_rules
from local_azure.database_servers.accepted import Accepted
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys, attached
from local_azure.rules import Rule

SERVERLESS: Final = "EnableServerless"
_NAME: Final = re.compile(r"(?=.{3,44}$)[a-z0-9]+(?:-[a-z0-9]+)*")
_TLS: Final = ("Tls", "Tls11", "Tls12")
_OTHER_APIS: Final = ("EnableCassandra", "EnableGremlin", "EnableMongo", "EnableTable")

RULES: Final = [
    Rule(
        "B1",
        "assumed",
        "An account's name has 3-44 lower-case letters, digits and single hyphens, none of these at an end: "
        "400 BadRequest.",
        held_by="b1_an_impossible_name_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsoftdocumentdb",
    ),
    Rule(
        "B1",
        "refusal",
        "An account's name is unique in the whole cloud: its DNS record is already taken.",
        held_by="b1_a_name_that_anybody_has_is_taken",
        source="OfficeDev/microsoft-teams-apps-callrecord-insights#26",
    ),
    Rule(
        "B2",
        "behaviour",
        "Where nothing is said of it, keys open an account.",
        held_by="b2_where_nothing_is_said_keys_open_an_account_and_every_network",
        source="https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control",
    ),
    Rule(
        "B2",
        "assumed",
        "Whether an account is serverless is decided when it is made: 400 BadRequest.",
        held_by="b2_an_account_neither_becomes_serverless_nor_stops_being_it",
        source="https://learn.microsoft.com/azure/cosmos-db/serverless",
    ),
    Rule(
        "B2",
        "behaviour",
        "Continuous backup is not given up again: 400 BadRequest.",
        held_by="b2_continuous_backup_is_not_given_up",
        source="https://learn.microsoft.com/azure/cosmos-db/migrate-continuous-backup",
    ),
]


class DatabaseAccount(Accepted):
    """An account of the API for NoSQL. What is in it goes with it."""

    type = ACCOUNTS

    def created_status(self) -> int:
        return 200  # alone among the types of Cosmos DB it says in itself how far it is

    def updated_status(self) -> int:
        return 200

    def written(self, id: ResourceId) -> Mapping[str, str]:
        return {}

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _NAME.fullmatch(id.name) is None:
            raise bad_request(f"DatabaseAccount name '{id.name}' is invalid.")
        if old is None:
            self._require_free(id.name)
        location, before = located(new), properties_of(old)
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        kind = str(new.get("kind") or (old or {}).get("kind") or "GlobalDocumentDB")
        capabilities = _names(given if "capabilities" in given or not before else before)
        if kind != "GlobalDocumentDB" or capabilities & set(_OTHER_APIS):
            raise not_served("accounts of other APIs than that for NoSQL")
        if given.get("databaseAccountOfferType", "Standard") != "Standard":
            raise bad_request("databaseAccountOfferType is Standard.")
        if not before and not items(given, "locations"):
            raise bad_request("An account has at least one location in properties.locations.")
        if given.get("minimalTlsVersion", "Tls12") not in _TLS:
            raise bad_request(f"minimalTlsVersion is one of {', '.join(_TLS)}.")
        _check_change(before, given)
        properties = {**(before or _new(id.name)), **given}
        properties["capabilities"] = [{"name": one} for one in sorted(capabilities)]
        check_rules(self.ground.store, properties)
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "kind": kind,
            "location": location,
            "properties": {**properties, **_places(id.name, items(properties, "locations"))},
            "tags": new.get("tags") or {},
        }
        require_key(CustomerKeys(self.ground), written)
        return written

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        forget_keys(self.ground.store, id.text)

    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        match name.lower():
            case "listkeys":
                return Response(200, listed_keys(self.ground.store, id.text))
            case "readonlykeys":
                keys = listed_keys(self.ground.store, id.text)
                return Response(200, {key: value for key, value in keys.items() if "Readonly" in key})
            case "regeneratekey":
                renewed_keys(self.ground.store, id.text, str(request.json().get("keyKind")))
                return Response(200)
            case _:
                return None

    def _require_free(self, name: str) -> None:
        taken = self.ground.store.documents(FOREIGN_NAMES).get(name.lower()) is not None
        if taken or named(self.ground.store, name) is not None:
            text = f"Dns record for {name} under zone Document is already taken."
            raise bad_request(f"{text} Please use a different name for the account.")


def is_serverless(account: JsonObject) -> bool:
    return SERVERLESS in _names(properties_of(account))


def bad_request(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)


def _names(properties: JsonObject) -> set[str]:
    return {str(one.get("name")) for one in items(properties, "capabilities")}


def _new(name: str) -> JsonObject:
    """What a new account has where nothing is said: its keys open it, from everywhere."""
    return {
        "backupPolicy": {"type": "Periodic"},
        "consistencyPolicy": {
            "defaultConsistencyLevel": "Session",
            "maxIntervalInSeconds": 5,
            "maxStalenessPrefix": 100,
        },
        "databaseAccountOfferType": "Standard",
        "disableKeyBasedMetadataWriteAccess": False,
        "disableLocalAuth": False,
        "documentEndpoint": endpoint(name),
        "ipRules": [],
        "isVirtualNetworkFilterEnabled": False,
        "minimalTlsVersion": "Tls12",
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Enabled",
        "virtualNetworkRules": [],
    }


def _places(name: str, locations: list[JsonObject]) -> JsonObject:
    """Where it is written and read: the first region of the list is that of writes."""
    described = [
        {
            "documentEndpoint": endpoint(name, region_word(str(one["locationName"]))),
            "failoverPriority": number,
            "id": f"{name}-{region_word(str(one['locationName']))}",
            "isZoneRedundant": bool(one.get("isZoneRedundant")),
            "locationName": one["locationName"],
            "provisioningState": "Succeeded",
        }
        for number, one in enumerate(locations)
    ]
    return {"locations": described, "readLocations": described, "writeLocations": described[:1]}


def _check_change(before: JsonObject, given: JsonObject) -> None:
    """Raises Refusal for what an account that exists does not become."""
    if before and "capabilities" in given and (SERVERLESS in _names(given)) != (SERVERLESS in _names(before)):
        raise bad_request(
            "Capability EnableServerless can be chosen when an account is created, and not later."
        )
    was, is_ = section(before, "backupPolicy").get("type"), section(given, "backupPolicy").get("type")
    if was == "Continuous" and is_ == "Periodic":
        raise bad_request("Backup policy Continuous cannot be changed to Periodic.")
