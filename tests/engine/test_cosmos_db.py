"""A Cosmos DB account and an app through the real engine: a new identity's refusal is waited for."""

import json
from pathlib import Path
from typing import Any

import pytest
from azure.cosmos import CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

ASSIGNMENT = "azure-native:cosmosdb:SqlResourceSqlRoleAssignment"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import CosmosAccess, CosmosAccount, WebApp

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
account = CosmosAccount("data", {{
    **where, "location": "westeurope", "databases": ["shop"],
    "containers": {{"shop/orders": config.get("key") or "/customer"}},
    **({{"max_throughput": 1000}} if config.get("scaled") else {{}}),
}})
access = CosmosAccess(config.get("access") or "read")
web = WebApp("web", {{**where, "links": {{"orders": account.items_link("shop", "orders", access)}}}})
pulumi.export("principal", web.principal_id)
pulumi.export("access", web.access)
"""


def settings_of(cloud: LocalAzure) -> dict[str, str]:
    """What the one app is told."""
    (site,) = cloud.azure.store.list(type="Microsoft.Web/sites")
    found = cloud.azure.store.get(f"{site.id}/config/appsettings")
    assert found is not None
    return found.body["properties"]


def test_an_identity_that_is_seconds_old_is_let_in_and_what_is_decided_stays(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = given_program(Loop, engine, cloud, tmp_path, PROGRAM, {})
    for key, value in shop.stack.environment().items():
        monkeypatch.setenv(key, value)
    cloud.azure.entra.delay_replication(1)
    said = shop.stack.up("--skip-preview")
    assert "retrying create due to on-error hook request (1/100)" in said
    assert "it is tried again, for ten minutes" in said
    told, who = settings_of(cloud), cloud.azure.entra.principal(str(shop.stack.outputs()["principal"]))
    assert who is not None
    credential: Any = Holder(cloud.azure, who)
    client = CosmosClient(told["ORDERS_ENDPOINT"], credential)
    database = client.get_database_client(told["ORDERS_DATABASE"])
    orders = database.get_container_client(told["ORDERS_CONTAINER"])
    assert list(orders.read_all_items()) == []
    with pytest.raises(CosmosHttpResponseError) as refused:
        orders.create_item({"id": "1", "customer": "ann"})
    assert refused.value.status_code == 403
    # The engine keeps the failure that it went over, and writes the assignment once more.
    assert changes(shop) == {ASSIGNMENT: "update"}
    shop.stack.write_configuration({"access": "write"})
    shop.stack.up("--skip-preview")
    assert changes(shop) == {}
    orders.create_item({"id": "1", "customer": "ann"})
    assert len(cloud.azure.store.list(type="Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments")) == 1
    shop.stack.write_configuration({"access": "write", "key": "/id", "scaled": "yes"})
    with pytest.raises(EngineError) as refusal:
        shop.stack.preview()
    assert "take max_throughput out again" in refusal.value.output


def changes(shop: Loop) -> dict[str, str]:
    """What a run would do, by type of what it does it with."""
    steps = json.loads(shop.stack.preview("--json"))["steps"]
    named = {step["urn"].split("::")[-2].rpartition("$")[2]: step["op"] for step in steps}
    return {type_: op for type_, op in named.items() if op != "same"}
