"""What Container Instances refuses of a container group, before it pulls anything.

https://learn.microsoft.com/azure/container-instances/container-instances-troubleshooting
"""

import re
from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import items, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject
from local_azure.network.references import SUBNETS, delegations
from local_azure.rules import Rule
from local_azure.store import Store

GROUPS: Final = "Microsoft.ContainerInstance/containerGroups"
_NAME: Final = re.compile(r"(?!.*--)[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
_DELEGATION: Final = GROUPS.lower()
_POLICIES: Final = ("Always", "OnFailure", "Never")
_PAGE: Final = "https://learn.microsoft.com/azure/container-instances"

RULES: Final = [
    Rule(
        "CI1",
        "refusal",
        "Operating system, restart policy, subnet, cores and memory of a group are not changed: 400 "
        "InvalidContainerGroupUpdate, until it is deleted and created again.",
        held_by="ci1_what_a_group_was_created_with_stays",
        source=f"MicrosoftDocs/azure-docs#38067 {_PAGE}/container-instances-update",
    ),
    Rule(
        "CI1",
        "assumed",
        "Which containers a group has is part of the cores and memory that it was created with.",
        held_by="ci1_what_a_group_was_created_with_stays",
    ),
    Rule(
        "CI2",
        "assumed",
        "A group has containers, each with a name in lower case, an image and what it asks for: 400 "
        "otherwise.",
        held_by="ci2_a_group_says_what_it_runs",
    ),
    Rule(
        "CI3",
        "behaviour",
        "A group in a subnet has no public address: 400 otherwise.",
        held_by="ci3_a_subnet_is_delegated_and_has_no_public_address",
        source=f"{_PAGE}/container-instances-virtual-network-concepts",
    ),
    Rule(
        "CI3",
        "assumed",
        "A group's subnet exists and is delegated to Microsoft.ContainerInstance/containerGroups: 400 "
        "SubnetMissingRequiredDelegation otherwise.",
        held_by="ci3_a_subnet_is_delegated_and_has_no_public_address",
    ),
]


def check_group(store: Store, id: ResourceId, properties: JsonObject) -> None:
    """Raises Refusal for what no group may be, and for what Azure has and the local one has not."""
    if not _NAME.fullmatch(id.name):
        raise _bad("InvalidContainerGroupName", f"The container group name '{id.name}' is invalid.")
    if str(properties.get("osType", "")).lower() == "windows":
        raise not_served("Windows containers")
    _check_served(properties)
    if str(properties.get("restartPolicy", "Always")) not in _POLICIES:
        raise _bad("InvalidRestartPolicy", f"The restart policy of container group '{id.name}' is invalid.")
    containers = items(properties, "containers")
    if not containers:
        raise _bad("MissingContainers", f"The containers of container group '{id.name}' are missing.")
    for container in containers:
        _check_container(id, container)
    _check_network(store, id, properties)


def _check_served(properties: JsonObject) -> None:
    unserved = {
        "volumes": "volumes of container groups",
        "initContainers": "init containers",
        "confidentialComputeProperties": "confidential containers",
        "containerGroupProfile": "profiles of container groups",
    }
    for key, what in unserved.items():
        if properties.get(key):
            raise not_served(what)


def _check_container(id: ResourceId, container: JsonObject) -> None:
    name, properties = str(container.get("name", "")), properties_of(container)
    if not _NAME.fullmatch(name):
        raise _bad("InvalidContainerName", f"The container name '{name}' in '{id.name}' is invalid.")
    if not properties.get("image"):
        raise _bad(
            "MissingImage", f"The image of container '{name}' in container group '{id.name}' is missing."
        )
    requests = section(section(properties, "resources"), "requests")
    if not requests.get("cpu") or not requests.get("memoryInGB"):
        text = f"The resource requests of container '{name}' in container group '{id.name}' are missing."
        raise _bad("MissingResourceRequests", text)


def _check_network(store: Store, id: ResourceId, properties: JsonObject) -> None:
    subnet_id = subnet_of(properties)
    if subnet_id is None:
        return
    if str(section(properties, "ipAddress").get("type", "Private")).lower() == "public":
        text = f"The IP address type of container group '{id.name}' in a virtual network can not be Public."
        raise _bad("PrivateIPAddressRequired", text)
    subnet = store.get(subnet_id)
    if subnet is None or subnet.type != SUBNETS:
        raise _bad(
            "InvalidSubnetId", f"The subnet '{subnet_id}' of container group '{id.name}' was not found."
        )
    if _DELEGATION not in delegations(subnet.body):
        text = f"Subnet {subnet.id} requires any of the following delegation(s) [{GROUPS}]."
        raise _bad("SubnetMissingRequiredDelegation", text)


def check_update(id: ResourceId, old: JsonObject, new: JsonObject) -> None:
    """Raises Refusal where a property changes that only a new group can have otherwise."""
    if _fixed(old) == _fixed(new):
        return
    text = (
        f"The updates on container group '{id.name}' are invalid. If you are going to update the os type, "
        "restart policy, network profile, CPU, memory or GPU resources for a container group, you "
        "must delete "
        "it first and then create a new one."
    )
    raise _bad("InvalidContainerGroupUpdate", text)


def _fixed(properties: JsonObject) -> tuple[object, ...]:
    return (
        str(properties.get("osType", "Linux")).lower(),
        properties.get("restartPolicy", "Always"),
        (subnet_of(properties) or "").lower(),
        {str(one["name"]): _requests(one) for one in items(properties, "containers")},
    )


def _requests(container: JsonObject) -> tuple[float, float]:
    requests = section(section(properties_of(container), "resources"), "requests")
    return float(requests["cpu"]), float(requests["memoryInGB"])


def subnet_of(properties: JsonObject) -> str | None:
    return next((str(one.get("id")) for one in items(properties, "subnetIds")), None)


def _bad(code: str, text: str) -> Refusal:
    return Refusal(400, code, text)
