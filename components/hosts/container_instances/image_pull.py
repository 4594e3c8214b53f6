"""The registry that a group's images come from, pulled with its identity and no password.

Container Instances pulls before it says that a group exists, and never with a system-assigned identity, which
comes with the group. https://learn.microsoft.com/azure/container-instances/using-azure-container-registry-mi
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import containerinstance

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...existing import first_error
from ...identity import IdentityKind
from ...links.link import IdentityIds, Link
from ...links.scope import Scope
from ...plain import is_plain
from ...references import REGISTRY, id_form, is_id_of
from ..container_image import ELSEWHERE, IMAGE, is_on, pull_link, server_of
from .containers import ContainerChoices

_KEY: Final = "container_registry_id"
REFUSAL: Final = "is not accessible. Please check the image and registry credential"
"""InaccessibleImage, whatever the reason: a role that is missing or not in effect yet, a wrong name."""


class ImagePullArgs(TypedDict):
    """Where the images come from."""

    container_registry_id: NotRequired[pulumi.Input[str]]
    """Resource id of the images' registry, to pull with the identity; left out, the images are public."""


@dataclass(frozen=True)
class ImagePull:
    """What is pulled from where. `component` is what messages call the group."""

    component: str
    registry: Scope
    images: Sequence[pulumi.Output[str]]

    @property
    def link(self) -> Link:
        return pull_link(self.registry)

    def credential(self, ids: IdentityIds) -> containerinstance.ImageRegistryCredentialArgs:
        """No password: the identity that pulls."""
        assert ids.identity_id is not None
        server = server_of(self.component, self.registry, self.images, _ELSEWHERE)
        return containerinstance.ImageRegistryCredentialArgs(identity=ids.identity_id, server=server)


_ELSEWHERE: Final = replace(
    ELSEWHERE,
    subject=f"containers and {_KEY}",
    given="no image that is on that registry",
    expected="at least one image on the registry that the id names",
)


def read_image_pull(
    arguments: Arguments, identity: IdentityKind, containers: Sequence[ContainerChoices]
) -> ImagePull | None:
    id = arguments.text(_KEY, id_form(REGISTRY))
    if id is None:
        return None
    if identity is IdentityKind.NONE:
        steps = (
            Step("set identity to user-assigned", (Give("identity", IdentityKind.USER_ASSIGNED.value),)),
            Step(f"take {_KEY} out for public images", (TakeOut(_KEY),)),
        )
        expected = "an identity that can pull the images"
        arguments.refuse(f"identity and {_KEY}", f"none, with {_KEY}", expected, steps)
    if _is_elsewhere(arguments):
        arguments.problems.append(_ELSEWHERE)
    scope = Scope.of(arguments.raw(_KEY), id)
    return ImagePull(arguments.component, scope, [container.image for container in containers])


def _is_elsewhere(arguments: Arguments) -> bool:
    """Told only where the id and every image are plain."""
    id, containers = arguments.raw(_KEY), arguments.plain_map("containers", "names to containers")
    images: list[Any] = [one.get("image") for one in containers.values() if isinstance(one, Mapping)]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    if not images or not is_plain(id) or not isinstance(id, str) or not is_id_of(REGISTRY, id):
        return False
    return all(IMAGE.holds(image) for image in images) and not any(is_on(image, id) for image in images)


def explain_refusal(failed: pulumi.ErrorHookArgs) -> str | None:
    """What Azure's words about an image may mean."""
    if REFUSAL not in first_error(failed):
        return None
    return (
        "Azure could not pull an image, and does not say why. One of these: the image's name or tag is not "
        "in the registry; container_registry_id was left out; the identity is an existing one that was not "
        "granted AcrPull; the registry's roles are for repositories (ABAC), where AcrPull opens nothing; the "
        "registry's network lets neither the subnet nor trusted services in."
    )
