"""How a message speaks of a value without repeating it."""

import pytest

from components.form import Form
from components.names.vaults import KEY_VAULT, SECRET_NAME
from components.references import STORAGE, VAULT, expected_id, guid_form, id_form
from components.shown import VARIABLE, beginning, compared, described, entry
from tests.unit.components import answering_azure as azure


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Hunter2", "a text of 7 characters"),
        ("Hunter2!", "a text of 8 characters; character 8, '!', is not allowed there"),
        ("!?", "a text of 2 characters; character 1, '!', is not allowed there"),
        ("a\nb", "a text of 3 characters; character 2, '\\n', is not allowed there"),
        ("it's", 'a text of 4 characters; character 3, "\'", is not allowed there'),
        ("", "an empty text"),
        ("a", "a text of one character"),
        (7, "a number"),
        (7.5, "a number"),
        (True, "true or false"),
        (None, "nothing"),
        (["a"], "a list"),
        ({"a": "b"}, "a map"),
        (b"a", "neither a text nor a number, a list or a map"),
    ],
)
def test_a_value_is_described_by_its_kind_its_length_and_the_first_wrong_character(
    value: object, said: str
) -> None:
    assert described(value, r"[0-9A-Za-z]*") == said


def test_a_place_for_the_wrong_character_is_counted_from_1_behind_what_a_form_begins_with() -> None:
    address = beginning("https://", "[a-z.]*")
    assert described("http://a", address) == "a text of 8 characters; character 5, ':', is not allowed there"
    assert described("https://a.B", address).endswith("; character 11, 'B', is not allowed there")
    assert described("https://a.b", address) == "a text of 11 characters"
    assert KEY_VAULT.form.refused("kv--a") == "a text of 5 characters; character 4, '-', is not allowed there"
    assert SECRET_NAME.refused("x" * 128) == "a text of 128 characters"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "a number below 1"), (4, "a number above 3"), (1.5, "a number with a fraction"),
     (float("inf"), "a number above 3"), (True, "true or false"), ("2", "a text of one character")],
)  # fmt: skip
def test_a_number_is_told_by_the_side_of_its_range(value: object, said: str) -> None:
    assert compared(value, 1, 3) == said


def test_an_entry_is_called_by_a_name_that_a_variable_may_have_and_by_its_place_else() -> None:
    names = ["DB", "Hunter2!", "A-B", "a" * 65, "Z.z_9"]
    assert [entry("secrets", name, names, VARIABLE) for name in names] == [
        "secrets[DB]",
        "secrets[<entry 3 by name>]",
        "secrets[<entry 1 by name>]",
        "secrets[<entry 5 by name>]",
        "secrets[Z.z_9]",
    ]
    assert [entry("tags", name, names) for name in names[1:3]] == ["tags[<entry 3 by name>]", "tags[A-B]"]
    assert entry("tags", 5, [5, "a"]) == "tags[<entry 1 by name>]"


def test_an_id_of_the_wrong_type_is_told_by_its_type_where_there_is_a_word_for_it() -> None:
    form, length = id_form(STORAGE), len(azure.VAULT)
    assert form.words == expected_id(STORAGE)
    assert form.refused(azure.VAULT) == f"the id of a key vault, a text of {length} characters"
    unknown = azure.VAULT.replace(VAULT, "My.Own/things")
    assert form.refused(unknown) == f"a text of {len(unknown)} characters"
    assert id_form(VAULT).holds(azure.VAULT)


def test_a_form_holds_texts_only() -> None:
    assert guid_form("a GUID").holds(azure.CLIENT)
    assert not guid_form("a GUID").holds(5)
    assert not Form("anything", bool).holds("")
