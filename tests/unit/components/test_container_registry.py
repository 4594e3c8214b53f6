"""ContainerRegistry: created without an admin user, or an existing one read by its full id."""

from typing import Any, cast

import pytest

from components import ContainerRegistry, ContainerRegistryArgs, WebApp
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    REGISTRY,
    SUFFIX,
    VAULT_ZONE,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

NAME = f"crshopdev{SUFFIX}"
ID = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/{NAME}"
ZONE = f"{ZONES}/privatelink.azurecr.io"
PULL, PUSH = "7f951dda-4ed3-4680-a7ca-43fe172d538d", "8311e382-0749-4cb8-b61a-304f252e45ec"
READER, WRITER = "b93aa761-3e63-49ed-ac28-beffa264f7ac", "2a1e307c-b015-4ebd-883e-5b7698a07328"
BY_REPOSITORY = {"existing_id": REGISTRY, "role_assignment_mode": "AbacRepositoryPermissions"}


def container_registry(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(ContainerRegistry, args, mode)


refusal = refusal_of(container_registry)


def _registry(**args: Any) -> dict[str, Any]:
    return dict(container_registry(**args).one("containerregistry:Registry").inputs)


def test_a_registry_is_created_with_these_inputs_and_no_others() -> None:
    deployment = container_registry(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"containerregistry:Registry": 1}
    assert deployment.one("containerregistry:Registry").inputs == {
        "adminUserEnabled": False,
        "anonymousPullEnabled": False,
        "location": "westeurope",
        "networkRuleBypassOptions": "AzureServices",
        "publicNetworkAccess": "Enabled",
        "registryName": NAME,
        "resourceGroupName": "rg-team",
        "sku": {"name": "Basic"},
        "tags": {"team": "shop"},
        "zoneRedundancy": "Disabled",
    }
    assert deployment.plain_outputs == {
        "registry_id": ID,
        "name": NAME,
        "endpoint": f"{NAME}.azurecr.io",
        "access": [],
    }


def test_a_registry_has_no_admin_user() -> None:
    assert _registry()["adminUserEnabled"] is False


def test_nobody_pulls_from_a_registry_without_a_role() -> None:
    assert _registry()["anonymousPullEnabled"] is False


def test_a_registry_is_open_to_every_network_unless_something_is_said() -> None:
    assert _registry()["publicNetworkAccess"] == "Enabled"
    assert "networkRuleSet" not in _registry()
    rules = _registry(tier="premium")["networkRuleSet"]
    assert rules == {"defaultAction": "Allow", "ipRules": []}


@pytest.mark.parametrize(
    ("tier", "sku"), [("basic", "Basic"), ("standard", "Standard"), ("premium", "Premium")]
)
def test_what_a_registry_can_do_and_costs_is_a_choice(tier: str, sku: str) -> None:
    assert _registry(tier=tier)["sku"] == {"name": sku}


def test_whose_address_is_named_may_call_the_registry_and_nobody_else() -> None:
    inputs = _registry(tier="premium", allowed_ip_ranges={"office": "203.0.113.0/24"})
    assert inputs["publicNetworkAccess"] == "Enabled"
    assert inputs["networkRuleSet"] == {
        "defaultAction": "Deny",
        "ipRules": [{"action": "Allow", "iPAddressOrRange": "203.0.113.0/24"}],
    }


def test_with_a_private_endpoint_alone_a_registry_has_no_public_address() -> None:
    args = {"tier": "premium", "private_endpoint_subnet_id": ENDPOINTS_SUBNET, "private_dns_zone_id": ZONE}
    deployment = container_registry(**args)
    inputs = deployment.one("containerregistry:Registry").inputs
    assert (inputs["publicNetworkAccess"], inputs["networkRuleSet"]["defaultAction"]) == ("Disabled", "Deny")
    (connection,) = deployment.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert (connection["groupIds"], connection["privateLinkServiceId"]) == (["registry"], ID)
    (zone,) = deployment.one("PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]
    assert zone["privateDnsZoneId"] == ZONE


def test_nothing_is_copied_out_of_a_registry_that_says_so() -> None:
    closed = {"tier": "premium", "private_endpoint_subnet_id": ENDPOINTS_SUBNET}
    assert _registry(**closed, exports=False)["policies"] == {"exportPolicy": {"status": "disabled"}}
    assert _registry(**closed)["policies"] == {"exportPolicy": {"status": "enabled"}}


def test_people_are_let_in_through_groups_to_pull_or_to_push() -> None:
    groups = {"image_pullers": {"on-call": PEOPLE}, "image_pushers": {"builders": PEOPLE}}
    deployment = container_registry(**groups)
    grants = {
        grant.name: (grant.inputs["roleDefinitionId"].rpartition("/")[2], grant.inputs["principalType"])
        for grant in deployment.all("RoleAssignment")
    }
    assert grants == {"shop-puller-on-call": (PULL, "Group"), "shop-pusher-builders": (PUSH, "Group")}
    assert deployment.outputs["access"] == [
        f"Members of group on-call may pull images in container registry {NAME} (AcrPull).",
        f"Members of group builders may pull and push images in container registry {NAME} (AcrPush).",
    ]


def test_people_get_the_roles_that_an_existing_registry_honours() -> None:
    groups = {"image_pullers": {"on-call": PEOPLE}, "image_pushers": {"builders": PEOPLE}}
    deployment = container_registry(**BY_REPOSITORY, **groups)
    roles = [
        grant.inputs["roleDefinitionId"].rpartition("/")[2] for grant in deployment.all("RoleAssignment")
    ]
    assert roles == [READER, WRITER]


def test_an_existing_registry_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = container_registry(existing_id=REGISTRY)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:containerregistry:Registry", True)
    ]
    assert deployment.plain_outputs == {
        "registry_id": REGISTRY,
        "name": "team",
        "endpoint": "team.azurecr.io",
        "access": [],
    }


def test_what_a_component_made_gives_its_own_links() -> None:
    def program() -> dict[str, Any]:
        made = ContainerRegistry("shop", {"resource_group_name": "rg-team"})
        there = ContainerRegistry("team", cast(ContainerRegistryArgs, BY_REPOSITORY))
        links = {"all": made.pull_link(), "built": there.push_link("shop/web")}
        WebApp("web", {"resource_group_name": "rg-team", "links": links})
        return {}

    deployment = deploy(program)
    grants = {one.name: one.inputs for one in deployment.all("RoleAssignment")}
    assert {name: one["roleDefinitionId"][-36:] for name, one in grants.items()} == {
        "web-all": PULL,
        "web-built": WRITER,
    }
    assert "StringEqualsIgnoreCase 'shop/web'" in grants["web-built"]["condition"]


def test_a_link_to_one_repository_of_a_registry_without_roles_for_one_is_refused() -> None:
    def program(**args: Any) -> object:
        def declared() -> dict[str, Any]:
            registry = ContainerRegistry("shop", cast(ContainerRegistryArgs, args))
            WebApp(
                "web", {"resource_group_name": "rg-team", "links": {"images": registry.pull_link("shop/web")}}
            )
            return {}

        return deploy(declared)

    text = refusal_of(program)(resource_group_name="rg-team")
    assert "a repository, with LegacyRegistryPermissions" in text


def test_logs_go_to_the_workspace_and_a_lock_is_made_last() -> None:
    deployment = container_registry(diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    assert deployment.one("DiagnosticSetting").inputs["resourceUri"] == ID
    lock = deployment.one("ManagementLockByScope")
    assert deployment.waits_for(lock, deployment.one("DiagnosticSetting"))


@pytest.mark.parametrize(
    ("args", "part"),
    [
        ({"registry_name": "with-hyphens"}, "5 to 50 letters and digits"),
        ({"tier": "huge"}, "basic, standard, premium"),
        ({"allowed_ip_ranges": {"office": "203.0.113.0/24"}}, "set tier to premium"),
        ({"private_endpoint_subnet_id": ENDPOINTS_SUBNET}, "set tier to premium"),
        ({"tier": "premium", "exports": False}, "give private_endpoint_subnet_id"),
        (
            {"role_assignment_mode": "AbacRepositoryPermissions"},
            "az acr create --role-assignment-mode rbac-abac",
        ),
        (
            {
                "tier": "premium",
                "private_endpoint_subnet_id": ENDPOINTS_SUBNET,
                "private_dns_zone_id": VAULT_ZONE,
            },
            "privatelink.azurecr.io",
        ),
        ({"existing_id": REGISTRY, "tier": "basic"}, "a registry is adopted or created"),
    ],
)
def test_what_a_registry_cannot_do_is_refused(args: dict[str, Any], part: str) -> None:
    assert part in refusal(**args)
