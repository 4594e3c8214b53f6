"""Tables and entities as azure-data-tables sees them: made, put in, changed, found page by page (I14)."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.data.tables import EdmType, EntityProperty, TableTransactionError, UpdateMode

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, code, refusal
from tests.local_azure.vault_stage import GROUP

WRITER = "Storage Table Data Contributor"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def account(stage: StorageStage) -> str:
    return stage.account()


@pytest.fixture
def service(stage: StorageStage, account: str) -> Any:
    """All tables, for somebody who may do everything with them."""
    return stage.tables(account, stage.holder(stage.reader_of(account, WRITER)))


@pytest.fixture
def table(service: Any) -> Any:
    """A new one."""
    return service.create_table(f"t{uuid.uuid4().hex}")


def entity(row: str, partition: str = "shop", **properties: Any) -> Json:
    return {"PartitionKey": partition, "RowKey": row, **properties}


def rows(found: Any) -> list[str]:
    return [one["RowKey"] for one in found]


def test_i14_a_table_is_made_once(service: Any) -> None:
    table = service.create_table("Prices")
    table.create_entity(entity("1"))
    assert refusal(lambda: service.create_table("PRICES")) == (409, "TableAlreadyExists")
    assert rows(service.get_table_client("prices").list_entities()) == ["1"]
    service.delete_table("Prices")
    # The client says nothing of a table that is not there when it deletes one.
    service.delete_table("Prices")
    assert refusal(lambda: list(table.list_entities())) == (404, "TableNotFound")
    assert rows(service.create_table("Prices").list_entities()) == []


def test_i14_tables_are_listed_by_who_may_read_them_all(stage: StorageStage) -> None:
    account = stage.account()
    service = stage.tables(account, stage.holder(stage.reader_of(account, WRITER)))
    for name in ("Orders", "Prices", "Stock"):
        service.create_table(name)
    pages = [[one.name for one in page] for page in service.list_tables(results_per_page=2).by_page()]
    assert pages == [["Orders", "Prices"], ["Stock"]]
    assert [one.name for one in service.query_tables("TableName gt 'Orders' and TableName ne 'Stock'")] == [
        "Prices"
    ]
    of_one = stage.table(account, "Orders", WRITER)
    of_one.create_entity(entity("1"))
    everything = stage.tables(account, of_one.credential)
    assert refusal(lambda: list(everything.list_tables())) == (403, "AuthorizationPermissionMismatch")


def test_tables_of_both_planes_are_the_same(stage: StorageStage, service: Any, account: str) -> None:
    stage.storage.table.create(GROUP, account, "Both", {})
    table = service.get_table_client("Both")
    table.create_entity(entity("1"))
    stage.storage.table.delete(GROUP, account, "Both")
    service.create_table("Both")
    assert stage.storage.table.get(GROUP, account, "Both").table_name == "Both"
    assert rows(table.list_entities()) == []


def test_each_type_comes_back_as_it_was_put_in(table: Any) -> None:
    given: Json = {
        "Text": "two <&> 'ü' 😀",
        "Whole": 2**31 - 1,
        "Long": EntityProperty(2**63 - 1, EdmType.INT64),
        "Part": 0.5,
        "Round": 3.0,
        "Endless": float("inf"),
        "Yes": True,
        "When": datetime(2026, 11, 29, 12, 30, 15, 250000, UTC),
        "Id": uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e"),
        "Bytes": b"\x00\x01\xff",
    }
    table.create_entity(entity("1", Nothing=None, **given))
    found = table.get_entity("shop", "1")
    assert {name: value for name, value in found.items() if name not in ("PartitionKey", "RowKey")} == given
    assert {name: type(value) for name, value in found.items()}["Round"] is float
    assert set(table.get_entity("shop", "1", select=["Whole", "Yes"])) == {"Whole", "Yes"}


def test_entities_are_put_in_merged_replaced_and_deleted(table: Any) -> None:
    table.create_entity(entity("o'clock", Price=1, Name="one"))
    assert refusal(lambda: table.create_entity(entity("o'clock"))) == (409, "EntityAlreadyExists")
    table.update_entity(entity("o'clock", Price=2))
    assert dict(table.get_entity("shop", "o'clock")) == entity("o'clock", Price=2, Name="one")
    table.update_entity(entity("o'clock", Price=3), mode=UpdateMode.REPLACE)
    assert dict(table.get_entity("shop", "o'clock")) == entity("o'clock", Price=3)
    table.upsert_entity(entity("o'clock", Name="two"))
    assert dict(table.get_entity("shop", "o'clock")) == entity("o'clock", Price=3, Name="two")
    table.upsert_entity(entity("new", Name="three"), mode=UpdateMode.REPLACE)
    assert rows(table.list_entities()) == ["new", "o'clock"]
    assert refusal(lambda: table.update_entity(entity("none"))) == (404, "ResourceNotFound")
    assert refusal(lambda: table.get_entity("shop", "none")) == (404, "ResourceNotFound")
    table.delete_entity("shop", "o'clock")
    assert rows(table.list_entities()) == ["new"]


def test_i14_an_entity_that_was_changed_since_it_was_read_is_kept(table: Any) -> None:
    table.create_entity(entity("1", Price=1))
    seen = table.get_entity("shop", "1")
    table.update_entity(entity("1", Price=2))
    condition = {"etag": seen.metadata["etag"], "match_condition": MatchConditions.IfNotModified}
    for attempt in (
        lambda: table.update_entity(entity("1", Price=3), **condition),
        lambda: table.update_entity(entity("1", Price=3), mode=UpdateMode.REPLACE, **condition),
        lambda: table.delete_entity("shop", "1", **condition),
    ):
        assert refusal(attempt) == (412, "UpdateConditionNotSatisfied")
    assert table.get_entity("shop", "1")["Price"] == 2
    again = table.get_entity("shop", "1").metadata["etag"]
    table.delete_entity("shop", "1", etag=again, match_condition=MatchConditions.IfNotModified)
    assert rows(table.list_entities()) == []


def test_i14_a_long_table_is_read_page_by_page_in_the_order_of_its_keys(table: Any) -> None:
    # By UTF-16, in which what takes two of it comes before the last that take one.
    for partition, row in (("b", "1"), ("a", "\ufffd"), ("a", "😀"), ("a", "b"), ("a", "B"), ("aa", "1")):
        table.create_entity(entity(row, partition))
    pages = [
        [(one["PartitionKey"], one["RowKey"]) for one in page]
        for page in table.list_entities(results_per_page=2).by_page()
    ]
    assert pages == [
        [("a", "B"), ("a", "b")],
        [("a", "😀"), ("a", "\ufffd")],
        [("aa", "1"), ("b", "1")],
    ]


def test_i14_a_query_finds_what_its_filter_says(table: Any) -> None:
    when = datetime(2026, 11, 29, tzinfo=UTC)
    id = uuid.uuid4()
    table.create_entity(entity("1", Price=5, Name="it's", Sold=True, When=when, Part=0.5))
    table.create_entity(entity("2", Price=15, Name="two", Sold=False, Id=id, Bytes=b"\x0a"))
    table.create_entity(entity("3", Long=EntityProperty(2**40, EdmType.INT64)))
    table.create_entity(entity("4", "other"))
    for query, expected in {
        "PartitionKey eq 'shop'": ["1", "2", "3"],
        "PartitionKey eq 'shop' and RowKey ge '2' and RowKey lt '3'": ["2"],
        "Name eq 'it''s'": ["1"],
        "Price gt 5": ["2"],
        "Price ge 5 and Price le 15": ["1", "2"],
        "5 lt Price": ["2"],
        "Price ne 5": ["2"],
        "Sold": ["1"],
        "Sold eq false": ["2"],
        "not Sold": ["2", "3", "4"],
        "Part lt 1": ["1"],
        f"Long eq {2**40}L": ["3"],
        "When ge datetime'2026-11-29T00:00:00Z' and When lt datetime'2026-11-30'": ["1"],
        f"Id eq guid'{str(id).upper()}'": ["2"],
        "Bytes eq X'0a'": ["2"],
        "Price eq '5'": [],
        "Price ne '5'": [],
        "Price lt 'x'": [],
        "Sold gt 0": [],
        "PartitionKey eq 'other' or Price eq 5 and Sold": ["1", "4"],
        "(PartitionKey eq 'other' or Price eq 5) and not (Sold eq true)": ["4"],
        "Timestamp gt datetime'2020-01-01T00:00:00Z' and Nothing eq 1": [],
    }.items():
        assert sorted(rows(table.query_entities(query))) == expected, query
    found = table.query_entities("Price gt @least and Name eq @name", parameters={"least": 10, "name": "two"})
    assert rows(found) == ["2"]


def test_i14_a_filter_that_the_service_does_not_know_is_refused(table: Any) -> None:
    for query in (
        "Price eq", "Price eq 5 and", "(Price eq 5", "Price eq 5)", "Price like 5", "5 eq 5",
        "Price eq Name", "Name eq 'one", "Price eq 5x", "When eq datetime'soon'", "Bytes eq X'0'",
        "(" * 5_000 + "Price eq 5", "not " * 51 + "Sold",
        " or ".join(["Price eq 5"] * 16),
    ):  # fmt: skip
        found = refusal(lambda query=query: list(table.query_entities(query)))
        assert (query[:80], *found) == (query[:80], 400, "InvalidInput")
    for query in ("startswith(Name, 'a')", "Price eq 5 and contains(Name, 'a')"):
        found = refusal(lambda query=query: list(table.query_entities(query)))
        assert (query, *found) == (query, 501, "NotImplemented")
    table.create_entity(entity("1", Price=5))
    for query in (" or ".join(["Price eq 5"] * 15), "(" * 25 + "not not " * 12 + "Price eq 5" + ")" * 25):
        assert rows(table.query_entities(query)) == ["1"]


def test_i14_an_entity_that_no_table_takes_is_refused(table: Any) -> None:
    many: Json = {f"P{number}": number for number in range(253)}
    large: Json = {f"P{number}": "x" * 32_000 for number in range(17)}
    invalid: Json = {"a-b": 1}
    too_long: Json = {"a" * 256: 1}
    for given, expected in (
        (entity("a/b"), "OutOfRangeInput"),
        (entity("a", "b#c"), "OutOfRangeInput"),
        (entity("a" * 513), "PropertyValueTooLarge"),
        (entity("a", Text="x" * 32_769), "PropertyValueTooLarge"),
        (entity("a", Bytes=b"x" * 65_537), "PropertyValueTooLarge"),
        (entity("a", **invalid), "PropertyNameInvalid"),
        (entity("a", **too_long), "PropertyNameTooLong"),
        (entity("a", **many), "TooManyProperties"),
        (entity("a", **large), "EntityTooLarge"),
        (entity("a", When=EntityProperty("soon", EdmType.DATETIME)), "InvalidInput"),
        (entity("a", Id=EntityProperty("none", EdmType.GUID)), "InvalidInput"),
    ):
        assert refusal(lambda given=given: table.create_entity(given)) == (400, expected), expected
    with pytest.raises(
        ValueError, match="RowKey must be present"
    ):  # the client's words for the service's code
        table.create_entity({"PartitionKey": "shop"})
    assert rows(table.list_entities()) == []


def test_i14_a_transaction_is_made_whole_or_not_at_all(table: Any) -> None:
    table.create_entity(entity("0", Price=1))
    made = table.submit_transaction(
        [
            ("create", entity("1", Name="ü <&>")),
            ("upsert", entity("2", Price=2)),
            ("update", entity("0", Price=3), {"mode": UpdateMode.REPLACE}),
        ]
    )
    assert [set(one) for one in made] == [{"etag"}] * 3
    assert table.get_entity("shop", "1")["Name"] == "ü <&>"
    table.submit_transaction([("delete", entity("2"))])
    for operations, expected, said in (
        ([("create", entity("3")), ("create", entity("1"))], "EntityAlreadyExists", "1:The specified entity"),
        ([("create", entity("3")), ("update", entity("9"))], "ResourceNotFound", "1:The specified resource"),
        ([("create", entity("3")), ("delete", entity("3"))], "InvalidDuplicateRow", "1:The batch request"),
        ([("create", entity(f"n{one}")) for one in range(101)], "InvalidInput", "100:The batch request"),
    ):
        with pytest.raises(TableTransactionError) as error:
            table.submit_transaction(operations)
        assert code(error)[1] == expected
        assert said in str(error.value.message)
    assert {one["RowKey"]: one.get("Price") for one in table.list_entities()} == {"0": 3, "1": None}


def test_a_transaction_for_two_partitions_is_refused_without_the_clients_help(
    stage: StorageStage, service: Any, table: Any
) -> None:
    """The client looks at the partitions itself; the service does, too."""
    token = service.credential.get_token("https://storage.azure.com/.default").token
    parts = "".join(
        "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"POST https://x/{table.table_name} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
        f'{{"PartitionKey":"{partition}","RowKey":"1"}}\r\n'
        for partition in ("a", "b")
    )
    body = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n"
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "multipart/mixed; boundary=b",
        "x-ms-version": "2019-02-02",
    }
    with stage.http() as client:
        answer = client.post(f"{service.url}/$batch", content=body, headers=headers)
        nothing = client.post(f"{service.url}/$batch", content="--b--", headers=headers)
    assert answer.status_code == 202
    assert "HTTP/1.1 400 " in answer.text
    assert "CommandsInBatchActOnDifferentPartitions" in answer.text
    assert (nothing.status_code, nothing.json()["odata.error"]["code"]) == (400, "InvalidInput")
    assert rows(table.list_entities()) == []


def test_what_the_service_has_and_is_not_served_is_told(service: Any, table: Any) -> None:
    for attempt in (service.get_service_properties, table.get_table_access_policy):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert error.value.status_code == 501
