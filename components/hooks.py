"""Hooks of what a component makes, under names that nothing else in the stack has.

The engine refuses a name that it knows already, and two components may make children of one type and name: a
vault "shop" stands beside the vault of a KeylessWebApp "shop". So the name of a hook begins with its
component's URN, which is known when the child is registered.
Source: https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any

import pulumi
from pulumi.runtime.resource import register_error_hook, register_resource_hook
from pulumi.runtime.settings import SETTINGS, _get_callbacks  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.sync_await import _sync_await  # pyright: ignore[reportPrivateUsage]

Check = Callable[[pulumi.ResourceHookArgs], None]
"""Looks at a resource before it is changed, in a preview, too. What it raises is why it is not."""
Explain = Callable[[pulumi.ErrorHookArgs], Awaitable[bool]]
"""Says more of a refusal of Azure's, and whether to try again."""


def hooks_of(
    component: pulumi.ComponentResource,
    child: str,
    *,
    before_update: Check | None = None,
    on_error: Explain | None = None,
) -> pulumi.ResourceHookBinding:
    """The hooks of one child; `child` is its type and its name, such as `web:WebApp::shop`. For the engine a
    hook before an update and one on an error are of one kind, so their names differ.
    """
    _start()
    checks: list[Any] = [] if before_update is None else [_BeforeUpdate(component, child, before_update)]
    explains: list[Any] = [] if on_error is None else [_OnError(component, child, on_error)]
    return pulumi.ResourceHookBinding(before_update=checks, on_error=explains)


async def say(words: str, about: pulumi.Resource) -> None:
    """An error in words, told before the hook answers: with its answer the engine may end the program, and
    the SDK tells in a task of its own.
    """
    await about.urn.future()
    pulumi.log.error(words, about)
    await asyncio.sleep(0)  # the task waits for nothing but its turn


class _BeforeUpdate(pulumi.ResourceHook):
    """Registered when its resource is, and not before."""

    def __init__(self, component: pulumi.ComponentResource, child: str, check: Check) -> None:
        # What raises speaks as it does where the component is declared: in a plugin, in the user's language.
        declared_in = copy_context()

        def callback(args: pulumi.ResourceHookArgs) -> None:
            declared_in.copy().run(check, args)

        self.name, self.callback, self._component = f"{child} before update", callback, component
        self.opts = pulumi.ResourceHookOptions(on_dry_run=True)

    @property
    def _registered(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._register()  # what registers the resource waits for it, once

    async def _register(self) -> None:
        self.name = await _qualified(self._component, self.name)
        await register_resource_hook(self)


class _OnError(pulumi.ErrorHook):
    """Registered when its resource is, and not before."""

    def __init__(self, component: pulumi.ComponentResource, child: str, explain: Explain) -> None:
        self.name, self.callback, self._component = f"{child} on error", explain, component

    @property
    def _registered(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._register()  # what registers the resource waits for it, once

    async def _register(self) -> None:
        self.name = await _qualified(self._component, self.name)
        await register_error_hook(self)


async def _qualified(component: pulumi.ComponentResource, child: str) -> str:
    """The child's name behind its component's, both without what all of a stack's URNs begin with."""
    urn = str(await component.urn.future())
    return f"{urn.split('::', 2)[-1]} {child}"


def _start() -> None:
    """Start the SDK's server for hooks here, once, and wait for it.

    The SDK starts one for each hook, in the background, as it notes in the task's own context that there is
    one. A run that fails while one starts, such as by an Output that is refused at once, ends in a crash of
    gRPC and without the refusal's words.
    """
    settings: Any = SETTINGS
    if settings.callbacks is None:
        settings.callbacks = _sync_await(_get_callbacks())
