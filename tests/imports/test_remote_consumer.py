"""A consumer in another process: components behind the wire do what imported ones do."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.server import LocalAzure
from tests.imports.consumer import Consumer
from tests.imports.stacks import IMPORTED, SERVED, TEAM
from toolchain.paths import ROOT

PLUGIN = ROOT / "components"
PLANTED = ("planted-token", "planted-person")


def configuration(cloud: LocalAzure, app: str, part: str) -> dict[str, Any]:
    """A part of the configuration that Azure holds for the app whose name begins with `app-<app>`."""
    found = [
        resource.body["properties"]
        for resource in cloud.azure.store.list(type="Microsoft.Web/sites/config")
        if f"/app-{app}-" in resource.id and resource.id.endswith(f"/{part}")
    ]
    assert len(found) == 1, found
    return found[0]


def kept(resources: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """What a stack has, by URN, without the providers."""
    return {
        r["urn"]: (r["type"], r.get("id"), r.get("parent"))
        for r in resources
        if not r["type"].startswith("pulumi:")
    }


def test_a_stack_is_previewed_deployed_unchanged_and_destroyed_through_the_wire(
    consumer: Consumer, cloud: LocalAzure
) -> None:
    consumer.prepare(SERVED + TEAM, plugin=PLUGIN)
    printed = consumer("preview")
    printed += consumer.up()

    outputs = consumer.outputs()
    assert outputs["person"] == "[secret]"
    own, guest = (configuration(cloud, app, "appsettings") for app in ("own", "guest"))
    assert own["TOKEN"] == "planted-token"
    assert own["LATER"] == guest["WHOLE_MAP"] == outputs["later"]
    assert (
        own["API_KEY"]
        == guest["API_KEY"]
        == f"@Microsoft.KeyVault(SecretUri={outputs['vault']}secrets/api-key)"
    )
    assert own["AZURE_CLIENT_ID"] != guest["AZURE_CLIENT_ID"]
    (vault,) = cloud.azure.store.list(type="Microsoft.KeyVault/vaults")
    assert vault.body["properties"]["softDeleteRetentionInDays"] == 30
    assert len(outputs["sentences"]) == 1
    # An enum by its value, and its default.
    assert configuration(cloud, "own", "web")["linuxFxVersion"] == "PYTHON|3.13"
    assert configuration(cloud, "guest", "web")["linuxFxVersion"] == "PYTHON|3.12"

    assert set(consumer.changes()) == {"same"}
    written = printed + json.dumps(consumer.export())
    for value in PLANTED:
        assert value not in written
    assert "planted-person" in consumer.outputs(secrets=True)["person"]
    consumer("destroy", "--yes", "--skip-preview")
    assert kept(consumer.resources()) == {}


def test_a_stack_that_goes_from_the_wheel_to_the_plugin_and_back_keeps_everything(
    consumer: Consumer, installed: Path
) -> None:
    virtualenv = installed.parent.parent
    consumer.prepare(IMPORTED + TEAM, virtualenv=virtualenv, plugin=PLUGIN)
    consumer.up()
    imported, outputs = kept(consumer.resources()), consumer.outputs(secrets=True)

    consumer.write(SERVED + TEAM)
    assert consumer.changed() == {}
    consumer.up()
    assert kept(consumer.resources()) == imported
    assert consumer.outputs(secrets=True) == outputs

    consumer.write(IMPORTED + TEAM)
    assert consumer.changed() == {}


LATE = "later.result.apply(lambda text: {value})"


@pytest.mark.parametrize(
    ("argument", "value", "expected"),
    [
        ("size", "'B1'", "a plain text, known before"),
        ("identity", "'none'", "one of user-assigned, system-assigned, existing, none, known before"),
        ("alwaysOn", "True", "true or false, known before"),
        ("softDeleteRetentionDays", "30", "a whole number from 7 to 90, known before"),
        (
            "secrets",
            "{'API_KEY': 'api-key'}",
            "a plain map of environment variables to secret names, known before",
        ),
    ],
)
def test_an_output_where_a_plain_value_is_due_is_refused_by_name_before_anything_is_created(
    consumer: Consumer, argument: str, value: str, expected: str
) -> None:
    late = LATE.format(value=value)
    program = f"""
from pulumi_random import RandomString

later = RandomString("later", length=8)
component("KeylessWebApp", "shop", {{"{argument}": {late}}})
"""
    consumer.prepare(SERVED + program, plugin=PLUGIN)
    refusal = consumer("preview", fails=True)
    assert f"1. {argument}\n" in refusal
    assert "given     an Output" in refusal
    assert f"expected  {expected}" in refusal
    assert str(PLUGIN) not in refusal, "a traceback of the plugin"
