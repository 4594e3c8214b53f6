"""What was deployed for one test is handed to all that ask for the same, and none of them can change it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.components.key_vaults import key_vault
from tests.unit.components.read_only import ReadOnlyError
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_once
from tests.unit.components.web_apps import WITH_SECRET, web_app

CHANGES: dict[str, Callable[[Deployment], object]] = {
    "an input": lambda shared: shared.one("Vault").inputs.update(tags={}),  # pyright: ignore
    "an input's input": lambda shared: shared.one("Vault").inputs["properties"].update(sku="premium"),
    "an input less": lambda shared: shared.one("Vault").inputs["properties"].pop("sku"),
    "an output": lambda shared: shared.outputs.setdefault("more", 1),
    "an output's items": lambda shared: shared.outputs["access"].append("Anybody"),
    "the order of resources": lambda shared: shared.resources.reverse(),
    "a resource less": lambda shared: shared.resources.pop(),
    "a dependency": lambda shared: shared.one("Vault").property_dependencies.clear(),  # pyright: ignore
    "the calls": lambda shared: shared.calls.clear(),
    "the outputs": lambda shared: setattr(shared, "outputs", {}),
    "a resource": lambda shared: setattr(shared.one("Vault"), "protect", True),
}
COPIES: dict[str, Callable[[Any], Any]] = {
    "deep": copy.deepcopy,
    "through JSON": lambda value: json.loads(json.dumps(value)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_test_that_changes_what_was_recorded_fails_and_nothing_is_changed(change: str) -> None:
    shared = key_vault()
    before = repr(shared)
    with pytest.raises((ReadOnlyError, AttributeError), match=r"copy what is to be changed|cannot assign to"):
        CHANGES[change](shared)
    assert repr(shared) == before
    assert key_vault() is shared


def test_all_who_ask_for_the_same_get_one_deployment_and_who_asks_for_another_gets_another() -> None:
    assert web_app(**WITH_SECRET) is web_app(**WITH_SECRET)
    assert web_app("later preview", **WITH_SECRET) is not web_app(**WITH_SECRET)
    assert web_app(**WITH_SECRET, size="S1") is not web_app(**WITH_SECRET)


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_of_what_was_recorded_is_equal_and_can_be_changed(kind: str) -> None:
    recorded = key_vault().one("Vault").inputs
    mine = COPIES[kind](recorded)
    assert mine == recorded
    mine["properties"]["sku"]["name"] = "premium"
    mine["more"] = [1]
    assert recorded["properties"]["sku"] == {"family": "A", "name": "standard"}
    assert "more" not in recorded


def test_what_has_no_text_of_its_own_is_deployed_anew_each_time() -> None:
    class Given:
        """Its repr is an address, where something else may be by the next test."""

    given = Given()
    assert deploy_once(given, lambda: deploy(dict)) is not deploy_once(given, lambda: deploy(dict))
