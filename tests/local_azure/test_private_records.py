"""The records of private zones, as azure-mgmt-privatedns sees them."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.privatedns import PrivateDnsManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm

ZONE = "privatelink.vaultcore.azure.net"


def test_n13_a_private_zone_has_one_soa_record_from_the_start(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    Arm(local_azure.azure).group("rg-one")
    client: Any = PrivateDnsManagementClient(deployer, SUBSCRIPTION_ID)
    client.private_zones.begin_create_or_update("rg-one", ZONE, {"location": "global"}).result()
    assert client.private_zones.get("rg-one", ZONE).number_of_record_sets == 1
    found = client.record_sets.get("rg-one", ZONE, "SOA", "@")
    assert (found.fqdn, found.ttl, found.soa_record.host) == (f"{ZONE}.", 3600, "azureprivatedns.net")
    changed = {"ttl": 60, "soaRecord": {"email": "dns.shop.example", "host": "ns.shop.example"}}
    client.record_sets.update("rg-one", ZONE, "SOA", "@", {"properties": changed})
    (listed,) = client.record_sets.list("rg-one", ZONE)
    assert (listed.name, listed.ttl, listed.soa_record.email) == ("@", 60, "dns.shop.example")
    assert (listed.soa_record.host, listed.soa_record.retry_time) == ("azureprivatedns.net", 300)
    assert [one.id for one in client.record_sets.list_by_type("rg-one", ZONE, "SOA")] == [listed.id]
    with pytest.raises(HttpResponseError) as deleted:
        client.record_sets.delete("rg-one", ZONE, "SOA", "@")
    with pytest.raises(HttpResponseError) as another:
        client.record_sets.create_or_update("rg-one", ZONE, "SOA", "www", {"properties": {"ttl": 60}})
    assert (deleted.value.status_code, another.value.status_code) == (400, 400)
    client.private_zones.begin_delete("rg-one", ZONE).result()
    assert local_azure.azure.store.list(type="Microsoft.Network/privateDnsZones/SOA") == []
