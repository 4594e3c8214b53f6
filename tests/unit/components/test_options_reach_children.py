"""What a caller says in a component's options reaches everything that the component is made of."""

import inspect
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import Provider
from pulumi_random import Provider as RandomProvider

from components import COMPONENTS, ConfigurationError
from tests.unit.components.answering_azure import (
    AI,
    CLUSTER,
    COLLECTION_RULE,
    COLLECTION_RULE_ENDPOINT,
    COSMOS,
    ENDPOINT,
    EVENT_GRID_TOPIC,
    EVENT_HUBS,
    GROUP,
    IDENTITY,
    INSIGHTS,
    MYSQL,
    NAMESPACES_ZONE,
    PEOPLE,
    PLAN,
    POSTGRES,
    PRINCIPAL,
    REDIS,
    REGISTRY,
    SEARCH,
    SERVICE_BUS,
    SIGNALR,
    SITES_ZONE,
    SQL,
    SQL_ZONE,
    STORAGE,
    STORAGE_ENDPOINT,
    STORE,
    SUBNET,
    VAULT,
    VAULT_ZONE,
    WEB_PUBSUB,
    WORKSPACE,
    ZONES,
)
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy, deploy_component, deploy_once

WITH_VAULT = {"secrets": {"DB": "db"}, "vault_id": VAULT, "vault_endpoint": ENDPOINT}
PRIVATE_VAULT = {"vault_private_endpoint_subnet_id": SUBNET, "vault_private_dns_zone_id": VAULT_ZONE}
PRIVATE_STORAGE = {
    "storage_private_endpoint_subnet_id": SUBNET,
    "storage_private_dns_zone_ids": {"blob": f"{ZONES}/privatelink.blob.core.windows.net"},
}
PRIVATE_NAMESPACE = {
    "namespace_private_endpoint_subnet_id": SUBNET,
    "namespace_private_dns_zone_id": NAMESPACES_ZONE,
}
PRIVATE_APP = {
    "private_endpoint_subnet_id": SUBNET,
    "private_dns_zone_id": SITES_ZONE,
    "diagnostics_workspace_id": WORKSPACE,
}
WITH_STORAGE = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT, "blob_access": "read"}
CUSTOMER_KEY = {"id": VAULT, "endpoint": ENDPOINT, "key": "data"}
CONTAINER = {
    "resource_group_name": "rg-team",
    "environment_id": f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-team",
    "container_image": "team.azurecr.io/shop:1",
}
KUBERNETES = {
    "resource_group_name": "rg-team",
    "issuer_url": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
    "namespace": "team",
}
OF_AN_APP = {
    "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-shop",
    "plan_id": PLAN,
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "DB"],
}
OF_FUNCTIONS = {
    **OF_AN_APP,
    "disabled_functions": ["work"],
    "slot_name": "staging",
    "sticky_settings": [
        *OF_AN_APP["sticky_settings"],
        *OF_RUNTIME,
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobs.work.Disabled",
    ],
}
EXAMPLES: Mapping[str, list[dict[str, Any]]] = {
    "AccessGrant": [{"principal_id": PRINCIPAL, "scope_id": VAULT, "role": "Key Vault Secrets User"}],
    "AiServices": [
        {
            "resource_group_name": "rg-team",
            "deployments": {"chat": {"model": "gpt-4o-mini"}},
            "model_users": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_ids": {"one": f"{ZONES}/privatelink.openai.azure.com"},
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": AI, "model_users": {"on-call": PEOPLE}},
    ],
    "AppConfiguration": [
        {
            "resource_group_name": "rg-team",
            "key_values": {"color": "green"},
            "references": {
                "mail": {"vault_id": VAULT, "vault_endpoint": ENDPOINT, "secret": "mail"},
            },
            "configuration_readers": {"on-call": PEOPLE},
        },
        {"existing_id": STORE, "configuration_owners": {"on-call": PEOPLE}},
        {
            "resource_group_name": "rg-team",
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.azconfig.io",
            "diagnostics_workspace_id": WORKSPACE,
        },
    ],
    "EventHubs": [
        {
            "resource_group_name": "rg-team",
            "hubs": ["clicks"],
            "consumer_groups": ["clicks/billing"],
            "event_senders": {"on-call": PEOPLE},
        },
        {"existing_id": EVENT_HUBS, "event_receivers": {"on-call": PEOPLE}},
        {"resource_group_name": "rg-team", **PRIVATE_NAMESPACE, "diagnostics_workspace_id": WORKSPACE},
    ],
    "EventGridTopic": [
        {
            "resource_group_name": "rg-team",
            "event_senders": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.eventgrid.azure.net",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": EVENT_GRID_TOPIC, "event_senders": {"on-call": PEOPLE}},
    ],
    "DiskEncryptionSet": [
        {"resource_group_name": "rg-team", "encryption": CUSTOMER_KEY},
        {
            "resource_group_name": "rg-team",
            "encryption": {**CUSTOMER_KEY, "identity": "existing", "identity_id": IDENTITY},
        },
    ],
    "FunctionApp": [
        {"resource_group_name": "rg-team", **WITH_VAULT},
        {"resource_group_name": "rg-team", "size": "FC1", "triggers": ["blob"]},
        {"resource_group_name": "rg-team", "host_storage_id": STORAGE, "identity": "system-assigned"},
    ],
    "FunctionAppSlot": [
        {**OF_FUNCTIONS, **WITH_VAULT},
        {**OF_FUNCTIONS, **WITH_VAULT, "host_storage_id": STORAGE, "identity": "system-assigned"},
        {**OF_FUNCTIONS, **PRIVATE_APP, "application_insights_workspace_id": WORKSPACE},
    ],
    "KeyVault": [
        {"resource_group_name": "rg-team", "generated_secrets": {"session-key": 48}},
        {"resource_group_name": "rg-team", "secret_readers": {"on-call": PEOPLE}},
        {"existing_id": VAULT, "secret_officers": {"on-call": PEOPLE}},
        {"resource_group_name": "rg-team", **PRIVATE_VAULT, "diagnostics_workspace_id": WORKSPACE},
    ],
    "KeylessWebApp": [
        {"secrets": {"DB": "db"}, "secret_officers": {"on-call": PEOPLE}},
        {"secrets": {"DB": "db"}, "identity": "system-assigned"},
        {"resource_group_name": "rg-team", **WITH_VAULT, "identity": "existing", "identity_id": IDENTITY},
    ],
    "AccessReview": [
        {
            "resource_group_name": "rg-team",
            "resources": {"main": {"id": VAULT}},
            "exports_activity_log": True,
            "entra_logs": ["ManagedIdentitySignInLogs", "AuditLogs"],
            "known_principal_ids": {"shop": PRINCIPAL},
            "alert_emails": {"on-call": "oncall@example.com"},
        },
        {
            "resource_group_name": "rg-team",
            "resources": {"main": {"id": VAULT}},
            "diagnostics_workspace_id": WORKSPACE,
        },
    ],
    "LogsIngestion": [
        {
            "resource_group_name": "rg-team",
            "workspace_id": WORKSPACE,
            "table": "Orders_CL",
            "columns": {"Order": "int"},
            "row_senders": {"on-call": PEOPLE},
            "diagnostics_workspace_id": WORKSPACE,
        },
        {
            "existing_id": COLLECTION_RULE,
            "stream": "Custom-Orders_CL",
            "ingestion_endpoint": COLLECTION_RULE_ENDPOINT,
            "row_senders": {"on-call": PEOPLE},
        },
    ],
    "ManagedIdentity": [{"resource_group_name": "rg-team"}, {"existing_id": IDENTITY}],
    "MySqlServer": [
        {
            "resource_group_name": "rg-team",
            "administrators": {"dba": PEOPLE},
            "identity_id": IDENTITY,
            "databases": ["shop"],
            "database_readers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.mysql.database.azure.com",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": MYSQL},
    ],
    "PostgresServer": [
        {
            "resource_group_name": "rg-team",
            "administrators": {"dba": PEOPLE},
            "databases": ["shop"],
            "database_readers": {"on-call": PEOPLE},
            "postgres_private_endpoint_subnet_id": SUBNET,
            "postgres_private_dns_zone_id": f"{ZONES}/privatelink.postgres.database.azure.com",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": POSTGRES},
    ],
    "ManagedRedis": [
        {
            "resource_group_name": "rg-team",
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.redis.azure.net",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": REDIS},
    ],
    "ContainerRegistry": [
        {
            "resource_group_name": "rg-team",
            "tier": "premium",
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.azurecr.io",
            "diagnostics_workspace_id": WORKSPACE,
            "image_pushers": {"builders": PEOPLE},
        },
        {"resource_group_name": "rg-team", "tier": "premium", "encryption": CUSTOMER_KEY},
        {"existing_id": REGISTRY, "image_pullers": {"on-call": PEOPLE}},
    ],
    "CosmosAccount": [
        {
            "resource_group_name": "rg-team",
            "location": "westeurope",
            "databases": ["shop"],
            "containers": {"shop/orders": "/customer"},
            "data_readers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.documents.azure.com",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": COSMOS, "data_writers": {"on-call": PEOPLE}},
    ],
    "SearchService": [
        {
            "resource_group_name": "rg-team",
            "index_readers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.search.windows.net",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": SEARCH, "index_writers": {"on-call": PEOPLE}},
    ],
    "SqlServer": [
        {
            "resource_group_name": "rg-team",
            "administrators": {"dba": PEOPLE},
            "databases": ["shop"],
            "database_readers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": SQL_ZONE,
            "diagnostics_workspace_id": WORKSPACE,
        },
        {
            "resource_group_name": "rg-team",
            "administrators": {"dba": PEOPLE},
            "allowed_ip_ranges": {"office": "203.0.113.0/30"},
            "allowed_subnet_ids": {"apps": SUBNET},
        },
        {"existing_id": SQL},
    ],
    "ServiceBus": [
        {
            "resource_group_name": "rg-team",
            "queues": ["orders"],
            "topics": ["sales"],
            "subscriptions": ["sales/billing"],
            "message_senders": {"on-call": PEOPLE},
        },
        {"existing_id": SERVICE_BUS, "message_receivers": {"on-call": PEOPLE}},
        {
            "resource_group_name": "rg-team",
            "tier": "premium",
            **PRIVATE_NAMESPACE,
            "namespace_allowed_ip_ranges": {"office": "203.0.113.0/24"},
            "diagnostics_workspace_id": WORKSPACE,
        },
    ],
    "SignalR": [
        {
            "resource_group_name": "rg-team",
            "connection_managers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.service.signalr.net",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": SIGNALR, "connection_readers": {"on-call": PEOPLE}},
    ],
    "StorageAccount": [
        {
            "resource_group_name": "rg-team",
            "containers": ["reports"],
            "queues": ["inbox"],
            "shares": ["files"],
            "blob_readers": {"on-call": PEOPLE},
            "diagnostics_workspace_id": WORKSPACE,
            "delete_lock": True,
        },
        {"existing_id": STORAGE, "blob_writers": {"on-call": PEOPLE}},
        {"resource_group_name": "rg-team", **PRIVATE_STORAGE},
    ],
    "ContainerApp": [
        {**CONTAINER, **WITH_VAULT, "container_registry_id": REGISTRY, "target_port": 80},
        {**CONTAINER, "further_identity_ids": {"audit": IDENTITY}, "diagnostics_workspace_id": WORKSPACE},
    ],
    "ContainerAppJob": [
        {**CONTAINER, **WITH_VAULT, "schedule": "0 3 * * *", "diagnostics_workspace_id": WORKSPACE},
    ],
    "ContainerAppEnvironment": [
        {"resource_group_name": "rg-team", "diagnostics_workspace_id": WORKSPACE},
    ],
    "ContainerGroup": [
        {
            "resource_group_name": "rg-team",
            "containers": {"report": {"image": "team.azurecr.io/report:1"}},
            "container_registry_id": REGISTRY,
            "diagnostics_workspace_id": WORKSPACE,
            "application_insights_workspace_id": WORKSPACE,
        },
    ],
    "LogicApp": [
        {
            "resource_group_name": "rg-team",
            "definition": {
                "triggers": {"nightly": {"type": "Recurrence"}},
                "actions": {"Say": {"type": "Compose", "inputs": "hello"}},
            },
            "links": {"data": {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}}},
            "diagnostics_workspace_id": WORKSPACE,
        },
    ],
    "KubernetesCluster": [
        {
            "resource_group_name": "rg-team",
            "allowed_ip_ranges": {},
            "subnet_id": SUBNET,
            "container_registry_id": REGISTRY,
            "readers": {"on-call": PEOPLE},
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": CLUSTER, "administrators": {"on-call": PEOPLE}},
    ],
    "KubernetesWorkload": [
        {**KUBERNETES, **WITH_VAULT},
        {**KUBERNETES, "further_identity_ids": {"audit": IDENTITY}},
    ],
    "VirtualMachine": [
        {"resource_group_name": "rg-team", "subnet_id": SUBNET, "login_users": {"on-call": PEOPLE}},
        {
            "resource_group_name": "rg-team",
            "subnet_id": SUBNET,
            "certificates": {"id": VAULT, "endpoint": ENDPOINT, "names": ["shop"]},
        },
    ],
    "VirtualMachineScaleSet": [{"resource_group_name": "rg-team", "subnet_id": SUBNET}],
    "WorkloadAccess": [
        {
            "principal_id": PRINCIPAL,
            "links": {"files": {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}}},
        },
    ],
    "WebApp": [
        {"resource_group_name": "rg-team", **WITH_STORAGE},
        {"resource_group_name": "rg-team", **WITH_VAULT},
        {"resource_group_name": "rg-team", **WITH_VAULT, "identity": "system-assigned"},
        {"resource_group_name": "rg-team", "identity": "none"},
        {"resource_group_name": "rg-team", **PRIVATE_APP, "application_insights_workspace_id": WORKSPACE},
        {"resource_group_name": "rg-team", "application_insights_id": INSIGHTS},
        {"resource_group_name": "rg-team", "custom_domain": "www.contoso.com", "custom_domain_tls": True},
        {"resource_group_name": "rg-team", **WITH_VAULT, "size": "S1", "slots": ["staging", "canary"]},
    ],
    "WebPubSub": [
        {
            "resource_group_name": "rg-team",
            "connection_managers": {"on-call": PEOPLE},
            "private_endpoint_subnet_id": SUBNET,
            "private_dns_zone_id": f"{ZONES}/privatelink.webpubsub.azure.com",
            "diagnostics_workspace_id": WORKSPACE,
        },
        {"existing_id": WEB_PUBSUB, "connection_readers": {"on-call": PEOPLE}},
    ],
    "WebAppSlot": [
        {"slot_name": "staging", **OF_AN_APP, **WITH_VAULT},
        {"slot_name": "staging", **OF_AN_APP, **WITH_VAULT, "identity": "system-assigned"},
        {"slot_name": "staging", **OF_AN_APP, **PRIVATE_APP},
    ],
}
"""Arguments for each component that together create every kind of child it can have."""

CASES = [
    pytest.param(component, args, id=f"{component.__name__}-{number}")
    for component in COMPONENTS
    for number, args in enumerate(EXAMPLES.get(component.__name__, []), 1)
]
every_example = pytest.mark.parametrize(("component", "args"), CASES)
PROVIDERS = ("azure-native", "random")
TAGS = {"team": "shop"}


REACH_NO_CHILD: Mapping[str, Any] = {
    "ignore_changes": ["tags"],
    "replace_on_changes": ["tags"],
    "delete_before_replace": True,
    "import_": VAULT,
    "additional_secret_outputs": ["access"],
}
ON_THE_CHILD = "set it on the resource that is meant with a transform"
INSTEAD = {
    "ignore_changes": f"{ON_THE_CHILD}; tags of others are named in tags_added_elsewhere",
    "additional_secret_outputs": "hand on what shall be secret as pulumi.Output.secret(...)",
}


def deployed(component: Any, args: dict[str, Any]) -> tuple[Deployment, list[Recorded]]:
    """What was registered for the component, and which of it are children, at whatever depth."""
    return _and_children(component, deploy_component(component, args, "up"))


def deployed_with_options(component: Any, args: dict[str, Any]) -> tuple[Deployment, list[Recorded]]:
    """The same with all that reaches every child: protection, a provider of each package, and tags."""

    def program() -> pulumi.Resource:
        providers: list[pulumi.ProviderResource] = [Provider("ours"), RandomProvider("ours")]
        options = pulumi.ResourceOptions(protect=True, providers=providers)
        return component("shop", args | ({"tags": TAGS} if takes_tags(component, args) else {}), options)

    deployment = deploy_once((component, sorted(args.items()), "with options"), lambda: deploy(program))
    return _and_children(component, deployment)


def takes_tags(component: type[pulumi.Resource], args: dict[str, Any]) -> bool:
    """Whether it has tags to give; what is adopted keeps its own."""
    arguments: type = inspect.get_annotations(component.__init__)["args"]
    return "tags" in arguments.__annotations__ and "existing_id" not in args


def _and_children(component: Any, deployment: Deployment) -> tuple[Deployment, list[Recorded]]:
    token = f"keyless:index:{component.__name__}"
    (itself,) = [r for r in deployment.resources if r.type == token and r.name == "shop"]
    others = [r for r in deployment.resources if r is not itself]
    return deployment, [r for r in others if not r.type.startswith("pulumi:providers:")]


def test_every_component_has_an_example_here() -> None:
    assert set(EXAMPLES) == {component.__name__ for component in COMPONENTS}


@every_example
def test_an_option_that_reaches_no_child_is_refused_before_anything_is_declared(
    component: Any, args: dict[str, Any]
) -> None:
    made: list[str] = []
    said: dict[str, str] = {}

    def program() -> dict[str, Any]:
        for option, value in REACH_NO_CHILD.items():
            values: Any = {option: value}
            opts = pulumi.ResourceOptions(**values, transforms=[lambda child: made.append(child.name)])
            try:
                component("shop", args, opts)
            except ConfigurationError as refused:
                said[option] = str(refused)
        return {}

    assert deploy(program).resources == []
    assert made == []
    assert said == {
        option: (
            f"{component.__name__} 'shop' has one problem:\n"
            f"  1. {option}\n"
            "     given     an option that reaches nothing the component makes\n"
            "     expected  one that does\n"
            f"     next      take it out, and {INSTEAD.get(option, ON_THE_CHILD)}"
        )
        for option in REACH_NO_CHILD
    }


@every_example
def test_everything_that_a_component_creates_is_below_it(component: Any, args: dict[str, Any]) -> None:
    deployment, children = deployed(component, args)
    components = {r.urn for r in deployment.resources if r.type.startswith("keyless:")}
    assert children
    for child in children:
        assert child.parent in components, child


@every_example
def test_protection_reaches_everything_that_is_created(component: Any, args: dict[str, Any]) -> None:
    _, children = deployed_with_options(component, args)
    assert [child.urn for child in children if not child.protect and not child.is_read] == []


@every_example
def test_nothing_is_protected_unasked(component: Any, args: dict[str, Any]) -> None:
    _, children = deployed(component, args)
    assert [child.urn for child in children if child.protect] == []


@every_example
def test_explicit_providers_make_read_and_answer_everything(component: Any, args: dict[str, Any]) -> None:
    deployment, children = deployed_with_options(component, args)
    for resource in children:
        package = resource.type.partition(":")[0]
        if package in PROVIDERS:
            assert f"pulumi:providers:{package}::ours::" in resource.provider, resource
    for provider in deployment.asked:
        assert "pulumi:providers:azure-native::ours::" in provider


@every_example
def test_a_component_that_is_looked_up_by_its_urn_creates_nothing(
    component: Any, args: dict[str, Any]
) -> None:
    urn = f"urn:pulumi:dev::shop::keyless:index:{component.__name__}::shop"

    def program() -> dict[str, Any]:
        component("shop", args, pulumi.ResourceOptions(urn=urn))
        return {}

    assert deploy(program, existing=urn).resources == []
