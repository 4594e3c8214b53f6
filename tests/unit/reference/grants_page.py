"""Which argument gives which role to whom, and where: read from what the components declare."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components import (
    AiServices,
    AppConfiguration,
    ContainerApp,
    ContainerAppJob,
    ContainerGroup,
    ContainerRegistry,
    CosmosAccount,
    DiskEncryptionSet,
    EventGridTopic,
    EventHubs,
    FunctionApp,
    KeyVault,
    KubernetesCluster,
    KubernetesWorkload,
    LogsIngestion,
    MySqlServer,
    PostgresServer,
    SearchService,
    ServiceBus,
    SignalR,
    SignalRAccess,
    SqlServer,
    StorageAccount,
    VirtualMachine,
    VirtualMachineScaleSet,
    WebApp,
    WebPubSub,
    WebPubSubAccess,
    WorkloadAccess,
)
from components.contract import APPLIED_BY, CALL_GRANT, COSMOS_GRANT, DATABASE_GRANT, PRIVILEGE, ROLE, SCHEMA
from components.hosts.kubernetes.cluster_arguments import KIND as OF_CLUSTERS
from components.links.ai import AiAccess
from components.links.app_configuration import ConfigurationAccess
from components.links.blobs import BlobAccess
from components.links.certificates import CertificateAccess
from components.links.cosmos import CosmosAccess
from components.links.files import FileAccess
from components.links.keys import KeyAccess
from components.links.mysql import MySqlAccess
from components.links.postgres import PostgresAccess
from components.links.registry import RegistryAccess
from components.links.search import SearchAccess
from components.links.sql import SqlAccess
from components.redis_grant import POLICY
from components.references import COSMOS_DB, SITE, parse_id
from components.references import REDIS as REDIS_TYPE
from components.roles import role_facts
from components.targets.storage_people import PEOPLE as STORAGE_PEOPLE
from tests.unit.components.answering_azure import (
    AI,
    AI_ENDPOINT,
    COLLECTION_RULE,
    COLLECTION_RULE_ENDPOINT,
    COSMOS,
    COSMOS_ENDPOINT,
    ENDPOINT,
    EVENT_GRID_ENDPOINT,
    EVENT_GRID_TOPIC,
    EVENT_HUBS,
    EVENT_HUBS_ENDPOINT,
    GROUP,
    IDENTITY,
    IMMUTABLE_ID,
    INSIGHTS,
    MYSQL,
    MYSQL_HOST,
    PEOPLE,
    POSTGRES,
    POSTGRES_HOST,
    PRINCIPAL,
    REDIS,
    REDIS_HOST,
    REGISTRY,
    SEARCH,
    SEARCH_ENDPOINT,
    SERVICE_BUS,
    SERVICE_BUS_ENDPOINT,
    SIGNALR,
    SIGNALR_ENDPOINT,
    SQL,
    SQL_HOST,
    STORAGE,
    STORAGE_ENDPOINT,
    STORE,
    STORE_ENDPOINT,
    SUBNET,
    VAULT,
    WEB_PUBSUB,
    WEB_PUBSUB_ENDPOINT,
    WORKSPACE,
    ZONES,
)
from tests.unit.components.recorded_azure import Recorded, deploy_component
from tests.unit.reference.markdown import code, table

_VAULT: Final = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}
_SECRETS: Final = {"secrets": {"DB": "db"}}
_ACCOUNT: Final = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT}
_OF_REDIS: Final = "azure-native:redisenterprise:AccessPolicyAssignment"
_NO_ROLES: Final = frozenset({CALL_GRANT, COSMOS_GRANT, DATABASE_GRANT, _OF_REDIS})
_ADDRESSED: Final = frozenset({"id", "endpoint", "secrets", "audience"})
"""What a link's record has whatever it says of access."""
_PEOPLE: Final = {"on-call": PEOPLE}
_ON_A_SUBNET: Final = {"subnet_id": SUBNET}
_KEY: Final = {"id": VAULT, "endpoint": ENDPOINT, "key": "data"}
_ENCRYPTING: Final[Mapping[Callable[..., pulumi.Resource], Mapping[str, Any]]] = {
    StorageAccount: {},
    ServiceBus: {"tier": "premium"},
    CosmosAccount: {"location": "westeurope"},
    ContainerRegistry: {"tier": "premium"},
    AppConfiguration: {},
    DiskEncryptionSet: {},
}
_URL: Final = "https://stteam.blob.core.windows.net/packages/shop.zip"
_INTRODUCTION = """
Each grant is one role assignment, made by `AccessGrant`, for exactly one identity or group, on the smallest
scope that serves; its description says who may do what. `KeylessWebApp` derives what `WebApp` and
`KeyVault` derive; a link gives the same on every component that takes `links`. In the last column `shop`
is the component's own name.

The data of Cosmos DB has [roles of its own](../guides/cosmos-db.md), which are assigned in the account.
What is allowed inside a database is no role of Azure's: it is declared, and there once
[`python -m database_grants`](../guides/postgresql.md#declared-then-granted) has run. Who may call an app is
no role either: [the app itself lists its callers](../guides/calling-apps.md).
""".strip()


