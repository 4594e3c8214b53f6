"""Values in clear, wherever they lie: told by name, and counted where they are or look like a secret."""

from typing import Any

import pytest

from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from access_report.values import Looks
from tests.unit.access_report.previews import (
    APP,
    SITE,
    SITE_CONFIG,
    State,
    grant,
    reference,
    reported,
    settings,
    site,
    state,
)

PASSWORD = "Hunter2-" + "not-a-real-one"
ITS_NAME = "its name says that it is a secret"


def _secrets(told: Report) -> list[tuple[str, str]]:
    return [(one.name, str(one.why)) for one in told.secrets_in_clear]


def _connections(**entries: Any) -> State:
    given = {
        "name": "app-shop",
        "properties": {k: {"value": v, "type": "Custom"} for k, v in entries.items()},
    }
    return state("azure-native:web:WebAppConnectionStrings", "app", given, id="/x", follows={"name": [SITE]})


def _in_site(value: Any) -> State:
    return site(siteConfig={**SITE_CONFIG, "appSettings": [{"name": "DB_PASSWORD", "value": value}]})


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ([site()], [_in_site(PASSWORD)], "DB_PASSWORD"),
        ([site()], [site(), _connections(DB_PASSWORD=PASSWORD)], "DB_PASSWORD"),
        (
            [site(), settings({"DB": reference("db")})],
            [site(), settings({"DB": reference("db"), "DB_PASSWORD": PASSWORD})],
            "DB_PASSWORD",
        ),
        (
            [site(), settings({"DB_PASSWORD": reference("db")})],
            [site(), settings({"DB_PASSWORD": f"{reference('db')} {PASSWORD}"})],
            "DB_PASSWORD",
        ),
        (
            [],
            [
                state(
                    "azure-native:app:ContainerApp",
                    "app",
                    {"template": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": PASSWORD}]}]}},
                )
            ],
            "DB_PASSWORD",
        ),
    ],
    ids=["in the site", "connection string", "a new name", "after a reference", "container app"],
)
def test_a_secret_in_clear_is_told_by_name_wherever_it_lies(
    before: list[State], after: list[State], name: str
) -> None:
    told = reported(before, after)
    assert _secrets(told) == [(name, ITS_NAME)]
    assert "1 secret value now in clear" in headline(told)
    assert [reason for reason in reasons(told, Condition.PUBLIC_EXPOSURE) if ITS_NAME in reason]
    assert PASSWORD not in f"{document(told)}{comment(told)}"


def _containers(*values: Any) -> State:
    """An app with a container for each value of the same setting."""
    containers = [{"env": [{"name": "DB_PASSWORD", "value": value}]} for value in values]
    return state("azure-native:app:ContainerApp", "app", {"template": {"containers": containers}})


def test_of_one_name_in_several_containers_each_value_is_told() -> None:
    for values in ((PASSWORD, "${LATER}"), ("${LATER}", PASSWORD)):
        assert _secrets(reported([], [_containers(*values)])) == [("DB_PASSWORD", ITS_NAME)]
    swapped = reported([_containers(PASSWORD, "x-y-z")], [_containers("x-y-z", PASSWORD)])
    assert swapped.in_clear == []


@pytest.mark.parametrize(
    ("type_", "path", "entry"),
    [
        ("app:ContainerApp", "template.{}.env", {"name": "DB_PASSWORD", "value": PASSWORD}),
        ("app:Job", "template.{}.env", {"name": "DB_PASSWORD", "value": PASSWORD}),
        (
            "containerinstance:ContainerGroup",
            "{}.environmentVariables",
            {"name": "DB_PASSWORD", "value": PASSWORD},
        ),
        (
            "containerinstance:ContainerGroup",
            "{}.environmentVariables",
            {"name": "DB_PASSWORD", "secureValue": "x"},
        ),
    ],
)
@pytest.mark.parametrize("listed", ["containers", "initContainers"])
@pytest.mark.parametrize("beside", ["about", "side"])
def test_a_container_that_gets_a_value_which_another_one_had_is_told(
    type_: str, path: str, entry: dict[str, str], listed: str, beside: str
) -> None:
    def group(*names: str) -> State:
        given: dict[str, Any] = {}
        *around, variables = path.format(listed).split(".")
        inner = given
        for one in around[:-1]:
            inner = inner.setdefault(one, {})
        inner[around[-1]] = [{"name": name, variables: [entry]} for name in names]
        return state(f"azure-native:{type_}", "app", given)

    more = reported([group("app")], [group("app", beside)])
    assert [one.name for one in more.secrets_in_clear] == [f"DB_PASSWORD in {beside}"]
    assert reported([group("app", beside)], [group(beside, "app")]).in_clear == []
    moved = reported([group("app")], [group(beside)])
    assert [one.name for one in moved.secrets_in_clear] == ["DB_PASSWORD"]


