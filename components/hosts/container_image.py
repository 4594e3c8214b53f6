"""The link from a host to the registry of its container image, pulled with the identity and no password."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..errors import ConfigurationError, Problem
from ..form import Form
from ..identity import IdentityKind
from ..links.link import TargetLink
from ..links.needs import Need
from ..links.role_need import RoleNeed
from ..links.scope import Scope
from ..references import REGISTRY, id_form, is_id_of, parse_id
from ..roles import Role

_REGISTRY: Final = "container_registry_id"
_PATTERN: Final = (
    r"(?:[0-9A-Za-z.-]+(?::[0-9]+)?/)?[0-9a-z]+(?:[._/-]+[0-9a-z]+)*"
    r"(?::[0-9A-Za-z_][0-9A-Za-z_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
IMAGE: Final = Form.matching("an image, such as registry.azurecr.io/shop:1.2", _PATTERN, f"(?:{_PATTERN})?")


ELSEWHERE: Final = Problem(
    f"container_image and {_REGISTRY}",
    "an image that is not on that registry",
    "an image on the registry that the id names",
    "begin the image with <registry>.azurecr.io/, or give the id of the registry that holds it",
)


class ContainerImageArgs(TypedDict):
    """The container to run."""

    container_image: NotRequired[pulumi.Input[str]]
    """Image to run instead of code, such as registry.azurecr.io/shop:1.2; left out, the app is code."""
    container_registry_id: NotRequired[pulumi.Input[str]]
    """Resource id of its registry, to pull with the identity; left out or empty, the image is public."""


@dataclass(frozen=True)
class ContainerImage:
    """The arguments of the link, read and checked."""

    image: pulumi.Output[str]
    registry: Scope | None

    source = "container_image"

    def needs(self) -> Sequence[Need]:
        if self.registry is None:
            return []
        return pull_link(self.registry).needs()


def pull_link(registry: Scope) -> TargetLink:
    """The link to the registry that images come from. Code is told nothing of it."""
    return TargetLink(_REGISTRY, True, [RoleNeed("registry", Role.ACR_PULL, registry, _REGISTRY)])


def read_container_image(arguments: Arguments, identity: IdentityKind) -> ContainerImage | None:
    image = arguments.text("container_image", IMAGE)
    registry_id = arguments.text_or_taken_back(_REGISTRY, id_form(REGISTRY))
    if arguments.is_taken_back(_REGISTRY):
        registry_id = None
    if registry_id is not None and image is None:
        step = "give container_image, or take container_registry_id out"
        given = "container_registry_id alone"
        arguments.refuse(_REGISTRY, given, "the image to pull from the registry", step)
    if registry_id is not None and identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take container_registry_id out for a public image"
        given = "none, with container_registry_id"
        expected = "an identity that can pull the image"
        arguments.refuse("identity and container_registry_id", given, expected, step)
    _check_registry(arguments)
    registry = None if registry_id is None else Scope.of(arguments.raw(_REGISTRY), registry_id)
    return None if image is None else ContainerImage(image, registry)


def _check_registry(arguments: Arguments) -> None:
    """An image elsewhere is not what the identity is let in to pull. Told only where both are plain."""
    image, id = arguments.raw("container_image"), arguments.raw(_REGISTRY)
    if not IMAGE.holds(image) or not isinstance(id, str) or not is_id_of(REGISTRY, id):
        return
    if not is_on(image, id):
        arguments.problems.append(ELSEWHERE)


def server_of(
    component: str, registry: Scope, images: Sequence[pulumi.Output[str]], elsewhere: Problem
) -> pulumi.Output[str]:
    """The host of the registry, as the images that are on it spell it. Raises ConfigurationError with
    `elsewhere`, once all is known, where none is.
    """

    def found(known: Sequence[str]) -> str:
        registry_id, *names = known
        servers = [image.partition("/")[0] for image in names if is_on(image, registry_id)]
        if servers:
            return servers[0]
        raise ConfigurationError(component, [elsewhere])

    return pulumi.Output.all(registry.id, *images).apply(found)


def is_on(image: str, registry_id: str) -> bool:
    """Whether an image is on the registry. One with a domain name label is at <name>-<hash>.azurecr.io."""
    name, host = parse_id(registry_id).name.lower(), image.partition("/")[0].lower()
    return re.match(rf"{re.escape(name)}(-[0-9a-z]+)?\.", host) is not None
