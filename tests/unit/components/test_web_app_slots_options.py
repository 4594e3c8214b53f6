"""What an app chooses, each of its slots has for itself: container, package, telemetry, network (F10)."""

from tests.unit.components.answering_azure import (
    CONNECTION_STRING,
    PRINCIPAL,
    REGISTRY,
    SITES_ZONE,
    SLOT_CLIENT,
    SLOT_PRINCIPAL,
    STORAGE,
    SUBNET,
    WORKSPACE,
)
from tests.unit.components.slotted_apps import APP, SITES, STICKY, of_slot, with_slots


def test_a_slot_pulls_its_container_with_its_own_identity() -> None:
    image = {"container_image": "team.azurecr.io/shop:1.2", "container_registry_id": REGISTRY}
    deployment = with_slots("up", "staging", **image)
    pulls = {one.inputs["principalId"] for one in deployment.all("RoleAssignment") if "registry" in one.name}
    assert pulls == {PRINCIPAL, SLOT_PRINCIPAL}
    slot = of_slot(deployment, "web:WebAppSlot").inputs
    assert slot["kind"] == deployment.one("web:WebApp").inputs["kind"] == "app,linux,container"
    assert slot["siteConfig"]["acrUserManagedIdentityID"] == SLOT_CLIENT


def test_a_package_moves_with_a_swap_and_the_identity_that_reads_it_does_not() -> None:
    url = "https://stteam.blob.core.windows.net/packages/shop-1.2.zip"
    package = {"package_url": url, "package_storage_id": STORAGE, "runtime": "node-22"}
    deployment = with_slots("up", "staging", **package)
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    (slot_identity,) = of_slot(deployment, "web:WebAppSlot").inputs["identity"]["userAssignedIdentities"]
    variable = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"
    assert (settings["WEBSITE_RUN_FROM_PACKAGE"], settings[variable]) == (url, slot_identity)
    assert slot_identity.endswith("/id-shop-staging-dev-abc123")
    reads = {one.inputs["principalId"] for one in deployment.all("RoleAssignment") if "package" in one.name}
    assert reads == {PRINCIPAL, SLOT_PRINCIPAL}
    sticky = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert sticky == [*STICKY, variable]


def test_a_slot_on_windows_is_of_its_apps_kind() -> None:
    """A13."""
    deployment = with_slots(os="windows", runtime="node-22")
    slot = of_slot(deployment, "web:WebAppSlot").inputs
    assert (slot["kind"], slot["reserved"]) == ("app", False)


def test_a_slot_reports_to_its_own_application_insights_and_keeps_that_at_a_swap() -> None:
    deployment = with_slots("up", "staging", application_insights_workspace_id=WORKSPACE)
    names = {one.inputs["resourceName"] for one in deployment.all("applicationinsights:Component")}
    assert names == {"appi-shop-dev-abc123", "appi-shop-staging-dev-abc123"}
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    assert settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] == CONNECTION_STRING
    assert settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == (
        f"ClientId={SLOT_CLIENT};Authorization=AAD"
    )
    sticky = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert {"APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"} <= set(
        sticky
    )


def test_a_slot_is_in_the_apps_network_with_a_private_address_of_its_own() -> None:
    private = {"private_endpoint_subnet_id": SUBNET, "private_dns_zone_id": SITES_ZONE}
    deployment = with_slots("up", "staging", diagnostics_workspace_id=WORKSPACE, **private)
    assert of_slot(deployment, "web:WebAppSlot").inputs["publicNetworkAccess"] == "Disabled"
    (endpoint,) = [one for one in deployment.all("network:PrivateEndpoint") if "staging" in one.name]
    (connection,) = endpoint.inputs["privateLinkServiceConnections"]
    assert (connection["groupIds"], connection["privateLinkServiceId"]) == (
        ["sites-staging"],
        f"{SITES}/{APP}",
    )
    assert endpoint.inputs["privateEndpointName"] == f"pep-{APP}-staging"
    targets = {one.inputs["resourceUri"] for one in deployment.all("monitor:DiagnosticSetting")}
    assert f"{SITES}/{APP}/slots/staging" in targets
