"""Every default that is a security decision, with its value and the test that holds it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from tests.unit.components.answering_azure import TENANT
from tests.unit.components.recorded_azure import deploy
from tests.unit.components.recorder import Recorded
from tests.unit.reference.defaults import STATED
from tests.unit.reference.markdown import code, table, words
from tests.unit.reference.stated import Decision, Stated

_INTRODUCTION = """
What is stated when nothing else is said. *Bare* is what azure-native sends of the same property when a
program leaves it out; for what is not sent, Azure's own default holds. Arguments in the last but one column
decide otherwise; where there is none, only Pulumi's escape hatch does (`transforms`). Slots state all of a
web app's again, and a function app is as closed as a web app.

What is marked *new* is stated of a site that is created. One that exists keeps what it has until an argument
decides: [security-defaults.md](../decisions/security-defaults.md) says why.
""".strip()


def defaults_page() -> str:
    rows = [row for type_, stated in STATED.items() for row in _rows(type_, stated)]
    columns = ("resource", "property", "value", "bare", "what is decided", "arguments", "held by")
    return f"# Security defaults\n\n{_INTRODUCTION}\n\n{table(columns, rows)}\n"


def stated_by_default(type_: str) -> dict[str, Any]:
    """What the component states of that resource, by dotted path."""
    return _leaves(_made(type_).inputs)


@cache
def _made(type_: str) -> Recorded:
    stated = STATED[type_]
    return deploy(lambda: stated.component("shop", dict(stated.args))).one(type_)


def stated_bare(type_: str) -> dict[str, Any]:
    """What azure-native states of it in a program that says the least; nothing where it is not there."""
    bare = STATED[type_].bare
    if bare is None:
        return {}

    def program() -> Mapping[str, Any]:
        bare()
        return {}

    return _leaves(deploy(program).one(type_).inputs)


def _rows(type_: str, stated: Stated) -> Iterator[tuple[str, ...]]:
    values, bare, kept = stated_by_default(type_), stated_bare(type_), _made(type_).ignore_changes
    for path, decision in sorted(stated.decisions.items()):
        date = path.endswith(".expires")
        value, unsaid = (
            "a date" if date else _value(values[path]),
            _value(bare[path]) if path in bare else "not sent",
        )
        if any(f"{path}.".startswith(f"{ignored}.") for ignored in kept):
            value += ", *new*"
        yield (
            code(type_),
            code(path),
            value,
            unsaid,
            words(decision.words),
            _arguments(decision),
            _test(decision),
        )


def _value(value: Any) -> str:
    """Booleans as Azure writes them, whole numbers as such, an id by its type."""
    if isinstance(value, bool):
        return code(str(value).lower())
    if isinstance(value, float):
        return code(int(value))
    text = str(value)
    if text == TENANT:
        return "the deployer's"
    if text.startswith("/subscriptions/"):
        return "its id"
    if len(text) <= 40 and " " not in text:
        return code(text)
    return "a list" if isinstance(value, list) else "a sentence"


def _arguments(decision: Decision) -> str:
    return ", ".join(code(argument) for argument in decision.arguments)


def _test(decision: Decision) -> str:
    file, _, name = decision.test.partition("::")
    return f"[{words(name.removeprefix('test_').replace('_', ' '))}](../../tests/unit/components/{file})"


def _leaves(value: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            found |= _leaves(cast(dict[str, Any], item), f"{at}{key}.")
        else:
            found[f"{at}{key}"] = item
    return found
