"""From the text that the engine hands over to what the program uses, or to all that is wrong with it."""

import json
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, Final, cast

import pulumi

from components import ConfigurationError, KeylessWebAppArgs, Problem
from components.errors import Give, Step, TakeOut
from components.keyless_web_app_arguments import read_keyless_web_app
from components.shown import NAME, VARIABLE, described, entry_name

from .arguments import arguments_of, in_configuration, keys_of
from .commands import in_quotes, step
from .model import DEFAULTS, KEYS, TAKEN_BACK, Settings
from .namespaces import foreign_keys, given_keys
from .rules import RULES
from .written import Written

_OF_VARIABLES: Final = ("secrets", "settings")
"""The keys whose entries are named as variables are."""


def read_configuration() -> tuple[Settings, KeylessWebAppArgs]:
    """The running stack's settings, and the arguments of its app, read already: give KeylessWebApp these.

    Raises ConfigurationError with everything that is wrong, whoever knows it. Nothing is declared before.
    """
    settings, problems = _read_settings()
    unread = {problem.subject for problem in problems}
    problems += [problem for rule in RULES for problem in rule(settings)]
    try:
        app = read_keyless_web_app(settings.name, arguments_of(settings))
    except ConfigurationError as refused:
        # Of a key that could not be read the component saw the default, and knows nothing.
        known = [problem for problem in refused.problems if not keys_of(problem) & unread]
        problems += [in_configuration(problem, settings) for problem in known]
    else:
        if not problems:
            return settings, app
    raise ConfigurationError(f"The configuration of stack {pulumi.get_stack()}", problems)


def _read_settings() -> tuple[Settings, list[Problem]]:
    """Each value by the type of its default, which stands in for what cannot be read."""
    config = pulumi.Config()
    given = list(given_keys())
    problems = [*foreign_keys(), *(_unknown(key, given) for key in given if key not in KEYS)]
    values: dict[str, Any] = {}
    taken_back: set[str] = set()
    for key, name in KEYS.items():
        text = config.get(key)
        if text is None:
            continue
        written = Written.of(config.full_key(key))
        if pulumi.runtime.is_config_secret(config.full_key(key)):
            called = [_called(key, name, written.names) for name in written.secrets]
            problems += [_secret(key, one) for one in called or [None]]
        else:
            values[name] = _read(key, text, written, getattr(DEFAULTS, name), problems)
            if written.is_there and name in TAKEN_BACK and values[name] == getattr(DEFAULTS, name):
                taken_back.add(name)
    return Settings(**values, taken_back=frozenset(taken_back)), problems


def _unknown(key: str, given: Collection[str]) -> Problem:
    """A key that nothing reads is mostly a misspelt one, whose default would silently be used."""
    close = get_close_matches(key, KEYS, 1, 0.5)
    expected = f"a known key; did you mean {close[0]}?" if close else f"one of {', '.join(KEYS)}"
    called = entry_name(key, given, VARIABLE)
    return Problem(called, "a key that nothing reads", expected, step("take it out", TakeOut(called)))


def _secret(key: str, entry: str | None) -> Problem:
    # Its value would be printed with the next problem and stored with the app's settings, in clear.
    expected = "no secret: a value belongs into the vault, and secrets holds its name"
    subject, change = (key, TakeOut(key)) if entry is None else (f"{key}.{entry}", TakeOut(f"{key}[{entry}]"))
    return Problem(subject, "[secret]", expected, step("take it out", change))


def _read(key: str, text: str, written: Written, default: Any, problems: list[Problem]) -> Any:
    if isinstance(default, bool):
        if text in ("true", "false"):
            return text == "true"
        meant = json.dumps(default)
        instead = step(f"write {meant}", Give(key, meant))
        problems.append(Problem(key, described(text), "true or false", instead))
        return default
    if isinstance(default, int):
        if re.fullmatch(r"-?[0-9]+", text) and written.is_number(text):
            return int(text)
        meant = str(default)
        instead = step(f"write {meant}", Give(key, meant))
        problems.append(Problem(key, described(text, r"-?[0-9]*"), "a whole number", instead))
        return default
    if isinstance(default, str):
        if not written.is_text(text):
            problems.append(_otherwise(key, in_quotes(key)))
        return text
    return _read_entries(key, text, written, problems)


def _otherwise(subject: str, instead: Step) -> Problem:
    """No message repeats it: what was written is in the file, and a setting may be a secret."""
    return Problem(
        subject, "what YAML may read as another text than was written", "a text in quotes", instead
    )


def _read_entries(key: str, text: str, written: Written, problems: list[Problem]) -> dict[str, str]:
    """No message repeats what it found: a value put in the wrong place may be a secret one."""
    try:
        entries: Any = json.loads(text)
    except ValueError:
        entries = text
    if not isinstance(entries, dict):
        instead = step("write entries", TakeOut(key), Give(f"{key}[<name>]"))
        problems.append(Problem(key, described(entries), "entries, each a name with a text", instead))
        return {}
    read: dict[str, str] = {}
    given = cast(dict[str, Any], entries)
    for name, value in given.items():
        called = _called(key, name, given)
        if not isinstance(value, str | int | float):
            instead = step("write a text", Give(f"{key}[{called}]"))
            problems.append(Problem(f"{key}.{called}", described(value), "a text", instead))
        elif not written.entry(name).is_text(value):
            problems.append(_otherwise(f"{key}.{called}", in_quotes(key, called)))
        else:
            # `pulumi config set --path` stores 8080 as a number and true as a boolean.
            read[name] = value if isinstance(value, str) else json.dumps(value)
    return read


def _called(key: str, name: str, names: Collection[str]) -> str:
    """What a message calls an entry of the map that a key holds."""
    return entry_name(name, names, VARIABLE if key in _OF_VARIABLES else NAME)
