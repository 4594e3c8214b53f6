"""The arguments of a container group, put together from those of what it consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ...arguments import Answers, Arguments
from ...elsewhere import read_elsewhere
from ...names.containers import CONTAINER_GROUP, CONTAINER_VARIABLE
from ...naming import read_name
from ...placement import read_placement
from ...tags import ForeignTagsArgs, read_foreign_tags
from ..declare import LateGrant, check_grants, check_late_grant
from ..given_settings import GivenSettings, SettingsArgs, read_settings, rules_of
from ..host import HostChoices
from ..identity_choice import IdentityArgs, read_identity
from ..observability import ObservabilityArgs, read_observability
from ..variables import TOKEN_ENDPOINTS, Platform
from ..without_references import NO_SECRETS, LinksWithoutReferencesArgs, read_links_without_references
from .containers import ContainerArgs, ContainerChoices, read_containers
from .group_network import GroupNetwork, GroupNetworkArgs, read_group_network
from .image_pull import ImagePull, ImagePullArgs, read_image_pull

LATE_GRANT: Final = LateGrant.REFUSES_CREATE
"""Of the registry: an image that cannot be pulled is refused. What code itself reaches may be granted later:
it is refused until then, and tries again.
https://learn.microsoft.com/azure/container-instances/using-azure-container-registry-mi"""
PLATFORM: Final = Platform("in a container", str.upper, TOKEN_ENDPOINTS)
"""Azure does not tell variables apart that differ in case only. On Linux it sets none for tokens, and one of
those would lead code away from where they are."""
CREDENTIAL: Final = {"AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"}
"""The token service may answer some seconds later than code starts. Told so, the identity library asks it
again; untold, it takes one missed answer for a machine without identities.
https://github.com/MicrosoftDocs/azure-docs/issues/61891"""
ANSWERS: Final[Answers] = {
    **NO_SECRETS,
    "os_type": (
        "nothing: groups are of Linux, as a Windows container gets tokens by a protocol of its own, which "
        "the identity libraries do not speak, and none in a network",
        "take it out, and run the image on Linux or as a web app",
    ),
    "image_registry_credentials": (
        "no login to a registry",
        "give container_registry_id: the images are pulled with the identity",
    ),
    "volumes": (
        "no volume: a share is mounted with a key of its account, which lies in the group",
        "let code reach the storage: links with files or blobs",
    ),
}


class RestartPolicy(StrEnum):
    """What happens when a container's program ends. Azure's names of the three."""

    ALWAYS = "Always"
    """It is started again: a program that serves."""
    ON_FAILURE = "OnFailure"
    """It is started again when it failed: a job. Every change of the group is a new run."""
    NEVER = "Never"
    """It is run once. Every change of the group is a new run."""


class ContainerGroupArgs(
    ImagePullArgs,
    IdentityArgs,
    LinksWithoutReferencesArgs,
    SettingsArgs,
    GroupNetworkArgs,
    ObservabilityArgs,
    ForeignTagsArgs,
):
    """Arguments of ContainerGroup."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the group in, with its identity."""
    containers: Mapping[str, ContainerArgs]
    """What runs, as container name to container; all get the same variables."""
    container_group_name: NotRequired[pulumi.Input[str]]
    """Name of the container group; left out, ci-<name>-<stack>-<random>."""
    restart_policy: NotRequired[RestartPolicy]
    """What happens when a program ends; left out, Always. Changing it replaces the group."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class ContainerGroupChoices(HostChoices):
    """The arguments of a container group, read and checked."""

    containers: Sequence[ContainerChoices]
    pull: ImagePull | None
    settings: GivenSettings
    network: GroupNetwork
    restart_policy: RestartPolicy
    name: pulumi.Output[str] | None

    @property
    def ports(self) -> Sequence[int]:
        return [port for container in self.containers for port in container.ports]

    @property
    def names(self) -> str:
        """Which containers there are: Azure adds none to a group and takes none away."""
        return ",".join(container.name for container in self.containers)

    @property
    def replaced_on(self) -> list[str]:
        """What Azure refuses to change of a group. One that has ended takes no change at all.
        https://learn.microsoft.com/azure/container-instances/container-instances-update
        """
        if self.restart_policy is not RestartPolicy.ALWAYS:
            return ["*"]
        return ["containers[*].resources", "osType", "restartPolicy", "subnetIds"]


def read_container_group(arguments: Arguments) -> ContainerGroupChoices:
    arguments.require("resource_group_name", "the resource group to create the group in")
    identity = read_identity(arguments)
    containers = read_containers(arguments)
    links = read_links_without_references(arguments, identity.kind)
    pull = read_image_pull(arguments, identity.kind, containers)
    observability = read_observability(arguments, identity.kind)
    rules = rules_of(
        PLATFORM,
        identity,
        links,
        [observability.variables],
        names=CONTAINER_VARIABLE,
        has_references=False,
    )
    pulls = [] if pull is None else [pull.link]
    choices = ContainerGroupChoices(
        component=arguments.component,
        containers=containers,
        pull=pull,
        identity=identity,
        reaches=[*links, *pulls],
        settings=read_settings(arguments, rules),
        network=read_group_network(arguments, any(container.ports for container in containers)),
        observability=observability,
        restart_policy=arguments.choice("restart_policy", RestartPolicy, RestartPolicy.ALWAYS),
        name=read_name(arguments, "container_group_name", CONTAINER_GROUP),
        foreign_tags=read_foreign_tags(arguments),
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, ContainerGroupArgs),
    )
    check_late_grant(arguments, LATE_GRANT, identity, pulls)
    check_grants(arguments, identity, choices.reaches, observability.later_grants)
    return choices
