"""Where values lie that may be secret, and how they are found there."""

from typing import Any

import pytest

from components.azure_facts.value_places import carried, types_with_values, value_places
from tests.unit.access_report.native_schema import every_type, properties_of

IN_ONE_VERSION_ONLY = {"web:WebAppConfiguration"}
LATER = "not known yet"


def _found(type_: str, inputs: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(one.name, one.value) for one in carried(type_, inputs)]


def test_every_place_is_a_property_that_azure_native_has() -> None:
    assert set(types_with_values()) - IN_ONE_VERSION_ONLY <= every_type()
    for type_ in set(types_with_values()) - IN_ONE_VERSION_ONLY:
        for place in value_places(type_):
            assert place.at.partition("[]")[0] in properties_of(type_), (type_, place.at)


@pytest.mark.parametrize(
    ("type_", "inputs", "found"),
    [
        ("web:WebAppApplicationSettings", {"properties": {"A": "1", "B": LATER}}, [("A", "1"), ("B", LATER)]),
        ("web:WebAppApplicationSettingsSlot", {"properties": {"A": "1"}}, [("A", "1")]),
        ("web:WebAppApplicationSettings", {"properties": LATER}, [("properties", LATER)]),
        ("web:WebAppConnectionStrings", {"properties": {"DB": {"value": "x", "type": "SQL"}}}, [("DB", "x")]),
        ("web:WebApp", {"siteConfig": {"appSettings": [{"name": "A", "value": "1"}]}}, [("A", "1")]),
        (
            "web:WebApp",
            {"siteConfig": {"connectionStrings": [{"name": "DB", "connectionString": "x"}]}},
            [("DB", "x")],
        ),
        ("web:WebApp", {"siteConfig": {"azureStorageAccounts": {"m": {"accessKey": "k"}}}}, [("m", "k")]),
        ("web:WebApp", {"siteConfig": {"alwaysOn": True}}, []),
        ("web:WebApp", {}, []),
        (
            "app:ContainerApp",
            {
                "template": {
                    "containers": [{"env": [{"name": "A", "value": "1"}, {"name": "B", "secretRef": "b"}]}]
                }
            },
            [("A", "1")],
        ),
        (
            "containerinstance:ContainerGroup",
            {"containers": [{"environmentVariables": [{"name": "A", "secureValue": "1"}]}, {"name": "b"}]},
            [("A", "1")],
        ),
        ("keyvault:Secret", {"properties": {"value": "x"}}, [("value", "x")]),
        ("sql:Server", {"administratorLoginPassword": LATER}, [("administratorLoginPassword", LATER)]),
        ("storage:Queue", {"queueName": "q"}, []),
    ],
)
def test_every_value_is_found_under_the_name_of_its_setting(
    type_: str, inputs: dict[str, Any], found: list[tuple[str, Any]]
) -> None:
    assert _found(type_, inputs) == found


def test_what_holds_values_and_is_not_known_yet_is_a_value_that_is_not_known() -> None:
    assert {value for _, value in _found("web:WebApp", {"siteConfig": LATER})} == {LATER}
    assert _found("app:Job", {"template": {"containers": LATER}}) == [("template.containers[].env", LATER)]


def test_only_a_vault_is_made_for_secrets() -> None:
    kept = [type_ for type_ in types_with_values() if any(place.is_kept for place in value_places(type_))]
    assert kept == ["keyvault:Secret"]