@dataclass(frozen=True)
class Case:
    """What is said, to which component, with what has to be said beside it."""

    component: Callable[..., pulumi.Resource]
    said: Mapping[str, Any]
    beside: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _link(name: str, target: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"links": {name: {target: record}}}


def _stored(name: str, service: str, **record: Any) -> Mapping[str, Any]:
    """A link to a service of an account, which has its own address."""
    where = {"id": STORAGE, "endpoint": f"https://stteam.{service}.core.windows.net/"}
    return _link(name, f"{service}s", {**where, **record})


_BUS: Final = {"id": SERVICE_BUS, "endpoint": SERVICE_BUS_ENDPOINT}
_SUBSCRIPTION: Final = {"topic": "sales", "subscription": "billing"}
_COSMOS: Final = {"id": COSMOS, "endpoint": COSMOS_ENDPOINT}
_HUBS: Final = {"id": EVENT_HUBS, "endpoint": EVENT_HUBS_ENDPOINT}
_IMAGES: Final = {"id": REGISTRY, "endpoint": "team.azurecr.io"}
_TOPIC: Final = {"id": EVENT_GRID_TOPIC, "endpoint": EVENT_GRID_ENDPOINT}
_SIGNALR: Final = {"id": SIGNALR, "endpoint": SIGNALR_ENDPOINT}
_PUBSUB: Final = {"id": WEB_PUBSUB, "endpoint": WEB_PUBSUB_ENDPOINT}
_RULE: Final = {
    "id": COLLECTION_RULE,
    "endpoint": COLLECTION_RULE_ENDPOINT,
    "rule_id": IMMUTABLE_ID,
    "stream": "Custom-Orders_CL",
}
_TABLE: Final = {"workspace_id": WORKSPACE, "table": "Orders_CL", "columns": {"Order": "int"}}
_APP: Final = {
    "id": f"{GROUP}/providers/Microsoft.Web/sites/app-api",
    "endpoint": "https://app-api.azurewebsites.net",
    "audience": "api://shop",
}
_DATABASE: Final = {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders"}
_MYSQL: Final = {"id": MYSQL, "endpoint": MYSQL_HOST, "database": "orders"}
_SQL_DATABASE: Final = {"id": SQL, "endpoint": SQL_HOST, "database": "orders"}
_ADMINISTERED: Final = {"administrators": {"dba": PEOPLE}, "databases": ["orders"]}
_STORE: Final = {"id": STORE, "endpoint": STORE_ENDPOINT}
_MAIL: Final = {"mail": {"vault_id": VAULT, "secret": "mail"}}
_AI: Final = {"id": AI, "endpoint": AI_ENDPOINT}
_SEARCH: Final = {"id": SEARCH, "endpoint": SEARCH_ENDPOINT}
_IN_VAULT: Final = {"id": VAULT, "endpoint": ENDPOINT}
_VAULT_LINK: Final = {**_IN_VAULT, "secrets": {"DB": "db"}}
_HOSTED: Final = {
    "environment_id": f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-team",
    "container_image": "team.azurecr.io/shop:1",
}
_REACHED: Final = {"allowed_ip_ranges": {"office": "203.0.113.0/24"}}
_CLUSTER: Final = {
    "issuer_url": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
    "namespace": "team",
}
_OF_LINKS: Final = (
    Case(WebApp, _link("main", "key_vault", _VAULT_LINK)),
    Case(WebApp, _link("main", "key_vault", {**_VAULT_LINK, "secret_access": "secret"})),
    *(Case(WebApp, _link("invoices", "keys", {**_IN_VAULT, "access": verb})) for verb in KeyAccess),
    Case(WebApp, _link("invoices", "keys", {**_IN_VAULT, "key": "invoices", "access": "sign"})),
    *(
        Case(WebApp, _link("partner", "certificates", {**_IN_VAULT, "access": verb}))
        for verb in CertificateAccess
    ),
    *(
        Case(
            WebApp, _link("partner", "certificates", {**_IN_VAULT, "certificate": "partner", "access": verb})
        )
        for verb in ("read", "use")
    ),
    *(Case(WebApp, _stored("reports", "blob", access=verb)) for verb in BlobAccess),
    Case(WebApp, _stored("reports", "blob", container="reports")),
    Case(WebApp, _stored("reports", "blob", container="reports", access="sign-read")),
    *(Case(WebApp, _stored("exports", "file", access=verb)) for verb in FileAccess),
    Case(WebApp, _stored("exports", "file", share="exports")),
    *(Case(WebApp, _stored("orders", "queue", access=verb)) for verb in ("read", "send", "receive", "write")),
    Case(WebApp, _stored("orders", "queue", queue="orders")),
    *(Case(WebApp, _stored("prices", "table", access=verb)) for verb in ("read", "write")),
    Case(WebApp, _stored("prices", "table", table="prices")),
    *(Case(WebApp, _link("orders", "service_bus", {**_BUS, "access": verb})) for verb in ("send", "receive")),
    Case(WebApp, _link("orders", "service_bus", {**_BUS, "queue": "orders", "access": "send"})),
    Case(WebApp, _link("sales", "service_bus", {**_BUS, **_SUBSCRIPTION, "access": "receive"})),
    *(Case(WebApp, _link("clicks", "event_hubs", {**_HUBS, "access": verb})) for verb in ("send", "receive")),
    Case(WebApp, _link("clicks", "event_hubs", {**_HUBS, "hub": "clicks"})),
    Case(WebApp, _link("clicks", "event_hubs", {**_HUBS, "hub": "clicks", "consumer_group": "billing"})),
    Case(WebApp, _link("cache", "redis", {"id": REDIS, "endpoint": REDIS_HOST})),
    *(Case(WebApp, _link("images", "registry", {**_IMAGES, "access": verb})) for verb in RegistryAccess),
    *(
        Case(WebApp, _link("images", "registry", {**_IMAGES, "repository": "shop/web", "access": verb}))
        for verb in RegistryAccess
    ),
    *(Case(WebApp, _link("orders", "cosmos", {**_COSMOS, "access": verb})) for verb in CosmosAccess),
    Case(WebApp, _link("orders", "cosmos", {**_COSMOS, "database": "shop"})),
    Case(WebApp, _link("orders", "cosmos", {**_COSMOS, "database": "shop", "container": "orders"})),
    *(Case(WebApp, _link("orders", "postgres", {**_DATABASE, "access": verb})) for verb in PostgresAccess),
    Case(WebApp, _link("placed", "event_grid", _TOPIC)),
    *(Case(WebApp, _link("live", "signalr", {**_SIGNALR, "access": verb})) for verb in SignalRAccess),
    *(Case(WebApp, _link("live", "web_pub_sub", {**_PUBSUB, "access": verb})) for verb in WebPubSubAccess),
    Case(WebApp, _link("rows", "logs_ingestion", _RULE)),
    *(
        Case(WebApp, _link("features", "app_configuration", {**_STORE, "access": verb}))
        for verb in ConfigurationAccess
    ),
    Case(WebApp, _link("features", "app_configuration", {**_STORE, "references": _MAIL})),
    *(Case(WebApp, _link("model", "ai", {**_AI, "access": verb})) for verb in AiAccess),
    *(Case(WebApp, _link("products", "search", {**_SEARCH, "access": verb})) for verb in SearchAccess),
    Case(WebApp, _link("products", "search", {**_SEARCH, "index": "products"})),
    *(Case(WebApp, _link("orders", "mysql", {**_MYSQL, "access": verb})) for verb in MySqlAccess),
    *(Case(WebApp, _link("orders", "sql", {**_SQL_DATABASE, "access": verb})) for verb in SqlAccess),
    Case(WebApp, _link("orders", "sql", {**_SQL_DATABASE, "database_role": "pickers"})),
    Case(WebApp, _link("api", "app", _APP)),
    Case(WebApp, _link("group", "role", {"id": GROUP, "role": "Reader"})),
    Case(WorkloadAccess, _stored("orders", "queue", access="receive"), {"principal_id": PRINCIPAL}),
)
CASES: Final = (
    Case(WebApp, _SECRETS, _VAULT),
    Case(WebApp, {**_SECRETS, "secret_access": "secret"}, _VAULT),
    Case(WebApp, {**_SECRETS, "identity": "system-assigned"}, _VAULT),
    Case(WebApp, {**_SECRETS, "slots": ["staging"]}, {**_VAULT, "size": "S1"}),
    Case(WebApp, {**_SECRETS, "manage_vault_access": False}, _VAULT),
    Case(WebApp, {**_SECRETS, "identity": "existing"}, {**_VAULT, "identity_id": IDENTITY}),
    Case(WebApp, {"further_identity_ids": {"reports": IDENTITY}}),
    *(Case(WebApp, {"blob_access": verb}, _ACCOUNT) for verb in ("read", "write")),
    Case(WebApp, {"blob_access": "read", "blob_container": "reports"}, _ACCOUNT),
    *(Case(WebApp, {"queue_access": verb}, _ACCOUNT) for verb in ("send", "process", "write")),
    Case(WebApp, {"container_registry_id": REGISTRY}, {"container_image": "team.azurecr.io/shop:1"}),
    Case(WebApp, {"package_url": _URL}, {"package_storage_id": STORAGE, "runtime": "node-22"}),
    Case(WebApp, {"application_insights_workspace_id": WORKSPACE}),
    Case(WebApp, {"application_insights_id": INSIGHTS}),
    Case(FunctionApp, {}),
    *(Case(FunctionApp, {"triggers": [kind]}) for kind in ("http", "durable", "blob")),
    Case(ContainerApp, {"container_registry_id": REGISTRY}, _HOSTED),
    Case(ContainerApp, {"secrets": {"DB_PASSWORD": "db"}}, {**_VAULT, **_HOSTED}),
    Case(ContainerAppJob, {"container_registry_id": REGISTRY}, _HOSTED),
    Case(VirtualMachine, _stored("reports", "blob", container="reports"), _ON_A_SUBNET),
    Case(VirtualMachine, {"login_users": _PEOPLE}, _ON_A_SUBNET),
    Case(VirtualMachine, {"login_administrators": _PEOPLE}, _ON_A_SUBNET),
    Case(VirtualMachine, {"certificates": {**_IN_VAULT, "names": ["shop"]}}, _ON_A_SUBNET),
    Case(VirtualMachineScaleSet, _stored("reports", "blob", container="reports"), _ON_A_SUBNET),
    Case(
        ContainerGroup,
        {"container_registry_id": REGISTRY},
        {"containers": {"report": {"image": "team.azurecr.io/report:1"}}},
    ),
    Case(KubernetesCluster, {}, _REACHED),
    Case(KubernetesCluster, _ON_A_SUBNET, _REACHED),
    Case(
        KubernetesCluster,
        {"api_private_dns_zone_id": f"{ZONES}/privatelink.westeurope.azmk8s.io"},
        {**_ON_A_SUBNET, "public_network_access": False},
    ),
    Case(KubernetesCluster, {"container_registry_id": REGISTRY}, _REACHED),
    *(Case(KubernetesCluster, {key: _PEOPLE}, _REACHED) for key in OF_CLUSTERS.people),
    Case(KubernetesWorkload, {"secrets": {"DB_PASSWORD": "db"}}, {**_VAULT, **_CLUSTER}),
    *_OF_LINKS,
    Case(KeyVault, {"secret_readers": _PEOPLE}),
    Case(KeyVault, {"secret_officers": _PEOPLE}),
    Case(KeyVault, {"key_users": _PEOPLE}),
    Case(KeyVault, {"key_officers": _PEOPLE}),
    Case(KeyVault, {"certificate_officers": _PEOPLE}),
    *(Case(StorageAccount, {key: _PEOPLE}) for key in STORAGE_PEOPLE),
    Case(ServiceBus, {"message_senders": _PEOPLE}),
    Case(ServiceBus, {"message_receivers": _PEOPLE}),
    Case(EventHubs, {"event_senders": _PEOPLE}),
    Case(EventHubs, {"event_receivers": _PEOPLE}),
    Case(ContainerRegistry, {"image_pullers": _PEOPLE}),
    Case(ContainerRegistry, {"image_pushers": _PEOPLE}),
    Case(CosmosAccount, {"data_readers": _PEOPLE}, {"location": "westeurope"}),
    Case(CosmosAccount, {"data_writers": _PEOPLE}, {"location": "westeurope"}),
    Case(EventGridTopic, {"event_senders": _PEOPLE}),
    Case(SignalR, {"connection_readers": _PEOPLE}),
    Case(SignalR, {"connection_managers": _PEOPLE}),
    Case(WebPubSub, {"connection_readers": _PEOPLE}),
    Case(WebPubSub, {"connection_managers": _PEOPLE}),
    Case(LogsIngestion, {"row_senders": _PEOPLE}, _TABLE),
    Case(AppConfiguration, {"configuration_readers": _PEOPLE}),
    Case(AppConfiguration, {"configuration_owners": _PEOPLE}),
    Case(AiServices, {"model_users": _PEOPLE}),
    Case(SearchService, {"index_readers": _PEOPLE}),
    Case(SearchService, {"index_writers": _PEOPLE}),
    *(Case(one, {"encryption": _KEY}, beside) for one, beside in _ENCRYPTING.items()),
    Case(PostgresServer, {"database_readers": _PEOPLE}, _ADMINISTERED),
    Case(PostgresServer, {"database_writers": _PEOPLE}, _ADMINISTERED),
    Case(MySqlServer, {"database_readers": _PEOPLE}, {**_ADMINISTERED, "identity_id": IDENTITY}),
    Case(MySqlServer, {"database_writers": _PEOPLE}, {**_ADMINISTERED, "identity_id": IDENTITY}),
    Case(SqlServer, {"database_readers": _PEOPLE}, _ADMINISTERED),
    Case(SqlServer, {"database_writers": _PEOPLE}, _ADMINISTERED),
)


def grants_page() -> str:
    rows = [row for case in CASES for row in _rows(case)]
    columns = ("component", "said", "role", "to", "on", "resource")
    return f"# Derived grants\n\n{_INTRODUCTION}\n\n{table(columns, rows)}\n"


def roles_of(case: Case) -> list[str]:
    """The names of the roles that are granted."""
    return [_title(grant) for grant in _grants(case) if grant.type not in _NO_ROLES]


def _grants(case: Case) -> list[Recorded]:
    takes_group = "resource_group_name" in case.component.__init__.__annotations__["args"].__annotations__
    place = {"resource_group_name": "rg-team"} if takes_group else {}
    args = {**place, **case.beside, **case.said}
    made = deploy_component(case.component, args, "up")
    declared = [one for one in made.resources if one.type in _NO_ROLES]
    return sorted([*made.all("RoleAssignment"), *declared], key=lambda grant: grant.name)


def _rows(case: Case) -> Iterator[tuple[str, ...]]:
    component = code(getattr(case.component, "__name__", ""))
    said = "<br>".join(_said(key, value) for key, value in case.said.items()) or "nothing"
    grants = _grants(case)
    for grant in grants:
        to = "the workload's identity" if case.component is WorkloadAccess else _to(grant)
        yield (component, said, _role(grant), to, _on(case, grant), code(grant.name))
    if not grants:
        yield (component, said, "none: its owner grants it", "", "", "")


def _said(key: str, value: Any) -> str:
    """Verbs and switches with their value, what is a name of one's own without."""
    if key == "links":
        return "<br>".join(_said_of_link(name, link) for name, link in value.items())
    if key == "triggers":
        return code(f"triggers: {', '.join(value)}")
    shown = str(value).lower() if isinstance(value, bool) else value
    verbs = isinstance(value, bool) or key.endswith("_access") or key == "identity"
    return code(f"{key}: {shown}" if verbs else key)


def _said_of_link(name: str, link: Mapping[str, Mapping[str, Any]]) -> str:
    ((target, record),) = link.items()
    told = [
        f"{key}: {value}" if key in ("access", "role", "secret_access") else key
        for key, value in record.items()
        if key not in _ADDRESSED
    ]
    return code(", ".join([f"links[{name}].{target}", *told]))


def _on(case: Case, grant: Recorded) -> str:
    if grant.type == COSMOS_GRANT:
        record = case.said.get("links", {}).get("orders", {}).get("cosmos", {})
        kind = f"{COSMOS_DB}/sqlDatabases" if "database" in record else COSMOS_DB
        return code(f"{kind}/containers" if "container" in record else kind)
    if grant.type == DATABASE_GRANT:
        return f"schema {code(grant.inputs[SCHEMA])} of a database"
    if grant.type == _OF_REDIS:
        return f"{code(REDIS_TYPE)}, its database"
    if grant.type == CALL_GRANT:
        return code(SITE)
    return code(parse_id(grant.inputs["scope"]).type)


def _role(grant: Recorded) -> str:
    if grant.type == DATABASE_GRANT:
        return f"none: {code(grant.inputs[PRIVILEGE])}, by {code(APPLIED_BY)}"
    if grant.type == _OF_REDIS:
        return f"none: access policy {code(POLICY)}"
    if grant.type == COSMOS_GRANT:
        return f"{grant.inputs[ROLE]}, of the account's own"
    if grant.type == CALL_GRANT:
        return f"none: a place in {code('sign_in.callers')} of the app"
    if "condition" in grant.inputs:
        return f"{_title(grant)}, on that repository"
    return _title(grant)


def _title(grant: Recorded) -> str:
    guid = grant.inputs["roleDefinitionId"].rpartition("/")[2]
    return role_facts(guid).title


def _to(grant: Recorded) -> str:
    if grant.inputs.get("principalType") == "Group":
        return "the Entra group"
    return "the slot's identity" if "staging" in grant.name else "the app's identity"
