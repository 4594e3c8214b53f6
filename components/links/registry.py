"""The link to images in a container registry."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..endpoints import read_id_and_login_server
from ..names.containers import REPOSITORY
from ..repositories import Repositories
from ..roles import Role
from .link import Link, TargetLink, Told
from .record import Record
from .role_need import RoleNeed
from .scope import Scope

_EXAMPLE: Final = "<registry>.azurecr.io"


class RegistryAccess(StrEnum):
    """What an app may do with images."""

    PULL = "pull"
    """Read them."""
    PUSH = "push"
    """Read and write them. Deleting them takes more: the link `role`."""

    @property
    def role(self) -> Role:
        """On all of a registry that has no roles for repositories."""
        return role_of(RoleAssignmentMode.REGISTRY, self)


class RoleAssignmentMode(StrEnum):
    """What roles on a registry can be for. Azure's names of the two."""

    REGISTRY = "LegacyRegistryPermissions"
    """All of it: AcrPull and AcrPush. What a registry has unless told."""
    REPOSITORIES = "AbacRepositoryPermissions"
    """Single repositories, too: Container Registry Repository Reader and Writer. AcrPull opens nothing."""


_ROLES: Final = {
    RoleAssignmentMode.REGISTRY: {
        RegistryAccess.PULL: Role.ACR_PULL,
        RegistryAccess.PUSH: Role.ACR_PUSH,
    },
    RoleAssignmentMode.REPOSITORIES: {
        RegistryAccess.PULL: Role.CONTAINER_REGISTRY_REPOSITORY_READER,
        RegistryAccess.PUSH: Role.CONTAINER_REGISTRY_REPOSITORY_WRITER,
    },
}


def role_of(mode: RoleAssignmentMode, access: RegistryAccess) -> Role:
    """The role that a registry in that mode honours."""
    return _ROLES[mode][access]


class RegistryLinkArgs(TypedDict):
    """Images in a container registry. Code is told `_HOST`, and `_REPOSITORY` where one is named."""

    id: pulumi.Input[str]
    """Resource id of the registry, as a ContainerRegistry outputs it."""
    endpoint: pulumi.Input[str]
    """Its login server, crteam.azurecr.io."""
    repository: NotRequired[pulumi.Input[str]]
    """The one repository that the link is for, in a registry whose roles can be for one; left out, all."""
    access: NotRequired[RegistryAccess]
    """What code may do with images; left out, pull."""
    role_assignment_mode: NotRequired[RoleAssignmentMode]
    """What the registry's roles can be for; left out, all of it, but AbacRepositoryPermissions for one."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview"""
    arguments, prefix = record.arguments, record.prefix
    arguments.require("id", "the registry that the link is for")
    id, host = read_id_and_login_server(arguments, ("id", "endpoint"), _EXAMPLE)
    access = arguments.choice("access", RegistryAccess, RegistryAccess.PULL)
    repository = arguments.text("repository", REPOSITORY.form)
    usual = RoleAssignmentMode.REGISTRY if repository is None else RoleAssignmentMode.REPOSITORIES
    mode = arguments.choice("role_assignment_mode", RoleAssignmentMode, usual)
    if repository is not None and mode is RoleAssignmentMode.REGISTRY:
        step = "take role_assignment_mode out, once the registry has AbacRepositoryPermissions, or repository"
        arguments.refuse(
            "repository and role_assignment_mode",
            f"a repository, with {mode}",
            "a mode in which roles can be for a repository",
            step,
        )
    if id is None or host is None:
        return TargetLink(arguments.path, record.grants_here)
    told: dict[str, Told] = {f"{prefix}_HOST": host}
    only = None
    if repository is not None:
        only = Repositories.of(arguments.raw("repository"), repository)
        told[f"{prefix}_REPOSITORY"] = repository
    scope = Scope.of(arguments.raw("id"), id)
    need = RoleNeed(record.name, role_of(mode, access), scope, arguments.path, only)
    return TargetLink(arguments.path, record.grants_here, [need], told)
