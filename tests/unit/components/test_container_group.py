"""A container group: what it declares, in which order, and what its code is told."""

from typing import Any

from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    IDENTITY,
    POSTGRES,
    POSTGRES_HOST,
    PRINCIPAL,
    REGISTRY,
    STORAGE,
    STORAGE_ENDPOINT,
    SUBNET,
    SYSTEM_PRINCIPAL,
    VAULT,
    WORKSPACE,
)
from tests.unit.components.container_groups import IMAGE, container_group, group_of, told
from tests.unit.components.recorded_azure import Later

PULLED: dict[str, Any] = {"container_registry_id": REGISTRY}
BLOBS: dict[str, Any] = {"links": {"reports": {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}}}}
OWN_ID = (
    "/subscriptions/5ab5c000-0000-4000-8000-000000000001/resourceGroups/rg-team/providers/"
    "Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
)


def test_a_group_is_linux_has_no_address_and_holds_no_secret() -> None:
    assert group_of(container_group(**PULLED)) == {
        "containerGroupName": "ci-shop-dev-abc123",
        "containers": [
            {
                "environmentVariables": [
                    {"name": "AZURE_CLIENT_ID", "value": CLIENT},
                    {"name": "AZURE_TOKEN_CREDENTIALS", "value": "ManagedIdentityCredential"},
                ],
                "image": IMAGE,
                "name": "report",
                "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
            }
        ],
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [OWN_ID]},
        "imageRegistryCredentials": [{"identity": OWN_ID, "server": "team.azurecr.io"}],
        "osType": "Linux",
        "resourceGroupName": "rg-team",
        "restartPolicy": "Always",
    }


def test_the_identity_may_pull_before_the_group_is_created() -> None:
    deployment = container_group(**PULLED)
    grant, group = deployment.one("RoleAssignment"), deployment.one("containerinstance:ContainerGroup")
    assert (grant.inputs["scope"], grant.inputs["principalId"]) == (REGISTRY, PRINCIPAL)
    assert deployment.waits_for(group, grant)
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may pull images in container registry team (AcrPull)."
    ]


def test_an_existing_identity_pulls_and_is_granted_by_its_owner() -> None:
    deployment = container_group(identity="existing", identity_id=IDENTITY, **PULLED)
    assert group_of(deployment)["imageRegistryCredentials"] == [
        {"identity": IDENTITY, "server": "team.azurecr.io"}
    ]
    assert deployment.all("RoleAssignment") == []
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == f"AcrPull on {REGISTRY}"


def test_public_images_are_pulled_by_nobody() -> None:
    deployment = container_group(containers={"web": {"image": "mcr.microsoft.com/azurelinux/base/nginx:1"}})
    assert "imageRegistryCredentials" not in group_of(deployment)
    assert deployment.all("RoleAssignment") == []


def test_a_registry_with_a_domain_name_label_is_pulled_from_by_its_own_host_name() -> None:
    deployment = container_group(containers={"a": {"image": "team-a1b2.azurecr.io/x:1"}}, **PULLED)
    assert group_of(deployment)["imageRegistryCredentials"][0]["server"] == "team-a1b2.azurecr.io"


def test_a_system_assigned_identity_is_let_in_once_the_group_is_there() -> None:
    deployment = container_group(identity="system-assigned", **BLOBS)
    grant, group = deployment.one("RoleAssignment"), deployment.one("containerinstance:ContainerGroup")
    assert group.inputs["identity"] == {"type": "SystemAssigned"}
    assert grant.inputs["principalId"] == SYSTEM_PRINCIPAL
    assert deployment.waits_for(grant, group)
    assert "AZURE_CLIENT_ID" not in told(deployment)
    assert deployment.outputs["principal_id"] == SYSTEM_PRINCIPAL
    assert deployment.outputs["client_id"] is None


def test_a_group_without_an_identity_says_so_and_its_code_is_told_of_none() -> None:
    deployment = container_group(identity="none", settings={"MODE": "fast"})
    assert group_of(deployment)["identity"] == {"type": "None"}
    assert told(deployment) == {"MODE": "fast"}
    assert [deployment.outputs[key] for key in ("identity_id", "principal_id", "client_id")] == [None] * 3


