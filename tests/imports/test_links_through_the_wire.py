"""Links through the wire: three on one host, one on three, ids that no first preview knows, and refusals."""

import json
from pathlib import Path
from typing import Any

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.imports.consumer import Consumer
from tests.imports.stacks import IMPORTED, SERVED
from toolchain.paths import ROOT

PLUGIN = ROOT / "components"
READER, SENDER = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"
BLOBS, SECRETS = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "4633458b-17de-408a-b874-0445c86b69e6"

NESTED = """
def served(kind, name, args):
    return component(kind, name, args)

def named(record):
    return {snake(key): value for key, value in record.items()} if isinstance(record, dict) else record

def imported(kind, name, args):
    links = args.get("links", {}).items()
    own = {key: {snake(target): named(record) for target, record in link.items()} for key, link in links}
    return component(kind, name, {**args, "links": own} if own else args)
"""
"""Imported components get records under Python's names; the keys of maps are the stack's own in both."""

STACK = """
import pulumi
from pulumi_azure_native import managedidentity, resources

group = resources.ResourceGroup("team", location="westeurope")
place = {"resourceGroupName": group.name}
vault = declare("KeyVault", "kv", {**place, "generatedSecrets": {"session-key": 48}})
storage = declare("StorageAccount", "st", {**place, "containers": ["reports"], "queues": ["orders"]})
machine = managedidentity.UserAssignedIdentity("vm", resource_group_name=group.name)
orders = {"queues": {
    "id": output(storage, "accountId"),
    "endpoint": output(storage, "queueEndpoint"),
    "queue": "orders",
    "access": "send",
}}
web = declare("WebApp", "web", {**place, "links": {
    "main": {"keyVault": {
        "id": output(vault, "vaultId"),
        "endpoint": output(vault, "endpoint"),
        "secrets": {"SESSION_KEY": "session-key"},
        "secretAccess": "secret",
    }},
    "keyVault": {"variables": "REPORTS", "blobs": {
        "id": output(storage, "accountId"),
        "endpoint": output(storage, "endpoint"),
        "container": "reports",
        "access": "write",
    }},
    "orders": orders,
}})
worker = declare("FunctionApp", "worker", {**place, "links": {"orders": orders}})
nightly = declare("WorkloadAccess", "nightly", {
    "principalId": machine.principal_id,
    "clientId": machine.client_id,
    "links": {"orders": orders, "group": {"role": {"id": group.id, "role": "Reader"}}},
})
pulumi.export("vault", output(vault, "endpoint"))
pulumi.export("orders", output(storage, "queueEndpoint"))
pulumi.export("principals", {
    "web": output(web, "principalId"),
    "worker": output(worker, "principalId"),
    "nightly": output(nightly, "principalId"),
})
pulumi.export("environment", output(nightly, "environment"))
pulumi.export("access", output(web, "access"))
"""


def program(head: str) -> str:
    return f"{head}{NESTED}\ndeclare = {'served' if head is SERVED else 'imported'}\n{STACK}"


def settings(cloud: LocalAzure, app: str) -> dict[str, str]:
    (found,) = [
        resource.body["properties"]
        for resource in cloud.azure.store.list(type="Microsoft.Web/sites/config")
        if f"/{app}-" in resource.id and resource.id.endswith("/appsettings")
    ]
    return found


def granted(consumer: Consumer, name: str) -> dict[str, tuple[str, str, str]]:
    """The grants below a component, by name: role, principal and what of Azure they are on."""
    return {
        r["urn"].rpartition("::")[2]: (
            r["outputs"]["roleDefinitionId"].rpartition("/")[2],
            r["outputs"]["principalId"],
            r["inputs"]["scope"].partition("/providers/")[2].partition("/")[2],
        )
        for r in consumer.resources()
        if r["type"] == "azure-native:authorization:RoleAssignment" and f"::{name}-" in r["urn"]
    }


def identities(resources: list[dict[str, Any]]) -> dict[str, str]:
    return {r["urn"]: r.get("id", "") for r in resources if not r["type"].startswith("pulumi:")}


