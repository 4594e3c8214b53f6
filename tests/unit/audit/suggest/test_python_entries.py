"""One entry of a map goes or comes: comments go with what they are about, lines stay as they are."""

import libcst as cst
import pytest

from audit.suggest.python_entries import Mapped, entry, with_entry, without

LINES = """{
    # of a
    "a": 1,  # one
    # of b
    "b": 2,  # two

    # of c
    "c": 3,  # three
}"""
NO_LAST_COMMA = '{\n    "a": 1, "b": 2,\n    "c": 3\n}'
CALL = 'f(\n    "x", a=1,\n    b=2,\n)'


def read(text: str) -> Mapped:
    found = cst.parse_expression(text)
    assert isinstance(found, cst.Dict | cst.Call)
    return found


def shown(mapped: Mapped) -> str:
    return cst.Module([]).code_for_node(mapped)


@pytest.mark.parametrize(
    ("text", "key", "left"),
    [
        (LINES, "a", LINES.replace('    # of a\n    "a": 1,  # one\n', "")),
        (LINES, "b", LINES.replace('    # of b\n    "b": 2,  # two\n', "")),
        (LINES, "c", LINES.replace('\n    # of c\n    "c": 3,  # three\n', "")),
        (NO_LAST_COMMA, "a", '{\n    "b": 2,\n    "c": 3\n}'),
        (NO_LAST_COMMA, "b", '{\n    "a": 1,\n    "c": 3\n}'),
        (NO_LAST_COMMA, "c", '{\n    "a": 1, "b": 2\n}'),
        ('{"a": 1, "b": 2}', "a", '{"b": 2}'),
        ('{"a": 1, "b": 2}', "b", '{"a": 1}'),
        ('{\n    "a": 1,  # only\n}', "a", "{}"),
        (CALL, "a", 'f(\n    "x",\n    b=2,\n)'),
        (CALL, "b", 'f(\n    "x", a=1,\n)'),
        ("f(a=1, b=2)", "b", "f(a=1)"),
    ],
)
def test_an_entry_goes_with_what_is_said_of_it(text: str, key: str, left: str) -> None:
    found = entry(read(text), key)
    assert found is not None
    assert shown(without(found)) == left


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (LINES, LINES.replace("  # three\n", '  # three\n    "new": x,\n')),
        (NO_LAST_COMMA, '{\n    "a": 1, "b": 2,\n    "c": 3,\n    "new": x\n}'),
        ('{"a": 1}', '{"a": 1, "new": x}'),
        ("{}", '{"new": x}'),
        (CALL, 'f(\n    "x", a=1,\n    b=2,\n    new=x,\n)'),
        ("f()", "f(new=x)"),
    ],
)
def test_a_new_entry_is_the_last_and_looks_like_the_others(text: str, becomes: str) -> None:
    assert shown(with_entry(read(text), "new", cst.Name("x"))) == becomes


def test_of_two_entries_with_one_key_the_last_is_the_one_that_holds() -> None:
    found = entry(read('{"a": 1, "a": 2}'), "a")
    assert found is not None
    assert found.at == 1
    assert entry(read('{"a": 1}'), "b") is None
