"""What Resource Manager says about itself: the cloud's endpoints, the tenant, its subscriptions and their
providers.

https://learn.microsoft.com/rest/api/resources/subscriptions
"""

from collections.abc import Collection, Mapping

from local_azure.arm import ResourceType
from local_azure.constants import LOCATION, SUBSCRIPTIONS, TENANT_ID
from local_azure.http import JsonObject

LOCATIONS: Mapping[str, str] = {
    LOCATION: "West Europe",
    "northeurope": "North Europe",
    "swedencentral": "Sweden Central",
    "uksouth": "UK South",
    "eastus": "East US",
    "eastus2": "East US 2",
    "westus2": "West US 2",
}
"""The regions that have everything that is served here, and their display names."""


def cloud_endpoints() -> list[JsonObject]:
    """The answer to `/metadata/endpoints?api-version=2022-09-01`: one public cloud under its own names."""
    arm, login = "https://management.azure.com", "https://login.microsoftonline.com"
    return [
        {
            "name": "AzureCloud",
            "portal": "https://portal.azure.com",
            "resourceManager": f"{arm}/",
            "authentication": {
                "loginEndpoint": login,
                "audiences": ["https://management.core.windows.net/", f"{arm}/"],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "graph": "https://graph.windows.net/",
            "graphAudience": "https://graph.windows.net/",
            "microsoftGraphResourceId": "https://graph.microsoft.com/",
            "suffixes": {
                "keyVaultDns": "vault.azure.net",
                "storage": "core.windows.net",
                "sqlServerHostname": "database.windows.net",
                "acrLoginServer": "azurecr.io",
            },
        }
    ]


def tenants() -> list[JsonObject]:
    return [
        {
            "id": f"/tenants/{TENANT_ID}",
            "tenantId": TENANT_ID,
            "tenantCategory": "Home",
            "displayName": "Local Azure",
            "countryCode": "NL",
            "domains": ["local-azure.example"],
            "tenantType": "AAD",
        }
    ]


def subscription(id: str) -> JsonObject:
    return {
        "id": f"/subscriptions/{id}",
        "subscriptionId": id,
        "tenantId": TENANT_ID,
        "displayName": SUBSCRIPTIONS[id],
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {"locationPlacementId": "Public_2014-09-01", "spendingLimit": "Off"},
        "managedByTenants": [],
    }


def locations(subscription_id: str) -> list[JsonObject]:
    return [
        {
            "id": f"/subscriptions/{subscription_id}/locations/{name}",
            "subscriptionId": subscription_id,
            "name": name,
            "displayName": display,
            "metadata": {"regionType": "Physical"},
        }
        for name, display in LOCATIONS.items()
    ]


def providers(types: Collection[ResourceType], subscription_id: str) -> list[JsonObject]:
    """Each namespace that is served, with its types and their api-versions, newest first."""
    namespaces: dict[str, list[JsonObject]] = {}
    for kind in types:
        namespace, _, name = kind.type.partition("/")
        served: JsonObject = {
            "resourceType": name,
            "locations": list(LOCATIONS.values()),
            "apiVersions": sorted(kind.versions(), reverse=True),
            "capabilities": "None",
        }
        namespaces.setdefault(namespace, []).append(served)
    return [
        {
            "id": f"/subscriptions/{subscription_id}/providers/{namespace}",
            "namespace": namespace,
            "registrationState": "Registered",
            "registrationPolicy": "RegistrationRequired",
            "resourceTypes": kinds,
        }
        for namespace, kinds in sorted(namespaces.items())
    ]
