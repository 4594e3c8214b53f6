"""The stand-in for random draws once, keeps, and replaces when an input changes."""

import base64
import re
import uuid
from collections.abc import Iterator
from typing import Any

import bcrypt
import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.random_values import RandomValues
from local_azure.plugins.wire import UNKNOWN
from tests.local_azure.plugin_client import Plugin, connected, urn

STRING = urn("random:index/randomString:RandomString")
PASSWORD = urn("random:index/randomPassword:RandomPassword")
ID = urn("random:index/randomId:RandomId")
UUID = urn("random:index/randomUuid:RandomUuid")


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with connected(RandomValues()) as plugin:
        yield plugin


def test_a_string_has_the_length_and_the_characters_asked_for(plugin: Plugin) -> None:
    id_, outputs = plugin.create(STRING, {"length": 6, "special": False, "upper": False})
    assert re.fullmatch(r"[a-z0-9]{6}", outputs["result"])
    assert id_ == outputs["result"]
    another, _ = plugin.create(STRING, {"length": 12, "special": False, "upper": False})
    assert len(another) == 12
    assert another[:6] != id_


def test_minimums_and_special_characters_of_one_s_own_are_kept_to(plugin: Plugin) -> None:
    inputs: dict[str, Any] = {"length": 5, "minNumeric": 2, "minSpecial": 3, "overrideSpecial": "_"}
    id_, _ = plugin.create(STRING, inputs)
    assert sorted(each if each == "_" else "9" for each in id_) == ["9", "9", "_", "_", "_"]


def test_a_preview_knows_the_inputs_and_not_the_result(plugin: Plugin) -> None:
    id_, outputs = plugin.create(STRING, {"length": 6}, preview=True)
    assert id_ == ""
    assert outputs["length"] == 6
    assert outputs["result"] is UNKNOWN


def test_a_password_comes_with_its_hash_and_no_telling_id(plugin: Plugin) -> None:
    id_, outputs = plugin.create(PASSWORD, {"length": 20})
    assert id_ == "none"
    assert len(outputs["result"]) == 20
    assert bcrypt.checkpw(outputs["result"].encode(), outputs["bcryptHash"].encode())


def test_an_id_is_the_same_bytes_in_every_notation(plugin: Plugin) -> None:
    id_, outputs = plugin.create(ID, {"byteLength": 4, "prefix": "p-"})
    drawn = bytes.fromhex(outputs["hex"].removeprefix("p-"))
    assert len(drawn) == 4
    assert outputs["dec"] == f"p-{int.from_bytes(drawn, 'big')}"
    assert outputs["b64Std"] == f"p-{base64.b64encode(drawn).decode()}"
    assert outputs["b64Url"] == f"p-{id_}"


def test_a_uuid_is_one_of_version_four(plugin: Plugin) -> None:
    id_, outputs = plugin.create(UUID, {})
    assert outputs["result"] == id_
    assert uuid.UUID(id_).version == 4


@pytest.mark.parametrize("changed", ["keepers", "length", "special"])
def test_any_change_draws_anew_before_the_old_value_goes(plugin: Plugin, changed: str) -> None:
    old: dict[str, Any] = {"length": 6, "special": False, "keepers": {"for": "a"}}
    other = {"keepers": {"for": "b"}, "length": 7, "special": True}[changed]
    diff = plugin.diff(STRING, old, {**old, changed: other})
    assert list(diff.replaces) == [changed]
    assert diff.deleteBeforeReplace is False
    assert plugin.diff(STRING, old, old).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_refresh_keeps_the_value(plugin: Plugin) -> None:
    state = {"length": 6, "result": "abcdef"}
    assert plugin.refresh(STRING, "abcdef", {"length": 6}, state) == ("abcdef", {"length": 6}, state)


def test_an_impossible_string_is_refused_before_it_is_drawn(plugin: Plugin) -> None:
    _, failures = plugin.check(STRING, {"length": 2, "minLower": 3})
    assert failures == ["length is 2, expected at least 1 and the sum of the minimums, 3"]
    nothing = dict.fromkeys(["lower", "upper", "numeric", "special"], False)
    _, failures = plugin.check(STRING, {"length": 2, **nothing})
    assert failures == ["lower, upper, numeric and special are all false, expected one of them to be true"]


def test_an_unknown_type_is_refused_by_name(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(urn("random:index/randomPet:RandomPet"), {})
    assert isinstance(raised.value, grpc.Call)
    assert raised.value.details() == (
        "the stand-in for random does not know 'random:index/randomPet:RandomPet'"
    )
