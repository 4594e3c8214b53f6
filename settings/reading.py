"""From the text that the engine hands over to `Settings`, or to all that is wrong with it."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pulumi

from .model import DEFAULTS, KEYS, Settings
from .problems import ConfigurationRefused, Problem, remove_command, set_command, set_entry_command
from .rules import RULES, unknown_key


def read_settings() -> Settings:
    """Read and check the running stack's configuration. Raises ConfigurationRefused with all its problems."""
    config = pulumi.Config()
    problems = [unknown_key(key) for key in _given_keys() if key not in KEYS]
    values: dict[str, Any] = {}
    for key, name in KEYS.items():
        text = config.get(key)
        if text is None:
            continue
        if pulumi.runtime.is_config_secret(config.full_key(key)):
            problems.append(_secret(key))
        else:
            values[name] = _read(key, text, getattr(DEFAULTS, name), problems)
    settings = Settings(**values)
    problems += [problem for rule in RULES for problem in rule(settings)]
    if problems:
        raise ConfigurationRefused(problems)
    return settings


def _given_keys() -> Iterator[str]:
    prefix = f"{pulumi.get_project()}:"
    for full_key in sorted(pulumi.runtime.get_config_env()):
        if full_key.startswith(prefix):
            yield full_key.removeprefix(prefix)


def _secret(key: str) -> Problem:
    # Its value would be printed with the next problem and stored with the app's settings, in clear.
    expected = "no secret: a value belongs into the vault, and `secrets` holds its name"
    return Problem(key, "[secret]", expected, (remove_command(key),))


def _read(key: str, text: str, default: Any, problems: list[Problem]) -> Any:
    """The value of a key by the type of its default; the default itself stands in for what cannot be read."""
    if isinstance(default, bool):
        if text in ("true", "false"):
            return text == "true"
        problems.append(Problem(key, text, "true or false", (set_command(key, json.dumps(default)),)))
        return default
    if isinstance(default, int):
        if re.fullmatch(r"-?[0-9]+", text):
            return int(text)
        problems.append(Problem(key, text, "a whole number", (set_command(key, str(default)),)))
        return default
    return text if isinstance(default, str) else _read_entries(key, text, problems)


def _read_entries(key: str, text: str, problems: list[Problem]) -> dict[str, str]:
    try:
        entries: Any = json.loads(text)
    except ValueError:
        entries = None
    if not isinstance(entries, dict):
        mend = f"{remove_command(key)} && {set_entry_command(key, '<name>', '<text>')}"
        problems.append(Problem(key, text, "entries, each a name with a text", (mend,)))
        return {}
    read: dict[str, str] = {}
    for name, value in cast(dict[str, Any], entries).items():
        if isinstance(value, str):
            read[name] = value
        elif isinstance(
            value, int
        ):  # `pulumi config set --path` stores 8080 as a number and true as a boolean
            read[name] = json.dumps(value)
        else:
            mend = set_entry_command(key, name, "<text>")
            problems.append(Problem(f"{key}.{name}", json.dumps(value), "a text", (mend,)))
    return read
