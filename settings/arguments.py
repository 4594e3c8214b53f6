"""From a stack's settings to the arguments of its app, and back: a refusal in the words of configuration."""

import re
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, Final, cast

from components import KeylessWebAppArgs
from components.errors import SPELLING, Change, Give, Problem, Rename, Step, TakeOut
from components.shown import VARIABLE, entry
from components.targets.key_vault_arguments import NewVaultArgs

from .commands import command, subject_and_entry
from .model import DEFAULTS, KEYS, Settings
from .sample_app import HEALTH_CHECK_PATH, with_programs_own, without_derived

_OF_THE_STACK: Final = ("name", "tenant_id", "subscription_id")
_OTHERWISE: Final = {"protect": "protect_vault"}
_SPELT: Final = {_OTHERWISE.get(f, f): key for key, f in KEYS.items() if f not in _OF_THE_STACK}
"""Argument → configuration key."""
_WORDS: Final = re.compile(
    r"""(?<!\w)'[^']*'|(?<!\w)"[^"]*"|\b(?P<map>[a-z_]+)\[(?P<entry>(?s:.*?))\]|(?<![\w-])[a-z_]+(?![\w-])"""
)
"""What somebody wrote, in quotes; an entry of a map; or a word, which may be an argument."""


_PLACE: Final = re.compile(r"\b(?P<map>secrets|settings)\[<entry (?P<place>[0-9]+) by name>\]")
"""An entry of a map that the program changes before the component has it."""


def arguments_of(settings: Settings) -> KeylessWebAppArgs:
    """What is empty is left to the component. So is what shapes a vault that is created, in a stack that uses
    another's: the engine fills defaults in, so only another value shows that somebody gave one.
    """
    has_vault = bool(settings.vault_id or settings.vault_endpoint)
    args: dict[str, Any] = {"health_check_path": HEALTH_CHECK_PATH}
    for name, value in asdict(settings).items():
        argument, default = _OTHERWISE.get(name, name), getattr(DEFAULTS, name)
        if has_vault and argument in NewVaultArgs.__annotations__:
            is_given = value != default
        else:
            is_given = value or default or isinstance(value, dict) or name in settings.taken_back
        if is_given and argument in _SPELT:
            args[argument] = value
    args["secrets"] = without_derived(settings.secrets)
    args["settings"] = with_programs_own(settings)
    return cast(KeylessWebAppArgs, args)


def in_configuration(problem: Problem, settings: Settings) -> Problem:
    """What a component says of arguments, said of keys, with the command for each step.

    A step for what no key says, such as another component, is left out where there is a step for a key.
    """
    counted = _counted_in(settings)
    steps = [_step(_counted_again(step, counted)) for step in problem.steps]
    possible = tuple(step for step in steps if step.command)
    given = _spelt(counted(problem.given), _own_words(settings))
    expected = _spelt(counted(problem.expected))
    return Problem(_spelt(counted(problem.subject)), given, expected, possible or tuple(steps))


@contextmanager
def said_in_keys() -> Generator[None]:
    """What is declared in here says of arguments what it says of keys, also later, when Outputs are known or
    the engine asks its hooks.
    """
    spelling = SPELLING.set(_spelt)
    try:
        yield
    finally:
        SPELLING.reset(spelling)


def _counted_in(settings: Settings) -> Callable[[str], str]:
    """Places of entries as the stack has them: the component counts what the program adds, too."""
    args = cast(dict[str, Any], arguments_of(settings))

    def counted(found: re.Match[str]) -> str:
        name = sorted(args[found["map"]])[int(found["place"]) - 1]
        return entry(found["map"], name, getattr(settings, found["map"]), VARIABLE)

    return lambda text: _PLACE.sub(counted, text)


def _counted_again(step: Step, counted: Callable[[str], str]) -> Step:
    changes = tuple(replace(change, subject=counted(change.subject)) for change in step.changes)
    return Step(counted(step.words), changes, step.command)


def keys_of(problem: Problem) -> set[str]:
    """The keys that a component's problem may be solved with, and so is about."""
    changes = [change for step in problem.steps for change in step.changes]
    return {_SPELT.get(subject_and_entry(change.subject)[0], "") for change in changes}


def _step(step: Step) -> Step:
    if not step.changes or any(subject_and_entry(c.subject)[0] not in _SPELT for c in step.changes):
        return Step(_spelt(step.words))
    words = step.words
    if any(word in KeylessWebAppArgs.__annotations__ and word not in _SPELT for word in _names(words)):
        words = ", and ".join(map(_said, step.changes))  # it names an argument that has no key
    return Step(_spelt(words), command=command(*step.changes, spelt=_SPELT.__getitem__))


def _names(text: str) -> list[str]:
    """The words that can only be names of arguments."""
    return re.findall(r"(?<![\w-])[a-z]+(?:_[a-z]+)+(?![\w-])", text)


def _said(change: Change) -> str:
    match change:
        case TakeOut(subject):
            return f"take {subject} out"
        case Give(subject):
            return f"give {subject}"
        case Rename(subject):
            return f"rename {subject}"


def _own_words(settings: Settings) -> Collection[str]:
    """The names that the stack gave to entries of maps: one that reads like an argument is still none."""
    return {
        name for value in asdict(settings).values() if isinstance(value, dict) for name in cast(Any, value)
    }


def _spelt(text: str, own: Collection[str] = ()) -> str:
    def spelt(found: re.Match[str]) -> str:
        if found["map"] is not None:
            return f"{_SPELT[found['map']]}.{found['entry']}" if found["map"] in _SPELT else found[0]
        return found[0] if found[0] in own else _SPELT.get(found[0], found[0])

    return _WORDS.sub(spelt, text)
