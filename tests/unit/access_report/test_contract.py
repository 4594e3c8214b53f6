"""What the report knows of the components is what they register: both sides are read here."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pulumi
import pytest

from access_report.reading import read_preview
from access_report.report import Report, report
from access_report.resources import UNKNOWN
from components import (
    COMPONENTS,
    AiServices,
    AppConfiguration,
    BlobAccess,
    CertificateAccess,
    CosmosAccess,
    CosmosAccount,
    EventHubs,
    FileAccess,
    KeyAccess,
    KeyVault,
    LinkArgs,
    ManagedIdentity,
    ManagedRedis,
    QueueAccess,
    SearchService,
    ServiceBus,
    StorageAccount,
    WebApp,
    WorkloadAccess,
)
from components.contract import (
    ACCESS_GRANT,
    CALL_GRANT,
    COSMOS_GRANT,
    DATABASE_GRANT,
    PRINCIPAL_NAME,
    RECORDED,
    REDIS_GRANT,
    SECRETS,
    secret_grant_name,
)
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, PRINCIPAL, REGISTRY, VAULT
from tests.unit.components.recorded_azure import UNKNOWN as NOT_KNOWN
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.test_options_reach_children import EXAMPLES
from tests.unit.import_graph import import_statements
from toolchain.paths import ROOT

READERS = ("access_report", "policy")
"""Packages that read what the components register, or Azure's facts beside them."""
OF_COMPONENTS = ("components.azure_facts", "components.contract")
CASES = [
    pytest.param(component, args, id=f"{component.__name__}-{number}")
    for component in COMPONENTS
    for number, args in enumerate(EXAMPLES[component.__name__], 1)
]


def reported(deployment: Deployment) -> Report:
    """The report on a first preview of what was registered."""
    steps = [
        {
            "op": "create",
            "urn": one.urn,
            "newState": {
                "urn": one.urn,
                "type": one.type,
                "custom": not one.type.startswith("keyless:"),
                "parent": one.parent,
                "inputs": _values(one.inputs),
                "propertyDependencies": {
                    key: sorted(urns) for key, urns in one.property_dependencies.items()
                },
            },
        }
        for one in deployment.resources
        if not one.is_read
    ]
    return report(read_preview({"steps": steps}))


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _values(item) for key, item in cast(dict[str, Any], value).items()}
    return UNKNOWN if value == NOT_KNOWN else value


def test_every_component_is_in_the_contract_and_nothing_else_is() -> None:
    served = {f"keyless:index:{component.__name__}" for component in COMPONENTS}
    assert set(RECORDED) == {*served, CALL_GRANT, DATABASE_GRANT, COSMOS_GRANT, REDIS_GRANT}


@pytest.mark.parametrize(("component", "args"), CASES)
def test_a_component_registers_what_the_contract_says(component: Any, args: dict[str, Any]) -> None:
    ours = [
        one
        for one in deploy_component(component, args, "first preview").resources
        if one.type.startswith("keyless:")
    ]
    assert ours
    for one in ours:
        known = {key for key, value in one.inputs.items() if value not in (None, NOT_KNOWN)}
        assert RECORDED[one.type] <= known, one.urn


def test_a_grant_that_was_told_a_name_registers_it() -> None:
    officers = {"resource_group_name": "rg", "secret_officers": {"on-call": PEOPLE}}
    vault = next(component for component in COMPONENTS if component.__name__ == "KeyVault")
    made = deploy_component(vault, officers, "first preview")
    assert [one.inputs[PRINCIPAL_NAME] for one in made.resources if one.type == ACCESS_GRANT] == ["on-call"]


@pytest.mark.parametrize("name", ["WebApp", "FunctionApp", "FunctionAppSlot", "WebAppSlot"])
def test_the_grant_on_one_secret_and_the_link_are_found_again(name: str) -> None:
    host = next(component for component in COMPONENTS if component.__name__ == name)
    args = {
        **EXAMPLES[name][0],
        "secrets": {"DB": "Db-Password"},
        "secret_access": "secret",
        "vault_endpoint": ENDPOINT,
        "vault_id": VAULT,
    }
    made = deploy_component(host, args, "first preview").resources
    (itself,) = [one for one in made if one.type == f"keyless:index:{name}"]
    assert itself.inputs[SECRETS] == {"DB": "Db-Password"}
    grants = {one.name for one in made if one.type == ACCESS_GRANT and one.parent == itself.urn}
    assert secret_grant_name("shop", "Db-Password") == "shop-secret-db-password"
    assert "shop-secret-db-password" in grants


