"""The arguments of a web app, put together from those of what it consists of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..app_settings import GivenSettings, SettingsArgs, read_settings
from ..arguments import Arguments
from ..names import WEB_APP as APP_NAME
from ..naming import read_name
from ..tags import ForeignTagsArgs, read_foreign_tags
from .custom_domain import CustomDomainArgs, CustomDomainChoices, read_custom_domain
from .identity_choice import IdentityArgs, IdentityChoices, read_identity
from .link import Link
from .network import NetworkArgs, NetworkChoices, read_network
from .observability import ObservabilityArgs, ObservabilityChoices, read_observability
from .package_link import PackageArgs, PackageLink, read_package
from .plan import PlanArgs, PlanChoices, read_plan
from .runtime import RuntimeChoices, WebRuntimeArgs, read_runtime
from .slots import SlotChoices, SlotsArgs, read_slots, tied_settings
from .storage_link import StorageLink, StorageLinkArgs, read_storage_link
from .vault_link import VaultLink, VaultLinkArgs, read_vault_link


class SiteArgs(
    PlanArgs,
    WebRuntimeArgs,
    PackageArgs,
    IdentityArgs,
    VaultLinkArgs,
    StorageLinkArgs,
    SlotsArgs,
    SettingsArgs,
    NetworkArgs,
    CustomDomainArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """What a web app is, wherever it is put."""

    app_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 2 to 60 of a-z, 0-9 and hyphen; left out, app-<name>-<stack>-<random>."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


class WebAppArgs(SiteArgs):
    """Arguments of WebApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the app in, with its plan and its identity."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""


@dataclass(frozen=True)
class WebAppChoices:
    """The arguments of a web app, read and checked."""

    app_name: pulumi.Output[str] | None
    plan: PlanChoices
    runtime: RuntimeChoices
    package: PackageLink
    identity: IdentityChoices
    vault: VaultLink
    storage: StorageLink
    slots: SlotChoices
    settings: GivenSettings
    network: NetworkChoices
    custom_domain: CustomDomainChoices
    observability: ObservabilityChoices
    foreign_tags: tuple[str, ...]

    @property
    def links(self) -> Sequence[Link]:
        """What the app reaches with its identity and what is there before it."""
        return (self.vault, self.storage, self.runtime, self.package)

    def known(self) -> dict[str, Any]:
        """What a preview can say of the app before anything else is known: the component's own inputs."""
        known = {"identity": self.identity.kind.value, "secrets": dict(self.vault.secrets)}
        slots = {"slots": list(self.slots.names)} if self.slots.names else {}
        return {**known, **self.storage.known(), **slots}


def read_web_app(arguments: Arguments, *, vault_follows: bool = False) -> WebAppChoices:
    """Read the arguments of a web app from those of a component that has one; problems are noted in
    `arguments`.

    With `vault_follows` the caller creates the vault, so secrets need none given.
    """
    identity = read_identity(arguments)
    vault = read_vault_link(arguments, identity.kind, vault_follows=vault_follows)
    storage = read_storage_link(arguments, identity.kind)
    observability = read_observability(arguments, identity.kind)
    plan = read_plan(arguments)
    runtime = read_runtime(arguments, plan.os, identity.kind)
    package = read_package(arguments, identity.kind, runtime)
    links = (vault, storage, runtime, package, observability)
    of_links = [variable for link in links for variable in link.variables]
    derived: Collection[str] = [*identity.variables, *of_links]
    places = (vault.variables, storage.variables, observability.variables)
    tied = tied_settings(identity.variables, package.of_identity, *places)
    return WebAppChoices(
        app_name=read_name(arguments, "app_name", APP_NAME),
        plan=plan,
        runtime=runtime,
        package=package,
        identity=identity,
        vault=vault,
        storage=storage,
        slots=read_slots(arguments, plan, tied),
        settings=read_settings(arguments, derived),
        network=read_network(arguments),
        custom_domain=read_custom_domain(arguments),
        observability=observability,
        foreign_tags=read_foreign_tags(arguments),
    )
