"""What an app and a job have in common: arguments, who it runs as, and what Container Apps is told of
that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import app
from pulumi_azure_native.app.outputs import ManagedServiceIdentityResponse

from ...arguments import Arguments
from ...elsewhere import read_elsewhere
from ...existing import Retry, explained, first_error
from ...links import LinksArgs, read_links
from ...links.key_vault import VaultLink
from ...placement import read_placement
from ...references import CONTAINER_ENVIRONMENT, id_form
from ...tags import ForeignTagsArgs, read_foreign_tags
from ...tried_again import while_refused
from ...unknowns import answered
from ..declare import LateGrant, check_grants, check_late_grant
from ..given_settings import GivenSettings, SettingsArgs, read_settings, rules_of
from ..host import Host, HostChoices
from ..identity_choice import IdentityArgs, read_identity
from ..observability import ObservabilityArgs, read_observability
from ..variables import TOKEN_ENDPOINTS, Platform
from ..without_references import plain
from .image import Container, ContainerArgs, read_container
from .secrets import environment_of, secrets_of

LATE_GRANT: Final = LateGrant.REFUSES_CREATE
"""Secrets and image are read when the app is written.
https://github.com/microsoft/azure-container-apps/issues/1174"""
PLATFORM: Final = Platform(
    "in a container",
    str,
    frozenset(TOKEN_ENDPOINTS),
    injected_prefixes=("CONTAINER_APP_",),
)
"""https://learn.microsoft.com/azure/container-apps/environment-variables#built-in-environment-variables"""
_REFUSED: Final = "using Managed identity"
"""What both refusals have in their words: of a secret that cannot be read, and of an image that cannot be
pulled."""
_TAKEN: Final = "ContainerAppOperationError"
"""Azure's code for what went wrong after a write was taken: the app stays, in state Failed.
https://github.com/microsoft/azure-container-apps/issues/1061"""


