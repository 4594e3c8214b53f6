"""A private endpoint is in the region of its network, wherever what it leads to is."""

from typing import Any

import pulumi
import pytest

from components import (
    AiServices,
    AppConfiguration,
    ContainerRegistry,
    CosmosAccount,
    EventGridTopic,
    EventHubs,
    FunctionApp,
    FunctionAppSlot,
    KeylessWebApp,
    ManagedRedis,
    MySqlServer,
    PostgresServer,
    SearchService,
    ServiceBus,
    SignalR,
    SqlServer,
    StorageAccount,
    WebAppSlot,
    WebPubSub,
)
from tests.unit.components.answering_azure import ENDPOINTS_SUBNET, GROUP, IDENTITY, PEOPLE, PLAN
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.recorded_azure import deploy_component
from tests.unit.components.refusals import problems_of

PLACE = {"resource_group_name": "rg-team", "location": "northeurope"}
SLOT = {
    "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-team",
    "plan_id": PLAN,
    "slot_name": "staging",
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"],
}
OF_FUNCTIONS = {**SLOT, "disabled_functions": [], "sticky_settings": [*SLOT["sticky_settings"], *OF_RUNTIME]}
CASES = [
    (KeylessWebApp, "", PLACE),
    (KeylessWebApp, "vault_", PLACE),
    (FunctionApp, "", PLACE),
    (StorageAccount, "storage_", PLACE),
    (WebAppSlot, "", SLOT),
    (FunctionAppSlot, "", OF_FUNCTIONS),
    (CosmosAccount, "", PLACE),
    (AiServices, "", PLACE),
    (AppConfiguration, "", PLACE),
    (SearchService, "", PLACE),
    (EventHubs, "namespace_", PLACE),
    (ServiceBus, "namespace_", {**PLACE, "tier": "premium"}),
    (ManagedRedis, "", PLACE),
    (ContainerRegistry, "", {**PLACE, "tier": "premium"}),
    (EventGridTopic, "", PLACE),
    (SignalR, "", PLACE),
    (WebPubSub, "", PLACE),
    (MySqlServer, "", {**PLACE, "administrators": {"dba": PEOPLE}, "identity_id": IDENTITY}),
    (PostgresServer, "postgres_", {**PLACE, "administrators": {"dba": PEOPLE}}),
    (SqlServer, "", {**PLACE, "administrators": {"dba": PEOPLE}}),
]


@pytest.mark.parametrize(("component", "prefix", "args"), CASES)
def test_an_endpoint_is_in_the_region_that_is_given_and_else_in_that_of_its_target(
    component: type[pulumi.ComponentResource], prefix: str, args: dict[str, Any]
) -> None:
    subnet = {f"{prefix}private_endpoint_subnet_id": ENDPOINTS_SUBNET}
    given = {**args, **subnet, f"{prefix}private_endpoint_location": "westeurope"}
    (endpoint,) = deploy_component(component, given, "up").all("PrivateEndpoint")
    assert endpoint.inputs["location"] == "westeurope"
    (endpoint,) = deploy_component(component, {**args, **subnet}, "up").all("PrivateEndpoint")
    assert endpoint.inputs.get("location") == args.get("location")


@pytest.mark.parametrize(("component", "prefix", "args"), CASES)
def test_a_region_without_a_subnet_is_refused(
    component: type[pulumi.ComponentResource], prefix: str, args: dict[str, Any]
) -> None:
    key, subnet = f"{prefix}private_endpoint_location", f"{prefix}private_endpoint_subnet_id"

    def deployed(**given: Any) -> object:
        return deploy_component(component, given, "up")

    assert problems_of(deployed)(**args, **{key: "westeurope"}) == [
        (
            key,
            "a region without a private endpoint",
            f"{subnet} with it",
            f"give {subnet} too, or take {key} out",
        )
    ]
