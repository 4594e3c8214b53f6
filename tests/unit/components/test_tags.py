"""Tags reach everything that takes them, and those that a policy adds stay (G4)."""

import importlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest

from components import COMPONENTS, AccessGrant, ConfigurationError, KeylessWebApp, WebApp, WorkloadAccess
from tests.unit.components.answering_azure import IDENTITY
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy_component
from tests.unit.components.test_options_reach_children import (
    EXAMPLES,
    TAGS,
    deployed_with_options,
    takes_tags,
)

FOREIGN = {"CostCenter": "policy inherit-cost-center", 'odd."name': "a billing tool"}
KEPT = ('tags["CostCenter"]', 'tags["odd.\\"name"]')


WRITTEN_ONCE = "azure-native:keyvault:Secret"
"""A generated secret: any later write, be it of a tag, would bring its first value back."""
SETTING = "azure-native:appconfiguration:KeyValue"
"""Its tags are no resource's: code looks settings up by them."""
SEARCH = "azure-native:operationalinsights:SavedSearch"
"""Nor are its: people find searches by them."""
PROGRAMS = [
    pytest.param(component, args, id=f"{component.__name__}-{number}")
    for component in COMPONENTS
    for number, args in enumerate(EXAMPLES[component.__name__], 1)
    if takes_tags(component, args)
]


@cache
def takes_tags_in_azure(type_: str) -> bool:
    """Whether the SDK's class takes tags."""
    _, module, name = type_.split(":")
    cls = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    # Not <name>Args: of an action group that is a record in an alert.
    return "tags" in inspect.signature(cls._internal_init).parameters


def taggable(deployment: Deployment) -> list[Recorded]:
    azure = [r for r in deployment.resources if r.type.startswith("azure-native:") and not r.is_read]
    azure = [resource for resource in azure if resource.type not in (WRITTEN_ONCE, SETTING, SEARCH)]
    found = [resource for resource in azure if takes_tags_in_azure(resource.type)]
    assert found
    return found


@pytest.mark.parametrize(("component", "args"), PROGRAMS)
def test_tags_reach_every_child_that_takes_them(
    component: Callable[..., pulumi.Resource], args: dict[str, Any]
) -> None:
    deployment, _ = deployed_with_options(component, args)
    assert {r.urn: r.inputs.get("tags") for r in taggable(deployment) if r.inputs.get("tags") != TAGS} == {}
    assert not [r.urn for r in taggable(deployment) if any("tags" in path for path in r.ignore_changes)]


def test_every_component_that_creates_something_taggable_takes_tags_and_says_whose_others_are() -> None:
    for component in COMPONENTS:
        arguments: type = inspect.get_annotations(component.__init__)["args"]
        takes = takes_tags(component, {})
        assert takes == ("tags_added_elsewhere" in arguments.__annotations__), component
        assert takes or component in (AccessGrant, WorkloadAccess)


@pytest.mark.parametrize("mode", ["up", "first preview", "later preview"])
@pytest.mark.parametrize(("component", "args"), PROGRAMS)
def test_tags_added_by_policy_do_not_cause_diffs(
    component: Callable[..., pulumi.Resource], args: dict[str, Any], mode: Any
) -> None:
    deployment = deploy_component(component, {**args, "tags": TAGS, "tags_added_elsewhere": FOREIGN}, mode)
    kept = taggable(deployment)
    assert {r.urn: r.ignore_changes for r in kept if not set(KEPT) <= set(r.ignore_changes)} == {}
    assert {r.urn: r.inputs["tags"] for r in kept if r.inputs["tags"] != TAGS} == {}
    others = {r.urn for r in deployment.resources} - {r.urn for r in kept}
    assert not [r.urn for r in deployment.resources if r.urn in others and set(KEPT) & set(r.ignore_changes)]


def test_a_child_without_declared_tags_keeps_those_of_a_policy_in_an_empty_map() -> None:
    deployment = deploy_component(KeylessWebApp, {"tags_added_elsewhere": FOREIGN}, "up")
    assert [r.inputs["tags"] for r in taggable(deployment)] == [{}] * len(taggable(deployment))


def test_what_is_adopted_is_left_alone() -> None:
    args = {"resource_group_name": "rg", "identity": "existing", "identity_id": IDENTITY}
    deployment = deploy_component(WebApp, {**args, "tags_added_elsewhere": FOREIGN}, "up")
    (read,) = [r for r in deployment.resources if r.is_read]
    assert read.inputs == {"id": IDENTITY}


def test_a_tag_has_one_owner() -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(KeylessWebApp, {"tags": {"costcenter": "1"}, "tags_added_elsewhere": FOREIGN}, "up")
    assert [(p.subject, p.given) for p in refused.value.problems] == [
        ("tags[costcenter] and tags_added_elsewhere[CostCenter]", "one tag twice")
    ]
    next_step = (
        "next      take tags[costcenter] out\n     or        take tags_added_elsewhere[CostCenter] out"
    )
    assert next_step in str(refused.value)
