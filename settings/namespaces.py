"""Whose keys a stack's configuration holds: this project's, the engine's, and those that nothing reads."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

import pulumi

from components.errors import Problem
from components.shown import VARIABLE, entry_name

from .commands import moved, removed
from .model import KEYS
from .written import Written

_ENGINE: Final = "pulumi"
"""https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options"""
_PROVIDER: Final = "azure-native"
_UNREAD: Final = "a key that nothing reads"


def given_keys() -> Iterator[str]:
    """This project's keys, without its name."""
    return iter(_by_namespace()[pulumi.get_project()])


def foreign_keys() -> Iterator[Problem]:
    """Keys in another namespace: a default would silently be used in the place of each."""
    found = _by_namespace()
    for namespace, keys in found.items():
        if namespace == _PROVIDER:
            yield from (_of_the_provider(key, keys) for key in keys)
        elif namespace not in (_ENGINE, pulumi.get_project()):
            yield from _misnamed(namespace, keys, entry_name(namespace, found))


def _by_namespace() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for full_key in sorted(pulumi.runtime.get_config_env()):
        namespace, _, key = full_key.partition(":")
        found[namespace].append(key)
    return found


def _of_the_provider(key: str, keys: Collection[str]) -> Problem:
    """The program's own provider is given what the stack's keys say, and takes its login from the shell."""
    subject = f"{_PROVIDER}:{entry_name(key, keys, VARIABLE)}"
    if key in KEYS:
        return Problem(subject, _UNREAD, f"the key {key}", moved(subject, key))
    expected = "a login in the shell: az login, or variables such as ARM_USE_OIDC"
    return Problem(subject, _UNREAD, expected, removed(subject))


def _misnamed(namespace: str, keys: Sequence[str], called: str) -> Iterator[Problem]:
    """Such as all keys after the project got another name. What an environment hands to many projects is
    somebody else's: https://www.pulumi.com/docs/esc/
    """
    project, stack = pulumi.get_project(), pulumi.get_stack()
    full_keys = [f"{called}:{entry_name(key, keys, VARIABLE)}" for key in keys]
    subject, given = ", ".join(full_keys), _UNREAD if len(keys) == 1 else "keys that nothing reads"
    if get_close_matches(namespace, [project], 1, 0.5) or any(key in KEYS for key in keys):
        expected = f"the name of this project before the colon: {project}"
        instead = f"write {project}: in the place of {called}: in Pulumi.{stack}.yaml"
        yield Problem(subject, given, expected, instead)
    elif any(Written.of(f"{namespace}:{key}").is_there for key in keys):
        yield Problem(subject, given, f"keys of this project, {project}", removed(*full_keys))
