"""The arguments of a slot, put together from those of what it shares with an app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..app_settings import GivenSettings, SettingsArgs, read_settings
from ..arguments import Arguments
from ..names import SLOT as SLOT_NAME
from ..names import is_slot_name
from ..references import PLAN, SITE, expected_id, is_id_of
from ..tags import ForeignTagsArgs, read_foreign_tags
from .identity_choice import IdentityArgs, IdentityChoices, read_identity
from .link import Link
from .network import NetworkArgs, NetworkChoices, read_network
from .observability import ObservabilityArgs, ObservabilityChoices, read_observability
from .package_link import PackageArgs, PackageLink, read_package
from .plan import OperatingSystem
from .runtime import RuntimeChoices, WebRuntimeArgs, read_runtime
from .slots import require_sticky, tied_settings
from .storage_link import StorageLink, StorageLinkArgs, read_storage_link
from .vault_link import VaultLink, VaultLinkArgs, read_vault_link


class WebAppSlotArgs(
    WebRuntimeArgs,
    PackageArgs,
    IdentityArgs,
    VaultLinkArgs,
    StorageLinkArgs,
    SettingsArgs,
    NetworkArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """Arguments of WebAppSlot."""

    app_id: pulumi.Input[str]
    """Resource id of the app, as a WebApp outputs it."""
    plan_id: pulumi.Input[str]
    """Resource id of its plan, as the app or its previous slot outputs it: the slot waits for that one."""
    sticky_settings: pulumi.Input[Sequence[str]]
    """The settings that stay at a swap, as the app outputs them: this slot's references are among them."""
    slot_name: pulumi.Input[str]
    """Name of the slot, 2 to 59 of a-z, 0-9 and hyphen, such as staging."""
    always_on: NotRequired[bool]
    """Whether the slot stays loaded when nobody uses it; left out, true."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region of the app; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class WebAppSlotChoices:
    """The arguments of a slot, read and checked."""

    app_id: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    slot_name: pulumi.Output[str]
    sticky: pulumi.Output[Sequence[str]]
    always_on: bool
    runtime: RuntimeChoices
    package: PackageLink
    identity: IdentityChoices
    vault: VaultLink
    storage: StorageLink
    settings: GivenSettings
    network: NetworkChoices
    observability: ObservabilityChoices
    foreign_tags: tuple[str, ...]

    @property
    def links(self) -> Sequence[Link]:
        """What the slot reaches with its identity and what is there before it."""
        return (self.vault, self.storage, self.runtime, self.package)

    @property
    def hyper_v(self) -> bool:
        return self.runtime.os is OperatingSystem.WINDOWS and self.runtime.is_container

    def known(self) -> dict[str, Any]:
        """What a preview can say of the slot before anything else is known: the component's own inputs."""
        known = {"identity": self.identity.kind.value, "secrets": dict(self.vault.secrets)}
        return {**known, **self.storage.known()}


def read_web_app_slot(arguments: Arguments) -> WebAppSlotChoices:
    """Problems are noted in `arguments`."""
    arguments.require("app_id", "the app that the slot belongs to")
    arguments.require("plan_id", "the plan of the app, as the app outputs it")
    arguments.require("sticky_settings", "the settings that stay at a swap, as the app outputs them")
    arguments.require("slot_name", "a name for the slot, such as staging")
    identity = read_identity(arguments)
    vault = read_vault_link(arguments, identity.kind)
    storage = read_storage_link(arguments, identity.kind)
    observability = read_observability(arguments, identity.kind)
    os = arguments.choice("os", OperatingSystem, OperatingSystem.LINUX)
    runtime = read_runtime(arguments, os, identity.kind)
    package = read_package(arguments, identity.kind, runtime)
    places = (vault.variables, storage.variables, observability.variables)
    tied = tied_settings(identity.variables, package.of_identity, *places)
    nothing = pulumi.Output.from_input("")
    return WebAppSlotChoices(
        app_id=arguments.text("app_id", lambda id: is_id_of(SITE, id), expected_id(SITE)) or nothing,
        plan_id=arguments.text("plan_id", lambda id: is_id_of(PLAN, id), expected_id(PLAN)) or nothing,
        slot_name=arguments.text("slot_name", is_slot_name, SLOT_NAME.words) or nothing,
        sticky=require_sticky(arguments, tied),
        always_on=arguments.flag("always_on", True),
        runtime=runtime,
        package=package,
        identity=identity,
        vault=vault,
        storage=storage,
        settings=read_settings(arguments, [*tied, *runtime.variables, *package.variables]),
        network=read_network(arguments),
        observability=observability,
        foreign_tags=read_foreign_tags(arguments),
    )
