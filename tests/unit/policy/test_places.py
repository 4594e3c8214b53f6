"""Every place of every type that carries settings or secrets is read."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.azure_facts.value_places import Place, types_with_values, value_places
from policy.rules.generic import RULES as GENERIC
from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

RULE = "setting-no-secret-in-clear"
PLANTED = "planted" + "-" + "value"
REFERENCE = "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.azure.net/secrets/db)"
PLACES = [(type_, place) for type_ in types_with_values() for place in value_places(type_)]


def with_value(place: Place, value: Any) -> Mapping[str, Any]:
    """The least resource that has a value in one place, under a name that says it is a secret."""
    inner: Any = _nested(place.value, value)
    if place.name:
        inner = {**inner, **_nested(place.name, "DB_PASSWORD")}
    if place.is_tree:
        inner = {"deep": [{"name": "DB_PASSWORD", "value": value}]}
    for step in reversed(place.at.split(".") if place.at else []):
        name = step.removesuffix("[]").removesuffix("{}")
        wrapped: Any = [inner] if step.endswith("[]") else inner
        inner = {name: {"DB_PASSWORD": inner} if step.endswith("{}") else wrapped}
    return inner


def _nested(path: str, value: Any) -> Any:
    for name in reversed(path.split(".") if path else []):
        value = {name: value}
    return value


@pytest.mark.parametrize(("type_", "place"), PLACES, ids=[f"{t} {p.at} {p.value}" for t, p in PLACES])
def test_a_secret_in_any_place_is_told_with_the_entry_and_never_repeated(type_: str, place: Place) -> None:
    secret = PLANTED if place.name or place.is_tree or "{}" in place.at else f"Pwd={PLANTED};"
    ((name, message),) = judge(RULE, Given(type_, "shop", with_value(place, secret)))
    entry = "DB_PASSWORD" if "Pwd" not in secret else place.at.rpartition(".")[2]
    assert name == "shop"
    assert message.startswith(f"{place.kind} {entry} of shop ")
    assert PLANTED not in message
    for harmless in (REFERENCE, UNKNOWN, ""):
        assert judge(RULE, Given(type_, "shop", with_value(place, harmless))) == []
    assert judge(RULE, Given(type_, "shop", dict.fromkeys(with_value(place, ""), UNKNOWN))) == []


def test_a_template_that_only_passes_secrets_on_breaks_no_rule() -> None:
    parameter = {"type": "securestring", "metadata": {"description": "Its own."}}
    template: dict[str, Any] = {
        "parameters": {"adminPassword": parameter},
        "resources": [
            {
                "type": "Microsoft.Web/sites",
                "properties": {
                    "siteConfig": {
                        "appSettings": [{"name": "DB_PASSWORD", "value": "[parameters('adminPassword')]"}]
                    }
                },
            }
        ],
    }
    given = Given("resources:Deployment", "inner", {"properties": {"template": template}})
    assert judge(RULE, given) == []
    template["parameters"] = {"adminPassword": {**parameter, "defaultValue": PLANTED}}
    assert [first.partition(": ")[0] for first in findings(RULE, given)] == [
        "value adminPassword of inner looks like a secret in clear"
    ]


@pytest.mark.parametrize(
    ("type_", "says"),
    [
        ("resources:Deployment", "Deployment inner deploys a template"),
        ("resources:DeploymentAtSubscriptionScope", "DeploymentAtSubscriptionScope inner deploys a template"),
        ("resources/v20240301:Deployment", "Deployment inner deploys a template"),
        (
            "azure-native_resources_v20240301:resources:Deployment",
            "Deployment inner deploys a template",
        ),
        (
            "resources:DeploymentStackAtResourceGroup",
            "DeploymentStackAtResourceGroup inner deploys a template",
        ),
        ("resources:Resource", "Resource inner writes any body to Resource Manager"),
        ("resources:AzureCliScript", "AzureCliScript inner runs a script with an identity"),
        ("command:local:Command", "Command inner runs a command"),
        ("command:remote:Command", "Command inner runs a command"),
        ("command:remote:CopyToRemote", "CopyToRemote inner runs a command"),
        ("pulumi-python:dynamic:Resource", "Resource inner runs code of the program"),
        ("azapi:resource:Resource", "Resource inner writes any body to Resource Manager"),
        (
            "azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment",
            "ResourceGroupTemplateDeployment inner deploys a template",
        ),
        (
            "azure:core/tenantTemplateDeployment:TenantTemplateDeployment",
            "TenantTemplateDeployment inner deploys a template",
        ),
        (
            "azure:core/resourceDeploymentScriptAzureCli:ResourceDeploymentScriptAzureCli",
            "ResourceDeploymentScriptAzureCli inner runs a script with an identity",
        ),
        (
            "compute:VirtualMachineRunCommandByVirtualMachine",
            "VirtualMachineRunCommandByVirtualMachine inner runs a command in a machine",
        ),
        ("hybridcompute:MachineRunCommand", "MachineRunCommand inner runs a command in a machine"),
        ("azure:compute/runCommand:RunCommand", "RunCommand inner runs a command in a machine"),
    ],
)
def test_what_no_rule_sees_into_is_refused_unless_it_is_waived(type_: str, says: str) -> None:
    given = Given(type_, "inner", {})
    (rule,) = GENERIC
    assert findings(rule.id, given) == [f"{says}: no other rule sees into it."]
    waivers = [{"resource": "inner", "reason": "A migration that runs once."}]
    assert judge(rule.id, given, config={"waivers": waivers}) == []
    assert judge(rule.id, Given("resources:ResourceGroup", "rg", {})) == []
