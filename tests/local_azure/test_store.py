"""The store: one step or nothing, and what waits for the step to be done."""

import threading
from pathlib import Path

import pytest

from local_azure.azure import Azure
from local_azure.store import Resource, Store
from local_azure.store_seal import Seal
from tests.patience import PATIENCE

ID = "/subscriptions/s/resourceGroups/Rg"


def test_a_transaction_that_fails_leaves_nothing(azure: Azure) -> None:
    def half_of_it() -> None:
        with azure.store.transaction():
            azure.store.put(Resource(ID, "a/b", {}))
            azure.store.documents("kind").put("key", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_of_it()
    assert azure.store.get(ID) is None
    assert azure.store.documents("kind").get("key") is None


def test_what_waits_for_a_commit_is_called_after_it_and_without_the_lock(azure: Azure) -> None:
    seen: list[Resource | None] = []

    def look() -> None:
        thread = threading.Thread(target=lambda: seen.append(azure.store.get(ID)))
        thread.start()
        thread.join(PATIENCE)

    with azure.store.transaction():
        azure.store.after_commit(look)
        azure.store.put(Resource(ID, "a/b", {}))
        assert seen == []
    assert [resource and resource.id for resource in seen] == [ID]


def test_what_waits_for_a_commit_is_forgotten_when_there_is_none(azure: Azure) -> None:
    called: list[str] = []

    def half_of_it() -> None:
        with azure.store.transaction():
            azure.store.after_commit(lambda: called.append("never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_of_it()
    with azure.store.transaction():
        pass
    azure.store.after_commit(lambda: called.append("at once"))
    assert called == ["at once"]


def test_an_id_keeps_the_spelling_of_its_creation(tmp_path: Path) -> None:
    seal = Seal.of(tmp_path)
    store = Store(tmp_path / "one.db", seal)
    store.put(Resource(ID, "a/b", {"n": 1}))
    store.put(Resource(ID.upper() + "/", "a/b", {"n": 2}))
    store.close()
    again = Store(tmp_path / "one.db", seal)
    assert [(one.id, one.body) for one in again.list()] == [(ID, {"n": 2})]
    again.close()


def test_a_list_holds_what_lies_strictly_below(azure: Azure) -> None:
    for id in (ID, f"{ID}/x/y", f"{ID}2", f"{ID}2/x/y"):
        azure.store.put(Resource(id, "a/b", {}))
    assert [one.id for one in azure.store.list(under=ID.lower(), type="A/B")] == [f"{ID}/x/y"]
