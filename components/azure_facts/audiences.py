"""What a token for a service of Azure has to be asked for, and what the service takes.

Sources: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-status,
https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure,
https://learn.microsoft.com/azure/china/resources-developer-guide and https://learn.microsoft.com/graph/deployments;
of App Service, the clouds of the Azure CLI.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from .clouds import PUBLIC
from .data import read


class Service(StrEnum):
    """The services that tokens are asked for."""

    APP_CONFIGURATION = "appConfiguration"
    APP_SERVICE = "appService"
    """The sites by which code is published."""
    AZURE_AI_SERVICES = "azureAiServices"
    CONTAINER_REGISTRY = "containerRegistry"
    COSMOS_DB = "cosmosDb"
    EVENT_GRID = "eventGrid"
    EVENT_HUBS = "eventHubs"
    KEY_VAULT = "keyVault"
    KUBERNETES_SERVICE = "kubernetesService"
    """The API of clusters: an application by its id, which is one in all clouds."""
    LOG_ANALYTICS = "logAnalytics"
    MICROSOFT_GRAPH = "microsoftGraph"
    MONITOR = "monitor"
    """Where rows are sent to by data collection rules."""
    OPEN_SOURCE_DATABASES = "openSourceDatabases"
    """PostgreSQL and MySQL."""
    REDIS = "redis"
    RESOURCE_MANAGER = "resourceManager"
    SEARCH = "search"
    SERVICE_BUS = "serviceBus"
    SIGNALR = "signalR"
    SQL = "sql"
    STORAGE = "storage"
    WEB_PUBSUB = "webPubSub"


def audience(service: Service, cloud: str = PUBLIC) -> str:
    """What to ask a token for, such as `https://vault.azure.net`; a client adds `/.default`. Raises
    LookupError for a cloud in which it is not known here.
    """
    return audiences(service, cloud)[0]


def audiences(service: Service, cloud: str = PUBLIC) -> tuple[str, ...]:
    """All that the service takes, the one to ask for first. Raises LookupError as `audience` does."""
    known: Mapping[str, Sequence[str]] = _facts()["ofServices"][service.value]
    if cloud not in known:
        raise LookupError(f"no audience is known for {service.value} in {cloud}")
    return tuple(known[cloud])


def account_hosts() -> tuple[str, ...]:
    """Ends of the hosts under which a single account is an audience, too, in the public cloud:
    `https://<account>.blob.core.windows.net`.
    """
    return tuple(host for hosts in _facts()["ofAccounts"].values() for host in hosts)


@cache
def _facts() -> Mapping[str, Any]:
    return read("audiences")
