"""The settings that a caller gives, next to those that a host derives: environment variables of its code."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NotRequired, TypedDict, cast

import pulumi

from ..arguments import Arguments
from ..errors import ConfigurationError, Give, Problem, Rename, Step, TakeOut, warn_of_secret
from ..form import Form
from ..identity import IdentityKind
from ..links.link import Link, Variables
from ..names.app_service import SETTING_NAME
from ..plain import is_plain
from ..shown import VARIABLE, described, entry, is_repeated
from .further_identities import CLIENT_ID
from .identity_choice import IdentityChoices
from .key_vault_references import is_reference
from .variables import Platform, narrows_the_search, problems_with

Settings = Mapping[str, pulumi.Input[str]]
SettingsInput = Settings | pulumi.Output[Settings]
Judge = Callable[[str, str, str], Sequence[Problem]]
"""What a platform refuses besides: of a setting's name, how messages call it, and its value."""
_ENTRIES: Final = "environment variables to texts"
_A_MAP: Final = f"a map of {_ENTRIES}"
_READ: Final = "let code read it there: a link with keyVault tells where it lies"
_PLACEHOLDER: Final = re.compile(r"\{(AZURE_CLIENT_ID(?:_[0-9A-Z_]+)?)\}")


def _refuses_no_more(_name: str, _subject: str, _value: str) -> Sequence[Problem]:
    return []


class SettingsArgs(TypedDict):
    """What the code is told besides what is derived."""

    settings: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Further environment variables, no secrets; {AZURE_CLIENT_ID} is the app's own; left out, none."""


@dataclass(frozen=True)
class Rules:
    """What a setting may be, given everything else that tells code a variable. `judge` is asked of each value
    that is known.
    """

    platform: Platform
    derived: Sequence[Variables]
    chosen: Sequence[Variables]
    client_ids: Collection[str]
    judge: Judge
    names: Form = SETTING_NAME
    has_references: bool = True
    """Whether the platform reads secrets from a vault, so that a setting may stand for one."""

    def problems_with(self, settings: Mapping[str, object]) -> list[Problem]:
        """By name and, where it is known already, by value; no message repeats a value."""
        own = [
            (name, _called(name, settings))
            for name, value in settings.items()
            if not narrows_the_search(name, value)
        ]
        problems = problems_with(self.platform, self.derived, [*self.chosen, own])
        for name, value in settings.items():
            problems += self._of_name(name, settings)
            if is_plain(value):
                problems += self._of_value(name, _called(name, settings), value)
        return problems

    def _of_name(self, name: str, settings: Collection[str]) -> list[Problem]:
        if self.names.holds(name):
            return []
        subject = _called(name, settings)
        step = Step("rename the setting, here and in the app", (Rename(subject, "<NAME>"),))
        return [Problem(subject, described(name, self.names.begins, "name"), self.names.words, step)]

    def _of_value(self, name: str, subject: str, value: object) -> list[Problem]:
        if not isinstance(value, str):
            return [Problem(subject, described(value), "a text", "write the value as a text")]
        if problems := self.judge(name, subject, value):
            return [*problems]
        if is_reference(value):
            variable = name if is_repeated(name, VARIABLE) else "<NAME>"
            words = f"take it out, and write secrets: {{{variable}: <secret name>}}"
            step = Step(words, (TakeOut(subject), Give(f"secrets[{variable}]")))
            if not self.has_references:
                step = Step(f"take it out, and {_READ}", (TakeOut(subject),))
            return [Problem(subject, "a Key Vault reference", "a plain value", step)]
        unknown = [one for one in _PLACEHOLDER.findall(value) if one not in self.client_ids]
        return [self._nobodys(subject, unknown[0])] if unknown else []

    def _nobodys(self, subject: str, placeholder: str) -> Problem:
        ids = [one for one in self.client_ids if is_repeated(one, VARIABLE)]
        known = ", ".join(ids) or "none"
        expected = f"the client id of an identity that has one here: {known}"
        if placeholder == CLIENT_ID:
            words, change = (
                "set identity to user-assigned",
                Give("identity", IdentityKind.USER_ASSIGNED.value),
            )
            step = Step(words, (change,))
        else:
            close = get_close_matches(placeholder, ids, 1)
            words = f"write {{{close[0]}}}, or give" if close and close[0] != CLIENT_ID else "give"
            step = Step(f"{words} further_identity_ids the identity that the text asks for")
        why = ": code names no system-assigned identity" if placeholder == CLIENT_ID else ""
        out = Step(f"take it out{why}", (TakeOut(subject),))
        return Problem(subject, "the client id of an identity that is not here", expected, (step, out))


