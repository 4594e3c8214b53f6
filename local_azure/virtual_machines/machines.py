"""Microsoft.Compute/virtualMachines.

https://learn.microsoft.com/rest/api/compute/virtual-machines
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.site_identity import merged_identity, written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.virtual_machines.cloud_init import cloud_config
from local_azure.virtual_machines.guests import DEALLOCATED, RUNNING, STOPPED, Guests
from local_azure.virtual_machines.instance_views import instance_view
from local_azure.virtual_machines.instances import one_less
from local_azure.virtual_machines.machine_profile import (
    invalid,
    os_profile_of,
    require_unchanged,
    require_way_in,
)
from local_azure.virtual_machines.names import DISKS, INTERFACES, MACHINES, in_group

_POWER: Final[Mapping[str, str]] = {"start": RUNNING, "powerOff": STOPPED, "deallocate": DEALLOCATED}


class VirtualMachine(ResourceType):
    """A machine, which runs here as a folder and processes."""

    type = MACHINES

    def __init__(self, ground: Ground, guests: Guests) -> None:
        super().__init__(ground)
        self._guests = guests

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given, before = properties_of(new), properties_of(old)
        if not re.fullmatch(r"(?![_.-])[0-9A-Za-z_.-]{1,64}(?<![.-])", id.name):
            raise invalid("vmName", "1 to 64 letters, digits, hyphens, underscores and full stops")
        location = located(new)
        profile = os_profile_of(given, before)
        cloud_config(profile.get("customData"))
        if old is not None:
            require_unchanged(id, before, given, self._guests.power(id.text))
        require_way_in(profile)
        interfaces = [
            str(one.get("id")) for one in items(section(given, "networkProfile"), "networkInterfaces")
        ]
        if not interfaces:
            raise invalid("networkProfile.networkInterfaces", "at least one network interface")
        for interface in interfaces:
            self._attach(id, interface)
        for interface in _interfaces(before):
            if interface.lower() not in [one.lower() for one in interfaces]:
                attached(self.ground, interface, None)
        identity = written_identity(
            self.ground, id, (old or {}).get("identity"), new.get("identity"), id.name
        )
        body: JsonObject = {
            "location": location,
            "tags": new.get("tags") or {},
            **({"zones": new["zones"]} if new.get("zones") else {}),
            **({"identity": identity} if identity else {}),
            "properties": {
                **given,
                "osProfile": profile,
                "userData": given.get("userData", before.get("userData")),
                "storageProfile": self._storage(id, location, given, before),
                "vmId": before.get("vmId") or str(uuid.uuid4()),
                "provisioningState": "Succeeded",
            },
        }
        if old is None:
            self._guests.create(id.text)
        return body

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        identity = change.get("identity")
        if identity is not None:
            change = {**change, "identity": merged_identity(old.get("identity"), identity)}
        return super().patch(id, old, change, request)

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        body = super().get(id, request)
        if body is None:
            return None
        asked = request.query.get("$expand", "").lower()
        more: JsonObject = {}
        if "instanceview" in asked:
            more["instanceView"] = instance_view(self._guests.power(id.text))
        shown = {**body, "properties": {**properties_of(body), **more}}
        return {**shown, _EXPANDED: True} if "userdata" in asked else shown

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        expanded = body.get(_EXPANDED, False)
        properties = {k: v for k, v in properties_of(body).items() if k != "userData" or expanded}
        hidden = ("adminPassword", "customData")
        profile = section(properties, "osProfile")
        properties["osProfile"] = {k: v for k, v in profile.items() if k not in hidden}
        return {**{k: v for k, v in body.items() if k != _EXPANDED}, "properties": properties}

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name in _POWER:
            self._guests.switch(id.text, _POWER[name])
            return Response(200)
        if name == "restart":
            self._guests.switch(id.text, RUNNING, restart=True)
            return Response(200)
        if name == "reimage":
            self._guests.begin_anew(id.text)
            return Response(200)
        if name == "runCommand":
            raise not_served("the older Run Command; write virtualMachines/runCommands instead")
        return None

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        identity: JsonObject = body.get("identity") or {}
        if identity.get("principalId"):
            self.ground.entra.remove_identity(identity["principalId"])
        properties = properties_of(body)
        disk = section(section(properties, "storageProfile"), "osDisk")
        if disk.get("deleteOption") == "Delete":
            self.ground.store.delete(disk["managedDisk"]["id"])
        for interface in items(section(properties, "networkProfile"), "networkInterfaces"):
            if properties_of(interface).get("deleteOption") == "Delete":
                self.ground.store.delete(str(interface["id"]))
            else:
                attached(self.ground, str(interface["id"]), None)
        one_less(self.ground, body)
        self._guests.forget(id.text)

    def _attach(self, id: ResourceId, interface: str) -> None:
        found = self.ground.store.get(interface)
        if found is None or found.type.lower() != INTERFACES.lower():
            raise Refusal(
                400, "InvalidResourceReference",
                f"Resource {interface} referenced by resource {id.text} was not found. Please make sure that "
                "the referenced resource exists, and that both resources are in the same region.",
            )  # fmt: skip
        holder = str(section(properties_of(found.body), "virtualMachine").get("id") or id.text)
        if holder.lower() != id.key:
            text = f"Network Interface {interface} is used by existing resource {holder}."
            raise Refusal(400, "NicInUse", text)
        attached(self.ground, interface, id.text)

    def _storage(self, id: ResourceId, location: str, given: JsonObject, before: JsonObject) -> JsonObject:
        storage, known = section(given, "storageProfile"), section(before, "storageProfile")
        disk, was = section(storage, "osDisk"), section(known, "osDisk")
        name = disk.get("name") or was.get("name") or f"{id.name}_OsDisk_1_{uuid.uuid4().hex}"
        disk_id = in_group(id, DISKS, name)
        sku = section(disk, "managedDisk").get("storageAccountType") or "Standard_LRS"
        self.ground.store.put(
            Resource(disk_id, DISKS, {
                "location": location,
                "managedBy": id.text,
                "sku": {"name": sku},
                "tags": {},
                "properties": {"diskState": "Attached", "osType": "Linux", "provisioningState": "Succeeded"},
            })
        )  # fmt: skip
        managed = {"storageAccountType": sku, **section(disk, "managedDisk"), "id": disk_id}
        os_disk = {
            "osType": "Linux",
            "deleteOption": "Detach",
            **was,
            **disk,
            "name": name,
            "managedDisk": managed,
        }
        return {**known, **storage, "osDisk": os_disk}


_EXPANDED: Final = "*expanded"


def attached(ground: Ground, interface_id: str, machine_id: str | None) -> None:
    """Say of a network interface which machine has it, or that none has."""
    found = ground.store.get(interface_id)
    if found is None:
        return
    properties = {k: v for k, v in properties_of(found.body).items() if k != "virtualMachine"}
    if machine_id is not None:
        properties["virtualMachine"] = {"id": machine_id}
    ground.store.put(Resource(found.id, found.type, {**found.body, "properties": properties}))


def _interfaces(properties: JsonObject) -> Sequence[str]:
    return [str(one.get("id")) for one in items(section(properties, "networkProfile"), "networkInterfaces")]


RULES: Final = [
    Rule(
        "Q9",
        "refusal",
        "A network interface is one machine's: 400 NicInUse; one that is not there is no machine's: 400 "
        "InvalidResourceReference.",
        held_by="q9_a_network_interface_is_one_machines",
        source="hashicorp/terraform-provider-azurerm#8105 pulumi/pulumi-azure#441",
    ),
    Rule(
        "Q10",
        "behaviour",
        "A disk or a network interface goes with its machine where its deleteOption is Delete, and else "
        "stays.",
        held_by="q10_a_disk_goes_with_its_machine_where_it_says_so",
        source="https://learn.microsoft.com/azure/virtual-machines/delete",
    ),
    Rule(
        "Q11",
        "behaviour",
        "User data is changed while a machine runs, and is read from the metadata service at once; it is "
        "answered where it is asked for alone.",
        held_by="q11_user_data_changes_while_a_machine_runs",
        source="https://learn.microsoft.com/azure/virtual-machines/user-data",
    ),
    Rule(
        "R19",
        "behaviour",
        "A machine's own identity goes with it.",
        held_by="a_machines_own_identity_goes_with_it_and_no_other_can_use_it",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
    ),
]
