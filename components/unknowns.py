"""What a preview does not know yet.

In the preview of an update the provider answers with the inputs, so a property that Azure itself adds inside
an object (a vault's address, a site's principal) is *missing* there and not unknown, and would be taken for
"there is none".
"""

from collections.abc import Callable
from typing import TypeVar, cast

import pulumi
from pulumi.output import UNKNOWN

T = TypeVar("T")
Value = TypeVar("Value")


def answered(source: pulumi.Output[T], pick: Callable[[T], Value | None], what: str) -> pulumi.Output[Value]:
    """What Azure adds to an answer: unknown where a preview lacks it, an error where Azure left it out."""

    def picked(answer: T) -> Value:
        value = pick(answer)
        if value is not None:
            return value
        if pulumi.runtime.is_dry_run():
            return cast(Value, UNKNOWN)
        raise ValueError(f"Azure answered without {what}; `pulumi refresh` reads it again")

    return source.apply(picked)