@dataclass(frozen=True)
class GivenSettings:
    """The settings that the caller gave: a map whose values are checked, or a whole map that is not known
    yet. `of_identity` are those that hold a client id, as far as that is known now.
    """

    known: Mapping[str, pulumi.Output[str]]
    later: pulumi.Output[Mapping[str, str]] | None = None
    of_identity: Collection[str] = ()

    def with_derived(
        self,
        derived: Mapping[str, pulumi.Input[str]],
        unless_given: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> SettingsInput:
        """All settings of the app, in one map, as it has one owner. `derived` hold the client ids;
        `unless_given` are what nobody else has to say, and may.

        What is known stays known beside what is not, as each value is an Output of its own.
        """
        ids = {name: value for name, value in derived.items() if name.startswith(CLIENT_ID)}
        others = dict(unless_given or {})

        def every(given: Mapping[str, pulumi.Input[str]]) -> dict[str, pulumi.Input[str]]:
            named = {name.upper() for name in (*given, *derived)}
            rest = {name: value for name, value in others.items() if name.upper() not in named}
            filled = {name: _filled(pulumi.Output.from_input(value), ids) for name, value in given.items()}
            return {**filled, **derived, **rest}

        return every(self.known) if self.later is None else self.later.apply(every)


def read_settings(arguments: Arguments, rules: Rules) -> GivenSettings:
    """The caller's own settings, refused where they collide with what is derived or bypass `secrets`."""
    given, component = arguments.raw("settings"), arguments.component
    if given is not None and not is_plain(given):
        arguments.problems += rules.problems_with({})

        def checked_when_known(settings: object) -> Mapping[str, str]:
            if settings is not None and not isinstance(settings, Mapping):
                problem = Problem("settings", described(settings), _A_MAP, "write settings as a map")
                raise ConfigurationError(component, [problem])
            known = cast(Mapping[str, str], settings or {})
            if problems := rules.problems_with(known):
                raise ConfigurationError(component, problems)
            return known

        _warn_of_secret(rules, f"settings of {component}", "<variable>", given)
        later: pulumi.Output[Mapping[str, str] | None] = pulumi.Output.from_input(given)
        return GivenSettings({}, later.apply(checked_when_known))

    settings = arguments.plain_map("settings", _ENTRIES)
    arguments.problems += rules.problems_with(settings)

    def checked_entry(name: str, value: object) -> pulumi.Output[str]:
        def check(text: str) -> str:
            if not is_plain(value) and (problems := rules.problems_with({name: text})):
                raise ConfigurationError(component, problems)
            return text

        return pulumi.Output.from_input(cast(pulumi.Input[str], value)).apply(check)

    for name, value in settings.items():
        variable = name if is_repeated(name, VARIABLE) else "<variable>"
        _warn_of_secret(rules, f"{_called(name, settings)} of {component}", variable, value)
    return GivenSettings(
        {name: checked_entry(name, value) for name, value in settings.items()},
        of_identity=[
            name for name, value in settings.items() if isinstance(value, str) and _PLACEHOLDER.search(value)
        ],
    )


def rules_of(
    platform: Platform,
    identity: IdentityChoices,
    links: Sequence[Link],
    own: Sequence[Variables],
    *,
    judge: Judge = _refuses_no_more,
    names: Form = SETTING_NAME,
    has_references: bool = True,
) -> Rules:
    """`links` are those that the caller named, `own` what else the component tells code."""
    return Rules(
        platform=platform,
        derived=[identity.variables, *own],
        chosen=[link.variables for link in links],
        client_ids=identity.client_ids,
        judge=judge,
        names=names,
        has_references=has_references,
    )


def _called(name: str, settings: Collection[str]) -> str:
    return entry("settings", name, settings, VARIABLE)


def _warn_of_secret(rules: Rules, settings: str, name: str, value: object) -> None:
    """Everyone who may read the app's settings reads it there: that is what `secrets` is for. Of a whole map
    it is known that a secret is in it, and not which.
    """
    instead = f"write secrets: {{{name}: <secret name>}}" if rules.has_references else _READ
    warn_of_secret(
        value,
        f"{settings}: a secret that lies in clear in the app's settings. "
        f"Next: put the value into the vault, and {instead}.",
    )


def _filled(value: pulumi.Output[str], ids: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """A value with its placeholders filled; one without stays as known as it is."""

    def filled(text: str) -> pulumi.Input[str]:
        if not _PLACEHOLDER.search(text):
            return text
        found = {name: ids[name] for name in _PLACEHOLDER.findall(text) if name in ids}
        return pulumi.Output.from_input(found).apply(
            lambda known: _fill(text, cast(Mapping[str, str], known))
        )

    return value.apply(filled)


def _fill(text: str, ids: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: ids.get(found[1], found[0]), text)
