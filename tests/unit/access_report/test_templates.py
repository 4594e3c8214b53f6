"""Grants inside templates and generic resources: told where they are literal, else as known later."""

import json
from typing import Any

import pytest

from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import (
    GROUP,
    GUIDS,
    PRINCIPAL,
    SUBSCRIPTION,
    VAULT_ID,
    State,
    identity,
    reported,
    state,
    vault,
)

STRANGER = "0b1ec700-0000-4000-8000-0000000000ff"
DEPLOYMENT = "azure-native:resources:Deployment"
USER = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{GUIDS['Key Vault Secrets User']}"
GETS = "identity app gets Key Vault Secrets User on"
LATER = "that only the update will know, made from resources:Deployment deploys"


def group() -> State:
    return state("azure-native:resources:ResourceGroup", "group", {"resourceGroupName": "rg-shop"}, id=GROUP)


BASE = [group(), identity(), vault()]


def assignment(**more: Any) -> dict[str, Any]:
    properties = {"principalId": PRINCIPAL, "roleDefinitionId": USER, **more.pop("properties", {})}
    return {
        "type": "Microsoft.Authorization/roleAssignments",
        "name": "one",
        "properties": properties,
        **more,
    }


def deploys(resources: Any, type_: str = DEPLOYMENT, /, **properties: Any) -> State:
    template = {"resources": resources, "parameters": properties.pop("declared", {})}
    inputs = {"resourceGroupName": "rg-shop", "properties": {"template": template, **properties}}
    return state(type_, "deploys", inputs)


def added(one: State, base: list[State] = BASE) -> list[str]:
    return _told(reported(base, [*base, one]))


def _told(report: Report) -> list[str]:
    return [s.removesuffix(" (added)") for s in reasons(report, Condition.WIDER_ACCESS)]


def nested(resources: Any, **more: Any) -> dict[str, Any]:
    properties = {
        "template": {"resources": resources, **more.pop("template", {})},
        **more.pop("properties", {}),
    }
    return {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": properties, **more}


@pytest.mark.parametrize("resources", [[assignment()], {"symbolic": assignment()}, [nested([assignment()])]])
def test_an_assignment_in_a_template_is_told_on_what_the_template_is_deployed_to(resources: Any) -> None:
    report = reported(BASE, [*BASE, deploys(resources)])
    assert _told(report) == [f"{GETS} resource group group"]
    # A template can hold anything, so it stays to be read.
    assert [one.type for one in report.unweighed] == [DEPLOYMENT]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"scope": VAULT_ID}, "key vault vault"),
        ({"scope": "Microsoft.KeyVault/vaults/kv-shop"}, "key vault vault"),
        ({"scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-shop')]"}, f"scope {LATER}"),
        (
            {
                "type": "Microsoft.KeyVault/vaults/providers/roleAssignments",
                "name": "kv-shop/Microsoft.Authorization/one",
            },
            "key vault vault",
        ),
    ],
)
def test_a_scope_is_read_in_every_spelling_and_an_expression_is_known_later(more: Any, where: str) -> None:
    assert added(deploys([assignment(**more)])) == [f"{GETS} {where}"]


def test_a_parameter_is_followed_to_what_is_given_or_to_its_default() -> None:
    asks = assignment(properties={"principalId": "[ parameters('Who') ]"})
    declared = {"who": {"type": "string"}}
    gets = f"principal {STRANGER} gets Key Vault Secrets User on resource group group"
    given = deploys([asks], declared=declared, parameters={"who": {"value": STRANGER}})
    assert added(given) == [gets]
    assert added(deploys([asks], declared={"who": {"defaultValue": STRANGER}})) == [gets]
    later = f"principal {LATER} gets Key Vault Secrets User on resource group group"
    for unknown in (
        deploys([asks], declared=declared),
        deploys([asks], declared={"who": {"defaultValue": "[newGuid()]"}}),
        deploys([asks], declared=declared, parameters={"who": {"reference": {"secretName": "x"}}}),
        deploys([asks], declared=declared, parameters={"who": {"value": UNKNOWN}}),
        deploys([asks], declared={"who": {"defaultValue": STRANGER}}, parameters=UNKNOWN),
        deploys([asks], declared={"who": {"defaultValue": STRANGER}}, parametersLink={"uri": "https://x"}),
        deploys([assignment(properties={"principalId": "[reference('id').principalId]"})]),
    ):
        assert added(unknown) == [later]


def test_a_template_within_a_template_sees_its_own_parameters_or_those_around() -> None:
    asks = assignment(properties={"principalId": "[parameters('who')]"})
    outer = {"declared": {"who": {"type": "string"}}, "parameters": {"who": {"value": STRANGER}}}
    who = f"principal {STRANGER} gets"
    assert added(deploys([nested([asks])], **outer))[0].startswith(who)
    inner = {
        "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"who": {"value": "[parameters('who')]"}},
    }
    declared = {"parameters": {"who": {"type": "string"}}}
    assert added(deploys([nested([asks], properties=inner, template=declared)], **outer))[0].startswith(who)
    blind = {"expressionEvaluationOptions": {"scope": "inner"}}
    assert added(deploys([nested([asks], properties=blind, template=declared)], **outer))[0].startswith(
        f"principal {LATER}"
    )
    elsewhere = nested([assignment()], resourceGroup="rg-other")
    assert added(deploys([elsewhere])) == [f"{GETS} scope {LATER}"]


