"""What exists already, made by hand or by another program: Azure's refusal, and the line that takes it over.

An error hook can add words, or ask for another try, and nothing else: without one the run fails all the same
(https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/).
"""

import re
import shlex
from collections.abc import Awaitable, Callable
from typing import Final

import pulumi

from .hooks import Check, hooks_of, say

_EXISTS: Final = re.compile(r"cannot create already existing resource '([^']+)'")

Explain = Callable[[pulumi.ErrorHookArgs], str | None]
"""What is special about one type's refusals; None leaves the words to Azure."""
Retry = Callable[[pulumi.ErrorHookArgs], Awaitable[bool]]
"""Waits for what a refusal says is not there yet, and says whether to try again."""


def explained(
    component: pulumi.ComponentResource,
    name: str,
    type_: str,
    explain: Explain = lambda _: None,
    *,
    before_update: Check | None = None,
    retry: Retry | None = None,
) -> pulumi.ResourceHookBinding:
    """Hooks of a child named `name`: when Azure refuses it, the way out is printed below the refusal. What
    `before_update` raises, in a preview, too, is why it is not changed. `retry` is asked first.
    """

    async def print_way_out(failed: pulumi.ErrorHookArgs) -> bool:
        if retry is not None and await retry(failed):
            return True
        exists = _EXISTS.search(first_error(failed))
        if exists:
            line = await _import_line(component, failed.type, failed.name, exists[1])
            await say(
                f"{exists[1]} exists already, and not by this stack. To manage it here from now on:\n"
                f"  {line}\nThen run the same command again; it writes what is declared.",
                component,
            )
        elif words := explain(failed):
            await say(words, component)
        return False

    return hooks_of(component, f"{type_}::{name}", before_update=before_update, on_error=print_way_out)


def first_error(failed: pulumi.ErrorHookArgs) -> str:
    """Azure's words, which come newest first."""
    return failed.errors[0] if failed.errors else ""


async def _import_line(component: pulumi.ComponentResource, type_: str, name: str, id: str) -> str:
    """`pulumi import` with the parent and the provider that the declaration has: with others the next run
    would replace what was imported.
    """
    parts = ["pulumi", "import", "--stack", pulumi.get_stack(), type_, name, id]
    parts += ["--parent", f"parent={await component.urn.future()}"]
    provider = component.get_provider(type_)
    if provider is not None:
        parts += ["--provider", f"provider={await provider.urn.future()}"]
    return shlex.join([*parts, "--protect=false", "--generate-code=false"])
