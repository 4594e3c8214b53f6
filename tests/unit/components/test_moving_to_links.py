"""Who writes links instead of the older arguments changes nothing that is deployed, when names are kept."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from components import FunctionApp, KeylessWebApp, WebApp
from tests.unit.components.answering_azure import CLIENT, ENDPOINT, STORAGE, STORAGE_ENDPOINT, VAULT
from tests.unit.components.recorded_azure import Recorded, deploy_component

QUEUES = "https://stteam.queue.core.windows.net/"
ACCOUNT: dict[str, Any] = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT}
READS: dict[str, Any] = {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}
LOOKS: dict[str, Any] = {"id": STORAGE, "endpoint": QUEUES}
BLOBS: dict[str, Any] = {"variables": "AZURE_STORAGE_BLOB"}
QUEUE: dict[str, Any] = {"variables": "AZURE_STORAGE_QUEUE"}
SECRETS = {"DB_PASSWORD": "db-password", "API_KEY": "api-key"}
OF_VAULT: dict[str, Any] = {"vault_id": VAULT, "vault_endpoint": ENDPOINT, "secrets": SECRETS}
MAIN: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT, "secrets": SECRETS}


def deployed(component: Callable[..., pulumi.Resource], args: Mapping[str, Any]) -> dict[str, Recorded]:
    """Everything of Azure's, by URN."""
    given = {"resource_group_name": "rg-team", **args}
    made = deploy_component(component, given, "up").resources
    return {one.urn: one for one in made if one.type.startswith("azure-native:")}


OF_STORAGE: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "container": (
        {**ACCOUNT, "blob_access": "write", "blob_container": "reports"},
        {"blobs": {**BLOBS, "blobs": {**READS, "container": "reports", "access": "write"}}},
    ),
    "blobs and queues": (
        {**ACCOUNT, "blob_access": "read", "queue_access": "process"},
        {
            "blobs": {**BLOBS, "blobs": READS},
            "queues": {**QUEUE, "queues": {**LOOKS, "access": "receive"}},
        },
    ),
    "not granted here": (
        {**ACCOUNT, "queue_access": "send", "manage_storage_access": False},
        {"queues": {**QUEUE, "queues": {**LOOKS, "access": "send"}, "grant": False}},
    ),
}
OF_VAULTS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "vault": (OF_VAULT, {"vault": {"variables": "AZURE_KEY_VAULT", "key_vault": MAIN}}),
    "each secret": (
        {**OF_VAULT, "secret_access": "secret"},
        {"vault": {"variables": "AZURE_KEY_VAULT", "key_vault": {**MAIN, "secret_access": "secret"}}},
    ),
}


@dataclass(frozen=True)
class Added:
    """What a function app gets that says it in links: its triggers can use them."""

    settings: Mapping[str, str]
    grants: Collection[str] = frozenset()


def connection(name: str, service: str, address: str) -> Mapping[str, str]:
    return {
        f"{name}__{service}ServiceUri": address,
        f"{name}__credential": "managedidentity",
        f"{name}__clientId": CLIENT,
    }


NOTHING = Added({})
OF_TRIGGERS: Mapping[str, Added] = {
    "container": Added(connection("AZURE_STORAGE_BLOB", "blob", STORAGE_ENDPOINT)),
    "blobs and queues": Added(
        {
            **connection("AZURE_STORAGE_BLOB", "blob", STORAGE_ENDPOINT),
            **connection("AZURE_STORAGE_QUEUE", "queue", QUEUES),
        },
        {"shop-queues-trigger"},
    ),
    "not granted here": Added(connection("AZURE_STORAGE_QUEUE", "queue", QUEUES)),
}


def with_settings(inputs: Mapping[str, Any], told: Mapping[str, str]) -> Mapping[str, Any]:
    return {**inputs, "properties": {**inputs["properties"], **told}} if told else inputs


CASES = [
    *((component, case) for component in (WebApp, FunctionApp, KeylessWebApp) for case in OF_STORAGE),
    # A KeylessWebApp without vault_id makes a vault of its own.
    *((component, case) for component in (WebApp, FunctionApp) for case in OF_VAULTS),
]


@pytest.mark.parametrize(("component", "case"), CASES)
def test_the_same_is_deployed_under_the_same_urns(
    component: Callable[..., pulumi.Resource], case: str
) -> None:
    older, links = {**OF_STORAGE, **OF_VAULTS}[case]
    before, after = deployed(component, older), deployed(component, {"links": links})
    added = OF_TRIGGERS[case] if component is FunctionApp and case in OF_TRIGGERS else NOTHING
    assert {after[urn].name for urn in after.keys() - before.keys()} == added.grants
    assert before.keys() <= after.keys()
    for urn, one in before.items():
        told = (
            added.settings if one.type == "azure-native:web:WebAppApplicationSettings" else NOTHING.settings
        )
        assert with_settings(one.inputs, told) == after[urn].inputs, urn
        assert one.parent == after[urn].parent, urn
