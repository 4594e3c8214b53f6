"""The arguments of a scale set, put together from those of what it consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ...arguments import Arguments
from ...form import Form
from ...identity import IdentityKind
from ...names.machines import VIRTUAL_MACHINE_SCALE_SET
from ...naming import read_name
from ..identity_choice import read_identity
from .system_arguments import ANSWERS as OF_MACHINES
from .virtual_machine_arguments import MachineArgs, MachineChoices, read_machine

_ZONE: Final = Form.matching("availability zones: 1, 2 or 3", "[123]", "[123]?")
_NO_LOGIN: Final = (
    "no signing in: that takes a system-assigned identity, which instances of a scale set have not",
    "take it out; ask an instance with a Run Command, and have it made anew where it is wrong",
)
ANSWERS: Final = {
    **OF_MACHINES,
    "admin_password": (OF_MACHINES["admin_password"][0], "take it out; ssh_public_key lets somebody in"),
    "login_users": _NO_LOGIN,
    "login_administrators": _NO_LOGIN,
}
"""https://github.com/MicrosoftDocs/azure-compute-docs/pull/507"""


class UpgradeMode(StrEnum):
    """How a change of the scale set comes to instances that are there."""

    AUTOMATIC = "automatic"
    """At once, to all of them: an identity or what code is told without a restart, an image by a new disk."""
    MANUAL = "manual"
    """When somebody asks: `az vmss update-instances`. Instances that come later have it."""


class VirtualMachineScaleSetArgs(MachineArgs):
    """Arguments of VirtualMachineScaleSet."""

    scale_set_name: NotRequired[pulumi.Input[str]]
    """Name of the scale set, 1 to 55 letters, digits and hyphens; left out, vmss-<name>-<stack>-<random>."""
    instances: NotRequired[int]
    """How many machines there are, 0 to 1000; left out, 2."""
    zones: NotRequired[Sequence[str]]
    """Availability zones that they are spread over, of 1, 2 and 3, plain; left out, Azure chooses."""
    upgrade_mode: NotRequired[UpgradeMode]
    """How a change comes to instances that are there; left out, automatic."""


@dataclass(frozen=True)
class ScaleSetChoices:
    """The arguments of a scale set, read and checked."""

    machine: MachineChoices
    name: pulumi.Output[str] | None
    instances: int
    zones: Sequence[str]
    upgrade_mode: UpgradeMode


def read_scale_set(arguments: Arguments) -> ScaleSetChoices:
    identity = read_identity(arguments)
    if identity.kind is IdentityKind.SYSTEM_ASSIGNED:
        expected = (
            "user-assigned, existing or none: instances come and go, and a user-assigned identity is there "
            "before them and stays, so Azure gives a scale set no other"
        )
        step = "set identity to user-assigned, or take it out"
        arguments.refuse("identity", identity.kind.value, expected, step)
    return ScaleSetChoices(
        machine=read_machine(arguments, VirtualMachineScaleSetArgs, identity),
        name=read_name(arguments, "scale_set_name", VIRTUAL_MACHINE_SCALE_SET),
        instances=arguments.whole_number("instances", 2, 0, 1_000),
        zones=arguments.plain_names("zones", _ZONE),
        upgrade_mode=arguments.choice("upgrade_mode", UpgradeMode, UpgradeMode.AUTOMATIC),
    )