def test_a_first_preview_tells_the_one_key_or_certificate_that_a_grant_is_for() -> None:
    host = next(component for component in COMPONENTS if component.__name__ == "WebApp")

    def declare(name: str, args: Any) -> Any:
        vault = KeyVault(name, args)
        links = {
            "invoices": vault.keys_link("invoices", KeyAccess.SIGN),
            "partner": vault.certificates_link("partner", CertificateAccess.USE),
            "every": vault.keys_link(),
        }
        return host("web", {**args, "links": links})

    told = reported(deploy_component(declare, {"resource_group_name": "rg-team"}, "first preview"))
    assert [(change.grant.role, str(change.grant.where)) for change in told.grants] == [
        ("Key Vault Crypto User", "key invoices of key vault shop"),
        ("Key Vault Reader", "certificate partner of key vault shop"),
        ("Key Vault Reader", "key vault shop"),
        ("Key Vault Secrets User", "secret partner of key vault shop"),
    ]
    assert [change.grant.where.is_claimed for change in told.grants] == [True, True, False, True]


def test_a_first_preview_tells_the_one_container_subscription_or_hub_that_a_grant_is_for() -> None:
    def declare(name: str, group: Any) -> Any:
        files: dict[str, Any] = {**group, "containers": ["reports"]}
        mail: dict[str, Any] = {**group, "topics": ["mail"], "subscriptions": ["mail/print"]}
        storage, bus = StorageAccount("files", cast(Any, files)), ServiceBus("bus", cast(Any, mail))
        hubs, vault, runner = (
            EventHubs("hubs", group),
            KeyVault("shop", group),
            ManagedIdentity("runner", group),
        )
        mixed = pulumi.Output.all(vault.vault_id, runner.identity_id).apply(lambda both: both[0])
        links: dict[str, LinkArgs] = {
            "blobs": storage.blobs_link("reports", BlobAccess.WRITE),
            "every": storage.tables_link(),
            "exports": storage.files_link("exports", FileAccess.WRITE),
            "signed": storage.blobs_link("reports", BlobAccess.SIGN_WRITE),
            "later": storage.queues_link(pulumi.Output.from_input("orders"), QueueAccess.SEND),
            "mail": bus.receive_link(topic="mail", subscription="print"),
            "clicks": hubs.receive_link("clicks"),
            "mixed": {"keys": {"id": mixed, "endpoint": vault.endpoint, "key": "invoices"}},
        }
        return WorkloadAccess(name, {"principal_id": PRINCIPAL, "links": links})

    told = reported(deploy_component(declare, {"resource_group_name": "rg-team"}, "first preview"))
    made_from_both = (
        "scope that only the update will know, made from container files-reports and storage account files"
    )
    assert [(change.grant.role, str(change.grant.where)) for change in told.grants] == [
        ("Azure Event Hubs Data Receiver", "event hub clicks of Event Hubs namespace hubs"),
        (
            "Azure Service Bus Data Receiver",
            "Service Bus subscription print of Service Bus namespace bus",
        ),
        (
            "Key Vault Reader",
            "scope that only the update will know, made from identity runner and key vault shop",
        ),
        ("Storage Blob Data Contributor", "container reports of storage account files"),
        ("Storage Blob Delegator", made_from_both),
        ("Storage File Data Privileged Contributor", "file share exports of storage account files"),
        ("Storage Queue Data Message Sender", made_from_both),
        ("Storage Table Data Reader", made_from_both),
    ]
    claimed = {change.grant.role for change in told.grants if change.grant.where.is_claimed}
    assert claimed == {
        "Azure Event Hubs Data Receiver",
        "Azure Service Bus Data Receiver",
        "Storage Blob Data Contributor",
        "Storage File Data Privileged Contributor",
    }


def test_a_first_preview_tells_the_one_container_of_cosmos_db_that_a_grant_is_for() -> None:
    def declare(name: str, group: Any) -> Any:
        made: dict[str, Any] = {
            **group,
            "location": "westeurope",
            "databases": ["shop"],
            "containers": {"shop/orders": "/customer"},
            "data_readers": {"clerks": PEOPLE},
        }
        items = CosmosAccount("items", cast(Any, made))
        links: dict[str, LinkArgs] = {
            "orders": items.items_link("shop", "orders", CosmosAccess.WRITE),
            "shop": items.items_link("shop"),
        }
        return WorkloadAccess(name, {"principal_id": PRINCIPAL, "links": links})

    told = reported(deploy_component(declare, {"resource_group_name": "rg-team"}, "first preview"))
    account = "Cosmos DB account items"
    app, people = f"principal shop ({PRINCIPAL})", f"group clerks ({PEOPLE})"
    grants = [change.grant for change in told.grants]
    assert {(one.role, str(one.who), str(one.where), one.where.is_claimed) for one in grants} == {
        ("Cosmos DB Built-in Data Contributor", app, f"Cosmos DB container orders of {account}", True),
        ("Cosmos DB Built-in Data Reader", people, account, False),
        ("Cosmos DB Built-in Data Reader", app, f"Cosmos DB database shop of {account}", True),
    }


