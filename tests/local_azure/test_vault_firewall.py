"""A closed vault: who gets through, by Microsoft's own client and by App Service's references."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from local_azure.constants import OFFICER, SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.origins import PERSON_ADDRESS
from local_azure.server import LocalAzure
from tests.local_azure import networks
from tests.local_azure.app_service_stage import GROUP, Stage
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.networks import SITES
from tests.local_azure.vault_stage import Holder, inner_code

OPEN = {"defaultAction": "Allow", "bypass": "AzureServices"}
DENY = {"defaultAction": "Deny", "bypass": "AzureServices"}
OFFICERS = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


class Closed:
    """A site with an identity that is granted, a vault with the secret `greeting`, and a network."""

    def __init__(self, local: LocalAzure) -> None:
        self.stage = Stage(local)
        self.arm = Arm(local.azure)
        self.group = f"{SUBSCRIPTION_SCOPE}/resourceGroups/{GROUP}"
        self.vault = self.stage.vault()
        self.vault_id = self.stage.id("Microsoft.KeyVault/vaults", self.vault)
        self.stage.secret(self.vault, "greeting", "planted-one")
        self.plan = self.stage.plan()
        self.site = self.stage.name("app")
        self.network = networks.network(self.arm, self.group, service_endpoint="Microsoft.KeyVault")
        self.subnet = f"{self.network}/subnets/{SITES}"
        site = self.integrate(None)
        self.principal: str = site.identity.principal_id
        self.stage.grant(self.vault, self.principal)

    def integrate(self, subnet: str | None, *, route: bool = True) -> Any:
        identity = {"type": "SystemAssigned"}
        if subnet is None:
            return self.stage.site(self.site, serverFarmId=self.plan, identity=identity)
        routing = {"applicationTraffic": route}
        properties: dict[str, Any] = {"virtualNetworkSubnetId": subnet, "outboundVnetRouting": routing}
        return self.stage.site(self.site, serverFarmId=self.plan, identity=identity, **properties)

    def close(self, public: str = "Enabled", **acls: Any) -> Any:
        properties = {
            "tenantId": TENANT_ID,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "publicNetworkAccess": public,
            "networkAcls": {**DENY, **acls},
        }
        return self.arm("PUT", self.vault_id, {"location": "westeurope", "properties": properties})

    def connect(self, *, linked: bool = True) -> None:
        """A private endpoint of the vault in the network, with its DNS zone."""
        endpoint = networks.private_endpoint(self.arm, self.group, self.network, self.vault_id, "vault")
        zone = networks.zone(self.arm, self.group, self.network if linked else None)
        networks.zone_group(self.arm, endpoint, zone)

    def status(self) -> str | None:
        """How a reference of the site fares now."""
        text = f"@Microsoft.KeyVault(SecretUri=https://{self.vault}.vault.azure.net/secrets/greeting)"
        self.stage.settings(self.site, {"GREETING": text})
        return self.stage.statuses(self.site)["GREETING"]

    def read(self, object_id: str) -> str | None:
        """The secret, as a client of that principal reads it."""
        azure = self.stage.local.azure
        principal = azure.entra.principal(object_id)
        assert principal
        trust: dict[str, Any] = {
            "proxies": {"https": self.stage.local.proxy_url},
            "connection_verify": self.stage.local.addresses.authority,
        }
        client = SecretClient(f"https://{self.vault}.vault.azure.net", Holder(azure, principal), **trust)
        return client.get_secret("greeting").value


@pytest.fixture
def closed(local_azure: LocalAzure) -> Closed:
    return Closed(local_azure)


def refused(closed: Closed, object_id: str) -> tuple[str | None, str]:
    with pytest.raises(HttpResponseError) as error:
        closed.read(object_id)
    assert error.value.status_code == 403
    return inner_code(error), str(error.value.message)


def test_a_site_without_a_path_is_denied_whatever_is_said_of_azures_own_services(closed: Closed) -> None:
    """K13."""
    assert closed.status() == "Resolved"
    closed.close()
    assert closed.status() == "AccessToKeyVaultDenied"
    code, message = refused(closed, closed.principal)
    assert code == "ForbiddenByFirewall"
    assert "Client address is not authorized and caller is not a trusted service." in message


def test_a_site_whose_subnet_is_named_by_a_rule_gets_through(closed: Closed) -> None:
    closed.integrate(closed.subnet)
    closed.close()
    assert closed.status() == "AccessToKeyVaultDenied"
    content(closed.close(virtualNetworkRules=[{"id": closed.subnet}]))
    assert closed.status() == "Resolved"
    assert closed.read(closed.principal) == "planted-one"


def test_a_subnet_helps_only_a_site_that_routes_its_traffic_through_it(closed: Closed) -> None:
    """N7."""
    content(closed.close(virtualNetworkRules=[{"id": closed.subnet}]))
    closed.integrate(closed.subnet, route=False)
    assert closed.status() == "AccessToKeyVaultDenied"
    closed.integrate(closed.subnet)
    assert closed.status() == "Resolved"


def test_where_public_access_is_off_only_a_private_endpoint_in_the_sites_network_leads_to_the_vault(
    closed: Closed,
) -> None:
    """K15."""
    closed.integrate(closed.subnet)
    content(closed.close("Disabled", virtualNetworkRules=[{"id": closed.subnet}]))
    assert closed.status() == "AccessToKeyVaultDenied"
    assert refused(closed, closed.principal)[0] == "ForbiddenByConnection"
    closed.connect()
    assert closed.status() == "Resolved"
    assert closed.read(closed.principal) == "planted-one"


def test_a_private_endpoint_is_not_found_without_its_dns_zone(closed: Closed) -> None:
    """N8."""
    closed.integrate(closed.subnet)
    closed.connect(linked=False)
    closed.close("Disabled")
    assert closed.status() == "AccessToKeyVaultDenied"


def test_a_person_gets_in_from_an_address_that_is_named(closed: Closed) -> None:
    closed.arm("PUT", f"{closed.vault_id}/providers/Microsoft.Authorization/roleAssignments/"
               "00000000-0000-4000-8000-00000000000a", {"properties": {
                   "roleDefinitionId": f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/"
                   f"roleDefinitions/{OFFICERS}",
                   "principalId": OFFICER.object_id}})  # fmt: skip
    closed.close()
    assert refused(closed, OFFICER.object_id)[0] == "ForbiddenByFirewall"
    content(closed.close(ipRules=[{"value": PERSON_ADDRESS}]))
    assert closed.read(OFFICER.object_id) == "planted-one"
    content(closed.close("Disabled", ipRules=[{"value": PERSON_ADDRESS}]))
    assert refused(closed, OFFICER.object_id)[0] == "ForbiddenByConnection"


def test_secrets_are_written_even_when_the_vault_is_closed(closed: Closed) -> None:
    """K15."""
    closed.close("Disabled")
    assert closed.stage.secret(closed.vault, "another", "planted-two")


@pytest.mark.parametrize("value", ["10.0.0.0/8", "192.168.1.4", "not-an-address", "2001:db8::/32"])
def test_an_address_rule_takes_public_addresses_only(closed: Closed, value: str) -> None:
    assert refusal(closed.close(ipRules=[{"value": value}]))[:2] == (400, "BadRequest")


def test_a_rule_for_a_subnet_needs_the_service_endpoint(closed: Closed) -> None:
    other = f"{closed.network}/subnets/snet-endpoints"
    answer = closed.close(virtualNetworkRules=[{"id": other}])
    assert refusal(answer)[:2] == (400, "SubnetsHaveNoServiceEndpointsConfigured")
    content(closed.close(virtualNetworkRules=[{"id": other, "ignoreMissingVnetServiceEndpoint": True}]))