class WorkloadArgs(
    ContainerArgs,
    IdentityArgs,
    LinksArgs,
    SettingsArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """What an app and a job have in common."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create it in, with its identity."""
    environment_id: pulumi.Input[str]
    """Resource id of the environment to run in, as a ContainerAppEnvironment outputs it."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region, that of the environment; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class WorkloadChoices(HostChoices):
    """The arguments, read and checked."""

    container: Container
    settings: GivenSettings
    environment_id: pulumi.Output[str]


def read_workload(arguments: Arguments, known: type) -> WorkloadChoices:
    """Problems are noted in `arguments`; `known` are the arguments of the component."""
    arguments.require("resource_group_name", "the resource group to create it in")
    arguments.require("environment_id", "the environment to run in, which a ContainerAppEnvironment makes")
    identity = read_identity(arguments)
    container = read_container(arguments, identity)
    vault, others = read_links(arguments, identity.kind)
    observability = read_observability(arguments, identity.kind)
    rules = rules_of(PLATFORM, identity, [vault, *others], [observability.variables])
    settings = read_settings(arguments, rules)
    place = read_placement(arguments)
    environment_id = arguments.text("environment_id", id_form(CONTAINER_ENVIRONMENT))
    nothing = pulumi.Output.from_input("")
    pulls = container.links()
    with_secrets = [link for link in (vault, *others) if isinstance(link, VaultLink) and link.secrets]
    choices = WorkloadChoices(
        component=arguments.component,
        identity=identity,
        reaches=[vault, *others, *pulls],
        observability=observability,
        place=place,
        elsewhere=read_elsewhere(arguments, known),
        foreign_tags=read_foreign_tags(arguments),
        container=container,
        settings=settings,
        environment_id=nothing if environment_id is None else environment_id,
    )
    check_late_grant(arguments, LATE_GRANT, identity, [*with_secrets, *pulls])
    check_grants(arguments, identity, choices.reaches, observability.later_grants)
    return choices


class OfBoth(TypedDict):
    """Properties of an app and a job, by the SDK's own names."""

    environment_id: pulumi.Input[str]
    identity: app.ManagedServiceIdentityArgs
    location: pulumi.Input[str] | None
    resource_group_name: pulumi.Input[str]
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    workload_profile_name: str | None


class Access(TypedDict):
    """What a configuration says of identities: everything by them, no password and no value of a secret."""

    identity_settings: Sequence[app.IdentitySettingsArgs] | None
    registries: Sequence[app.RegistryCredentialsArgs] | None
    secrets: Sequence[app.SecretArgs] | None


class Workload(Host):
    """An app or a job, which are written alike: a container, and what it may do."""

    def __init__(
        self, token: str, name: str, choices: WorkloadChoices, opts: pulumi.ResourceOptions | None
    ) -> None:
        super().__init__(token, name, choices, opts)
        self.work = choices

    def of_both(self) -> OfBoth:
        work, pulls = self.work, self.work.container.pull_identity_id
        kind, ids = self.runs_as.attachment(app.ManagedServiceIdentityType, [] if pulls is None else [pulls])
        return {
            "environment_id": work.environment_id,
            "identity": app.ManagedServiceIdentityArgs(type=kind, user_assigned_identities=ids),
            "location": work.place.location,
            "resource_group_name": work.place.resource_group_name,
            "tags": work.place.tags,
            "workload_profile_name": work.container.profile,
        }

    @property
    def asks_as(self) -> pulumi.Input[str]:
        """The identity that code runs as, in the words of Container Apps."""
        id = self.runs_as.ids.identity_id
        return "system" if id is None else id

    def spell_access(self) -> Access:
        container, pulls = self.work.container, self.work.container.pull_identity_id
        secrets = secrets_of(self.runs_as.told(self.links), self.asks_as)
        settings, registries = None, None
        if pulls is not None:
            settings = [
                app.IdentitySettingsArgs(identity=pulls, lifecycle=app.IdentitySettingsLifeCycle.NONE)
            ]
        if container.image.registry is not None:
            identity = self.asks_as if pulls is None else pulls
            registries = [
                app.RegistryCredentialsArgs(identity=identity, server=container.server(self.work.component))
            ]
        return {"identity_settings": settings, "registries": registries, "secrets": secrets or None}

    def container(
        self,
        name: str,
        *,
        probes: Sequence[app.ContainerAppProbeArgs] | None = None,
        unless_given: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> app.ContainerArgs:
        """`unless_given` are variables that nobody else has to say, and may."""
        container, told = self.work.container, self.runs_as.told(self.links)
        given = self.work.settings.with_derived(plain(told), unless_given)
        return app.ContainerArgs(
            args=list(container.arguments) or None,
            command=list(container.command) or None,
            env=environment_of(told, given),
            image=container.image.image,
            name=name,
            probes=probes,
            resources=app.ContainerResourcesArgs(cpu=container.cpu, memory=container.memory),
        )

    def written(self, type_: str) -> pulumi.ResourceOptions:
        """Azure refuses a write whose secrets or image its identity may not read yet, which a new grant needs
        up to ten minutes for. That refusal alone is tried again.
        """
        return pulumi.ResourceOptions(
            parent=self,
            # A replacement keeps the name, which is taken until the old one is gone.
            delete_before_replace=True,
            depends_on=self.runs_as.grants,
            hooks=explained(self, self.called, type_, _explain, retry=_until_let_in(self)),
        )


def principal_of(
    made: app.ContainerApp | app.Job,
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """The object id of the identity that Azure made with an app or a job, and what that is called."""
    return answered(made.identity, _principal_id, "its principal id"), made.name


def _principal_id(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None


def _until_let_in(about: pulumi.Resource) -> Retry:
    says = "Container Apps cannot read with the identity yet: it is tried again, for ten minutes"
    refused = while_refused(_REFUSED, about, says)

    async def again(failed: pulumi.ErrorHookArgs) -> bool:
        return not _left_behind(failed) and await refused(failed)

    return again


def _left_behind(failed: pulumi.ErrorHookArgs) -> bool:
    """Whether Azure took the create and keeps what it made. The engine does, too, and would not write it once
    more but create it again, which meets what is there: https://github.com/pulumi/pulumi/issues/24683
    """
    return failed.failed_operation == "create" and _TAKEN in first_error(failed)


def _explain(failed: pulumi.ErrorHookArgs) -> str | None:
    if _REFUSED not in first_error(failed):
        return None
    if _left_behind(failed):
        return (
            "Azure has made it and cannot pull its image with the identity, which a new grant needs up to "
            "ten minutes for. It is kept in the stack: run the same command again, which writes it once "
            "more, and tries for ten minutes."
        )
    return (
        "The identity has not been let in for ten minutes. Container Apps reads secrets and image when the "
        "app is written, so all of this has to be there before: the secret in the vault, the image in the "
        "registry, the grant on both, and a way through their networks: a vault or a registry that lets in "
        "single networks needs the subnet of the environment among them."
    )