def test_a_first_preview_tells_the_index_and_the_secret_that_a_grant_is_for() -> None:
    def declare(name: str, group: Any) -> Any:
        vault = KeyVault("shop", group)
        reference = {"vault_id": vault.vault_id, "vault_endpoint": vault.endpoint, "secret": "mail"}
        settings = AppConfiguration("conf", cast(Any, {**group, "references": {"shop:mail": reference}}))
        deployments = {"chat": {"model": "gpt-4o-mini"}}
        models = AiServices("models", cast(Any, {**group, "deployments": deployments}))
        links: dict[str, LinkArgs] = {
            "features": settings.configuration_link(),
            "model": models.ai_link("chat"),
            "products": SearchService("found", group).search_link("products"),
        }
        return WorkloadAccess(name, {"principal_id": PRINCIPAL, "links": links})

    told = reported(deploy_component(declare, {"resource_group_name": "rg-team"}, "first preview"))
    assert [(change.grant.role, str(change.grant.where)) for change in told.grants] == [
        ("App Configuration Data Reader", "App Configuration store conf"),
        ("Cognitive Services OpenAI User", "Azure AI services account models"),
        ("Key Vault Secrets User", "secret mail of key vault shop"),
        ("Search Index Data Reader", "search index products of search service found"),
    ]


def test_a_first_preview_is_told_in_full() -> None:
    """No id is known in it: all of this comes from what components register."""
    whole = next(component for component in COMPONENTS if component.__name__ == "KeylessWebApp")
    args = {"secrets": {"DB": "db-password"}, "secret_access": "secret"}
    told = reported(deploy_component(whole, args, "first preview"))
    assert [(str(c.grant.who), c.grant.role, str(c.grant.where), c.grant.why) for c in told.grants] == [
        (
            "identity shop",
            "Key Vault Secrets User",
            "secret db-password of key vault shop",
            "WebApp 'shop'",
        )
    ]
    settings = [(s.setting.variable, s.setting.secret, s.setting.vault) for s in told.settings]
    assert settings == [("DB", "db-password", "shop")]
    assert told.uncovered == []


@pytest.mark.parametrize("package", READERS)
def test_a_reader_imports_the_contract_and_the_facts_alone(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        imported = [name for name in _imports(file) if name.partition(".")[0] == "components"]
        assert [name for name in imported if not name.startswith(OF_COMPONENTS)] == [], file
        assert "keyless:index" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("part", OF_COMPONENTS)
def test_the_contract_and_the_facts_need_nothing_but_the_standard_library(part: str) -> None:
    at = ROOT / part.replace(".", "/")
    for file in [*at.glob("*.py")] or [at.with_suffix(".py")]:
        outside = [name for name in _imports(file) if name and not name.startswith(".")]
        foreign = [n for n in outside if n.partition(".")[0] not in sys.stdlib_module_names]
        assert foreign == [], file


def test_the_report_runs_where_neither_pulumi_nor_azures_packages_are() -> None:
    """As in the job that writes a comment on a fork's pull request. The package around contract and facts is
    taken as a bare folder: what it imports itself is no part of them.
    """
    program = """
import sys, types
package = types.ModuleType("components")
package.__path__ = [sys.argv[1]]
sys.modules["components"] = package
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in ("pulumi", "pulumi_azure_native", "azure", "grpc"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import access_report.comment, access_report.__main__
from components.azure_facts import roles
print(roles.built_in_roles.cache_info().currsize)
"""
    command = [sys.executable, "-c", program, str(ROOT / "components")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout == "0\n", "the facts are read when they are asked for first"


def _imports(file: Path) -> list[str]:
    """Modules that a file imports; relative ones begin with a full stop."""
    found: list[str] = []
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        else:
            found.append("." * node.level + (node.module or ""))
    return found


def test_a_first_preview_tells_who_is_let_into_a_cache_and_that_a_grant_is_for_one_repository() -> None:
    def declare(name: str, group: Any) -> Any:
        cache = ManagedRedis("cache", group)
        images = {"registry": {"id": REGISTRY, "endpoint": "team.azurecr.io", "repository": "shop/web"}}
        links: dict[str, Any] = {"cache": cache.redis_link(), "images": images}
        return WebApp(name, cast(Any, {**group, "links": links}))

    told = reported(deploy_component(declare, {"resource_group_name": "rg-team"}, "first preview"))
    assert [change.grant.sentence for change in told.grants] == [
        "identity shop gets Container Registry Repository Reader on container registry team, "
        "under a condition",
        "identity shop gets default on Managed Redis cache",
    ]
    assert {change.grant.why for change in told.grants} == {"WebApp 'shop'"}
