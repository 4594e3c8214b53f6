"""A password that the program keeps secret is not in clear; a setting that it keeps is, all the same."""

from typing import Any, cast

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi_policy.deserialize import deserialize_properties

from policy.kept import Kept, note, with_marks
from tests.unit.policy.judged import Given, findings

RULE = "setting-no-secret-in-clear"
PLANTED = "planted" + "-" + "value"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": PLANTED}


def sent(**properties: Any) -> dict[str, Any]:
    """Properties as they come from the engine, which sends a message."""
    message = Struct()
    message.update(properties)
    return MessageToDict(message)


def kept_in(value: Any, at: str = "") -> set[str]:
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(cast(dict[str, Any], value).items())
    elif isinstance(value, list):
        inside = list(enumerate(cast(list[Any], value)))
    if inside:
        return {path for key, inner in inside for path in kept_in(inner, f"{at}.{key}")}
    return {at} if isinstance(value, Kept) else set()


def test_what_the_engine_marks_is_kept_and_the_rest_is_not() -> None:
    given = sent(
        password=SECRET,
        plain="x",
        list=[{"value": SECRET}, {"value": "y"}],
        whole={**SECRET, "value": {"a": "1", "b": ["2"], "c": 3}},
    )
    note("urn:one", given)
    marked = with_marks("urn:one", deserialize_properties(given))
    assert marked == deserialize_properties(given)
    assert kept_in(marked) == {".password", ".list.0.value", ".whole.a", ".whole.b.0"}
    assert kept_in(with_marks("urn:other", deserialize_properties(given))) == set()
    note("urn:one", sent(password=PLANTED))
    assert kept_in(with_marks("urn:one", {"password": PLANTED})) == set()


def test_what_a_vault_is_given_to_keep_stands_in_no_program() -> None:
    literal = Given("keyvault:Secret", "db", {"properties": {"value": PLANTED}})
    says = "property value of db is a secret in clear: what stands there is one, whatever it looks like."
    assert findings(RULE, literal) == [says]
    assert findings(RULE, Given("keyvault:Secret", "db", {"properties": {"value": Kept(PLANTED)}})) == []


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("sql:Server", "administratorLoginPassword"),
        ("network:P2sVpnServerConfiguration", "radiusServerSecret"),
        ("network:VpnSite", "password"),
    ],
)
def test_a_password_is_refused_unless_the_program_keeps_it_secret(type_: str, place: str) -> None:
    assert len(findings(RULE, Given(type_, "mine", {place: PLANTED}))) == 1
    assert findings(RULE, Given(type_, "mine", {place: Kept(PLANTED)})) == []


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        ("web:WebAppApplicationSettings", {"properties": {"DB_PASSWORD": Kept(PLANTED)}}),
        (
            "app:ContainerApp",
            {"template": {"containers": [{"env": [{"name": "PW", "value": Kept(PLANTED)}]}]}},
        ),
        ("resources:AzureCliScript", {"arguments": Kept(f"--password={PLANTED}")}),
    ],
)
def test_what_azure_shows_is_in_clear_whoever_keeps_it(type_: str, props: dict[str, Any]) -> None:
    assert len(findings(RULE, Given(type_, "mine", props))) == 1
