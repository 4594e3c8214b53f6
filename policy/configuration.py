"""Whether a configuration names what there is: `python -m policy.configuration policy-config.json`.

The engine compares types alone. What it does not know it passes over, or refuses without a name.
https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, cast

from policy.rule import Rule
from policy.rules import RULES
from policy.visible import visible_all
from policy.waivers import SCHEMA

WAIVED: Final = "waived"
"""Id of the policy that reports what was waived. It never stops anything."""
ALL: Final = "all"
"""Stands for every rule in the engine's configuration. It takes a level and nothing else."""
_LEVEL: Final = "enforcementLevel"
_LEVELS: Final = ("advisory", "mandatory", "disabled", "remediate")
_DATE: Final = "2027-01-31"


def problems(document: Any, rules: Iterable[Rule] = RULES) -> list[str]:
    """Everything that is wrong with a configuration, each as a clause with the close match; none where all is
    well. What the engine refuses in its own words, such as a number for a text, is not among them.
    """
    if not isinstance(document, Mapping):
        return ["it is no object of rules"]
    schemas = {rule.id: {"waivers": SCHEMA, **_options(rule)} for rule in rules}
    found = (problem for name, given in _entries(document) for problem in _of_rule(name, given, schemas))
    return [visible_all(problem) for problem in found]


def _options(rule: Rule) -> Mapping[str, Mapping[str, Any]]:
    return {name: option.schema for name, option in rule.options.items()}


def _of_rule(name: str, given: Any, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    known = (*schemas, ALL, WAIVED)
    if name not in known:
        yield f"there is no rule `{name}`{_meant(name, known)}"
        return
    level = given if isinstance(given, str) else dict(_entries(given)).get(_LEVEL)
    if isinstance(level, str) and level not in _LEVELS:
        yield f"`{name}`: there is no level `{level}`{_meant(level, _LEVELS)}"
    options = schemas.get(name, {})
    for option, value in _entries(given):
        if option == _LEVEL:
            continue
        if option in options:
            yield from _in_value(f"`{name}`: {option}", value, options[option])
        elif not options:
            yield f"`{name}` takes a level and nothing else, and `{option}` is given"
        else:
            yield f"`{name}`: there is no option `{option}`{_meant(option, (*options, _LEVEL))}"


def _in_value(where: str, value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """What is misspelt in a value of a schema: entries that it does not have, and dates."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(cast(list[Any], value), 1):
            yield from _in_value(f"{where}, entry {number}", item, schema["items"])
    elif isinstance(value, Mapping) and properties:
        for key, inner in _entries(value):
            if key in properties:
                yield from _in_value(f"{where}, {key}", inner, properties[key])
            else:
                yield f"{where}: there is no `{key}`{_meant(key, tuple(properties))}"
        for key in schema.get("required", ()):
            if key not in value:
                yield f"{where}: there is no `{key}` in it, and it has to be said"
    elif schema.get("format") == "date" and isinstance(value, str) and not _is_date(value):
        yield f"{where}: `{value}` is no date; a date is written as {_DATE}"


def _meant(given: str, known: Sequence[str]) -> str:
    close = get_close_matches(given, known, 1)
    return f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(known)}"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _entries(given: Any) -> Sequence[tuple[str, Any]]:
    return list(cast(Mapping[str, Any], given).items()) if isinstance(given, Mapping) else ()


def main(arguments: Sequence[str], say: Callable[[str], None] = print) -> int:
    """0 where every file is as it should be, 1 where not, with everything that is wrong said."""
    found = [f"{name}: {problem}" for name in arguments for problem in _in_file(Path(name))]
    for line in found:
        say(line)
    return 1 if found else 0


def _in_file(file: Path) -> list[str]:
    try:
        return problems(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        return [f"it cannot be read as JSON: {error}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
