"""Every body that a component has written is one that Microsoft's own clients would send.

`deploy` of the components' unit tests checks each; here are the checker's own tests.
"""

from typing import Any

import pytest
from azure.mgmt.network.models import PolicySettings
from pulumi_azure_native import web

from local_azure.plugins.table import ROWS
from tests.azure_models.body_check import problems
from tests.azure_models.models_of_types import (
    MODELS,
    OTHER_VERSIONS,
    PACKAGES,
    body_of,
    model_of,
    problems_with,
    version_of,
    versions_spoken,
)
from tests.unit.components.recorded_azure import deploy
from tests.unit.examples.example_on_mocks import PROGRAMS, run_example

SITE = "azure-native:web:WebApp"
GRANT = "azure-native:authorization:RoleAssignment"
ID = "0b1ec700-0000-4000-8000-00000000000a"
SERVED = [token for token in ROWS if token.removeprefix("azure-native:") in MODELS]
GRANTED: dict[str, Any] = {"principalId": ID, "roleDefinitionId": "/providers/x", "scope": "/", "name": "x"}


@pytest.mark.parametrize("module", PACKAGES)
def test_the_models_are_of_the_api_version_that_the_sdk_speaks_or_it_is_said_which(module: str) -> None:
    spoken = versions_spoken(module)
    assert spoken
    assert {version_of(module)} == ({OTHER_VERSIONS[module]} if module in OTHER_VERSIONS else spoken)
    assert module not in OTHER_VERSIONS or OTHER_VERSIONS[module] not in spoken


@pytest.mark.parametrize("token", SERVED)
def test_every_type_that_components_write_has_an_official_model(token: str) -> None:
    assert isinstance(model_of(token), type)


@pytest.mark.parametrize("example", PROGRAMS)
def test_what_an_example_writes_fits_the_official_models(example: str) -> None:
    written = [r for r in run_example(example).resources if r.type.startswith("azure-native:")]
    assert written
    assert [p for r in written if not r.is_read for p in problems_with(r.type, r.inputs)] == []


def test_a_body_that_microsofts_clients_would_send_has_no_problem() -> None:
    inputs = {"name": "app-shop", "siteConfig": {"ftpsState": "Disabled"}, "identity": {"type": "None"}}
    assert body_of(SITE, inputs)["properties"] == {"siteConfig": {"ftpsState": "Disabled"}}
    assert problems_with(SITE, inputs) == []
    assert problems_with(GRANT, {**GRANTED, "principalType": "ServicePrincipal"}) == []


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"siteConfig": {"ftpState": "Disabled"}}, "properties.siteConfig.ftpState is unknown"),
        ({"siteConfig": {"machineKey": {}}}, "properties.siteConfig.machineKey is read-only"),
        ({"siteConfig": {"ftpsState": "Off"}},
         "properties.siteConfig.ftpsState is 'Off', which FtpsState has not"),
        ({"siteConfig": {"alwaysOn": "true"}}, "properties.siteConfig.alwaysOn is 'true', no bool"),
        ({"siteConfig": []}, "properties.siteConfig is no object"),
        ({"hostNameSslStates": {}}, "properties.hostNameSslStates is no list"),
        ({"identity": {"type": "UserAssigned", "principalId": ID}}, "identity.principalId is read-only"),
        ({"identity": {"userAssignedIdentities": {"/id": {"clientId": ID}}}},
         "identity.userAssignedIdentities[/id].clientId is read-only"),
        ({"tags": {"team": 1}}, "tags[team] is 1, no str"),
    ],
)  # fmt: skip
def test_a_property_that_the_newer_models_do_not_take_is_found(inputs: dict[str, Any], problem: str) -> None:
    assert problems_with(SITE, inputs) == [f"{SITE}: {problem}"]


def test_a_property_that_the_older_models_do_not_take_is_found() -> None:
    identity = "azure-native:managedidentity:UserAssignedIdentity"
    assert problems_with(GRANT, {**GRANTED, "principalType": "Robot"}) == [
        f"{GRANT}: properties.principalType is 'Robot', which PrincipalType has not"
    ]
    assert problems_with(GRANT, {"principalId": ID}) == [f"{GRANT}: properties.roleDefinitionId is missing"]
    assert problems_with(identity, {"tags": {}}) == []


def test_a_value_that_a_pattern_or_a_range_excludes_is_found() -> None:
    setting = "azure-native:monitor:DiagnosticSetting"
    logs = [{"category": "AuditEvent", "enabled": True, "retentionPolicy": {"enabled": True, "days": -1}}]
    assert problems_with(setting, {"logs": logs}) == [
        f"{setting}: properties.logs[0].retentionPolicy.days is -1, out of range"
    ]
    pattern = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$"
    assert problems(PolicySettings, {"customBlockResponseBody": "not base64"}) == [
        f"customBlockResponseBody does not have the pattern {pattern}"
    ]
    assert problems(PolicySettings, {"customBlockResponseBody": "AAAA" * 8193}) == [
        "customBlockResponseBody has 32772 characters or items, out of range"
    ]


def test_a_vault_without_tenant_and_kind_is_found_incomplete() -> None:
    vault = "azure-native:keyvault:Vault"
    assert problems_with(vault, {"properties": {}}) == [
        f"{vault}: properties.tenantId is missing",
        f"{vault}: properties.sku is missing",
    ]


def test_a_type_without_a_model_is_asked_for() -> None:
    with pytest.raises(AssertionError, match="name the official model of web:Nothing"):
        model_of("azure-native:web:Nothing")


def test_whatever_a_unit_test_deploys_is_held_against_the_models() -> None:
    def program() -> dict[str, Any]:
        web.WebApp("shop", resource_group_name="rg-team", identity={"type": "UserAsigned"})  # pyright: ignore[reportArgumentType]
        return {}

    with pytest.raises(AssertionError, match=r"identity\.type is 'UserAsigned'"):
        deploy(program)
