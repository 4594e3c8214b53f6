"""The arguments of a virtual machine, put together from those of what it consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ...arguments import Arguments
from ...elsewhere import read_elsewhere
from ...form import Form
from ...identity import IdentityKind
from ...names.machines import VIRTUAL_MACHINE
from ...naming import read_name
from ...placement import read_placement
from ...roles import Role
from ...tags import ForeignTagsArgs, read_foreign_tags
from ...targets.groups import Groups, read_groups
from ..declare import LateGrant, check_grants, check_late_grant
from ..host import HostChoices
from ..identity_choice import IdentityArgs, IdentityChoices, read_identity
from ..variables import TOKEN_ENDPOINTS, Platform, problems_with
from ..without_references import LinksWithoutReferencesArgs, read_links_without_references
from .certificates import Certificates, MachineCertificatesArgs, read_certificates
from .system import SystemChoices, read_system
from .system_arguments import SystemArgs
from .told import variables_told

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""Code is refused until its grant has landed, and asks again; the machine itself starts without it."""
PLATFORM: Final = Platform("on a machine", str, TOKEN_ENDPOINTS)
"""Linux tells variables apart by case. Azure sets none on a machine; one that names another place for tokens
would lead code away from the metadata service."""
LOGINS: Final[Mapping[str, tuple[str, Role]]] = {
    "login_users": ("login", Role.VIRTUAL_MACHINE_USER_LOGIN),
    "login_administrators": ("admin-login", Role.VIRTUAL_MACHINE_ADMINISTRATOR_LOGIN),
}
"""Argument that names groups, to what their grants' names have and the role that they get."""
_ZONE: Final = Form.matching("an availability zone: 1, 2 or 3", "[123]", "[123]?")


class MachineArgs(
    SystemArgs, MachineCertificatesArgs, IdentityArgs, LinksWithoutReferencesArgs, ForeignTagsArgs
):
    """What a machine and a scale set have in common."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create it in, with its identity."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


class VirtualMachineArgs(MachineArgs):
    """Arguments of VirtualMachine."""

    vm_name: NotRequired[pulumi.Input[str]]
    """Name of the machine, 1 to 64 letters, digits and hyphens; left out, vm-<name>-<stack>-<random>."""
    zone: NotRequired[pulumi.Input[str]]
    """Availability zone that it is in, 1, 2 or 3; left out, Azure chooses."""
    login_users: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups that sign in by SSH, display name to object id; left out, nobody does."""
    login_administrators: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups that sign in and may become root, display name to object id; left out, nobody may."""


@dataclass(frozen=True)
class MachineChoices(HostChoices):
    """What both have in common, read and checked. The platform tells nothing of a machine."""

    system: SystemChoices
    certificates: Certificates | None

    @property
    def has_identity(self) -> bool:
        return self.identity.kind is not IdentityKind.NONE


@dataclass(frozen=True)
class VirtualMachineChoices:
    """The arguments of a virtual machine, read and checked."""

    machine: MachineChoices
    name: pulumi.Output[str] | None
    zone: pulumi.Output[str] | None
    logins: Mapping[str, Groups]
    """By the argument that names them."""

    @property
    def signs_people_in(self) -> bool:
        return any(self.logins.values())


def read_machine(arguments: Arguments, known: type, identity: IdentityChoices) -> MachineChoices:
    """What a machine and a scale set have in common. Problems are noted in `arguments`."""
    arguments.require("resource_group_name", "the resource group to create it in")
    links = read_links_without_references(arguments, identity.kind)
    certificates = read_certificates(arguments, identity.kind)
    machine = MachineChoices(
        component=arguments.component,
        system=read_system(arguments),
        certificates=certificates,
        identity=identity,
        reaches=[*links, *([] if certificates is None else [certificates.link])],
        observability=None,
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, known),
        foreign_tags=read_foreign_tags(arguments),
    )
    own = [identity.variables, variables_told(machine.has_identity)]
    arguments.problems += problems_with(PLATFORM, own, [link.variables for link in links])
    check_late_grant(arguments, LATE_GRANT, identity, machine.reaches)
    check_grants(arguments, identity, machine.reaches, {})
    return machine


def read_virtual_machine(arguments: Arguments) -> VirtualMachineChoices:
    return VirtualMachineChoices(
        machine=read_machine(arguments, VirtualMachineArgs, read_identity(arguments)),
        name=read_name(arguments, "vm_name", VIRTUAL_MACHINE),
        zone=arguments.text("zone", _ZONE),
        logins={key: read_groups(arguments, key) for key in LOGINS},
    )
