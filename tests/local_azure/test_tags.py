"""Tags as Resource Manager takes, merges and refuses them (G4)."""

import pytest

from local_azure.http import JsonObject
from tests.local_azure.arm import Arm, content, refusal


@pytest.fixture
def group(arm: Arm) -> str:
    return arm.group()


def written(arm: Arm, group: str, tags: JsonObject) -> JsonObject:
    """The tags of an identity after they were written."""
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    return content(arm("PUT", path, {"location": "westeurope", "tags": tags}))["tags"]


def refused(arm: Arm, group: str, tags: JsonObject) -> tuple[int, str]:
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    answer = refusal(arm("PUT", path, {"location": "westeurope", "tags": tags}))
    assert arm("GET", path).status == 404
    return answer[0], answer[1]


def test_g4_names_that_differ_in_case_only_are_one_tag(arm: Arm, group: str) -> None:
    tags = written(arm, group, {"Team": "shop", "TEAM": "till", "env": "dev"})
    assert tags == {"Team": "till", "env": "dev"}


def test_g4_a_resource_has_at_most_fifty_tags(arm: Arm, group: str) -> None:
    fifty = {f"tag-{number}": "x" for number in range(50)}
    assert refused(arm, group, {**fifty, "one-more": "x"}) == (400, "TooManyTags")
    # The same name in another case is not one more.
    assert len(written(arm, group, {**fifty, "TAG-0": "y"})) == 50


@pytest.mark.parametrize("character", "<>%&\\?/")
def test_g4_some_characters_are_in_no_name(arm: Arm, group: str, character: str) -> None:
    assert refused(arm, group, {f"a{character}b": "x"}) == (400, "InvalidTagNameCharacters")
    value = f"a{character}b"
    assert written(arm, group, {"a": value}) == {"a": value}


def test_g4_names_and_values_have_a_longest_length(arm: Arm, group: str) -> None:
    assert refused(arm, group, {"n" * 513: "x"}) == (400, "InvalidTagName")
    assert refused(arm, group, {"name": "v" * 257}) == (400, "InvalidTagValue")
    longest = {"n" * 512: "v" * 256}
    assert written(arm, group, longest) == longest


def test_g4_the_tags_of_a_group_are_checked_too(arm: Arm) -> None:
    body = {"location": "westeurope", "tags": {"a/b": "x"}}
    assert refusal(arm("PUT", "/resourceGroups/rg-tagged", body))[1] == "InvalidTagNameCharacters"
    content(arm("PUT", "/resourceGroups/rg-tagged", {"location": "westeurope"}))
    changed = arm("PATCH", "/resourceGroups/rg-tagged", {"tags": {"Team": "a", "team": "b"}})
    assert content(changed)["tags"] == {"Team": "b"}
