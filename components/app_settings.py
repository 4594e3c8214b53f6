"""The app settings of a host: those given, and those that follow from its secrets and its identity."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, cast

import pulumi

from .arguments import Arguments, is_plain
from .errors import ConfigurationError, Problem
from .names import (
    ENVIRONMENT_VARIABLE,
    SECRET_NAME,
    SETTING_NAME,
    is_environment_variable,
    is_secret_name,
    is_setting_name,
    suggested_secret_name,
)
from .references import is_reference, normal_endpoint, secret_reference

CLIENT_ID: Final = "AZURE_CLIENT_ID"
VAULT_ENDPOINT: Final = "AZURE_KEY_VAULT_ENDPOINT"

SettingsInput = pulumi.Input[Mapping[str, pulumi.Input[str]]]


def read_secrets(arguments: Arguments) -> dict[str, str]:
    """The link: environment variable to the name of a secret. Shapes what is created, so all of it is
    plain.
    """
    secrets: dict[str, str] = {}
    seen: dict[str, str] = {}
    for variable, secret in arguments.plain_map("secrets", "environment variables to secret names").items():
        subject = f"secrets[{variable}]"
        if not is_plain(secret):
            step = "write the secret's name in the program or its configuration"
            arguments.refuse(
                subject, "an Output", "a plain secret name, known before anything is created", step
            )
        elif not isinstance(secret, str) or not is_secret_name(secret):
            step = f"write {suggested_secret_name(str(secret))}, and name the secret so in the vault"
            arguments.refuse(subject, repr(secret), f"a secret's name: {SECRET_NAME}", step)
        else:
            secrets[variable] = secret
        if not is_environment_variable(variable):
            step = "rename the variable, here and in the app"
            arguments.refuse(
                subject, repr(variable), f"an environment variable: {ENVIRONMENT_VARIABLE}", step
            )
        elif variable.upper() in (CLIENT_ID, VAULT_ENDPOINT):
            step = "choose another variable: the component sets this one"
            arguments.refuse(subject, variable, "a variable that is not derived", step)
        elif variable.upper() in seen:
            step = f"keep one of {seen[variable.upper()]} and {variable}: Azure does not tell them apart"
            arguments.refuse(subject, variable, "a variable that no other differs from in case only", step)
        seen.setdefault(variable.upper(), variable)
    return secrets


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


def read_settings(arguments: Arguments, secrets: Collection[str]) -> GivenSettings:
    """The caller's own settings, refused where they collide with derived ones or bypass `secrets`."""
    given = arguments.raw("settings")
    component = arguments.component
    if given is None:
        return GivenSettings({})
    if not is_plain(given):

        def checked_when_known(settings: Mapping[str, str]) -> Mapping[str, str]:
            problems = _problems_with(settings, secrets)
            if problems:
                raise ConfigurationError(component, problems)
            return settings

        later = pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], given))
        return GivenSettings({}, later.apply(checked_when_known))

    settings = arguments.plain_map("settings", "environment variables to texts")
    arguments.problems += _problems_with(settings, secrets)

    def checked_entry(name: str, value: object) -> pulumi.Output[str]:
        def check(text: str) -> str:
            problems = _problems_with({name: text}, secrets)
            if problems and not is_plain(value):
                raise ConfigurationError(component, problems)
            return text

        return pulumi.Output.from_input(cast(pulumi.Input[str], value)).apply(check)

    return GivenSettings({name: checked_entry(name, value) for name, value in settings.items()})


def derived_settings(
    secrets: Mapping[str, str],
    vault_endpoint: pulumi.Output[str] | None,
    client_id: pulumi.Output[str] | None,
) -> dict[str, pulumi.Input[str]]:
    """What follows from the link and the identity.

    `client_id` only of a user-assigned identity: code that names none gets the system-assigned one.
    """
    derived: dict[str, pulumi.Input[str]] = {}
    if secrets and vault_endpoint is not None:
        derived[VAULT_ENDPOINT] = vault_endpoint.apply(normal_endpoint)
        for variable, secret in secrets.items():
            derived[variable] = _reference(vault_endpoint, secret)
    if client_id is not None:
        derived[CLIENT_ID] = client_id
    return derived


def _reference(vault_endpoint: pulumi.Output[str], secret: str) -> pulumi.Output[str]:
    return vault_endpoint.apply(lambda endpoint: secret_reference(endpoint, secret))


def _problems_with(settings: Mapping[str, object], secrets: Collection[str]) -> list[Problem]:
    """Problems of settings by name and, where it is known already, by value; no message repeats a value."""
    derived = {CLIENT_ID, VAULT_ENDPOINT, *(variable.upper() for variable in secrets)}
    problems: list[Problem] = []
    for name, value in settings.items():
        subject = f"settings[{name}]"
        if not is_setting_name(name):
            problems.append(
                Problem(subject, repr(name), SETTING_NAME, "rename the setting, here and in the app")
            )
        elif name.upper() in derived:
            step = "take it out: the component derives it from identity and secrets"
            problems.append(Problem(subject, name, "a name that is not derived", step))
        if is_plain(value) and not isinstance(value, str):
            problems.append(
                Problem(subject, f"a {type(value).__name__}", "a text", "write the value as a text")
            )
        elif isinstance(value, str) and is_reference(value):
            step = f"take it out, and write secrets: {{{name}: <secret name>}}"
            problems.append(Problem(subject, "a Key Vault reference", "a plain value", step))
    return problems
