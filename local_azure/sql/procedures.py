"""What a call of a procedure gives, and what the procedure takes.

https://learn.microsoft.com/sql/t-sql/language-elements/execute-transact-sql
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_azure.sql.refusals import not_served
from local_azure.sql.tokens import SqlRefusal
from local_azure.sql.tsql import Reading, Word, parts, words_of


def arguments_of(reading: Reading) -> Iterator[tuple[str | None, Word]]:
    """What stands behind the name in EXEC: the parameter, without `@`, where one is named, and its value."""
    for words in parts(reading.rest()):
        if not words:
            continue
        is_named = [one.raw for one in words[1:2]] == ["="]
        if len(words) != (3 if is_named else 1):
            raise not_served("an argument that is neither a literal nor a variable")
        yield (words[0].raw.removeprefix("@") if is_named else None), words[-1]


def parameters_of(definition: str) -> tuple[list[str], str]:
    """The names of a procedure's parameters, without `@`, and its statements."""
    words = words_of(definition)
    end = next(at for at, word in enumerate(words) if word.upper == "AS")
    given = Reading(words[:end])
    listed = given.inside() if given.peek() == "(" else given.rest()
    names = [one[0].raw.removeprefix("@") for one in parts(listed) if one]
    return names, " ".join(word.raw for word in words[end + 1 :])


def bound(
    name: str, parameters: Sequence[str], placed: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The value of each parameter. Raises SqlRefusal for one too many and one too few."""
    values = {**dict(zip(parameters, placed, strict=False)), **named}
    if len(placed) > len(parameters) or set(values) - set(parameters):
        raise SqlRefusal(8144, f"Procedure or function {name} has too many arguments specified.")
    for parameter in parameters:
        if parameter not in values:
            what = f"Procedure or function '{name}' expects parameter '@{parameter}'"
            raise SqlRefusal(201, f"{what}, which was not supplied.")
    return values
