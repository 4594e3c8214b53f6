"""Each of Microsoft's management clients lists, under the version that it asks for by itself: the local Azure
knows the version, and answers in the client's form."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

import pytest
from azure.identity import ClientSecretCredential

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import Arm
from tests.unit.reference.clients_page import installed_clients

GROUP: Final = "rg-clients"
CUSTOM: Final = "type eq 'CustomRole'"
LISTS: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "azure-mgmt-appcontainers": (
        "azure.mgmt.appcontainers.ContainerAppsAPIClient",
        lambda client: client.container_apps.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-applicationinsights": (
        "azure.mgmt.applicationinsights.ApplicationInsightsManagementClient",
        lambda client: client.components.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-authorization": (
        "azure.mgmt.authorization.AuthorizationManagementClient",
        lambda client: client.role_definitions.list(f"subscriptions/{SUBSCRIPTION_ID}", filter=CUSTOM),
    ),
    "azure-mgmt-automation": (
        "azure.mgmt.automation.AutomationClient",
        lambda client: client.automation_account.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-compute": (
        "azure.mgmt.compute.ComputeManagementClient",
        lambda client: client.virtual_machines.list(GROUP),
    ),
    "azure-mgmt-containerinstance": (
        "azure.mgmt.containerinstance.ContainerInstanceManagementClient",
        lambda client: client.container_groups.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-containerservice": (
        "azure.mgmt.containerservice.ContainerServiceClient",
        lambda client: client.managed_clusters.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-eventgrid": (
        "azure.mgmt.eventgrid.EventGridManagementClient",
        lambda client: client.topics.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-eventhub": (
        "azure.mgmt.eventhub.EventHubManagementClient",
        lambda client: client.namespaces.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-hybridcompute": (
        "azure.mgmt.hybridcompute.HybridComputeManagementClient",
        lambda client: client.machines.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-keyvault": (
        "azure.mgmt.keyvault.KeyVaultManagementClient",
        lambda client: client.vaults.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-loganalytics": (
        "azure.mgmt.loganalytics.LogAnalyticsManagementClient",
        lambda client: client.workspaces.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-logic": (
        "azure.mgmt.logic.LogicManagementClient",
        lambda client: client.workflows.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-monitor": (
        "azure.mgmt.monitor.MonitorManagementClient",
        lambda client: client.diagnostic_settings.list(f"subscriptions/{SUBSCRIPTION_ID}/{IDENTITY}"),
    ),
    "azure-mgmt-msi": (
        "azure.mgmt.msi.ManagedServiceIdentityClient",
        lambda client: client.user_assigned_identities.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-mysqlflexibleservers": (
        "azure.mgmt.mysqlflexibleservers.MySQLManagementClient",
        lambda client: client.servers.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-network": (
        "azure.mgmt.network.NetworkManagementClient",
        lambda client: client.virtual_networks.list(GROUP),
    ),
    "azure-mgmt-postgresqlflexibleservers": (
        "azure.mgmt.postgresqlflexibleservers.PostgreSQLManagementClient",
        lambda client: client.servers.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-cosmosdb": (
        "azure.mgmt.cosmosdb.CosmosDBManagementClient",
        lambda client: client.database_accounts.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-sql": (
        "azure.mgmt.sql.SqlManagementClient",
        lambda client: client.servers.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-privatedns": (
        "azure.mgmt.privatedns.PrivateDnsManagementClient",
        lambda client: client.private_zones.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-containerregistry": (
        "azure.mgmt.containerregistry.ContainerRegistryManagementClient",
        lambda client: client.registries.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-redisenterprise": (
        "azure.mgmt.redisenterprise.RedisEnterpriseManagementClient",
        lambda client: client.redis_enterprise.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-resource": (
        "azure.mgmt.resource.resources.ResourceManagementClient",
        lambda client: client.resources.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-resource-locks": (
        "azure.mgmt.resource.locks.ManagementLockClient",
        lambda client: client.management_locks.list_at_resource_group_level(GROUP),
    ),
    "azure-mgmt-servicebus": (
        "azure.mgmt.servicebus.ServiceBusManagementClient",
        lambda client: client.namespaces.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-appconfiguration": (
        "azure.mgmt.appconfiguration.AppConfigurationManagementClient",
        lambda client: client.configuration_stores.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-cognitiveservices": (
        "azure.mgmt.cognitiveservices.CognitiveServicesManagementClient",
        lambda client: client.accounts.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-search": (
        "azure.mgmt.search.SearchManagementClient",
        lambda client: client.services.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-signalr": (
        "azure.mgmt.signalr.SignalRManagementClient",
        lambda client: client.signal_r.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-storage": (
        "azure.mgmt.storage.StorageManagementClient",
        lambda client: client.storage_accounts.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-web": (
        "azure.mgmt.web.WebSiteManagementClient",
        lambda client: client.web_apps.list_by_resource_group(GROUP),
    ),
    "azure-mgmt-webpubsub": (
        "azure.mgmt.webpubsub.WebPubSubManagementClient",
        lambda client: client.web_pub_sub.list_by_resource_group(GROUP),
    ),
}
IDENTITY: Final = f"resourceGroups/{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
FOUND: Final = {"azure-mgmt-msi": ["id-one"], "azure-mgmt-resource": ["id-one"]}
"""What is in the group from the start; the other lists are empty."""


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAzure]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as started:
        arm = Arm(started.azure)
        arm.identity(arm.group(GROUP))
        yield started


@pytest.mark.parametrize("package", LISTS)
def test_a_management_client_lists_under_the_version_that_it_asks_for_by_itself(
    local: LocalAzure, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in local.client_environment().items():
        monkeypatch.setenv(key, value)
    secret = local.azure.entra.credentials()[DEPLOYER.name]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret)
    path, asked = LISTS[package]
    module, _, name = path.rpartition(".")
    with getattr(import_module(module), name)(deployer, SUBSCRIPTION_ID) as client:
        assert [one.name for one in asked(client)] == FOUND.get(package, [])


def test_every_management_client_that_is_installed_lists_here() -> None:
    assert sorted(LISTS) == [name for name in installed_clients() if name.startswith("azure-mgmt-")]
