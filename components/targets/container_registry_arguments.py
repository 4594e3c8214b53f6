"""The arguments of a container registry: what to create or to adopt, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import CONTAINER_REGISTRY as TOKEN
from ..encryption import CustomerKey, EncryptionArgs, read_encryption
from ..links.registry import RegistryAccess, RoleAssignmentMode, role_of
from ..names.containers import REGISTRY as NAME
from ..references import REGISTRY
from ..roles import Role
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetworkArgs, read_target_network


class RegistryTier(StrEnum):
    """What a registry can do and costs."""

    BASIC = "basic"
    """10 GB, for a few images."""
    STANDARD = "standard"
    """100 GB."""
    PREMIUM = "premium"
    """500 GB, with rules for networks and private endpoints."""

    @property
    def sku(self) -> str:
        """Azure's own spelling."""
        return self.value.capitalize()


class ContainerRegistryArgs(EncryptionArgs, TargetNetworkArgs, TargetArgs):
    """Arguments of ContainerRegistry: either what to create, or `existing_id`; and the people let in."""

    registry_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 5 to 50 letters and digits; left out, cr<name><stack><random>."""
    tier: NotRequired[RegistryTier]
    """What it can do and costs; left out, basic. Networks are ruled in premium alone."""
    exports: NotRequired[bool]
    """Whether Azure may copy images out; left out, true. False takes premium, and no public address."""
    role_assignment_mode: NotRequired[RoleAssignmentMode]
    """What the roles of one that exists can be for, as it says; left out, LegacyRegistryPermissions."""
    image_pullers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may pull images, as display name to object id; left out, none."""
    image_pushers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may pull and push images, as display name to object id; left out, none."""


def _people(mode: RoleAssignmentMode) -> dict[str, tuple[str, Role]]:
    return {
        "image_pullers": ("puller", role_of(mode, RegistryAccess.PULL)),
        "image_pushers": ("pusher", role_of(mode, RegistryAccess.PUSH)),
    }


KIND: Final = TargetKind(
    component="ContainerRegistry",
    token=TOKEN,
    type_=REGISTRY,
    what="the registry",
    name_key="registry_name",
    name_rule=NAME,
    group_id="registry",
    people=_people(RoleAssignmentMode.REGISTRY),
)


@dataclass(frozen=True)
class ContainerRegistryChoices:
    """The arguments, read and checked. `kind` has the roles that the registry honours."""

    kind: TargetKind
    target: TargetChoices
    tier: RegistryTier
    exports: bool
    mode: RoleAssignmentMode
    encryption: CustomerKey | None


def read_container_registry(arguments: Arguments) -> ContainerRegistryChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", RegistryTier, RegistryTier.BASIC)
    network = read_target_network(arguments, REGISTRY, KIND.group_id, KIND.what, pairs=False)
    said = [key for key in TargetNetworkArgs.__annotations__ if arguments.has(key)]
    if said and tier is not RegistryTier.PREMIUM and not (network.is_silent and network.endpoint is None):
        expected = "rules for networks in the tier premium, which alone has them"
        step = f"set tier to premium, or take {said[0]} out"
        arguments.refuse(f"tier and {said[0]}", f"{tier.value}, with {said[0]}", expected, step)
    exports = arguments.flag("exports", True)
    if not exports and network.public:
        step = "give private_endpoint_subnet_id, or take exports out"
        expected = "no public address where nothing is copied out"
        arguments.refuse("exports", "false, with a public address", expected, step)
    mode = arguments.choice("role_assignment_mode", RoleAssignmentMode, RoleAssignmentMode.REGISTRY)
    if mode is RoleAssignmentMode.REPOSITORIES and not arguments.has("existing_id"):
        step = (
            "leave it out; or make the registry with `az acr create --role-assignment-mode rbac-abac`, and "
            "give existing_id"
        )
        expected = (
            "LegacyRegistryPermissions of one that is created: this version of azure-native sets no other"
        )
        arguments.refuse("role_assignment_mode", f"{mode}, for one that is created", expected, step)
    kind = replace(KIND, people=_people(mode))
    for_both = ("role_assignment_mode",)
    target = read_target(arguments, ContainerRegistryArgs, kind, network, for_both)
    refused = "" if tier is RegistryTier.PREMIUM else f"in the tier {tier.value}"
    encryption = read_encryption(arguments, refused, "set tier to premium, or take encryption out")
    return ContainerRegistryChoices(kind, target, tier, exports, mode, encryption)
