"""A host that the components do not have, as somebody would add one: this file.

A worker is a site without an address of its own. Its platform is one that refuses to create it before its
identity is let in, and it spells what code is told in its own way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse

from components.arguments import Arguments
from components.choices import read_once
from components.hosts.declare import LateGrant, check_late_grant
from components.hosts.host import Host, HostChoices
from components.hosts.identity_choice import IdentityArgs, read_identity
from components.hosts.variables import Platform, problems_with
from components.links import LinksArgs, read_links
from components.links.link import SecretRef, Told
from components.placement import read_placement
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
class WorkerChoices(HostChoices):
    """The arguments, read and checked."""

    plan_id: pulumi.Input[str]
    name: str


class Worker(Host):
    """A site that runs as an identity."""

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        choices = read_once("Worker", name, args, WorkerArgs, _read)
        super().__init__("tests:index:Worker", name, choices, opts)
        self.site = self.declare_between(
            lambda: self._site(name, choices),
            principal=lambda made: (answered(made.identity, _principal, "its principal id"), made.name),
            tell=lambda made, told: self._tell(name, choices, made, told),
        )
        self.name = self.site.name
        self.finished(choices.elsewhere)

    def _site(self, name: str, choices: WorkerChoices) -> web.WebApp:
        kind, ids = self.runs_as.attachment(web.ManagedServiceIdentityType)
        return web.WebApp(
            name,
            identity=web.ManagedServiceIdentityArgs(type=kind, user_assigned_identities=ids),
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
        reaches=every,
        observability=None,
        elsewhere=[],
        foreign_tags=(),
        place=read_placement(arguments),
        plan_id=arguments.raw("plan_id"),
        name=arguments.plain_text("worker_name", "worker"),
    )
