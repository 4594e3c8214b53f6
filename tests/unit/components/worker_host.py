"""A host that the components do not have, as somebody would add one: this file.

A worker is a site without an address of its own. Its platform is one that refuses to create it before its
identity is let in, and it spells what code is told in its own way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse

from components.arguments import Arguments
from components.choices import read_once
from components.deployer import Elsewhere, deployer_contract
from components.hosts.declare import LateGrant, check_late_grant, declare
from components.hosts.identity import HostIdentity, left_to_owners
from components.hosts.identity_choice import IdentityArgs, IdentityChoices, read_identity
from components.hosts.variables import Platform, problems_with
from components.links import LinksArgs, read_links
from components.links.grants import every_access
from components.links.link import Link, SecretRef, Told, recorded
from components.naming import Naming
from components.outputs import register_outputs
from components.placement import Placement, read_placement
from components.unknowns import answered

LATE_GRANT: Final = LateGrant.REFUSES_CREATE
PLATFORM: Final = Platform("on a worker", str.upper, frozenset({"WORKER_ID"}))


class WorkerArgs(IdentityArgs, LinksArgs):
    """Arguments of Worker."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create it in."""
    plan_id: pulumi.Input[str]
    """The plan that it runs on."""
    worker_name: str
    """Its name in Azure."""


@dataclass(frozen=True)
class WorkerChoices:
    """The arguments, read and checked."""

    component: str
    identity: IdentityChoices
    links: Sequence[Link]
    place: Placement
    plan_id: pulumi.Input[str]
    name: str


class Worker(pulumi.ComponentResource):
    """A site that runs as an identity."""

    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity; null with a system-assigned one."""
    principal_id: pulumi.Output[str | None]
    """Object id of the identity, given out when its grants exist."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs."""

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        choices = read_once("Worker", name, args, WorkerArgs, _read)
        super().__init__("tests:index:Worker", name, recorded(choices.links), opts)
        self.runs_as = HostIdentity(self, name, choices.identity, Naming(self, name))
        self.site = declare(
            choices.component,
            self.runs_as,
            choices.links,
            choices.place,
            host=lambda: self._site(name, choices),
            principal=lambda made: (answered(made.identity, _principal, "its principal id"), made.name),
            tell=lambda made, told: self._tell(name, choices, made, told),
        )
        self.identity_id, self.principal_id, _ = self.runs_as.given_out()
        self.access = every_access(self.runs_as.granted)
        left, nothing = left_to_owners(choices.identity, choices.links), cast(Elsewhere, [])
        self.deployer_contract = deployer_contract(
            self, nothing, choices.place.resource_group_name, left_to_owners=left
        )
        register_outputs(self)

    def _site(self, name: str, choices: WorkerChoices) -> web.WebApp:
        id, kinds = self.runs_as.ids.identity_id, web.ManagedServiceIdentityType
        identity = web.ManagedServiceIdentityArgs(type=kinds.SYSTEM_ASSIGNED)
        if id is not None:
            identity = web.ManagedServiceIdentityArgs(type=kinds.USER_ASSIGNED, user_assigned_identities=[id])
        return web.WebApp(
            name,
            identity=identity,
            kind="app,linux",
            name=choices.name,
            reserved=True,
            resource_group_name=choices.place.resource_group_name,
            server_farm_id=choices.plan_id,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self.runs_as.grants),
        )

    def _tell(self, name: str, choices: WorkerChoices, made: web.WebApp, told: Mapping[str, Told]) -> None:
        self.settings = web.WebAppApplicationSettings(
            name,
            name=made.name,
            properties={variable: _spelt(value) for variable, value in told.items()},
            resource_group_name=choices.place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self.runs_as.grants),
        )


def _principal(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None


def _spelt(told: Told) -> pulumi.Output[str]:
    """A worker's platform spells a secret so."""
    if isinstance(told, SecretRef):
        return told.endpoint.apply(lambda endpoint: f"secret:{endpoint}secrets/{told.secret}")
    return told


def _read(arguments: Arguments) -> WorkerChoices:
    identity = read_identity(arguments)
    vault, links = read_links(arguments, identity.kind)
    every = [vault, *links]
    variables = [link.variables for link in every]
    arguments.problems += problems_with(PLATFORM, [identity.variables], variables)
    check_late_grant(arguments, LATE_GRANT, identity, every)
    return WorkerChoices(
        component=arguments.component,
        identity=identity,
        links=every,
        place=read_placement(arguments),
        plan_id=arguments.raw("plan_id"),
        name=arguments.plain_text("worker_name", "worker"),
    )
