"""The arguments of a function app, put together from those of what it consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired

import pulumi

from ... import contract
from ...arguments import Arguments
from ...deployer import Elsewhere, read_elsewhere
from ...links import LinksArgs, read_links
from ...links.key_vault import VaultLink
from ...links.link import Link, recorded
from ...names import FUNCTION_APP
from ...naming import read_name
from ...placement import Placement, read_placement
from ...tags import ForeignTagsArgs, read_foreign_tags
from ..declare import LateGrant, check_grants, check_late_grant
from ..identity_choice import IdentityArgs, IdentityChoices, read_identity
from ..observability import ObservabilityArgs, ObservabilityChoices, read_observability
from .given_settings import GivenSettings, SettingsArgs, read_settings, rules_of
from .host_storage import HostStorage, HostStorageArgs, read_host_storage
from .network import NetworkArgs, NetworkChoices, read_network
from .plan import OperatingSystem, PlanArgs, PlanChoices, read_plan
from .runtime import Runtime, RuntimeArgs, RuntimeChoices, read_runtime
from .settings import platform_of
from .site_security import SiteSecurity, SiteSecurityArgs, read_site_security
from .triggers import with_triggers

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""A reference whose grant lands later is tried again, as a web app's is, and the runtime starts again until
its storage lets it in.
https://learn.microsoft.com/azure/azure-functions/functions-identity-based-connections-tutorial"""


class FunctionAppArgs(
    PlanArgs,
    RuntimeArgs,
    IdentityArgs,
    LinksArgs,
    HostStorageArgs,
    SettingsArgs,
    NetworkArgs,
    SiteSecurityArgs,
    ObservabilityArgs,
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
    """The arguments of a function app, read and checked. `component` is what messages call it."""

    component: str
    app_name: pulumi.Output[str] | None
    plan: PlanChoices
    runtime: RuntimeChoices
    identity: IdentityChoices
    vault: VaultLink
    links: Sequence[Link]
    host_storage: HostStorage
    settings: GivenSettings
    network: NetworkChoices
    security: SiteSecurity
    observability: ObservabilityChoices
    elsewhere: Elsewhere
    foreign_tags: tuple[str, ...]
    place: Placement

    def known(self) -> dict[str, Any]:
        """What a preview can say of the app before anything else is known: the component's own inputs."""
        return {contract.IDENTITY: self.identity.kind.value, **recorded([self.vault, *self.links])}


def read_function_app(arguments: Arguments) -> FunctionAppChoices:
    """Problems are noted in `arguments`."""
    arguments.require("resource_group_name", "the resource group to create the app in")
    identity, plan = read_identity(arguments), read_plan(arguments)
    runtime = read_runtime(arguments, OperatingSystem.LINUX, identity.kind)
    worker = _read_worker(arguments, runtime)
    _check_plan(arguments, plan)
    vault, linked = read_links(arguments, identity.kind)
    links = with_triggers(linked, identity.kind)
    host_storage = read_host_storage(arguments, identity.kind, worker)
    observability = read_observability(arguments, identity.kind)
    own = [host_storage.variables, observability.variables]
    platform = platform_of(runtime.os, pulls_images=False)
    rules = rules_of(platform, identity, [vault, *links], own, has_package_url=False)
    check_late_grant(arguments, LATE_GRANT, identity, [vault, *links])
    later = {**host_storage.later_grants, **observability.later_grants}
    storage = [host_storage] if host_storage.account is not None else []
    check_grants(arguments, identity, [*storage, vault, *links], later)
    return FunctionAppChoices(
        component=arguments.component,
        app_name=read_name(arguments, "app_name", FUNCTION_APP),
        plan=plan,
        runtime=runtime,
        identity=identity,
        vault=vault,
        links=links,
        host_storage=host_storage,
        settings=read_settings(arguments, rules),
        network=read_network(arguments),
        security=read_site_security(arguments, plan.os, plan.own_size),
        observability=observability,
        elsewhere=read_elsewhere(arguments, FunctionAppArgs),
        foreign_tags=read_foreign_tags(arguments),
        place=read_placement(arguments),
    )


def _read_worker(arguments: Arguments, choices: RuntimeChoices) -> Runtime:
    """Functions spell the other languages in ways of their own, so they are not offered yet.

    https://learn.microsoft.com/azure/azure-functions/supported-languages
    """
    runtime = choices.runtime or Runtime.PYTHON_3_12
    if runtime.language != "python":
        offered = ", ".join(known for known in Runtime if known.language == "python")
        expected = f"a runtime that function apps are offered in: {offered}"
        arguments.refuse("runtime", runtime.value, expected, "choose one of these, or use a WebApp")
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
        arguments.refuse("size", plan.size, "a size that keeps a function app loaded", step)
