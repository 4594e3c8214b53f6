"""Which argument gives which role to whom, and where: read from what the components declare."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components import (
    EventHubs,
    FunctionApp,
    KeyVault,
    PostgresServer,
    ServiceBus,
    StorageAccount,
    WebApp,
    WorkloadAccess,
)
from components.contract import APPLIED_BY, DATABASE_GRANT, PRIVILEGE, SCHEMA
from components.links.certificates import CertificateAccess
from components.links.keys import KeyAccess
from components.links.postgres import PostgresAccess
from components.references import parse_id
from components.roles import role_facts
from tests.unit.components.answering_azure import (
    ENDPOINT,
    EVENT_HUBS,
    EVENT_HUBS_ENDPOINT,
    GROUP,
    IDENTITY,
    INSIGHTS,
    PEOPLE,
    POSTGRES,
    POSTGRES_HOST,
    PRINCIPAL,
    REGISTRY,
    SERVICE_BUS,
    SERVICE_BUS_ENDPOINT,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
    WORKSPACE,
)
from tests.unit.components.recorded_azure import Recorded, deploy_component
from tests.unit.reference.markdown import code, table

_VAULT: Final = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}
_SECRETS: Final = {"secrets": {"DB": "db"}}
_ACCOUNT: Final = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT}
_ADDRESSED: Final = frozenset({"id", "endpoint", "secrets"})
"""What a link's record has whatever it says of access."""
_PEOPLE: Final = {"on-call": PEOPLE}
_URL: Final = "https://stteam.blob.core.windows.net/packages/shop.zip"
_INTRODUCTION = """
Each grant is one role assignment, made by `AccessGrant`, for exactly one identity or group, on the smallest
scope that serves; its description says who may do what. `KeylessWebApp` derives what `WebApp` and
`KeyVault` derive; a link gives the same on every component that takes `links`. In the last column `shop`
is the component's own name.

What is allowed inside a database is no role of Azure's: it is declared, and there once
[`python -m database_grants`](../guides/postgresql.md#declared-then-granted) has run.
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
_HUBS: Final = {"id": EVENT_HUBS, "endpoint": EVENT_HUBS_ENDPOINT}
_DATABASE: Final = {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders"}
_ADMINISTERED: Final = {"administrators": {"dba": PEOPLE}, "databases": ["orders"]}
_IN_VAULT: Final = {"id": VAULT, "endpoint": ENDPOINT}
_VAULT_LINK: Final = {**_IN_VAULT, "secrets": {"DB": "db"}}
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
    *(Case(WebApp, _stored("reports", "blob", access=verb)) for verb in ("read", "write")),
    Case(WebApp, _stored("reports", "blob", container="reports")),
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
    *(Case(WebApp, _link("orders", "postgres", {**_DATABASE, "access": verb})) for verb in PostgresAccess),
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
    *_OF_LINKS,
    Case(KeyVault, {"secret_readers": _PEOPLE}),
    Case(KeyVault, {"secret_officers": _PEOPLE}),
    Case(KeyVault, {"key_users": _PEOPLE}),
    Case(KeyVault, {"key_officers": _PEOPLE}),
    Case(KeyVault, {"certificate_officers": _PEOPLE}),
    Case(StorageAccount, {"blob_readers": _PEOPLE}),
    Case(StorageAccount, {"blob_writers": _PEOPLE}),
    Case(ServiceBus, {"message_senders": _PEOPLE}),
    Case(ServiceBus, {"message_receivers": _PEOPLE}),
    Case(EventHubs, {"event_senders": _PEOPLE}),
    Case(EventHubs, {"event_receivers": _PEOPLE}),
    Case(PostgresServer, {"database_readers": _PEOPLE}, _ADMINISTERED),
    Case(PostgresServer, {"database_writers": _PEOPLE}, _ADMINISTERED),
)


def grants_page() -> str:
    rows = [row for case in CASES for row in _rows(case)]
    columns = ("component", "said", "role", "to", "on", "resource")
    return f"# Derived grants\n\n{_INTRODUCTION}\n\n{table(columns, rows)}\n"


def roles_of(case: Case) -> list[str]:
    """The names of the roles that are granted."""
    return [_role(grant) for grant in _grants(case) if grant.type != DATABASE_GRANT]


def _grants(case: Case) -> list[Recorded]:
    takes_group = "resource_group_name" in case.component.__init__.__annotations__["args"].__annotations__
    place = {"resource_group_name": "rg-team"} if takes_group else {}
    args = {**place, **case.beside, **case.said}
    made = deploy_component(case.component, args, "up")
    declared = [one for one in made.resources if one.type == DATABASE_GRANT]
    return sorted([*made.all("RoleAssignment"), *declared], key=lambda grant: grant.name)


def _rows(case: Case) -> Iterator[tuple[str, ...]]:
    component = code(getattr(case.component, "__name__", ""))
    said = "<br>".join(_said(key, value) for key, value in case.said.items()) or "nothing"
    grants = _grants(case)
    for grant in grants:
        to = "the workload's identity" if case.component is WorkloadAccess else _to(grant)
        yield (component, said, _role(grant), to, _on(grant), code(grant.name))
    if not grants:
        yield (component, said, "none: its owner grants it", "", "", "")


def _said(key: str, value: Any) -> str:
    """Verbs and switches with their value, what is a name of one's own without."""
    if key == "links":
        return "<br>".join(_said_of_link(name, link) for name, link in value.items())
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


def _on(grant: Recorded) -> str:
    if grant.type == DATABASE_GRANT:
        return f"schema {code(grant.inputs[SCHEMA])} of a database"
    return code(parse_id(grant.inputs["scope"]).type)


def _role(grant: Recorded) -> str:
    if grant.type == DATABASE_GRANT:
        return f"none: {code(grant.inputs[PRIVILEGE])}, by {code(APPLIED_BY)}"
    guid = grant.inputs["roleDefinitionId"].rpartition("/")[2]
    return role_facts(guid).title


def _to(grant: Recorded) -> str:
    if grant.inputs["principalType"] == "Group":
        return "the Entra group"
    return "the slot's identity" if "staging" in grant.name else "the app's identity"
