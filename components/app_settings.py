"""The app settings that a caller gives, next to those that a host derives."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict, cast

import pulumi

from .arguments import Arguments, is_plain
from .errors import ConfigurationError, Problem
from .names import SETTING_NAME, is_setting_name
from .references import is_reference

CLIENT_ID: Final = "AZURE_CLIENT_ID"
"""Derived from the identity; code that names no identity gets the system-assigned one."""

REGISTRY_LOGIN: Final = "DOCKER_REGISTRY_SERVER_"
"""How the settings begin that hold a registry's address, user name and password."""

RUN_FROM_PACKAGE: Final = "WEBSITE_RUN_FROM_PACKAGE"
"""Where App Service finds the code: `1` for what is published, or the address of a package."""

SettingsInput = pulumi.Input[Mapping[str, pulumi.Input[str]]]


class SettingsArgs(TypedDict):
    """What the code is told besides what is derived."""

    settings: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Further environment variables of the app, none of them secret; left out, none."""


@dataclass(frozen=True)
class GivenSettings:
    """The settings that the caller gave: a map whose values are checked, or a whole map that is not known
    yet.
    """

    known: Mapping[str, pulumi.Output[str]]
    later: pulumi.Output[Mapping[str, str]] | None = None

    def with_derived(self, derived: Mapping[str, pulumi.Input[str]]) -> SettingsInput:
        """All settings of the app, in one map, as it has one owner."""
        if self.later is None:
            return {**self.known, **derived}
        both = pulumi.Output.all(self.later, pulumi.Output.from_input(dict(derived)))
        return both.apply(lambda maps: {**cast(dict[str, str], maps[0]), **cast(dict[str, str], maps[1])})


def read_settings(arguments: Arguments, derived: Collection[str]) -> GivenSettings:
    """The caller's own settings, refused where they collide with `derived` ones or bypass `secrets`."""
    given = arguments.raw("settings")
    component = arguments.component
    if given is None:
        return GivenSettings({})
    if not is_plain(given):

        def checked_when_known(settings: Mapping[str, str]) -> Mapping[str, str]:
            problems = _problems_with(settings, derived)
            if problems:
                raise ConfigurationError(component, problems)
            return settings

        later = pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], given))
        return GivenSettings({}, later.apply(checked_when_known))

    settings = arguments.plain_map("settings", "environment variables to texts")
    arguments.problems += _problems_with(settings, derived)

    def checked_entry(name: str, value: object) -> pulumi.Output[str]:
        def check(text: str) -> str:
            problems = _problems_with({name: text}, derived)
            if problems and not is_plain(value):
                raise ConfigurationError(component, problems)
            return text

        return pulumi.Output.from_input(cast(pulumi.Input[str], value)).apply(check)

    return GivenSettings({name: checked_entry(name, value) for name, value in settings.items()})


def _problems_with(settings: Mapping[str, object], derived: Collection[str]) -> list[Problem]:
    """Problems of settings by name and, where it is known already, by value; no message repeats a value."""
    taken = {CLIENT_ID, *(variable.upper() for variable in derived)}
    problems: list[Problem] = []
    for name, value in settings.items():
        subject = f"settings[{name}]"
        if not is_setting_name(name):
            problems.append(
                Problem(subject, repr(name), SETTING_NAME, "rename the setting, here and in the app")
            )
        elif name.upper() in taken:
            step = "take it out: the component derives it from identity and secrets"
            problems.append(Problem(subject, name, "a name that is not derived", step))
        elif name.upper().startswith(REGISTRY_LOGIN):
            step = "take it out, and give container_registry_id: the image is pulled with the identity"
            problems.append(Problem(subject, name, "no login to a registry", step))
        if is_plain(value) and not isinstance(value, str):
            problems.append(
                Problem(subject, f"a {type(value).__name__}", "a text", "write the value as a text")
            )
        elif isinstance(value, str) and name.upper() == RUN_FROM_PACKAGE and "://" in value:
            step = "take it out, and give package_url, without a signature"
            problems.append(Problem(subject, "an address", "1, or nothing", step))
        elif isinstance(value, str) and is_reference(value):
            step = f"take it out, and write secrets: {{{name}: <secret name>}}"
            problems.append(Problem(subject, "a Key Vault reference", "a plain value", step))
    return problems
