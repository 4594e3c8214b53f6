"""The words of a vault's access policies, and the action on data that each lets its holder do.

A vault decides by access policies or by roles, never by both. Words are in lower case here; Azure takes them
in any.
https://learn.microsoft.com/azure/key-vault/general/assign-access-policy and, of the actions,
https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from .data import read

ROLES_BY_DEFAULT: Final = "2026-02-01"
"""From this api-version on a vault of which nothing else is said goes by roles.
https://learn.microsoft.com/azure/key-vault/general/access-control-default"""
ALL: Final = "all"
_NOT_SURE: Final = "purge"
"""Vaults are older than this word; no page says whether `all` stands for it, too.
https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview"""
_NAMESPACE: Final = "Microsoft.KeyVault/vaults"
_FOLDERS: Final = {"storage": "storageaccounts"}
"""What a kind is called in the names of actions, where that is another word."""


class VaultPermission(NamedTuple):
    """One word of a policy. `kind` is what it is on: secrets, keys, certificates or storage."""

    kind: str
    word: str


def held(given: Iterable[VaultPermission]) -> frozenset[VaultPermission]:
    """These words, and all that `all` among them surely stands for."""
    found = {*given}
    for kind in (one.kind for one in list(found) if one.word == ALL):
        found |= {VaultPermission(kind, word) for word in _words().get(kind, {}) if word != _NOT_SURE}
    return frozenset(found)


def allowed(given: Iterable[VaultPermission]) -> tuple[str, ...]:
    """The actions on data of which a part or all is allowed, sorted. A word that is new is one of its own."""
    return tuple(sorted({_action(one) for one in given}))


def wholly_allowed(given: Iterable[VaultPermission]) -> tuple[str, ...]:
    """Of these, the actions that are allowed as a whole: some take two words, such as get and list."""
    has = held(given)
    by_action: dict[str, set[VaultPermission]] = {}
    for kind, words in _words().items():
        for word in words:
            one = VaultPermission(kind, word)
            by_action.setdefault(_action(one), set()).add(one)
    return tuple(sorted(action for action, words in by_action.items() if words <= has))


def _action(one: VaultPermission) -> str:
    if one.word == ALL:
        return f"{_NAMESPACE}/{_FOLDERS.get(one.kind, one.kind)}/*"
    known = _words().get(one.kind, {}).get(one.word)
    return f"{_NAMESPACE}/{known or f'{one.kind}/{one.word}/action'}"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return read("vault_permissions")
