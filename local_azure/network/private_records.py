"""The records of a private zone: `privateDnsZones/SOA`, which each has from the start.

https://learn.microsoft.com/rest/api/dns/privatedns/record-sets
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.network.private_dns import PRIVATE_ZONES
from local_azure.resource_manager.lists import shown
from local_azure.resource_manager.paths import resource
from local_azure.rules import Rule

_SOA: Final[JsonObject] = {
    "email": "azureprivatedns-host.microsoft.com",
    "expireTime": 2419200,
    "host": "azureprivatedns.net",
    "minimumTtl": 10,
    "refreshTime": 3600,
    "retryTime": 300,
    "serialNumber": 1,
}
_FIXED: Final = ("host", "serialNumber")

UNSERVED: Final = {
    f"{PRIVATE_ZONES}/{kind}": "records of private zones other than the SOA record; a private endpoint's zone"
    " group leads to it"
    for kind in ("A", "AAAA", "CNAME", "MX", "PTR", "SRV", "TXT")
}
"""What is not served, as the end of a sentence, by the type."""

RULES: Final = [
    Rule(
        "N13",
        "behaviour",
        "A private zone has one SOA record from the start, which can be changed but for its host, and "
        "neither created nor deleted.",
        held_by="n13_a_private_zone_has_one_soa_record_from_the_start",
        source="https://learn.microsoft.com/rest/api/dns/privatedns/record-sets/create-or-update "
        "https://learn.microsoft.com/azure/dns/dns-private-records",
    ),
]


class StartOfAuthority(ResourceType):
    """The SOA record, at the zone's own name, `@`."""

    type = f"{PRIVATE_ZONES}/SOA"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        if id.name != "@" or self.ground.store.get(id.parent) is None:
            return None
        stored = self.ground.store.get(id.text)
        return stored.body if stored else self._body(id, 3600, _SOA, {})

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if old is None:
            raise Refusal(400, "BadRequest", f"The SOA record set of a zone is named '@', not '{id.name}'.")
        before, given = properties_of(old), properties_of(new)
        record = {**section(before, "soaRecord"), **section(given, "soaRecord")}
        record |= {name: section(before, "soaRecord")[name] for name in _FIXED}
        metadata = section(given, "metadata") or section(before, "metadata")
        return self._body(id, int(given.get("ttl") or before["ttl"]), record, metadata)

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        asked = resource(request.path)
        if asked is not None and asked.key == id.key:
            text = "The SOA record set of a zone cannot be deleted."
            raise Refusal(400, "BadRequest", text)

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        id = ResourceId.parse(f"{scope}/SOA/@")
        body = self.get(id, request)
        return [shown(self, id, body)] if body else []

    def _body(self, id: ResourceId, ttl: int, record: JsonObject, metadata: JsonObject) -> JsonObject:
        zone = ResourceId.parse(id.parent).name
        return {
            "properties": {
                "fqdn": f"{zone}.",
                "isAutoRegistered": False,
                "metadata": metadata,
                "soaRecord": record,
                "ttl": ttl,
            }
        }


class EveryRecord(ResourceType):
    """`privateDnsZones/ALL`: the list of all records. Here it is the SOA record: what a zone group of a
    private endpoint would write is not kept as records."""

    type = f"{PRIVATE_ZONES}/ALL"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        return StartOfAuthority(self.ground).list_in_scope(scope, request)
