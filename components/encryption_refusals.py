"""What Azure says no to where something encrypts with a key of a vault: what is tried again, what is
explained, and what is refused before the update.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from .errors import ConfigurationError, Give, Problem, Step
from .existing import Explain, Retry, first_error
from .hooks import Check
from .roles import Role

ENCRYPTION: Final = "encryption"
"""How the argument is called, and how the names of what it makes end."""
WAITS: Final = (1, 2, 4, 8, 15, *[30] * 19)
"""Seconds before each further try, ten minutes in all: so long a role may take to be honoured.
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting"""


@dataclass(frozen=True)
class Encrypts:
    """How one service takes a key.

    `child` is azure-native's type of what encrypts, `not_honoured` stands in its refusals while the grant is
    not honoured yet. `later` is whether one that was made without a key takes one, `back` whether it goes
    back to Microsoft's.
    """

    child: str
    not_honoured: Sequence[str]
    later: bool
    back: bool


def until_honoured(about: pulumi.Resource, how: Encrypts) -> Retry:
    """The grant is there and a vault does not honour it yet: that alone is tried again."""

    async def again(failed: pulumi.ErrorHookArgs) -> bool:
        tries = len(failed.errors)
        if not _is_not_honoured(failed, how) or tries > len(WAITS):
            return False
        if tries == 1:
            pulumi.log.info("The vault does not honour the grant on the key yet: it is tried again", about)
        await asyncio.sleep(WAITS[tries - 1])
        return True

    return again


def _is_not_honoured(failed: pulumi.ErrorHookArgs, how: Encrypts) -> bool:
    error = first_error(failed)
    return any(words in error for words in how.not_honoured)


def explain_refusal(how: Encrypts) -> Explain:
    """What to look at when the key was of no use for as long as it is tried."""

    def explain(failed: pulumi.ErrorHookArgs) -> str | None:
        if not _is_not_honoured(failed, how):
            return None
        return (
            "For ten minutes the identity of `encryption` could not use the key. Look at the vault: the key "
            "exists, is enabled and is for wrapKey and unwrapKey, roles open the vault, its firewall lets "
            "trusted services in, and purge protection is on. Where identity is existing, its owner gives "
            f"it {Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER.value} on the key."
        )

    return explain


def encryption_check(component: pulumi.ComponentResource, name: str, how: Encrypts) -> Check:
    """Refuse, in a preview, too, what Azure does not do with what exists: an identity is there for its key
    alone, so its coming and going tell.
    """
    who = f"{type(component).__name__} '{name}'"

    def check(hook: pulumi.ResourceHookArgs) -> None:
        had, has = (
            bool((hook.old_inputs or {}).get("identity")),
            bool((hook.new_inputs or {}).get("identity")),
        )
        if has and not had and not how.later:
            expected = "nothing: Azure takes a key of yours for one that is new, and not later"
            step = "take it out, or make another one beside this and move what is in it"
            raise ConfigurationError(who, [Problem(ENCRYPTION, "a key, for one that exists", expected, step)])
        if had and not has and not how.back:
            expected = "a key of yours, from which Azure does not go back to Microsoft's"
            step = Step("give it again, or make another one and move what is in it", (Give(ENCRYPTION),))
            raise ConfigurationError(
                who, [Problem(ENCRYPTION, "nothing, where a key was given", expected, step)]
            )

    return check


def both(*checks: Check | None) -> Callable[[pulumi.ResourceHookArgs], None]:
    """One check of several."""

    def check(hook: pulumi.ResourceHookArgs) -> None:
        for one in checks:
            if one is not None:
                one(hook)

    return check
