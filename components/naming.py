"""How a component comes to a name: given, or derived from its own name, the stack's and a suffix."""

from collections.abc import Mapping
from typing import Final, cast

import pulumi
import pulumi_random as random

from .arguments import Arguments
from .names.rule import SUFFIX_LENGTH, NameRule, derived_name

_NAME: Final = "name"
_STACK: Final = "stack"


def read_name(arguments: Arguments, key: str, rule: NameRule) -> pulumi.Output[str] | None:
    return arguments.text(key, rule.form)


class Naming:
    """Names for the resources of one component. A suffix is created when a derived name needs it."""

    def __init__(self, parent: pulumi.ComponentResource, name: str) -> None:
        self._parent, self._name = parent, name
        self._random: random.RandomString | None = None

    def choose(self, given: pulumi.Output[str] | None, rule: NameRule) -> pulumi.Output[str]:
        if given is not None:
            return given
        chosen = self._chosen_once()
        known = pulumi.Output.all(chosen.result, chosen.keepers)
        return known.apply(
            lambda k: self._derived(rule, cast(str, k[0]), cast(Mapping[str, str] | None, k[1]))
        )

    def _derived(self, rule: NameRule, suffix: str, kept: Mapping[str, str] | None) -> str:
        first = {_NAME: self._name, _STACK: pulumi.get_stack()} | dict(kept or {})
        return derived_name(rule, (first[_NAME], first[_STACK]), suffix)

    def _chosen_once(self) -> random.RandomString:
        """What names are made of, kept in the state from the first run on.

        The suffix is the same after every run, and another one after `destroy`, when Azure still holds the
        deleted vault's name (https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview). The
        names of component and stack are those at that time: renaming either must not replace the vault.
        """
        if self._random is None:
            self._random = random.RandomString(
                f"{self._name}-suffix",
                keepers={_NAME: self._name, _STACK: pulumi.get_stack()},
                length=SUFFIX_LENGTH,
                special=False,
                upper=False,
                opts=pulumi.ResourceOptions(parent=self._parent, ignore_changes=["keepers"]),
            )
        return self._random
