"""Microsoft.Compute/virtualMachineScaleSets in flexible orchestration: instances are machines like others.

https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes
"""

import uuid
from collections.abc import Sequence
from typing import Final, cast

from typing_extensions import override

from local_azure.app_service.attached_identities import is_system_assigned
from local_azure.app_service.site_identity import merged_identity, written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.virtual_machines.guests import DEALLOCATED, RUNNING, STOPPED, Guests
from local_azure.virtual_machines.instances import instances_of
from local_azure.virtual_machines.machine_profile import invalid
from local_azure.virtual_machines.machines import VirtualMachine
from local_azure.virtual_machines.names import INTERFACES, MACHINES, SCALE_SETS, in_group
from local_azure.virtual_machines.parts import NetworkInterface, check_extension
from local_azure.virtual_machines.scale_set_model import (
    attached_again,
    capacity_of,
    interfaces_of,
    model_of,
    profile_of,
)

_POWER: Final = {"start": RUNNING, "poweroff": STOPPED, "deallocate": DEALLOCATED}


class ScaleSet(ResourceType):
    """Machines of one model, as many as its capacity says."""

    type = SCALE_SETS

    def __init__(
        self, ground: Ground, guests: Guests, machines: VirtualMachine, interfaces: NetworkInterface
    ) -> None:
        super().__init__(ground)
        self._guests, self._machines, self._interfaces = guests, machines, interfaces

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given, location = properties_of(new), located(new)
        if given.get("orchestrationMode", properties_of(old).get("orchestrationMode")) != "Flexible":
            raise not_served("scale sets in uniform orchestration; write orchestrationMode Flexible")
        wanted = new.get("identity")
        if wanted and is_system_assigned(wanted):
            text = (
                f"The value '{wanted['type']}' of parameter 'identity' is not allowed. Allowed values are: "
            )
            text += "UserAssigned, None."
            raise Refusal(400, "InvalidParameter", text)
        identity = written_identity(self.ground, id, (old or {}).get("identity"), wanted, id.name)
        profile, before = section(given, "virtualMachineProfile"), properties_of(old)
        for extension in items(section(profile, "extensionProfile"), "extensions"):
            check_extension(properties_of(extension), identity or {})
        capacity = capacity_of(new, old)
        body: JsonObject = {
            "location": location,
            "tags": new.get("tags") or {},
            "sku": {"tier": "Standard", **section(old, "sku"), **section(new, "sku"), "capacity": capacity},
            **({"zones": new["zones"]} if new.get("zones") else {}),
            **({"identity": identity} if identity else {}),
            "properties": {
                **given,
                "virtualMachineProfile": profile_of(profile, section(before, "virtualMachineProfile")),
                "uniqueId": before.get("uniqueId") or str(uuid.uuid4()),
                "provisioningState": "Succeeded",
            },
        }
        # Instances refer to it, so it is there first.
        self.ground.store.put(Resource(id.text, self.type, body))
        known = instances_of(self.ground, id.text)
        for machine in known[capacity:]:
            self._remove(machine)
        if section(given, "upgradePolicy").get("mode") == "Automatic":
            for machine in known[:capacity]:
                self._upgrade(id, body, machine)
        for _ in range(capacity - len(known)):
            self._add(id, body, request)
        return body

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        changed = dict(change)
        if change.get("identity") is not None:
            changed["identity"] = merged_identity(old.get("identity"), change["identity"])
        if "sku" in change:
            changed["sku"] = {**section(old, "sku"), **change["sku"]}
        return super().patch(id, old, changed, request)

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        profile = dict(section(properties_of(body), "virtualMachineProfile"))
        profile.pop("userData", None)
        hidden = ("adminPassword", "customData")
        profile["osProfile"] = {k: v for k, v in section(profile, "osProfile").items() if k not in hidden}
        return {**body, "properties": {**properties_of(body), "virtualMachineProfile": profile}}

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        asked = cast(list[str] | None, request.json().get("instanceIds"))
        chosen = [
            machine
            for machine in instances_of(self.ground, id.text)
            if not asked or "*" in asked or ResourceId.parse(machine.id).name in asked
        ]
        match name.lower():
            case "delete" | "manualupgrade" if not asked:
                raise invalid("instanceIds", "at least one instance, or *")
            case "delete":
                for machine in chosen:
                    self._remove(machine)
            case "manualupgrade":
                for machine in chosen:
                    self._upgrade(id, body, machine)
            case "reimage":
                for machine in chosen:
                    self._guests.begin_anew(machine.id)
            case "restart":
                for machine in chosen:
                    self._guests.switch(machine.id, RUNNING, restart=True)
            case power if power in _POWER:
                for machine in chosen:
                    self._guests.switch(machine.id, _POWER[power])
            case _:
                return None
        return Response(200)

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        for machine in instances_of(self.ground, id.text):
            self._remove(machine)

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        return [
            str(section(properties_of(one), "subnet").get("id"))
            for interface in interfaces_of(body)
            for one in items(properties_of(interface), "ipConfigurations")
        ]

    def _add(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        profile = section(properties_of(body), "virtualMachineProfile")
        suffix = uuid.uuid4().hex[:8]
        name = f"{id.name}_{suffix}"
        attached: list[JsonObject] = []
        for interface in interfaces_of(body):
            interface_id = ResourceId.parse(in_group(id, INTERFACES, f"{interface['name']}-{suffix}"))
            given = {"location": body["location"], "properties": properties_of(interface)}
            written = self._interfaces.put(interface_id, None, given, request)
            self.ground.store.put(Resource(interface_id.text, INTERFACES, written))
            attached.append({"id": interface_id.text, "properties": {"deleteOption": "Delete"}})
        os_profile = {k: v for k, v in section(profile, "osProfile").items() if k != "computerNamePrefix"}
        prefix = section(profile, "osProfile").get("computerNamePrefix") or id.name[:7]
        machine_id = ResourceId.parse(in_group(id, MACHINES, name))
        new: JsonObject = {
            "location": body["location"],
            "tags": body["tags"],
            "identity": attached_again(body.get("identity")),
            "properties": {
                **model_of(body),
                "osProfile": {**os_profile, "computerName": f"{prefix}{suffix}"},
                "networkProfile": {"networkInterfaces": attached},
                "virtualMachineScaleSet": {"id": id.text},
            },
        }
        written = self._machines.put(machine_id, None, new, request)
        self.ground.store.put(Resource(machine_id.text, MACHINES, written))

    def _upgrade(self, id: ResourceId, body: JsonObject, machine: Resource) -> None:
        """Bring an instance to the model. What is fixed of a machine is changed by a new disk."""
        before, model = properties_of(machine.body), model_of(body)
        was, profile = section(before, "osProfile"), section(model, "osProfile")
        image = section(section(model, "storageProfile"), "imageReference")
        old_image = section(section(before, "storageProfile"), "imageReference")
        anew = profile.get("customData") != was.get("customData") or image != old_image
        storage = {**section(before, "storageProfile"), "imageReference": image}
        os_profile = {**profile, "computerName": was.get("computerName")}
        os_profile.pop("computerNamePrefix", None)
        properties = {**before, **model, "storageProfile": storage, "osProfile": os_profile}
        own = ResourceId.parse(machine.id)
        identity = written_identity(
            self.ground, own, machine.body.get("identity"), attached_again(body.get("identity")), own.name
        )
        kept = {k: v for k, v in machine.body.items() if k != "identity"}
        changed = {**kept, **({"identity": identity} if identity else {}), "properties": properties}
        self.ground.store.put(Resource(machine.id, machine.type, changed))
        if anew:
            self._guests.begin_anew(machine.id)

    def _remove(self, machine: Resource) -> None:
        id = ResourceId.parse(machine.id)
        self._machines.before_delete(id, machine.body, Request("DELETE", "management.azure.com", id.text))
        for below in self.ground.store.list(under=id.text):
            self.ground.store.delete(below.id)
        self.ground.store.delete(machine.id)


RULES: Final = [
    Rule(
        "Q14",
        "refusal",
        "A scale set in flexible orchestration has user-assigned identities alone: 400 InvalidParameter.",
        held_by="q14_a_flexible_scale_set_has_no_identity_of_its_own",
        source="Azure/bicep-registry-modules#2671 MicrosoftDocs/azure-compute-docs#507",
    ),
    Rule(
        "Q15",
        "behaviour",
        "Instances that come later are of the newest model; those that are there follow at once with upgrade "
        "mode Automatic, and with Manual when they are asked to.",
        held_by="q15_instances_follow_the_model_as_the_upgrade_mode_says",
        source="https://learn.microsoft.com/azure/virtual-machine-scale-sets/"
        "virtual-machine-scale-sets-upgrade-policy",
    ),
    Rule(
        "Q16",
        "behaviour",
        "An instance that is deleted is one less of the scale set's capacity.",
        held_by="q16_a_deleted_instance_is_one_less_of_the_capacity",
        source="https://learn.microsoft.com/azure/virtual-machine-scale-sets/"
        "virtual-machine-scale-sets-instance-ids",
    ),
]