def test_an_item_that_gets_a_secret_under_a_name_which_says_so_is_told_apart_too() -> None:
    def cluster(*names: str) -> State:
        profiles = [{"name": name, "adminPassword": PASSWORD} for name in names]
        return state("azure-native:containerservice:ManagedCluster", "aks", {"agentPoolProfiles": profiles})

    more = reported([cluster("one")], [cluster("one", "two")])
    assert [one.name for one in more.secrets_in_clear] == ["adminPassword in two"]


def test_a_place_for_a_secret_is_one_whatever_stands_there() -> None:
    def job(value: Any) -> State:
        given = {"configuration": {"secrets": [{"name": "greeting", "value": value}]}}
        return state("azure-native:app:Job", "job", given)

    assert _secrets(reported([], [job("hello")])) == [
        ("greeting", "it is in clear in the program and in the state")
    ]
    assert _secrets(reported([], [job("")])) == []


def test_of_a_template_only_what_looks_like_a_secret_is_told() -> None:
    template = {
        "resources": [
            {"type": "Microsoft.Web/sites", "properties": {"password": "[parameters('x')]"}},
            {"type": "Microsoft.Web/sites", "properties": {"password": PASSWORD, "host": "db"}},
        ]
    }
    given = {"properties": {"template": template, "parameters": UNKNOWN}}
    told = reported([], [state("azure-native:resources:Deployment", "inner", given)])
    assert _secrets(told) == [("password", ITS_NAME)]
    assert [one.name for one in told.in_clear if one.looks is Looks.LATER] == ["properties.parameters"]
    assert {one.looks for one in told.in_clear} == {Looks.SECRET, Looks.LATER}


def test_a_literal_as_the_secret_of_a_vault_is_told_and_one_that_the_program_keeps_is_not() -> None:
    def secret(value: Any) -> State:
        return state(
            "azure-native:keyvault:Secret", "db", {"secretName": "db", "properties": {"value": value}}
        )

    assert _secrets(reported([], [secret(PASSWORD)])) == [
        ("value", "it is in clear in the program and in the state")
    ]
    for kept in ("[secret]", UNKNOWN):
        assert reported([], [secret(kept)]).in_clear == []


def test_what_the_program_keeps_secret_is_in_clear_as_a_setting() -> None:
    why = "the program keeps it secret, and here it is in clear"
    hidden = settings({"DB": "[secret]"})
    assert _secrets(reported([site()], [site(), hidden])) == [("DB", why)]
    changed = {"op": "update", "diffReasons": ["properties"]}
    as_update = reported([hidden, site()], [hidden, site()], app=changed)
    assert _secrets(as_update) == [("DB", why)]
    assert _secrets(reported([hidden, site()], [hidden, site()])) == []


def test_the_first_line_says_how_far_values_were_read() -> None:
    assert "no secret value in clear" in headline(reported([site()], [site()]))
    plain = reported([site(), settings({})], [site(), settings({"LOG_LEVEL": "debug"})])
    assert "no value in clear looks like a secret" in headline(plain)
    later = headline(reported([site(), settings({})], [site(), settings({"DB": UNKNOWN})]))
    assert "1 value known only by the update" in later
    assert "in clear" not in later


def test_a_reference_that_is_pointed_at_another_vault_is_told() -> None:
    told = reported(
        [*APP, grant(), settings({"DB": reference("db")})],
        [*APP, grant(), settings({"DB": reference("db", vault="kv-other")})],
    )
    assert "<code>db</code> in <code>vault</code> → <code>db</code> in <code>kv&#45;other</code>" in (
        comment(told).replace("kv-other", "kv&#45;other")
    )
    assert told.in_clear == []


def test_a_key_of_a_store_is_told_by_the_name_that_its_user_wrote_with_colons_in_it_too() -> None:
    def key_value(value: Any) -> State:
        given = {"keyValueName": "Mail~3A~3AapiKey$test", "value": value}
        return state("azure-native:appconfiguration:KeyValue", "shop-Mail::apiKey$test", given, id="/x")

    (told,) = reported([], [key_value(PASSWORD)]).secrets_in_clear
    assert (told.owner, told.name, str(told.why)) == ("shop-Mail::apiKey$test", "Mail::apiKey", ITS_NAME)
    address = '{"uri": "https://kv-team.vault.azure.net/secrets/mail"}'
    assert reported([], [key_value(address)]).secrets_in_clear == []