def test_further_identities_are_attached_and_told_apart() -> None:
    further = {"further_identity_ids": {"audit": IDENTITY}}
    both = group_of(container_group(identity="system-assigned", **further))["identity"]
    assert both == {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": [IDENTITY]}
    deployment = container_group(**further)
    assert group_of(deployment)["identity"]["userAssignedIdentities"] == [OWN_ID, IDENTITY]
    assert told(deployment)["AZURE_CLIENT_ID_AUDIT"] == CLIENT


def test_code_is_told_where_everything_is_and_waits_for_the_token_service() -> None:
    deployment = container_group(settings={"MODE": "fast"}, **BLOBS)
    assert told(deployment) == {
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        "MODE": "fast",
        "REPORTS_ENDPOINT": STORAGE_ENDPOINT,
    }


def test_a_wider_search_for_credentials_is_the_users_to_choose() -> None:
    given = container_group(settings={"AZURE_TOKEN_CREDENTIALS": "prod"})
    assert told(given)["AZURE_TOKEN_CREDENTIALS"] == "prod"


def test_of_a_secret_code_is_told_where_it_lies() -> None:
    secrets = {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB_PASSWORD": "db-password"}}
    deployment = container_group(links={"main": {"key_vault": secrets}})
    variables = told(deployment)
    assert variables["DB_PASSWORD_URI"] == f"{ENDPOINT}secrets/db-password"
    assert variables["MAIN_ENDPOINT"] == ENDPOINT
    assert "DB_PASSWORD" not in variables
    assert deployment.one("RoleAssignment").inputs["scope"] == VAULT


def test_the_user_of_a_database_is_the_identity_of_either_kind() -> None:
    link = {"postgres": {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "shop"}}
    links: dict[str, Any] = {"links": {"db": link}}
    assert told(container_group(**links))["DB_USER"] == "id-shop-dev-abc123"
    assert told(container_group(identity="system-assigned", **links))["DB_USER"] == "ci-shop-dev-abc123"


def test_all_containers_are_told_the_same_and_stand_in_the_order_of_their_names() -> None:
    containers = {
        "web": {"image": IMAGE, "command": ["python", "-m", "web"], "cpu": 0.5},
        "cache": {"image": IMAGE},
    }
    cache, web = group_of(container_group(containers=containers))["containers"]
    assert (cache["name"], web["name"]) == ("cache", "web")
    assert web["command"] == ["python", "-m", "web"]
    assert web["resources"] == {"requests": {"cpu": 0.5, "memoryInGB": 1.5}}
    assert cache["environmentVariables"] == web["environmentVariables"]


def test_the_order_of_settings_restarts_nothing() -> None:
    one, other = (
        container_group(settings=dict(pairs))
        for pairs in ([("A", "1"), ("B", "2")], [("B", "2"), ("A", "1")])
    )
    assert group_of(one) == group_of(other)


def test_settings_that_are_known_later_reach_every_container() -> None:
    assert told(container_group(settings=Later({"MODE": "fast"})))["MODE"] == "fast"


def test_ports_without_a_network_have_no_address() -> None:
    deployment = container_group(containers={"web": {"image": IMAGE, "ports": [8080]}})
    assert "ipAddress" not in group_of(deployment)
    assert group_of(deployment)["containers"][0]["ports"] == [{"port": 8080, "protocol": "TCP"}]
    assert deployment.outputs["ip_address"] is None


def test_in_a_subnet_the_ports_have_a_private_address() -> None:
    ports = {"web": {"image": IMAGE, "ports": [8081, 8080]}}
    deployment = container_group(containers=ports, subnet_id=SUBNET)
    group = group_of(deployment)
    assert group["subnetIds"] == [{"id": SUBNET}]
    assert group["ipAddress"] == {
        "autoGeneratedDomainNameLabelScope": "Unsecure",  # of a host name, which it has none of: the SDK's
        "ports": [{"port": 8080, "protocol": "TCP"}, {"port": 8081, "protocol": "TCP"}],
        "type": "Private",
    }
    assert deployment.outputs["ip_address"] == "10.0.0.4"
    assert deployment.outputs["fqdn"] is None


def test_a_public_host_name_cannot_be_taken_over_by_another_tenant() -> None:
    ports = {"web": {"image": IMAGE, "ports": [8080]}}
    deployment = container_group(containers=ports, public_network_access=True, dns_name_label="shop-web")
    assert group_of(deployment)["ipAddress"] == {
        "autoGeneratedDomainNameLabelScope": "TenantReuse",
        "dnsNameLabel": "shop-web",
        "ports": [{"port": 8080, "protocol": "TCP"}],
        "type": "Public",
    }
    assert deployment.outputs["fqdn"] == "shop-web.hash.westeurope.azurecontainer.io"


def test_logs_go_to_a_workspace_by_a_diagnostic_setting_and_no_key() -> None:
    deployment = container_group(diagnostics_workspace_id=WORKSPACE)
    setting = deployment.one("DiagnosticSetting").inputs
    assert (setting["workspaceId"], setting["name"]) == (WORKSPACE, "keyless")
    assert [one["categoryGroup"] for one in setting["logs"]] == ["allLogs"]
    assert "diagnostics" not in group_of(deployment)


def test_application_insights_takes_the_identity() -> None:
    deployment = container_group(application_insights_workspace_id=WORKSPACE)
    variables = told(deployment)
    assert variables["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == f"ClientId={CLIENT};Authorization=AAD"


def test_everything_is_known_that_a_first_preview_can_know() -> None:
    deployment = container_group("first preview", **PULLED)
    assert deployment.one("index:ContainerGroup").inputs["identity"] == "user-assigned"


def test_everything_is_tagged() -> None:
    deployment = container_group(tags={"team": "shop"}, application_insights_workspace_id=WORKSPACE)
    tagged = {
        one.type.rpartition(":")[2]
        for one in deployment.resources
        if one.inputs.get("tags") == {"team": "shop"}
    }
    assert tagged == {"Component", "ContainerGroup", "UserAssignedIdentity"}


def test_what_azure_refuses_to_change_replaces_a_group_that_serves() -> None:
    options = container_group().one("containerinstance:ContainerGroup")
    assert options.replace_on_changes == ("containers[*].resources", "osType", "restartPolicy", "subnetIds")
    assert options.delete_before_replace


def test_any_change_of_a_job_is_a_new_run() -> None:
    for policy in ("OnFailure", "Never"):
        options = container_group(restart_policy=policy).one("containerinstance:ContainerGroup")
        assert options.inputs["restartPolicy"] == policy
        assert options.replace_on_changes == ("*",)
