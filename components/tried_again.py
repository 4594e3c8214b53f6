"""What Azure refuses until an earlier write has taken effect, tried again: on that refusal, and no other.

A role assignment that exists may take ten minutes to be honoured, and Entra as long to tell of an identity.
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#role-assignment-changes-are-not-being-detected
"""

import asyncio
from typing import Final

import pulumi

from .existing import Retry, first_error

WAITS: Final = (1, 2, 4, 8, 15, *[30] * 19)
"""Seconds before each further try, ten minutes in all."""


def while_refused(with_words: str, about: pulumi.Resource, says: str) -> Retry:
    """Try again as long as Azure's newest refusal has these words in it, for ten minutes. `says` is told of
    `about` once, when the waiting begins.
    """

    async def again(failed: pulumi.ErrorHookArgs) -> bool:
        tries = len(failed.errors)
        if with_words not in first_error(failed) or tries > len(WAITS):
            return False
        if tries == 1:
            pulumi.log.info(says, about)
        await asyncio.sleep(WAITS[tries - 1])
        return True

    return again
