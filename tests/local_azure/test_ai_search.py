"""AI Search's data plane, judged by azure-search-documents; and services, by Azure's own client."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.search import SearchManagementClient
from azure.search.documents import SearchClient

from local_azure.ai_search.services import FOREIGN_NAMES
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content, refusal
from tests.local_azure.inside import Inside
from tests.local_azure.search_stage import (
    MANAGER,
    PRODUCTS,
    READER,
    WRITER,
    SearchStage,
    field,
    index_of,
    products,
    service_body,
)
from tests.local_azure.vault_stage import GROUP, Json


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield SearchStage(local)


@pytest.fixture(scope="module")
def filled(stage: SearchStage) -> str:
    """A service with three products, which no test changes."""
    return stage.filled()


def outcome(ask: Any) -> tuple[int, str]:
    """How a request ends that is refused: status and message."""
    with pytest.raises(HttpResponseError) as refused:
        ask()
    error: Any = refused.value
    return error.status_code, error.error.message if error.error else ""


def found(client: Any, **query: Any) -> list[str]:
    return [one["id"] for one in client.search(**query)]


FAILED = (403, "Authorization failed.")


def test_a_reader_searches_and_does_not_write_and_the_scope_holds_beside_a_neighbour(
    stage: SearchStage,
) -> None:
    service = stage.filled()
    neighbour = stage.index(service, "orders")
    reader = stage.with_role(READER, f"{stage.service_id(service)}/indexes/products")
    client = stage.documents(service, reader)
    assert found(client, search_text="shoe") == ["1", "2"]
    assert client.get_document("3")["name"] == "Green hat"
    assert client.get_document_count() == 3
    assert outcome(lambda: client.upload_documents([PRODUCTS[0]])) == FAILED
    assert outcome(lambda: client.merge_documents([PRODUCTS[0]])) == FAILED
    assert outcome(lambda: client.merge_or_upload_documents([PRODUCTS[0]])) == FAILED
    assert outcome(lambda: client.delete_documents([{"id": "1"}])) == FAILED
    other = stage.documents(service, reader, "orders")
    assert outcome(lambda: found(other, search_text="*")) == FAILED
    stage.grant(neighbour, READER, reader.object_id)
    assert found(other, search_text="*") == []
    assert client.get_document_count() == 3


def test_a_writer_writes_documents_and_no_index(stage: SearchStage) -> None:
    service = stage.service()
    writer = stage.with_role(WRITER, stage.index(service))
    client = stage.documents(service, writer)
    (made,) = client.upload_documents([PRODUCTS[0]])
    assert (made.key, made.succeeded, made.status_code) == ("1", True, 201)
    client.merge_documents([{"id": "1", "price": 5.0}])
    assert client.get_document("1") == {**PRODUCTS[0], "price": 5.0}
    (missing,) = client.merge_documents([{"id": "2", "price": 5.0}])
    assert (missing.succeeded, missing.status_code) == (False, 404)
    client.merge_or_upload_documents([{"id": "2", "name": "Hat"}])
    client.delete_documents([{"id": "1"}])
    assert found(client, search_text="*") == ["2"]
    with pytest.raises(ResourceNotFoundError):
        client.get_document("1")
    assert outcome(lambda: stage.indexes(service, writer).create_index(products("other"))) == FAILED
    assert outcome(lambda: stage.indexes(service, writer).delete_index("products")) == FAILED


@pytest.mark.parametrize("role", [None, "Owner", MANAGER])
def test_x1_documents_take_a_data_role_and_indexes_one_of_management(
    stage: SearchStage, filled: str, role: str | None
) -> None:
    stranger = stage.identity() if role is None else stage.with_role(role, stage.service_id(filled))
    client = stage.documents(filled, stranger)
    assert outcome(lambda: found(client, search_text="*")) == FAILED
    assert outcome(lambda: client.get_document("1")) == FAILED
    assert outcome(lambda: client.upload_documents([PRODUCTS[0]])) == FAILED
    indexes = stage.indexes(filled, stranger)
    if role is None:
        assert outcome(lambda: list(indexes.list_index_names())) == FAILED
    else:
        assert list(indexes.list_index_names()) == ["products"]
    last = stage.azure.journal.entries(1)[0]
    assert last["host"] == f"{filled}.search.windows.net"


def test_a_grant_that_is_taken_away_is_felt_by_an_open_client(stage: SearchStage, filled: str) -> None:
    reader = stage.identity()
    made = stage.grant(f"{stage.service_id(filled)}/indexes/products", READER, reader.object_id)
    client = stage.documents(filled, reader)
    assert client.get_document_count() == 3
    stage.roles.delete_by_id(made.id)
    assert outcome(client.get_document_count) == FAILED


def test_x1_a_token_for_something_else_is_refused_with_a_challenge(stage: SearchStage, filled: str) -> None:
    reader = stage.with_role(READER, stage.service_id(filled))
    token, _ = stage.azure.entra.issue(reader, "https://vault.azure.net")
    url = f"https://{filled}.search.windows.net/indexes/products/docs/$count?api-version=2024-07-01"
    with stage.http() as http:
        for headers in ({}, {"authorization": f"Bearer {token}"}):
            answer = http.get(url, headers=headers)
            assert answer.status_code == 401
            assert 'resource_id="https://search.azure.com"' in answer.headers["www-authenticate"]
        token, _ = stage.azure.entra.issue(reader, "https://search.azure.com")
        answer = http.get(url, headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.text) == (200, "3")


def test_x2_a_key_opens_nothing_and_none_is_given_out(stage: SearchStage, filled: str) -> None:
    host, key = f"https://{filled}.search.windows.net", AzureKeyCredential("c2hvcA==")
    client = SearchClient(host, "products", key, retry_total=0, **stage.trust)
    with pytest.raises(HttpResponseError) as refused:
        client.get_document_count()
    assert refused.value.status_code == 403
    assert "local authentication is disabled" in str(refused.value.message)
    for action in ("listAdminKeys", "listQueryKeys", "regenerateAdminKey/primary"):
        assert stage.arm("POST", f"{stage.service_id(filled)}/{action}").status == 403


def test_keys_of_a_service_that_has_them_are_said_not_to_be_served(stage: SearchStage) -> None:
    service = stage.service(disableLocalAuth=False)
    assert refusal(stage.arm("POST", f"{stage.service_id(service)}/listAdminKeys"))[0] == 501


def test_x3_a_closed_service_answers_whom_its_rules_name_and_its_private_endpoint(stage: SearchStage) -> None:
    inside, outsider = Inside(stage), stage.identity()

    def outcomes(service: str) -> list[object]:
        counts: list[object] = []
        for one in (inside.app, outsider):
            stage.grant(stage.service_id(service), READER, one.object_id)
            try:
                counts.append(stage.documents(service, one).get_document_count())
            except HttpResponseError as error:
                counts.append(error.status_code)
        return counts

    def closed(**properties: Any) -> str:
        service = stage.filled()
        content(stage.arm("PUT", stage.service_id(service), service_body(**properties)))
        return service

    ranges: Json = {"ipRules": [{"value": "203.0.113.0/24"}]}
    assert outcomes(closed(networkRuleSet=ranges)) == [403, 403]
    private = closed(publicNetworkAccess="Disabled")
    inside.connect(stage.service_id(private), "searchService", "privatelink.search.windows.net")
    assert outcomes(private) == [3, 403]


def test_x4_an_index_has_one_key_and_its_fields_stay(stage: SearchStage) -> None:
    service = stage.service()
    indexes = stage.indexes(service, stage.with_role(MANAGER, stage.service_id(service)))
    for fields in (
        [field("id")],
        [field("id", key=True), field("also", key=True)],
        [field("id", "Edm.Int32", key=True)],
    ):
        wrong = index_of("one", *fields)
        assert outcome(lambda wrong=wrong: indexes.create_index(wrong))[0] == 400
    assert outcome(lambda: indexes.create_index(products("Products")))[0] == 400
    indexes.create_index(products())
    assert outcome(lambda: indexes.create_index(products()))[0] == 409
    changed = products()
    changed.fields[2] = field("price", "Edm.Int32")
    assert outcome(lambda: indexes.create_or_update_index(changed))[0] == 400
    indexes.create_or_update_index(products("products", field("stock", "Edm.Int32")))
    names = [one.name for one in indexes.get_index("products").fields]
    assert names == ["id", "name", "price", "tags", "stock"]
    indexes.delete_index("products")
    assert list(indexes.list_index_names()) == []


def test_x5_a_document_has_the_fields_of_its_index(stage: SearchStage) -> None:
    service = stage.service()
    client = stage.documents(service, stage.with_role(WRITER, stage.index(service)))
    status, message = outcome(lambda: client.upload_documents([{"id": "1", "color": "green"}]))
    assert (status, "The property 'color' does not exist" in message) == (400, True)
    for name, value in (("price", "20"), ("price", True), ("name", 5)):
        document = {"id": "1", name: value}
        status, message = outcome(lambda: client.upload_documents([document]))  # noqa: B023
        assert (status, f"property '{name}' to the expected type" in message) == (400, True)
    assert outcome(lambda: client.upload_documents([{"name": "no key"}]))[0] == 400
    assert outcome(lambda: client.upload_documents([{"id": "a/b"}]))[0] == 400
    assert client.get_document_count() == 0


def test_x6_words_are_found_and_filters_hold(stage: SearchStage, filled: str) -> None:
    client = stage.documents(filled, stage.with_role(READER, stage.service_id(filled)))
    assert found(client, search_text="GREEN") == ["1", "3"]
    assert found(client, search_text="green shoe") == ["1", "2", "3"]
    assert found(client, search_text="green shoe", search_mode="all") == ["1"]
    assert found(client, search_text="shoe", search_fields=["tags"]) == ["1"]
    assert found(client, search_text="*", filter="price ge 20 and price lt 30") == ["1"]
    assert found(client, search_text="*", order_by=["price desc"], top=2, skip=1) == ["1", "3"]
    answer = client.search(search_text="green", select=["name"], include_total_count=True)
    shown = [{key: value for key, value in one.items() if value is not None} for one in answer]
    assert shown == [{"name": name, "@search.score": 1.0} for name in ("Green shoe", "Green hat")]
    assert answer.get_count() == 2
    assert outcome(lambda: found(client, search_text="*", filter="weight gt 1"))[0] == 400


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"filter": "name ne 5"}, "incompatible types"),
        ({"filter": "price gt 'x'"}, "incompatible types"),
        ({"filter": "price eq true"}, "incompatible types"),
        ({"filter": "tags gt 5"}, "incompatible types"),
        ({"top": -1}, "'top' must be"),
        ({"skip": 100_001}, "'skip' must be"),
        ({"select": ["weight"]}, "Could not find a property named 'weight'"),
        ({"search_fields": ["weight"]}, "Could not find a property named 'weight'"),
        ({"search_fields": ["price"]}, "is not searchable"),
        ({"order_by": ["tags"]}, "is not sortable"),
    ],
)
def test_x6_what_fits_no_field_is_refused_and_finds_nothing_by_mistake(
    stage: SearchStage, filled: str, query: Json, said: str
) -> None:
    client = stage.documents(filled, stage.with_role(READER, stage.service_id(filled)))
    status, message = outcome(lambda: found(client, search_text="*", **query))
    assert (status, said in message) == (400, True)


@pytest.mark.parametrize(
    "query",
    [
        {"search_text": "*", "order_by": ["search.score() desc"]},
        {"search_text": "*", "filter": "price gt 007"},
        {"search_text": "*", "filter": " "},
        {"search_text": "*", "facets": ["tags"]},
        {"search_text": "*", "query_type": "semantic"},
        {"search_text": "green -shoe"},
        {"search_text": "*", "filter": "tags/any(t: t eq 'new')"},
    ],
)
def test_what_else_a_search_can_do_is_said_not_to_be_served(
    stage: SearchStage, filled: str, query: Json
) -> None:
    client = stage.documents(filled, stage.with_role(READER, stage.service_id(filled)))
    status, message = outcome(lambda: found(client, **query))
    assert (status, "The local Azure does not serve" in message) == (501, True)


def test_an_index_that_is_not_there_is_not_found(stage: SearchStage, filled: str) -> None:
    client = stage.documents(filled, stage.with_role(READER, stage.service_id(filled)), "orders")
    assert outcome(lambda: found(client, search_text="*")) == (
        404, f"The index 'orders' for service '{filled}' was not found.",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["s", "s-hop", "-shop", "shop-", "sh--op", "Shop", "s" * 61])
def test_x7_a_services_name_is_checked_and_unique(stage: SearchStage, name: str) -> None:
    assert refusal(stage.arm("PUT", stage.service_id(name), service_body()))[0] == 400
    stage.azure.store.documents(FOREIGN_NAMES).put("foreign", {})
    taken = refusal(stage.arm("PUT", stage.service_id("foreign"), service_body()))
    assert taken == (409, "ServiceNameUnavailable", "Service name 'foreign' is already in use.")


def test_x8_no_options_let_keys_in_where_they_are_off(stage: SearchStage) -> None:
    options: Json = {"aadOrApiKey": {"aadAuthFailureMode": "http403"}}
    path = stage.service_id(stage.name("srch"))
    assert refusal(stage.arm("PUT", path, service_body(authOptions=options)))[:2] == (400, "BadRequest")
    made = content(stage.arm("PUT", path, service_body(disableLocalAuth=None)))["properties"]
    assert (made["disableLocalAuth"], made["authOptions"]) == (False, {"apiKeyOnly": {}})
    assert content(stage.arm("PUT", path, service_body()))["properties"]["authOptions"] is None


@pytest.mark.parametrize(
    ("tier", "properties"),
    [
        ("basic", {"replicaCount": 4}),
        ("standard", {"partitionCount": 5}),
        ("free", {"replicaCount": 2}),
        ("free", {"publicNetworkAccess": "Disabled"}),
        ("basic", {"networkRuleSet": {"ipRules": [{"value": "10.0.0.1"}]}}),
        ("s1", {}),
    ],
)
def test_x9_a_tier_has_what_it_has(stage: SearchStage, tier: str, properties: Json) -> None:
    path = stage.service_id(stage.name("srch"))
    assert refusal(stage.arm("PUT", path, service_body(tier, **properties)))[0] == 400
    content(stage.arm("PUT", path, service_body("basic")))


def test_a_service_is_read_and_deleted_with_its_indexes_by_azures_own_client(stage: SearchStage) -> None:
    service = stage.filled()
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    client: Any = SearchManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)
    made = client.services.get(GROUP, service)
    assert (made.disable_local_auth, made.endpoint, made.sku.name) == (
        True, f"https://{service}.search.windows.net", "basic",
    )  # fmt: skip
    client.services.delete(GROUP, service)
    reader = stage.documents(service, stage.identity())
    with pytest.raises((ResourceNotFoundError, ClientAuthenticationError)):
        reader.get_document_count()
    content(stage.arm("PUT", stage.service_id(service), service_body()))
    manager = stage.with_role(MANAGER, stage.service_id(service))
    assert list(stage.indexes(service, manager).list_index_names()) == []
