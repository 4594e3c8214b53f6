"""Options that only the engine carries out reach every child, of imported and of served components alike."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from components import COMPONENTS
from local_azure.server import LocalAzure
from tests.imports.consumer import Consumer
from tests.imports.stacks import IMPORTED, SERVED
from tests.local_azure.images import push_program
from tests.local_azure.registry_stage import RegistryStage
from toolchain.paths import ROOT

WRITTEN_ONCE = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""The state, at the end: written with each step, all of it, it is a quarter of the time."""
SLEEPS = "import time\ntime.sleep(60)\n"
EVERY_COMPONENT = """
import pulumi
from pulumi_azure_native import Provider, network, operationalinsights, resources

def kept(args):
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(retain_on_delete=True))
    return pulumi.ResourceTransformResult(args.props, opts)

ours = Provider("ours", location="westeurope")
options = pulumi.ResourceOptions(providers=[ours])
group = resources.ResourceGroup("team", opts=pulumi.ResourceOptions(provider=ours))
first = component("KeylessWebApp", "first", {"secrets": {"DB": "db"}}, options)
place = {"resourceGroupName": group.name}
options = pulumi.ResourceOptions(providers=[ours], depends_on=[first], protect=True, transforms=[kept])
identity = component("ManagedIdentity", "id", place, options)
vault = component("KeyVault", "kv", {
    **place, "generatedSecrets": {"session-key": 48}, "generatedKeys": {"data": {"purpose": "wrap"}},
    "secretReaders": {"on-call": READERS},
}, options)
component("AccessGrant", "grant", {
    "principalId": output(identity, "principalId"),
    "scopeId": output(vault, "vaultId"),
    "role": "Key Vault Secrets User",
}, options)
app = {
    **place,
    "secrets": {"DB": "db"},
    "vaultId": output(vault, "vaultId"),
    "vaultEndpoint": output(vault, "endpoint"),
}
sticky = {"stickySettings": ["AZURE_KEY_VAULT_ENDPOINT", "DB"]}
site = component("WebApp", "app", {**app, **sticky, "size": "S1", "identity": "system-assigned"}, options)
slot = {"appId": output(site, "appId"), "planId": output(site, "planId"), "slotName": "staging"}
slot["stickySettings"] = output(site, "stickySettings")
del app["resourceGroupName"]
component("WebAppSlot", "slot", {**app, **slot, "identity": "system-assigned"}, options)
lists = {"containers": ["reports"], "queues": ["orders"]}
storage = component("StorageAccount", "st", {**place, **lists}, options)
functions = component("FunctionApp", "fn", {
    **place,
    **app,
    "size": "S1",
    "stickySettings": ["AzureWebJobs.work.Disabled"],
    "storageAccountId": output(storage, "accountId"),
    "storageEndpoint": output(storage, "endpoint"),
    "blobAccess": "write",
}, options)
component("FunctionAppSlot", "fs", {
    **app,
    "appId": output(functions, "appId"),
    "disabledFunctions": ["work"],
    "planId": output(functions, "planId"),
    "slotName": "staging",
    "stickySettings": output(functions, "stickySettings"),
}, options)
component("CosmosAccount", "items", {**place, "location": "westeurope", "databases": ["shop"]}, options)
component("ServiceBus", "bus", {**place, "queues": ["orders"]}, options)
component("EventHubs", "hubs", {**place, "hubs": ["readings"]}, options)
component("ManagedRedis", "cache", place, options)
component("ContainerRegistry", "images", place, options)
component("EventGridTopic", "topic", place, options)
component("SignalR", "sig", place, options)
component("WebPubSub", "pub", place, options)
space = operationalinsights.Workspace(
    "log", resource_group_name=group.name, opts=pulumi.ResourceOptions(provider=ours)
)
component("LogsIngestion", "rows", {
    **place, "workspaceId": space.id, "table": "Orders_CL", "columns": {"Order": "int"},
}, options)
component("AppConfiguration", "conf", {**place, "tags": {"team": "shop"}}, options)
component("AiServices", "ai", {**place, "deployments": {"chat": {"model": "gpt-4o-mini"}}}, options)
component("SearchService", "srch", {**place}, options)
component("PostgresServer", "pg", {
    **place, "administrators": {"dba": READERS}, "databases": ["shop"],
}, options)
component("MySqlServer", "my", {
    **place,
    "administrators": {"dba": READERS},
    "identityId": output(identity, "identityId"),
    "databases": ["shop"],
}, options)
component("SqlServer", "sql", {
    **place, "administrators": {"dba": READERS}, "databases": ["shop"],
}, options)
component("WorkloadAccess", "job", {
    "principalId": output(identity, "principalId"),
    "links": {"team": {"role": {"id": group.id, "role": "Reader"}}},
}, options)
component("KeylessWebApp", "shop", {"secrets": {"DB": "db"}}, options)
component("AccessReview", "review", {
    **place,
    "resources": {"main": {"id": output(vault, "vaultId")}},
    "alertEmails": {"on-call": "o@example.com"},
}, options)
key = {"id": output(vault, "vaultId"), "endpoint": output(vault, "endpoint"), "key": "data"}
component("DiskEncryptionSet", "disks", {**place, "encryption": key}, options)
environment = component("ContainerAppEnvironment", "cae", place, options)
contained = {
    **place,
    "containerImage": "IMAGE",
    "containerRegistryId": "REGISTRY",
    "environmentId": output(environment, "environmentId"),
}
component("ContainerApp", "ca", {**contained, "targetPort": 8000}, options)
component("ContainerAppJob", "caj", {**contained, "schedule": "0 3 * * *"}, options)
component("ContainerGroup", "ci", {
    **place, "containers": {"report": {"image": "IMAGE"}}, "containerRegistryId": "REGISTRY",
}, options)
component("LogicApp", "flow", {
    **place,
    "definition": {
        "triggers": {"nightly": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
        "actions": {"Say": {"type": "Compose", "inputs": "hello"}},
    },
    "links": {"team": {"role": {"id": group.id, "role": "Reader"}}},
}, options)
component("KubernetesCluster", "aks", {**place, "allowedIpRanges": {}}, options)
component("KubernetesWorkload", "pods", {
    **place, "issuerUrl": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/", "namespace": "team",
}, options)
theirs = pulumi.ResourceOptions(provider=ours)
net = network.VirtualNetwork(
    "net", address_space={"address_prefixes": ["10.0.0.0/16"]}, resource_group_name=group.name, opts=theirs
)
subnet = network.Subnet(
    "net", address_prefix="10.0.3.0/24", resource_group_name=group.name, virtual_network_name=net.name,
    opts=theirs,
)
machine = {**place, "subnetId": subnet.id}
component("VirtualMachine", "vm", {**machine, "loginUsers": {"on-call": READERS}}, options)
component("VirtualMachineScaleSet", "vmss", machine, options)
""".replace("READERS", repr("0b1ec700-0000-4000-8000-0000000000f1"))


