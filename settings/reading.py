"""From the text that the engine hands over to what the program uses, or to all that is wrong with it."""

import json
import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any, Final, cast

import pulumi

from components import ConfigurationError, KeylessWebAppArgs, Problem
from components.errors import Give, TakeOut
from components.keyless_web_app_arguments import read_keyless_web_app
from components.shown import NAME, VARIABLE, described, entry, entry_name

from .arguments import arguments_of, in_configuration, keys_of
from .commands import step
from .model import DEFAULTS, KEYS, Settings
from .rules import RULES

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
        app = read_keyless_web_app(pulumi.get_project(), arguments_of(settings))
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
    given = list(_given_keys())
    problems = [_unknown(key, given) for key in given if key not in KEYS]
    values: dict[str, Any] = {}
    for key, name in KEYS.items():
        text = config.get(key)
        if text is None:
            continue
        if pulumi.runtime.is_config_secret(config.full_key(key)):
            problems.append(_secret(key))
        else:
            values[name] = _read(key, text, getattr(DEFAULTS, name), problems)
    return Settings(**values), problems


def _given_keys() -> Iterator[str]:
    prefix = f"{pulumi.get_project()}:"
    for full_key in sorted(pulumi.runtime.get_config_env()):
        if full_key.startswith(prefix):
            yield full_key.removeprefix(prefix)


def _unknown(key: str, given: Collection[str]) -> Problem:
    """A key that nothing reads is mostly a misspelt one, whose default would silently be used."""
    close = get_close_matches(key, KEYS, 1, 0.5)
    expected = f"a known key; did you mean {close[0]}?" if close else f"one of {', '.join(KEYS)}"
    called = entry_name(key, given, VARIABLE)
    return Problem(called, "a key that nothing reads", expected, step("take it out", TakeOut(called)))


def _secret(key: str) -> Problem:
    # Its value would be printed with the next problem and stored with the app's settings, in clear.
    expected = "no secret: a value belongs into the vault, and secrets holds its name"
    return Problem(key, "[secret]", expected, step("take it out", TakeOut(key)))


def _read(key: str, text: str, default: Any, problems: list[Problem]) -> Any:
    if isinstance(default, bool):
        if text in ("true", "false"):
            return text == "true"
        meant = json.dumps(default)
        problems.append(
            Problem(key, described(text), "true or false", step(f"write {meant}", Give(key, meant)))
        )
        return default
    if isinstance(default, int):
        if re.fullmatch(r"-?[0-9]+", text):
            return int(text)
        meant = str(default)
        problems.append(
            Problem(
                key, described(text, r"-?[0-9]*"), "a whole number", step(f"write {meant}", Give(key, meant))
            )
        )
        return default
    return text if isinstance(default, str) else _read_entries(key, text, problems)


def _read_entries(key: str, text: str, problems: list[Problem]) -> dict[str, str]:
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
        if isinstance(value, str):
            read[name] = value
        elif isinstance(value, int):
            # `pulumi config set --path` stores 8080 as a number and true as a boolean.
            read[name] = json.dumps(value)
        else:
            repeated = VARIABLE if key in _OF_VARIABLES else NAME
            instead = step("write a text", Give(entry(key, name, given, repeated)))
            subject = f"{key}.{entry_name(name, given, repeated)}"
            problems.append(Problem(subject, described(value), "a text", instead))
    return read
