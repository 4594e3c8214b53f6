"""The link from a host to the registry of its container image, pulled with the identity and no password."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...form import Form
from ...identity import IdentityKind
from ...links.grants import Need, RoleNeed, Scope
from ...links.link import IdentityIds, Told, Variables
from ...references import REGISTRY, id_form, is_id_of, parse_id
from ...roles import Role
from ...taken_out import Kept, taken_out
from .hardening import SiteConfigFields

STORAGE: Final = "WEBSITES_ENABLE_APP_SERVICE_STORAGE"
"""Whether /home is shared between the instances: https://learn.microsoft.com/azure/app-service/configure-custom-container"""
_IMAGE: Final = (
    r"(?:[0-9A-Za-z.-]+(?::[0-9]+)?/)?[0-9a-z]+(?:[._/-]+[0-9a-z]+)*"
    r"(?::[0-9A-Za-z_][0-9A-Za-z_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_FORM: Final = Form.matching("an image, such as registry.azurecr.io/shop:1.2", _IMAGE, f"(?:{_IMAGE})?")


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

    @property
    def variables(self) -> Variables:
        return [(STORAGE, self.source)]

    @property
    def told(self) -> Mapping[str, Told]:
        return {STORAGE: pulumi.Output.from_input("false")}

    def needs(self) -> Sequence[Need]:
        if self.registry is None:
            return []
        return [RoleNeed("registry", Role.ACR_PULL, self.registry, "container_registry_id")]

    def site_config(self, is_linux: bool, ids: IdentityIds) -> SiteConfigFields:
        """https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry"""
        fx_version = self.image.apply(lambda image: f"DOCKER|{image}")
        config: SiteConfigFields = (
            {"linux_fx_version": fx_version} if is_linux else {"windows_fx_version": fx_version}
        )
        if self.registry is not None:
            config["acr_use_managed_identity_creds"] = True
            # Empty is the system-assigned identity; unsaid, Azure keeps the client id of an earlier one.
            config["acr_user_managed_identity_id"] = "" if ids.client_id is None else ids.client_id
        return config


KEPT: Final = (
    Kept("siteConfig.acrUseManagedIdentityCreds", taken_out("container_registry_id", "an empty text", "")),
)
"""What App Service keeps of a registry that the image is pulled from no longer."""


def pulling_as_nobody() -> SiteConfigFields:
    """What takes a registry back: images are pulled without an identity again."""
    return {"acr_use_managed_identity_creds": False, "acr_user_managed_identity_id": ""}


def read_container_image(arguments: Arguments, identity: IdentityKind) -> ContainerImage | None:
    image = arguments.text("container_image", _FORM)
    registry_id = arguments.text_or_taken_back("container_registry_id", id_form(REGISTRY))
    if arguments.is_taken_back("container_registry_id"):
        registry_id = None
    if registry_id is not None and image is None:
        step = "give container_image, or take container_registry_id out"
        given = "container_registry_id alone"
        arguments.refuse("container_registry_id", given, "the image to pull from the registry", step)
    if registry_id is not None and identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take container_registry_id out for a public image"
        given = "none, with container_registry_id"
        expected = "an identity that can pull the image"
        arguments.refuse("identity and container_registry_id", given, expected, step)
    _check_registry(arguments)
    registry = None if registry_id is None else Scope.of(arguments.raw("container_registry_id"), registry_id)
    return None if image is None else ContainerImage(image, registry)


def _check_registry(arguments: Arguments) -> None:
    """An image elsewhere is not what the identity is let in to pull. Told only where both are plain."""
    image, id = arguments.raw("container_image"), arguments.raw("container_registry_id")
    if not _FORM.holds(image) or not isinstance(id, str) or not is_id_of(REGISTRY, id):
        return
    name, host = parse_id(id).name.lower(), image.partition("/")[0].lower()
    # A registry with a domain name label is at <name>-<hash>.azurecr.io.
    if not re.match(rf"{re.escape(name)}(-[0-9a-z]+)?\.", host):
        step = "begin the image with <registry>.azurecr.io/, or give the id of the registry that holds it"
        subject, given = "container_image and container_registry_id", "an image that is not on that registry"
        arguments.refuse(subject, given, "an image on the registry that the id names", step)
