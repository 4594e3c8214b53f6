"""The model of a scale set, of which its instances are."""

import re
from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.http import JsonObject
from local_azure.virtual_machines.machine_profile import invalid

_MOST: Final = 1_000
_OF_INSTANCES: Final = (
    "hardwareProfile", "storageProfile", "osProfile", "securityProfile", "diagnosticsProfile", "userData",
)  # fmt: skip


def capacity_of(new: JsonObject, old: JsonObject | None) -> int:
    given = section(new, "sku").get("capacity", section(old, "sku").get("capacity", 0))
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= _MOST:
        raise invalid("sku.capacity", f"a whole number from 0 to {_MOST}")
    return given


def profile_of(profile: JsonObject, before: JsonObject) -> JsonObject:
    """The model as a write leaves it: what is not answered is not sent again by a client that read it."""
    was = section(before, "osProfile")
    hidden = {name: was[name] for name in ("customData", "adminPassword") if name in was}
    os_profile = {**hidden, **section(profile, "osProfile")} if "osProfile" in profile else was
    kept = {"userData": before["userData"]} if before.get("userData") and "userData" not in profile else {}
    return {**before, **kept, **profile, "osProfile": os_profile}


def model_of(body: JsonObject) -> JsonObject:
    """What each instance has of the model."""
    profile = section(properties_of(body), "virtualMachineProfile")
    found = {name: profile[name] for name in _OF_INSTANCES if profile.get(name) is not None}
    return {"hardwareProfile": {"vmSize": section(body, "sku").get("name")}, **found}


def attached_again(identity: JsonObject | None) -> JsonObject:
    """The identities of the model, as a write of an instance names them."""
    assigned = section(identity, "userAssignedIdentities")
    if not assigned:
        return {"type": "None"}
    return {"type": "UserAssigned", "userAssignedIdentities": {id_: {} for id_ in assigned}}


def interfaces_of(body: JsonObject) -> list[JsonObject]:
    profile = section(section(properties_of(body), "virtualMachineProfile"), "networkProfile")
    found = items(profile, "networkInterfaceConfigurations")
    if not found:
        raise invalid("virtualMachineProfile.networkProfile", "at least one network interface configuration")
    if not all(re.fullmatch(r"[\w.-]{1,80}", str(one.get("name"))) for one in found):
        raise invalid("networkInterfaceConfigurations.name", "1 to 80 letters, digits and ._-")
    return found
