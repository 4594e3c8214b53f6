"""What the components and the examples declare breaks no rule, in a first preview and in later ones."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from components import (
    AiServices,
    AppConfiguration,
    ContainerApp,
    ContainerAppEnvironment,
    ContainerAppJob,
    ContainerGroup,
    ContainerRegistry,
    CosmosAccount,
    EventGridTopic,
    EventHubs,
    FunctionApp,
    FunctionAppSlot,
    KeylessWebApp,
    KubernetesCluster,
    ManagedRedis,
    MySqlServer,
    PostgresServer,
    SearchService,
    ServiceBus,
    SignalR,
    SqlServer,
    StorageAccount,
    VirtualMachine,
    VirtualMachineScaleSet,
    WebApp,
    WebPubSub,
)
from policy.rules import RULES
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    IDENTITY,
    PEOPLE,
    PLAN,
    REGISTRY,
    SLOT,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
    Mode,
)
from tests.unit.components.container_apps import ENVIRONMENT
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.machines import LEAST as OF_MACHINES
from tests.unit.components.recorded_azure import UNKNOWN as NOT_KNOWN
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy_component
from tests.unit.examples.example_on_mocks import PROGRAMS, run_example
from tests.unit.policy.judged import TODAY, UNKNOWN, Given, judge_all

PREVIEWS: tuple[Mode, ...] = ("first preview", "later preview")
SECRETS = {"DATABASE_PASSWORD": "database-password"}
IN_VAULT = {"resource_group_name": "rg", "secrets": SECRETS, "vault_id": VAULT, "vault_endpoint": ENDPOINT}
EXAMPLES_CONFIG = Path(__file__).parents[3] / "examples" / "policy-config.json"
OF_FUNCTIONS = {
    "app_id": f"{GROUP}/providers/Microsoft.Web/sites/func-shop",
    "disabled_functions": [],
    "plan_id": PLAN,
    "slot_name": "staging",
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", *OF_RUNTIME],
}
OPEN = {
    "all in one": ["vault-network-closed"],
    "functions": ["storage-network-closed"],
    "functions in a slot": ["storage-network-closed"],
    "functions on Flex Consumption": ["storage-network-closed"],
    "storage": ["storage-network-closed"],
}
COMPONENTS: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "all in one": (KeylessWebApp, {"secrets": SECRETS, "tags": {"environment": "dev"}}),
    "with a slot": (WebApp, {**IN_VAULT, "size": "S1", "slots": [SLOT]}),
    "system-assigned": (WebApp, {**IN_VAULT, "identity": "system-assigned"}),
    "for people": (WebApp, {"resource_group_name": "rg", "sign_in": {"client_id": CLIENT}}),
    "for programs": (
        WebApp,
        {"resource_group_name": "rg", "sign_in": {"client_id": CLIENT, "callers": {"partner": CLIENT}}},
    ),
    "functions": (FunctionApp, IN_VAULT),
    "functions in a slot": (FunctionAppSlot, OF_FUNCTIONS),
    "functions on Flex Consumption": (FunctionApp, {**IN_VAULT, "size": "FC1", "triggers": ["http"]}),
    "postgres": (PostgresServer, {"resource_group_name": "rg", "administrators": {"dba": PEOPLE}}),
    "mysql": (
        MySqlServer,
        {"resource_group_name": "rg", "administrators": {"dba": PEOPLE}, "identity_id": IDENTITY},
    ),
    "sql": (
        SqlServer,
        {"resource_group_name": "rg", "administrators": {"dba": PEOPLE}, "databases": ["orders"]},
    ),
    "storage": (StorageAccount, {"resource_group_name": "rg", "containers": ["reports"]}),
    "items": (CosmosAccount, {"resource_group_name": "rg", "location": "westeurope", "databases": ["shop"]}),
    "messages": (ServiceBus, {"resource_group_name": "rg", "queues": ["orders"]}),
    "topics": (EventGridTopic, {"resource_group_name": "rg"}),
    "signalr": (SignalR, {"resource_group_name": "rg"}),
    "web pubsub": (WebPubSub, {"resource_group_name": "rg"}),
    "settings": (AppConfiguration, {"resource_group_name": "rg", "key_values": {"color": "green"}}),
    "models": (AiServices, {"resource_group_name": "rg", "deployments": {"chat": {"model": "gpt-4o-mini"}}}),
    "indexes": (SearchService, {"resource_group_name": "rg"}),
    "hubs": (EventHubs, {"resource_group_name": "rg", "hubs": ["clicks"]}),
    "cache": (ManagedRedis, {"resource_group_name": "rg"}),
    "cluster": (KubernetesCluster, {"resource_group_name": "rg", "allowed_ip_ranges": {}}),
    "container app": (
        ContainerApp,
        {
            **IN_VAULT,
            "environment_id": ENVIRONMENT,
            "container_image": "team.azurecr.io/shop:1",
            "container_registry_id": REGISTRY,
            "target_port": 8080,
        },
    ),
    "container job": (
        ContainerAppJob,
        {**IN_VAULT, "environment_id": ENVIRONMENT, "container_image": "mcr.microsoft.com/cbl-mariner:2.0"},
    ),
    "environment": (ContainerAppEnvironment, {"resource_group_name": "rg"}),
    "container group": (
        ContainerGroup,
        {"resource_group_name": "rg", "containers": {"app": {"image": "mcr.microsoft.com/cbl-mariner:2.0"}}},
    ),
    "machine": (VirtualMachine, OF_MACHINES),
    "scale set": (VirtualMachineScaleSet, OF_MACHINES),
    "registry": (ContainerRegistry, {"resource_group_name": "rg"}),
    "blobs": (
        WebApp,
        {
            "resource_group_name": "rg",
            "storage_account_id": STORAGE,
            "storage_endpoint": STORAGE_ENDPOINT,
            "blob_access": "read",
        },
    ),
}


def given(deployment: Deployment) -> list[Given]:
    found: dict[str, Given] = {}
    for one in deployment.resources:
        found[one.urn] = Given(
            one.type,
            one.name,
            _values(one.inputs),
            parent=found.get(one.parent),
            is_read=one.is_read,
            stack="::".join(one.urn.removeprefix("urn:pulumi:").split("::")[:2]),
        )
    for one in deployment.resources:
        found[one.urn].follows = _follows(one, found)
    return list(found.values())


def _follows(one: Recorded, found: Mapping[str, Given]) -> dict[str, list[Given]]:
    return {key: [found[u] for u in urns if u in found] for key, urns in one.property_dependencies.items()}


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _values(item) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_values(item) for item in cast(list[Any], value)]
    return UNKNOWN if value == NOT_KNOWN else value


def broken(
    resources: list[Given],
    configuration: Mapping[str, Mapping[str, Any]] | None = None,
    today: date = TODAY,
) -> dict[str, list[str]]:
    """Rules that stop a run, with the resources that break them and are not waived."""
    configured = configuration or {}
    stopping = [rule.id for rule in RULES if rule.level.value == "mandatory"]
    found = judge_all(*resources, configs={rule: configured.get(rule, {}) for rule in stopping}, today=today)
    return {rule: [name for name, _ in reports] for rule, reports in found.items() if reports}


@pytest.mark.parametrize("mode", PREVIEWS)
@pytest.mark.parametrize("example", PROGRAMS)
def test_an_example_breaks_no_rule_but_what_is_waived_for_it(example: str, mode: Mode) -> None:
    waived = {
        rule
        for rule, config in json.loads(EXAMPLES_CONFIG.read_text(encoding="utf-8")).items()
        for waiver in config["waivers"]
        if waiver["resource"] == f"urn:pulumi:*::{example}::*"
    }
    assert set(broken(given(run_example(example, mode)))) <= waived


def test_the_role_that_triggers_of_blobs_need_is_too_broad_to_pass_unseen() -> None:
    deployed = deploy_component(FunctionApp, {"resource_group_name": "rg", "triggers": ["blob"]}, PREVIEWS[1])
    assert broken(given(deployed)) == {
        "grant-no-broad-role": ["shop-host-account"],
        "storage-network-closed": ["shop"],
    }


@pytest.mark.parametrize("mode", PREVIEWS)
@pytest.mark.parametrize("case", COMPONENTS)
def test_a_component_breaks_no_rule_but_that_its_vault_or_storage_has_no_network(
    case: str, mode: Mode
) -> None:
    component, args = COMPONENTS[case]
    resources = given(deploy_component(component, args, mode))
    assert broken(resources) == {rule: ["shop"] for rule in OPEN.get(case, ())}


@pytest.mark.parametrize("mode", PREVIEWS)
def test_the_same_without_its_grant_or_its_switches_is_refused(mode: Mode) -> None:
    resources = given(deploy_component(*COMPONENTS["with a slot"], mode))
    without = [one for one in resources if "Allowed" not in one.type]
    assert set(broken(without)) == {"site-no-basic-publishing"}
    assert len(broken(without)["site-no-basic-publishing"]) == 4  # FTP and deployment, app and slot
