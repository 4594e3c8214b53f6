"""The images of a group, pulled before it is said to exist.

https://learn.microsoft.com/azure/container-instances/using-azure-container-registry-mi
"""

from collections.abc import Sequence
from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.app_service.attached_identities import attached_identities, caller_of
from local_azure.arm import ResourceId
from local_azure.bodies import items, properties_of
from local_azure.container_instances.group_rules import subnet_of
from local_azure.containers.image import Image
from local_azure.containers.pulling import pull
from local_azure.containers.refusals import ImageError
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.origins import Origin
from local_azure.rules import Rule

_AUDIENCE: Final = audience(Service.RESOURCE_MANAGER)
GROUP_ADDRESS: Final = "192.0.2.20"
"""Where the calls of a group without a subnet come from. From a block that is reserved for documentation."""

RULES: Final = [
    Rule(
        "CI4",
        "refusal",
        "An image that is not there, or that nobody named may pull, refuses the group: 400 "
        "InaccessibleImage, "
        "with the same words for every reason.",
        held_by="ci4_a_group_is_refused_whose_image_its_identity_may_not_pull",
        source="Azure/azure-sdk-for-net#36227 Azure/azure-sdk-for-python#16731",
    ),
    Rule(
        "CI4",
        "behaviour",
        "A system-assigned identity pulls no image: it is the user-assigned one that the "
        "registry's entry names.",
        held_by="ci4_a_group_is_refused_whose_image_its_identity_may_not_pull",
    ),
]


def images_of(ground: Ground, id: ResourceId, body: JsonObject) -> dict[str, Image]:
    """The image of each container, by the container's name. Raises Refusal."""
    properties = properties_of(body)
    origins = [origin_of(properties)]
    return {
        str(one["name"]): _pulled(ground, id, body, str(properties_of(one)["image"]), origins)
        for one in items(properties, "containers")
    }


def origin_of(properties: JsonObject) -> Origin:
    """From where the group and its code call."""
    subnet_id = subnet_of(properties)
    return Origin(address=GROUP_ADDRESS) if subnet_id is None else Origin(subnet_id=subnet_id)


def _pulled(ground: Ground, id: ResourceId, body: JsonObject, image: str, origins: Sequence[Origin]) -> Image:
    try:
        return pull(ground, image, _puller(ground, body, image), origins)
    except ImageError as error:
        if error.is_of_this_machine:
            raise not_served(f"the image {image}: {str(error).rstrip('.')}") from None
        text = (
            f"The image '{image}' in container group '{id.name}' is not accessible. Please check the "
            "image and registry credential."
        )
        raise Refusal(400, "InaccessibleImage", text) from None


def _puller(ground: Ground, body: JsonObject, image: str) -> Caller | None:
    """The user-assigned identity that the entry of the image's registry names, if it is attached."""
    server = image.partition("/")[0].lower()
    for entry in items(properties_of(body), "imageRegistryCredentials"):
        if str(entry.get("server", "")).lower() != server:
            continue
        if entry.get("password"):
            raise not_served("logins to registries with a password")
        wanted = str(entry.get("identity", "")).lower()
        for identity in attached_identities(body):
            if identity.resource_id and identity.resource_id.lower() == wanted:
                return caller_of(ground.entra, identity, _AUDIENCE)
    return None
