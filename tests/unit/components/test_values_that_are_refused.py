"""A value that is refused may be a secret in the wrong place: nothing repeats it, wherever it was typed."""

from collections.abc import Mapping
from typing import Any

import pytest

import components
from components import ConfigurationError
from tests.unit.components import answering_azure as azure
from tests.unit.components import schema_now
from tests.unit.components.planted import AS_NAMES, LINKS, OTHERS, TEXTS, Place, places, told_of_the_secret
from tests.unit.components.recorded_azure import Later, deploy, with_outputs

IN_A_GROUP: Mapping[str, Any] = {"resource_group_name": "rg-team"}
BASES: Mapping[str, Mapping[str, Any]] = {
    "AccessGrant": {"principal_id": azure.PRINCIPAL, "scope_id": azure.VAULT, "role": "Key Vault Reader"},
    "FunctionApp": IN_A_GROUP,
    "KeyVault": IN_A_GROUP,
    "KeylessWebApp": {},
    "ManagedIdentity": IN_A_GROUP,
    "StorageAccount": IN_A_GROUP,
    "WebApp": IN_A_GROUP,
    "WebAppSlot": {
        "app_id": f"{azure.GROUP}/providers/Microsoft.Web/sites/app-shop",
        "plan_id": azure.PLAN,
        "slot_name": "staging",
        "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "A_ENDPOINT", "DB", "a"],
    },
    "WorkloadAccess": {"principal_id": azure.PRINCIPAL, "links": {"a": {"role": LINKS["role"]}}},
}
"""What each component needs at least, without anything wrong in it."""
PLACES = [(component, place) for component in BASES for place in places(component)]
EVERY_PLACE = pytest.mark.parametrize(
    ("component", "place"),
    PLACES,
    ids=[f"{component}-{place.path}{'-name' if place.is_key else ''}" for component, place in PLACES],
)


def refused(component: str, args: Mapping[str, Any], log: pytest.LogCaptureFixture) -> str:
    """All that a user reads when a component gets these arguments; empty where it takes them."""
    log.clear()
    try:
        deploy(lambda: getattr(components, component)("shop", with_outputs(dict(args))), "later preview")
    except ConfigurationError as error:
        return f"{error}\n{log.text}"
    return log.text


def test_every_component_of_the_schema_is_here_and_every_argument() -> None:
    assert set(BASES) == {token.rpartition(":")[2] for token in schema_now.resources()}
    for component in BASES:
        known = getattr(components, f"{component}Args").__annotations__
        assert {place.keys[0] for name, place in PLACES if name == component} == set(known)
    fields = {place.path for name, place in PLACES if name == "KeylessWebApp"}
    assert {
        "links[a].blobs.container",
        "links[a].key_vault.secrets[a]",
        "sign_in.excluded_paths[0]",
    } <= fields


@pytest.mark.parametrize("component", BASES)
def test_what_each_component_needs_at_least_is_taken(
    component: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert refused(component, BASES[component], caplog) == ""


@EVERY_PLACE
def test_no_refusal_and_no_warning_repeats_it(
    component: str, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    told: dict[str, list[str]] = {}
    for form, secret in {**TEXTS, **OTHERS}.items():
        if place.is_key and (form in OTHERS or form in AS_NAMES):
            continue
        said = refused(component, place.put(BASES[component], secret), caplog)
        told[form] = told_of_the_secret(said)
        names_it = place.keys[0] in said
        assert said == "" or names_it, f"{form}: {said}"
    assert {form: parts for form, parts in told.items() if parts} == {}


KNOWN_LATER = [(component, place) for component, place in PLACES if place.takes_outputs and not place.is_key]


@pytest.mark.parametrize(
    ("component", "place"), KNOWN_LATER, ids=[f"{component}-{place.path}" for component, place in KNOWN_LATER]
)
def test_the_same_of_an_output_that_is_known_later(
    component: str, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    for secret in (TEXTS["a password"], TEXTS["an address with a login"], OTHERS["a number"]):
        said = refused(component, place.put(BASES[component], Later(secret)), caplog)
        assert told_of_the_secret(said) == []
        assert said == "" or place.keys[0] in said