def below(resources: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    """What the components of these names created, at whatever depth."""
    found = {
        r["urn"] for r in resources if r["type"].startswith("keyless:") and r["urn"].split("::")[-1] in names
    }
    tops = set(found)
    for resource in resources:  # a parent is always registered before its children
        if resource.get("parent") in found:
            found.add(resource["urn"])
    return [r for r in resources if r["urn"] in found - tops and not r["type"].startswith("keyless:")]


@pytest.mark.parametrize("head", [IMPORTED, SERVED], ids=["imported", "served"])
def test_transforms_protection_providers_and_order_reach_every_child(
    consumer: Consumer, installed: Path, cloud: LocalAzure, head: str
) -> None:
    stage = RegistryStage(cloud)
    registry, host = stage.registry()
    push_program(stage.images(host, stage.with_role("AcrPush", registry)), "shop", "1", {"app.py": SLEEPS})
    program = EVERY_COMPONENT.replace("IMAGE", f"{host}/shop:1").replace("REGISTRY", registry)
    consumer = replace(consumer, settings=WRITTEN_ONCE)
    consumer.prepare(head + program, virtualenv=installed.parent.parent, plugin=ROOT / "components")
    consumer("config", "rm", "azure-native:location")
    consumer.up()

    resources = consumer.resources()
    assert {r["type"] for r in resources if r["type"].startswith("keyless:")} == {
        f"keyless:index:{component.__name__}" for component in COMPONENTS
    }
    with_options = {
        "id",
        "kv",
        "grant",
        "app",
        "slot",
        "st",
        "fn",
        "fs",
        "bus",
        "hubs",
        "conf",
        "ai",
        "srch",
        "pg",
        "job",
        "shop",
    }
    with_options |= {"topic", "sig", "pub", "rows"}
    with_options |= {"review", "disks", "cae", "ca", "caj", "ci", "flow", "aks", "pods", "vm", "vmss"}
    first = below(resources, {"first"})
    # What is only read, such as a key of a vault, is never deleted.
    others = [one for one in below(resources, with_options) if not one.get("external")]
    assert len(first) >= 9
    assert len(others) > len(first)
    for child in others:
        assert child.get("retainOnDelete"), child["urn"]
        assert child.get("protect"), child["urn"]
        if child["type"].startswith("azure-native:"):
            assert "::pulumi:providers:azure-native::ours::" in child["provider"], child["urn"]
    assert not any(child.get("retainOnDelete") or child.get("protect") for child in first)
    last = max(datetime.fromisoformat(child["created"]) for child in first)
    assert all(datetime.fromisoformat(child["created"]) >= last for child in others)


@pytest.mark.parametrize("head", [IMPORTED, SERVED], ids=["imported", "served"])
def test_a_component_that_is_renamed_or_moved_with_an_alias_keeps_everything(
    consumer: Consumer, installed: Path, head: str
) -> None:
    program = """
import pulumi

readers = {"on-call": "0b1ec700-0000-4000-8000-0000000000f1"}
"""
    made = 'component("KeylessWebApp", "%s", {"secrets": {"DB": "db"}, "secretReaders": readers}, %s)\n'
    consumer.prepare(
        head + program + made % ("shop", None), virtualenv=installed.parent.parent, plugin=ROOT / "components"
    )
    consumer.up()

    consumer.write(
        head + program + made % ("store", 'pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")])')
    )
    changed = {(urn.split("$")[-1].split("::")[0], op) for urn, op in consumer.changed().items()}
    # Who granted it is said in a grant's description, which Azure changes in place.
    assert changed == {
        ("azure-native:authorization:RoleAssignment", "update"),
        ("keyless:index:AccessGrant", "update"),
    }

    moved = """
class Team(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("team:index:Team", "team")

"""
    options = (
        "pulumi.ResourceOptions(parent=Team(), aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])"
    )
    consumer.write(head + program + moved + made % ("shop", options))
    assert [urn.split("::", 2)[2] for urn in consumer.changed()] == ["team:index:Team::team"]
