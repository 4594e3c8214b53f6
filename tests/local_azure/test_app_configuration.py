"""App Configuration's data plane, judged by azure-appconfiguration and its provider."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.appconfiguration import (
    AzureAppConfigurationClient,
    ConfigurationSetting,
    ResourceReadOnlyError,
    SecretReferenceConfigurationSetting,
)
from azure.appconfiguration.provider import (
    SettingSelector,
    load,  # pyright: ignore[reportUnknownVariableType]
)
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
)

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.configuration_stage import OWNER, READER, ConfigurationStage
from tests.local_azure.inside import Inside


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConfigurationStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield ConfigurationStage(local)


def said(error: HttpResponseError) -> tuple[int, str]:
    """Status and body of a refusal."""
    response: Any = error.response
    return response.status_code, response.text()


def put(client: Any, key: str, value: str, label: str | None = None) -> None:
    client.set_configuration_setting(ConfigurationSetting(key=key, value=value, label=label))


def test_a_reader_reads_and_does_not_write_and_the_scope_holds_beside_a_neighbour(
    stage: ConfigurationStage,
) -> None:
    store, neighbour = stage.store(), stage.store()
    for one in (store, neighbour):
        put(stage.owner_of(one), "greeting", f"hello from {one}")
    reader = stage.with_role(READER, stage.store_id(store))
    client = stage.configuration(store, reader)
    assert client.get_configuration_setting("greeting").value == f"hello from {store}"
    with pytest.raises(HttpResponseError) as refused:
        put(client, "greeting", "mine")
    assert said(refused.value) == (403, "")
    for ask in (
        lambda: client.delete_configuration_setting("greeting"),
        lambda: client.set_read_only(ConfigurationSetting(key="greeting")),
        lambda: client.set_read_only(ConfigurationSetting(key="greeting"), False),
    ):
        with pytest.raises(HttpResponseError) as refused:
            ask()
        assert refused.value.status_code == 403
    with pytest.raises(HttpResponseError) as refused:
        stage.configuration(neighbour, reader).get_configuration_setting("greeting")
    assert refused.value.status_code == 403
    assert client.get_configuration_setting("greeting").value == f"hello from {store}"


@pytest.mark.parametrize("role", [None, "Owner", "App Configuration Contributor"])
def test_v1_without_a_data_role_every_request_is_refused_without_a_word(
    stage: ConfigurationStage, role: str | None
) -> None:
    store = stage.store()
    stranger = stage.identity() if role is None else stage.with_role(role, stage.store_id(store))
    client = stage.configuration(store, stranger)
    for ask in (
        lambda: client.get_configuration_setting("greeting"),
        lambda: list(client.list_configuration_settings()),
        lambda: put(client, "greeting", "hello"),
        lambda: client.delete_configuration_setting("greeting"),
    ):
        with pytest.raises(HttpResponseError) as refused:
            ask()
        assert said(refused.value) == (403, "")
    last = stage.azure.journal.entries(1)[0]
    assert (last["host"], last["status"], last["decision"]) == (f"{store}.azconfig.io", 403, "refused")


def test_a_grant_that_is_taken_away_is_felt_by_an_open_client(stage: ConfigurationStage) -> None:
    store, reader = stage.store(), stage.identity()
    put(stage.owner_of(store), "greeting", "hello")
    made = stage.grant(stage.store_id(store), READER, reader.object_id)
    client = stage.configuration(store, reader)
    assert client.get_configuration_setting("greeting").value == "hello"
    stage.roles.delete_by_id(made.id)
    with pytest.raises(HttpResponseError) as refused:
        client.get_configuration_setting("greeting")
    assert refused.value.status_code == 403


def test_v1_a_token_for_something_else_is_refused_with_the_schemes_that_there_are(
    stage: ConfigurationStage,
) -> None:
    store = stage.store()
    principal = stage.with_role(OWNER, stage.store_id(store))
    url = f"https://{store}.azconfig.io/kv?api-version=1.0"
    with stage.http() as http:
        bare = http.get(url)
        assert (bare.status_code, bare.content) == (401, b"")
        assert bare.headers["www-authenticate"] == "HMAC-SHA256, Bearer"
        for resource in ("https://vault.azure.net", "https://management.azure.com"):
            token, _ = stage.azure.entra.issue(principal, resource)
            other = http.get(url, headers={"authorization": f"Bearer {token}"})
            assert other.status_code == 401
            assert other.headers["www-authenticate"].startswith(
                'HMAC-SHA256, Bearer error="invalid_token", error_description="'
            )
        for resource in (
            "https://azconfig.io",
            "https://appconfig.azure.com",
            f"https://{store}.azconfig.io",
        ):
            token, _ = stage.azure.entra.issue(principal, resource)
            assert http.get(url, headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_v2_a_key_opens_nothing_and_none_is_given_out(stage: ConfigurationStage) -> None:
    store = stage.store()
    connection = f"Endpoint=https://{store}.azconfig.io;Id=one;Secret=c2hvcA=="
    client = AzureAppConfigurationClient.from_connection_string(connection, retry_total=0, **stage.trust)
    with pytest.raises(ClientAuthenticationError) as refused:
        client.get_configuration_setting("greeting")
    assert refused.value.status_code == 401
    assert content(stage.arm("POST", f"{stage.store_id(store)}/listKeys")) == {"value": []}


def test_v3_a_closed_store_answers_through_its_private_endpoint_alone(stage: ConfigurationStage) -> None:
    inside, store = Inside(stage), stage.store(publicNetworkAccess="Disabled")
    stage.grant(stage.store_id(store), OWNER, inside.app.object_id)
    clients = stage.owner_of(store), stage.configuration(store, inside.app)

    def outcomes() -> list[object]:
        found: list[object] = []
        for client in clients:
            try:
                found.append(len(list(client.list_configuration_settings())))
            except HttpResponseError as error:
                found.append(said(error))
        return found

    assert outcomes() == [(403, ""), (403, "")]
    inside.connect(stage.store_id(store), "configurationStores", "privatelink.azconfig.io")
    assert outcomes() == [(403, ""), 0]


def test_v4_a_locked_key_value_stays_as_it_is(stage: ConfigurationStage) -> None:
    client = stage.owner_of(stage.store())
    put(client, "greeting", "hello")
    locked = client.set_read_only(ConfigurationSetting(key="greeting"))
    assert locked.read_only is True
    with pytest.raises(ResourceReadOnlyError):
        put(client, "greeting", "changed")
    with pytest.raises(ResourceReadOnlyError):
        client.delete_configuration_setting("greeting")
    assert client.get_configuration_setting("greeting").value == "hello"
    client.set_read_only(locked, False)
    put(client, "greeting", "changed")
    assert client.get_configuration_setting("greeting").value == "changed"


def test_v5_what_somebody_else_changed_is_not_overwritten(stage: ConfigurationStage) -> None:
    client = stage.owner_of(stage.store())
    first = client.add_configuration_setting(ConfigurationSetting(key="greeting", value="one"))
    with pytest.raises(ResourceExistsError):
        client.add_configuration_setting(ConfigurationSetting(key="greeting", value="two"))
    assert (
        client.get_configuration_setting(
            "greeting", etag=first.etag, match_condition=MatchConditions.IfModified
        )
        is None
    )
    put(client, "greeting", "two")
    first.value = "three"
    with pytest.raises(ResourceModifiedError):
        client.set_configuration_setting(first, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceModifiedError):
        client.delete_configuration_setting(
            "greeting", etag=first.etag, match_condition=MatchConditions.IfNotModified
        )
    with pytest.raises(ResourceModifiedError):
        client.set_read_only(first, match_condition=MatchConditions.IfNotModified)
    there = client.get_configuration_setting("greeting")
    assert (there.value, there.read_only) == ("two", False)
    pages = client.list_configuration_settings().by_page()
    next(pages)
    again = client.list_configuration_settings().by_page(match_conditions=[pages.etag])
    assert next(again, None) is None


def test_v6_keys_are_found_by_name_by_beginning_and_by_label(stage: ConfigurationStage) -> None:
    client = stage.owner_of(stage.store())
    for key, label in (
        ("shop:a", None),
        ("shop:a", "test"),
        ("shop:b", "test"),
        ("other", None),
        ("x,y*", None),
    ):
        put(client, key, "1", label)

    def found(**query: str) -> list[tuple[str, str | None]]:
        return [(one.key, one.label) for one in client.list_configuration_settings(**query)]

    everything = [("other", None), ("shop:a", None), ("shop:a", "test"), ("shop:b", "test"), ("x,y*", None)]
    assert found() == everything
    assert found(key_filter="shop:*") == everything[1:4]
    assert found(key_filter="shop:*", label_filter="\0") == [("shop:a", None)]
    assert found(key_filter="shop:b,other") == [("other", None), ("shop:b", "test")]
    assert found(key_filter=r"x\,y\*") == [("x,y*", None)]
    assert found(label_filter="t*") == [("shop:a", "test"), ("shop:b", "test")]
    for nothing in ("*a", ","):
        with pytest.raises(HttpResponseError) as refused:
            found(key_filter=nothing)
        assert refused.value.status_code == 400
    assert [one.name for one in client.list_labels()] == [None, "test"]
    assert client.get_configuration_setting("shop:a").label is None
    put(client, "shop:a", "2")
    assert [one.value for one in client.list_revisions(key_filter="shop:a", label_filter="\0")] == ["2", "1"]


def test_a_list_of_many_comes_in_pages(stage: ConfigurationStage) -> None:
    client = stage.owner_of(stage.store())
    for number in range(101):
        put(client, f"key-{number:03}", str(number))
    pages = [len(list(page)) for page in client.list_configuration_settings().by_page()]
    assert pages == [100, 1]
    values = [one.value for one in client.list_configuration_settings(fields=["value"])]
    assert values == [str(number) for number in range(101)]


def test_an_api_version_that_there_is_not_is_refused(stage: ConfigurationStage) -> None:
    store = stage.store()
    token, _ = stage.azure.entra.issue(stage.with_role(OWNER, stage.store_id(store)), "https://azconfig.io")
    with stage.http() as http:
        for query in ("", "?api-version=2019-01-01"):
            url = f"https://{store}.azconfig.io/kv{query}"
            refused = http.get(url, headers={"authorization": f"Bearer {token}"})
            assert (refused.status_code, refused.json()["title"]) == (400, "Unsupported API version")


def test_the_past_snapshots_and_tags_are_said_not_to_be_served(stage: ConfigurationStage) -> None:
    client = stage.owner_of(stage.store())
    for query in (
        {"snapshot_name": "one"},
        {"tags_filter": ["a=b"]},
        {"accept_datetime": "2026-01-01T00:00:00Z"},
    ):
        with pytest.raises(HttpResponseError) as refused:
            list(client.list_configuration_settings(**query))
        assert refused.value.status_code == 501
        assert "The local Azure does not serve" in json.loads(said(refused.value)[1])["title"]
    for ask in (lambda: client.get_snapshot("one"), lambda: list(client.list_snapshots())):
        with pytest.raises(HttpResponseError) as refused:
            ask()
        assert "does not serve snapshots" in json.loads(said(refused.value)[1])["title"]


def test_the_provider_reads_a_store_and_the_secret_that_a_reference_names(stage: ConfigurationStage) -> None:
    store, vault = stage.store(), stage.vault()
    stage.officer_of(vault).set_secret("database-password", "from the vault")
    stage.officer_of(vault).set_secret("another", "not for you")
    owner = stage.owner_of(store)
    put(owner, "shop:color", "green")
    uri = f"https://{vault}.vault.azure.net/"
    for key, secret in (("shop:password", "database-password"), ("wide:password", "another")):
        owner.set_configuration_setting(
            SecretReferenceConfigurationSetting(key=key, secret_id=f"{uri}secrets/{secret}")
        )
    reader = stage.with_role(READER, stage.store_id(store))
    stage.grant(f"{stage.id(vault)}/secrets/database-password", "Key Vault Secrets User", reader.object_id)

    def loaded(selection: str) -> dict[str, str]:
        credential = stage.holder(reader)
        return dict(
            load(
                f"https://{store}.azconfig.io",
                credential,
                keyvault_client_configs={uri: {"credential": credential, **stage.trust}},
                replica_discovery_enabled=False,
                selects=[SettingSelector(key_filter=selection)],
                trim_prefixes=["shop:"],
                startup_timeout=0,  # a refusal is not tried again
                **stage.trust,
            )
        )

    assert loaded("shop:*") == {"color": "green", "password": "from the vault"}
    with pytest.raises(TimeoutError, match="ForbiddenByRbac"):
        loaded("wide:*")


def test_v9_the_free_tier_has_no_private_endpoint(stage: ConfigurationStage) -> None:
    inside = Inside(stage)
    tiers = ("free", "developer", "standard")
    ids = [stage.store_id(stage.store(tier=tier)) for tier in tiers]
    assert [inside.endpoint(id, "configurationStores") for id in ids] == [400, 201, 201]
