"""The arguments of a function app, put together from those of what it consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..app_settings import GivenSettings, SettingsArgs, read_settings
from ..arguments import Arguments
from ..names import FUNCTION_APP
from ..naming import read_name
from ..tags import ForeignTagsArgs, read_foreign_tags
from .host_storage import HostStorage, HostStorageArgs, read_host_storage
from .identity_choice import IdentityArgs, IdentityChoices, read_identity
from .link import Link
from .network import NetworkArgs, NetworkChoices, read_network
from .plan import OperatingSystem, PlanArgs, PlanChoices, read_plan
from .runtime import Runtime, RuntimeArgs, RuntimeChoices, read_runtime
from .storage_link import StorageLink, StorageLinkArgs, read_storage_link
from .vault_link import VaultLink, VaultLinkArgs, read_vault_link


class FunctionAppArgs(
    PlanArgs,
    RuntimeArgs,
    IdentityArgs,
    VaultLinkArgs,
    StorageLinkArgs,
    HostStorageArgs,
    SettingsArgs,
    NetworkArgs,
    ForeignTagsArgs,
):
    """Arguments of FunctionApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the app in, with its plan, its identity and its runtime's storage."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    app_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 2 to 60 of a-z, 0-9 and hyphen; left out, func-<name>-<stack>-<random>."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class FunctionAppChoices:
    """The arguments of a function app, read and checked."""

    app_name: pulumi.Output[str] | None
    plan: PlanChoices
    runtime: RuntimeChoices
    identity: IdentityChoices
    vault: VaultLink
    storage: StorageLink
    host_storage: HostStorage
    settings: GivenSettings
    network: NetworkChoices
    foreign_tags: tuple[str, ...]

    @property
    def links(self) -> Sequence[Link]:
        """Everything the app reaches with its identity, besides its runtime's own storage."""
        return (self.vault, self.storage)

    def known(self) -> dict[str, Any]:
        """What a preview can say of the app before anything else is known: the component's own inputs."""
        known = {"identity": self.identity.kind.value, "secrets": dict(self.vault.secrets)}
        return {**known, **self.storage.known()}


def read_function_app(arguments: Arguments) -> FunctionAppChoices:
    """Problems are noted in `arguments`."""
    identity, plan = read_identity(arguments), read_plan(arguments)
    runtime = read_runtime(arguments, OperatingSystem.LINUX, identity.kind)
    worker = _read_worker(arguments, runtime)
    _check_plan(arguments, plan)
    vault = read_vault_link(arguments, identity.kind)
    storage = read_storage_link(arguments, identity.kind)
    host_storage = read_host_storage(arguments, identity.kind, worker)
    derived = [*identity.variables, *vault.variables, *storage.variables, *host_storage.variables]
    return FunctionAppChoices(
        app_name=read_name(arguments, "app_name", FUNCTION_APP),
        plan=plan,
        runtime=runtime,
        identity=identity,
        vault=vault,
        storage=storage,
        host_storage=host_storage,
        settings=read_settings(arguments, derived),
        network=read_network(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )


def _read_worker(arguments: Arguments, choices: RuntimeChoices) -> Runtime:
    """Functions spell the other languages in ways of their own, so they are not offered yet.

    https://learn.microsoft.com/azure/azure-functions/supported-languages
    """
    runtime = choices.runtime or Runtime.PYTHON_3_12
    if runtime.language != "python":
        offered = ", ".join(known for known in Runtime if known.language == "python")
        expected = f"a runtime that function apps are offered in: {offered}"
        arguments.refuse("runtime", repr(runtime.value), expected, "choose one of these, or use a WebApp")
    return runtime


def _check_plan(arguments: Arguments, plan: PlanChoices) -> None:
    """A runtime that is unloaded fires no trigger but those of HTTP.

    https://learn.microsoft.com/azure/azure-functions/dedicated-plan#always-on
    """
    if plan.always_on:
        return
    if arguments.has("always_on") and arguments.raw("always_on") is False:
        step = "take always_on out"
        arguments.refuse("always_on", "false", "a function app that stays loaded for its triggers", step)
    else:
        step = "choose B1 or larger"
        arguments.refuse("size", repr(plan.size), "a size that keeps a function app loaded", step)
