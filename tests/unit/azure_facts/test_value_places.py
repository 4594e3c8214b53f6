"""Where values lie that may be secret, and how they are found there."""

import base64
from typing import Any

import pytest

from components.azure_facts.value_places import Place, carried, types_with_values, value_places
from tests.unit.access_report.native_schema import every_type
from tests.unit.azure_facts.native_paths import has_path

IN_ONE_VERSION_ONLY = {"web:WebAppConfiguration", "web:WebAppConfigurationSlot"}
LATER = "not known yet"


def _found(type_: str, inputs: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(one.name, one.value) for one in carried(type_, inputs)]


PLACES = [
    (type_, place)
    for type_ in types_with_values()
    if type_ not in IN_ONE_VERSION_ONLY
    for place in value_places(type_)
]


def test_every_type_is_one_that_azure_native_has() -> None:
    assert set(types_with_values()) - IN_ONE_VERSION_ONLY <= every_type()


@pytest.mark.parametrize(("type_", "place"), PLACES, ids=[f"{t} {p.at} {p.value}" for t, p in PLACES])
def test_every_place_is_one_that_azure_native_takes(type_: str, place: Place) -> None:
    assert has_path(type_, place.at, place.value)
    assert has_path(type_, place.at, place.name)


@pytest.mark.parametrize(
    ("type_", "paths"),
    [
        ("web:WebApp", ["siteConfig.appSetting[]", "value"]),
        ("web:WebApp", ["siteConfig.appSettings[]", "values"]),
        ("web:WebApp", ["siteConfig.appSettings", "value"]),
        ("web:WebApp", ["siteConfig.appSettings{}", "value"]),
        ("web:WebApp", ["siteConfig.azureStorageAccounts[]", "accessKey"]),
        ("sql:Server", ["administratorLoginPassword", "value"]),
    ],
)
def test_a_place_that_azure_native_does_not_take_is_found_out(type_: str, paths: list[str]) -> None:
    assert not has_path(type_, *paths)


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
        ("appconfiguration:KeyValue", {"keyValueName": "Db", "value": "x"}, [("Db", "x")]),
        (
            "appconfiguration:KeyValue",
            {"keyValueName": "shop~3AapiKey$test", "value": "x"},
            [("shop:apiKey", "x")],
        ),
        ("appconfiguration:KeyValue", {"value": "x"}, [("value", "x")]),
        (
            "containerinstance:ContainerGroup",
            {"volumes": [{"name": "v", "azureFile": {"storageAccountKey": "k"}, "secret": {"f": "s"}}]},
            [("v", "k"), ("f", "s")],
        ),
        (
            "resources:Deployment",
            {"properties": {"template": {"resources": [{"name": "DB", "value": "x", "kind": "y"}]}}},
            [("name", "DB"), ("DB", "x"), ("kind", "y")],
        ),
    ],
)
def test_every_value_is_found_under_the_name_of_its_setting(
    type_: str, inputs: dict[str, Any], found: list[tuple[str, Any]]
) -> None:
    assert _found(type_, inputs) == found


def test_what_holds_values_and_is_not_known_yet_is_a_value_that_is_not_known() -> None:
    assert {value for _, value in _found("web:WebApp", {"siteConfig": LATER})} == {LATER}
    assert _found("app:Job", {"template": {"containers": LATER}}) == [
        ("template.containers[].env", LATER),
        ("template.containers[].probes[].httpGet.httpHeaders", LATER),
    ]
    assert _found("logic:Workflow", {"definition": {"deep": LATER}, "parameters": LATER}) == [
        ("parameters", LATER),
        ("deep", LATER),
    ]


def test_only_a_vault_is_made_for_secrets() -> None:
    kept = [type_ for type_ in types_with_values() if any(place.is_kept for place in value_places(type_))]
    assert kept == ["keyvault:Secret"]


PARTS = """Content-Type: multipart/mixed; boundary="x"
MIME-Version: 1.0

--x
Content-Type: text/cloud-config
Content-Transfer-Encoding: base64

I2Nsb3VkLWNvbmZpZwrDpA==
--x
Content-Type: text/x-shellscript

#!/bin/sh
--x--
"""


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (base64.b64encode("#!/bin/sh\nä".encode()).decode(), "#!/bin/sh\nä"),
        (base64.b64encode(PARTS.encode()).decode(), "#cloud-config\nä\n#!/bin/sh"),
        ("no Base64", "no Base64"),
        ("ä", "ä"),
        ("gIA=", "gIA="),  # no text
        (LATER, LATER),
    ],
)
def test_of_what_stands_in_base64_what_is_in_it_is_read(given: str, read: str) -> None:
    for type_, inputs in (
        ("compute:VirtualMachine", {"osProfile": {"customData": given}}),
        ("compute:VirtualMachine", {"userData": given}),
        ("compute:VirtualMachineScaleSet", {"virtualMachineProfile": {"osProfile": {"customData": given}}}),
        ("compute:VirtualMachineScaleSet", {"virtualMachineProfile": {"userData": given}}),
    ):
        (one,) = carried(type_, inputs)
        assert (one.value, one.text) == (given, read)
