"""Where the SDK's shape is not Azure's: lists of resources, other names, another place in the body."""

from local_azure.plugins.wire import decode
from tests.local_azure.azure_native.resources import IN_GROUP, VAULT_ID
from tests.local_azure.plugin_client import Plugin, urn
from tests.local_azure.recorded_azure import Json, RecordedAzure


def test_an_item_that_is_a_resource_has_its_properties_below_in_azure_and_flat_in_the_sdk(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    delegation: Json = {"name": "sites", "serviceName": "Microsoft.Web/serverFarms"}
    subnet: Json = {"name": "snet", "addressPrefix": "10.0.1.0/24", "delegations": [delegation]}
    inputs: Json = {
        "resourceGroupName": "rg",
        "virtualNetworkName": "vnet",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [subnet],
    }
    _, outputs = plugin.create(urn("azure-native:network:VirtualNetwork"), inputs)
    service = {"name": "sites", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    below = {"addressPrefix": "10.0.1.0/24", "delegations": [service]}
    assert azure.bodies[0]["properties"]["subnets"] == [{"name": "snet", "properties": below}]
    assert outputs["subnets"] == [subnet]


def test_a_private_endpoint_names_its_target_below_its_connection(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    connection: Json = {"name": "vault", "privateLinkServiceId": VAULT_ID, "groupIds": ["vault"]}
    inputs: Json = {
        "resourceGroupName": "rg",
        "privateEndpointName": "pe",
        "location": "westeurope",
        "subnet": {"id": f"{IN_GROUP}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet"},
        "privateLinkServiceConnections": [connection],
    }
    _, outputs = plugin.create(urn("azure-native:network:PrivateEndpoint"), inputs)
    below = {"privateLinkServiceId": VAULT_ID, "groupIds": ["vault"]}
    written = azure.bodies[0]["properties"]
    assert written["privateLinkServiceConnections"] == [{"name": "vault", "properties": below}]
    assert written["subnet"] == inputs["subnet"]
    assert outputs["privateLinkServiceConnections"] == [connection]


def test_application_insights_has_names_of_its_own_in_azure(plugin: Plugin, azure: RecordedAzure) -> None:
    inputs: Json = {
        "resourceGroupName": "rg",
        "resourceName": "appi",
        "location": "westeurope",
        "kind": "web",
        "applicationType": "web",
        "disableLocalAuth": True,
        "workspaceResourceId": "/w",
    }
    _, outputs = plugin.create(urn("azure-native:applicationinsights:Component"), inputs)
    written = {"Application_Type": "web", "DisableLocalAuth": True, "WorkspaceResourceId": "/w"}
    assert azure.bodies[0] == {"location": "westeurope", "kind": "web", "properties": written}
    assert (outputs["applicationType"], outputs["disableLocalAuth"]) == ("web", True)


def test_a_workspace_keeps_its_sku_below_its_properties(plugin: Plugin, azure: RecordedAzure) -> None:
    inputs: Json = {
        "resourceGroupName": "rg",
        "workspaceName": "log",
        "location": "westeurope",
        "sku": {"name": "PerGB2018"},
    }
    _, outputs = plugin.create(urn("azure-native:operationalinsights:Workspace"), inputs)
    assert azure.bodies[0] == {"location": "westeurope", "properties": {"sku": {"name": "PerGB2018"}}}
    assert outputs["sku"] == {"name": "PerGB2018"}


def test_a_diagnostic_setting_hangs_on_its_resource_and_is_read_by_its_id(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    type_ = urn("azure-native:monitor:DiagnosticSetting")
    id_, _ = plugin.create(type_, {"resourceUri": VAULT_ID, "name": "logs", "workspaceId": "/w"})
    assert id_ == f"{VAULT_ID}/providers/Microsoft.Insights/diagnosticSettings/logs"
    assert azure.bodies == [{"properties": {"workspaceId": "/w"}}]
    inputs = decode(plugin.read(type_, id_).inputs)
    assert (inputs["resourceUri"], inputs["name"]) == (VAULT_ID, "logs")


def test_a_refresh_does_not_take_subnets_of_their_own_for_inputs_of_their_network(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    type_ = urn("azure-native:network:VirtualNetwork")
    inputs: Json = {
        "resourceGroupName": "rg",
        "virtualNetworkName": "vnet",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
    }
    id_, outputs = plugin.create(type_, inputs)
    subnet = {"name": "snet", "properties": {"addressPrefix": "10.0.1.0/24"}}
    azure.resources[id_.lower()]["properties"]["subnets"] = [subnet]
    _, refreshed, seen = plugin.refresh(type_, id_, inputs, outputs)
    assert refreshed == inputs
    assert seen["subnets"] == [{"name": "snet", "addressPrefix": "10.0.1.0/24"}]