def test_three_links_on_one_host_and_one_link_on_three_hosts_are_granted_and_told_through_the_wire(
    consumer: Consumer, cloud: LocalAzure, installed: Path
) -> None:
    consumer.prepare(program(SERVED), virtualenv=installed.parent.parent, plugin=PLUGIN)
    # No id and no address is known yet; that links are there is.
    grants = {urn.rpartition("::")[2] for urn in consumer.changed() if ":RoleAssignment::" in urn}
    assert {"web-main-session-key", "web-keyVault", "web-orders", "worker-orders", "nightly-orders"} <= grants

    consumer.up()
    outputs = consumer.outputs()
    principals = outputs["principals"]
    assert len(set(principals.values())) == 3
    account = next(
        r["id"].rpartition("/")[2]
        for r in consumer.resources()
        if r["type"] == "azure-native:storage:StorageAccount" and "/st" in r["id"] and "::st" in r["urn"]
    )
    vault = outputs["vault"].removeprefix("https://").partition(".")[0]
    queue = f"storageAccounts/{account}/queueServices/default/queues/orders"
    assert granted(consumer, "web") == {
        "web-main-session-key": (SECRETS, principals["web"], f"vaults/{vault}/secrets/session-key"),
        "web-keyVault": (
            BLOBS, principals["web"], f"storageAccounts/{account}/blobServices/default/containers/reports",
        ),
        "web-orders": (SENDER, principals["web"], queue),
    }  # fmt: skip
    assert granted(consumer, "worker")["worker-orders"] == (SENDER, principals["worker"], queue)
    assert granted(consumer, "nightly") == {
        "nightly-orders": (SENDER, principals["nightly"], queue),
        "nightly-group": (READER, principals["nightly"], ""),
    }
    told = {"ORDERS_ENDPOINT": outputs["orders"], "ORDERS_QUEUE": "orders"}
    client_id = settings(cloud, "app-web")["AZURE_CLIENT_ID"]
    assert settings(cloud, "app-web") == {
        **told,
        "AZURE_CLIENT_ID": client_id,
        "MAIN_ENDPOINT": outputs["vault"],
        "REPORTS_CONTAINER": "reports",
        "REPORTS_ENDPOINT": f"https://{account}.blob.core.windows.net/",
        "SESSION_KEY": f"@Microsoft.KeyVault(SecretUri={outputs['vault']}secrets/session-key)",
    }
    assert told.items() <= settings(cloud, "func-worker").items()
    assert outputs["environment"] == {
        **told,
        "AZURE_CLIENT_ID": outputs["environment"]["AZURE_CLIENT_ID"],
    }
    assert len(outputs["access"]) == 3

    # A stack that imports the wheel has the same, under the same names.
    before = identities(consumer.resources())
    consumer.write(program(IMPORTED))
    assert consumer.changed() == {}
    assert before == identities(consumer.resources())
    consumer("destroy", "--yes", "--skip-preview")
    assert [r for r in cloud.azure.store.list(type="Microsoft.Web/sites") if SUBSCRIPTION_ID in r.id] == []


MISTAKES = """
import pulumi
from pulumi_random import RandomString

later = RandomString("later", length=8)
vault = {"id": later.result, "endpoint": later.result, "secrets": {"DB": "db"}}
component("WebApp", "shop", {"resourceGroupName": "rg-team", "links": {
    "whole": later.result.apply(lambda text: {"keyVault": {"secrets": {}}}),
    "target": {"keyVault": later.result.apply(lambda text: {"secrets": {}})},
    "misspelt": {"keyVault": {**vault, "secretAcces": "secret"}},
    "verb": {"queues": {"id": later.result, "endpoint": later.result, "access": "sends"}},
}})
"""


def test_outputs_for_records_and_misspelt_fields_are_refused_by_name_before_anything_is_created(
    consumer: Consumer,
) -> None:
    consumer.prepare(SERVED + MISTAKES, plugin=PLUGIN)
    refused = consumer("preview", fails=True)
    said = [line.strip() for line in refused.splitlines()]
    assert any("WebApp 'shop' has 4 problems" in line for line in said)
    for subject, given, step in (
        ("links[whole]", "an Output", "decide links[whole] in the program"),
        ("links[target].keyVault", "an Output", "decide links[target].keyVault in the program"),
        ("links[misspelt].keyVault.secretAcces", "an argument that nothing reads", "write secretAccess"),
        ("links[verb].queues.access", "a text of 5 characters", "write send"),
    ):
        number = next(n for n, line in enumerate(said) if line.partition(". ")[2] == subject)
        assert said[number + 1] == f"given     {given}"
        assert said[number + 3].startswith(f"next      {step}")
    assert str(PLUGIN) not in refused, "a traceback of the plugin"
    assert json.loads(consumer("stack", "export"))["deployment"].get("resources", []) == []


LATE = """
from pulumi_random import RandomString

later = RandomString("later", length=8)
component("WorkloadAccess", "job", {"principalId": "0b1ec700-0000-4000-8000-0000000000f1", "links": {
    "main": {"keyVault": {
        "id": later.result, "endpoint": "https://kv-team.vault.azure.net/", "secrets": {"DB": "db"},
    }},
}})
"""


def test_what_is_refused_when_an_id_is_known_is_told_in_the_same_spelling(consumer: Consumer) -> None:
    consumer.prepare(SERVED + LATE, plugin=PLUGIN)
    refused = consumer.up(fails=True)
    assert "WorkloadAccess 'job' has one problem" in refused
    assert "1. links[main].keyVault.id\n" in refused
    assert "key_vault" not in refused
