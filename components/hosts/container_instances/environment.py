"""How a container group spells what its code is told. No value in it is a secret."""

import pulumi
from pulumi_azure_native import containerinstance

from ..given_settings import SettingsInput
from .containers import Environment


def environment_of(variables: SettingsInput) -> Environment:
    """In the order of the names, so that links in another order restart nothing."""
    if isinstance(variables, pulumi.Output):
        return variables.apply(lambda known: [_variable(name, known[name]) for name in sorted(known)])
    return [_variable(name, variables[name]) for name in sorted(variables)]


def _variable(name: str, value: pulumi.Input[str]) -> containerinstance.EnvironmentVariableArgs:
    return containerinstance.EnvironmentVariableArgs(name=name, value=value)
