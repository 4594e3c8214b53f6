"""What a preview does not know yet.

In the preview of an update the provider answers with the inputs, so a property that Azure itself adds inside
an object (a vault's address, a site's principal) is *missing* there and not unknown, and would be taken for
"there is none".
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

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


def if_known(value: pulumi.Input[str] | pulumi.Output[str | None] | None) -> pulumi.Output[str | None]:
    """A text, or None for what a preview does not know."""
    text: pulumi.Output[Any] = pulumi.Output.from_input(value)
    return text.apply(lambda known: known if isinstance(known, str) else None, run_with_unknowns=True)


def if_given(value: pulumi.Output[str]) -> pulumi.Output[str | None]:
    """A text that was given to the program, so that a first preview knows it and no update changes it; None
    for what a resource answers, and for what is secret.
    """

    async def given() -> str | None:
        if await value.resources() or await value.is_secret():
            return None
        text: Any = await value.future(with_unknowns=True)
        return text if isinstance(text, str) else None

    return pulumi.Output.from_input(given())


def once_checked(
    value: pulumi.Output[str], check: Callable[[Sequence[str]], None], *others: pulumi.Input[str]
) -> pulumi.Output[str]:
    """The value, given out when `check` has seen it and the others, as soon as all of them are known.

    It stays as known as it is: an existing vault's address does not become unknown beside a new app's.
    """

    def checked(texts: Sequence[str | None]) -> pulumi.Output[str]:
        known = [text for text in texts if text is not None]
        if len(known) == len(texts):
            check(known)
        return value

    return pulumi.Output.all(*map(if_known, (value, *others))).apply(checked)


def once_there(value: pulumi.Output[str], resources: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """The value, given out when the resources exist. It waits for URNs, which a preview knows, and no ids."""
    return pulumi.Output.all(value, *[one.urn for one in resources]).apply(lambda known: str(known[0]))