def test_what_is_not_deployed_grants_nothing() -> None:
    for one in (assignment(condition=False), {**assignment(), "existing": True}):
        assert added(deploys([one])) == []
    assert added(deploys([assignment(condition="[parameters('x')]")])) == [f"{GETS} resource group group"]


def test_policies_and_federated_credentials_in_a_template_are_told() -> None:
    policy = {"objectId": STRANGER, "permissions": {"secrets": ["get"]}}
    gets = f"principal {STRANGER} gets access policy with secrets get on key vault"
    base = [group(), identity(), vault(enableRbacAuthorization=False)]
    within = {
        "type": "Microsoft.KeyVault/vaults",
        "name": "kv-new",
        "properties": {"accessPolicies": [policy]},
    }
    beside = {
        "type": "Microsoft.KeyVault/vaults/accessPolicies",
        "name": "kv-shop/add",
        "properties": {"accessPolicies": [policy]},
    }
    below = {**within, "properties": {}, "resources": [{**beside, "type": "accessPolicies", "name": "add"}]}
    trust = {
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "name": "id-shop/x",
        "properties": {
            "issuer": "https://i.example",
            "subject": "job",
            "audiences": ["api://AzureADTokenExchange"],
        },
    }
    assert added(deploys([within]), base) == [f"{gets} kv-new"]
    assert added(deploys([beside]), base) == [f"{gets} vault"]
    assert added(deploys([below]), base) == [f"{gets} kv-new"]
    assert added(deploys([trust]), base) == ["workload job (https://i.example) can sign in as identity app"]
    by_roles = {**within, "properties": {"accessPolicies": [policy], "enableRbacAuthorization": True}}
    assert added(deploys([by_roles]), base) == []
    later = {**within, "properties": {"accessPolicies": "[parameters('p')]"}}
    assert added(deploys([later]), base) == [
        f"principal {LATER} gets access policy that only the update will know on key vault kv-new"
    ]


@pytest.mark.parametrize(
    "type_",
    ["azure-native:resources:DeploymentAtScope", "azure-native_resources_v20240301:resources:Deployment"],
)
def test_every_kind_of_deployment_is_read(type_: str) -> None:
    one = deploys([assignment()], type_)
    if type_.endswith("AtScope"):
        one["inputs"] = {"scope": SUBSCRIPTION, "properties": one["inputs"]["properties"]}
        assert added(one) == [f"{GETS} subscription {SUBSCRIPTION.rpartition('/')[2]}"]
    else:
        assert added(one) == [f"{GETS} resource group group"]
    whole = {"template": {"resources": [assignment()]}, "deploymentScope": GROUP}
    stack = state("azure-native:resources:DeploymentStackAtSubscription", "deploys", whole)
    assert added(stack) == [f"{GETS} resource group group"]
    text = {"resourceGroupName": "rg-shop", "properties": {"template": json.dumps(whole["template"])}}
    assert added(state(type_, "deploys", text)) == [f"{GETS} resource group group"]


def test_a_template_that_changes_is_compared_grant_by_grant() -> None:
    officer = assignment(properties={"roleDefinitionId": GUIDS["Key Vault Secrets Officer"]})
    for was, will, change in (
        ([assignment()], [officer], "widened"),
        ([officer], [assignment()], "narrowed"),
        ([assignment()], [], "removed"),
    ):
        report = reported([*BASE, deploys(was)], [*BASE, deploys(will)])
        assert [c.change.value for c in report.grants] == [change]


@pytest.mark.parametrize(
    ("names", "properties", "told"),
    [
        (
            ("Microsoft.Authorization", "", "roleAssignments", "one"),
            {"principalId": PRINCIPAL, "roleDefinitionId": USER},
            f"{GETS} resource group group",
        ),
        (
            (
                "Microsoft.KeyVault",
                "vaults/kv-shop/providers/Microsoft.Authorization",
                "roleAssignments",
                "one",
            ),
            {"principalId": PRINCIPAL, "roleDefinitionId": USER},
            f"{GETS} key vault vault",
        ),
        (
            (
                "Microsoft.ManagedIdentity",
                "userAssignedIdentities/id-shop",
                "federatedIdentityCredentials",
                "one",
            ),
            {"issuer": "https://i.example", "subject": "job", "audiences": ["api://AzureADTokenExchange"]},
            "workload job (https://i.example) can sign in as identity app",
        ),
    ],
)
def test_a_generic_resource_is_read_by_its_type(names: tuple[str, ...], properties: Any, told: str) -> None:
    keys = ("resourceProviderNamespace", "parentResourcePath", "resourceType", "resourceName")
    inputs = {**dict(zip(keys, names, strict=True)), "resourceGroupName": "rg-shop", "properties": properties}
    one = state("azure-native:resources:Resource", "deploys", inputs)
    assert added(one) == [told]
    one["inputs"]["properties"] = UNKNOWN
    assert len(added(one)) == 1


def test_a_template_of_great_depth_or_of_no_shape_is_read_to_an_end() -> None:
    deep: Any = assignment()
    for _ in range(300):
        deep = nested([deep])
    shapes: list[Any] = [[deep], "x", 1, None, [None, 1, "x", [], {"type": None}], UNKNOWN, {"a": 1}]
    for resources in shapes:
        assert added(deploys(resources)) == []


def test_a_template_that_is_deployed_anew_interrupts_what_it_grants_and_is_not_only_shown() -> None:
    there = [*BASE, deploys([assignment(), assignment(scope=VAULT_ID)])]
    report = reported(there, there, deploys={"op": "replace"})
    assert [c.change.value for c in report.grants] == ["re-created"] * 2
    assert report.only_shown == []
