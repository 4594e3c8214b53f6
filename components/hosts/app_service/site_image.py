"""A container image on a site, in App Service's own words."""

from collections.abc import Mapping
from typing import Final

import pulumi

from ...links.link import IdentityIds, Told, Variables
from ...taken_out import Kept, taken_out
from ..container_image import ContainerImage
from .hardening import SiteConfigFields

_STORAGE: Final = "WEBSITES_ENABLE_APP_SERVICE_STORAGE"
"""Whether /home is shared between the instances: https://learn.microsoft.com/azure/app-service/configure-custom-container"""
VARIABLES: Final[Variables] = [(_STORAGE, "container_image")]

KEPT: Final = (
    Kept("siteConfig.acrUseManagedIdentityCreds", taken_out("container_registry_id", "an empty text", "")),
)
"""What App Service keeps of a registry that the image is pulled from no longer."""


def told() -> Mapping[str, Told]:
    return {_STORAGE: pulumi.Output.from_input("false")}


def running(image: ContainerImage, is_linux: bool, ids: IdentityIds) -> SiteConfigFields:
    """https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry"""
    fx_version = image.image.apply(lambda image: f"DOCKER|{image}")
    config: SiteConfigFields = (
        {"linux_fx_version": fx_version} if is_linux else {"windows_fx_version": fx_version}
    )
    if image.registry is not None:
        config["acr_use_managed_identity_creds"] = True
        # Empty is the system-assigned identity; unsaid, Azure keeps the client id of an earlier one.
        config["acr_user_managed_identity_id"] = "" if ids.client_id is None else ids.client_id
    return config


def pulling_as_nobody() -> SiteConfigFields:
    """What takes a registry back: images are pulled without an identity again."""
    return {"acr_use_managed_identity_creds": False, "acr_user_managed_identity_id": ""}
