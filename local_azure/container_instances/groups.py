"""Microsoft.ContainerInstance/containerGroups, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/container-instances/container-groups
"""

from collections.abc import Sequence
from typing import Any, Final

from typing_extensions import override

from local_azure.app_service.site_identity import written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.container_instances.group_rules import GROUPS, check_group, check_update, subnet_of
from local_azure.container_instances.pulled import images_of
from local_azure.container_instances.running_groups import RunningGroups
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule

LOGS: Final = f"{GROUPS}/containers/logs"
_PUBLIC_ADDRESS: Final = "203.0.113.20"
_PRIVATE_ADDRESS: Final = "10.0.0.4"

RULES: Final = [
    Rule(
        "CI6",
        "behaviour",
        "A write of a group starts all its containers anew, and what it leaves out is as if it was "
        "never given, "
        "the identity, too.",
        held_by="ci6_a_write_starts_every_container_anew_and_keeps_nothing_that_it_leaves_out",
        source="https://learn.microsoft.com/azure/container-instances/container-instances-update",
    ),
    Rule(
        "CI7",
        "assumed",
        "A group whose containers have all ended takes no write: 400 InvalidContainerGroupUpdate. "
        "It is started "
        "again, or deleted and created.",
        held_by="ci7_a_group_that_has_ended_is_started_again_and_not_changed",
        source="https://learn.microsoft.com/azure/container-instances/container-instances-update",
    ),
    Rule(
        "CI8",
        "behaviour",
        "Secure values are in no answer, and the code reads them.",
        held_by="ci8_a_secure_value_is_in_no_answer",
        source="https://learn.microsoft.com/azure/container-instances/container-instances-environment-variables",
    ),
    Rule(
        "CI9",
        "behaviour",
        "A group that is stopped keeps what it is, and runs again when it is started.",
        held_by="ci9_a_group_is_stopped_started_and_restarted",
        source="https://learn.microsoft.com/azure/container-instances/container-instances-stop-start",
    ),
]


class ContainerGroup(ResourceType):
    """A group and its containers."""

    type = GROUPS

    def __init__(self, ground: Ground, running: RunningGroups) -> None:
        super().__init__(ground)
        self._running = running

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location, properties = located(new), dict(properties_of(new))
        check_group(self.ground.store, id, properties)
        if old is not None:
            if self._running.has_ended(old, id.text):
                text = (
                    f"The container group '{id.name}' has terminated and cannot be updated. Delete it first."
                )
                raise Refusal(400, "InvalidContainerGroupUpdate", text)
            check_update(id, properties_of(old), properties)
        identity = written_identity(
            self.ground, id, (old or {}).get("identity"), new.get("identity") or {"type": "None"}
        )
        properties = _with_defaults(location, properties)
        body: JsonObject = {"location": location, "properties": properties}
        body |= {key: new[key] for key in ("tags", "zones") if new.get(key) is not None}
        if identity:
            body["identity"] = identity
        images = images_of(self.ground, id, body)
        self.ground.store.after_commit(lambda: self._running.write(id.text, images))
        return body

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        """Of a group that is there, tags are all that a PATCH changes."""
        return {**old, "tags": change.get("tags") or {}}

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        properties = properties_of(body)
        state = self._running.state(id.text, body)
        shown: JsonObject = {
            **properties,
            "containers": [self._shown(id, one) for one in items(properties, "containers")],
            "instanceView": {"events": [], "state": state},
        }
        return {**body, "properties": shown}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if principal_id := section(body, "identity").get("principalId"):
            self.ground.entra.remove_identity(str(principal_id))  # its role assignments stay behind
        self.ground.store.after_commit(lambda: self._running.forget(id.text))

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(200, {"id": id.text, "name": id.name, "type": self.type, **self.view(id, body)})

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() == "stop":
            self.ground.store.after_commit(lambda: self._running.halt(id.text))
            return Response(204)
        if name.lower() in ("start", "restart"):
            images = images_of(self.ground, id, body)
            self.ground.store.after_commit(lambda: self._running.write(id.text, images))
            return Response(204)
        return None

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        subnet_id = subnet_of(properties_of(body))
        return [subnet_id] if subnet_id else []

    def _shown(self, id: ResourceId, container: JsonObject) -> JsonObject:
        properties = dict(properties_of(container))
        variables: list[Any] = items(properties, "environmentVariables")
        properties["environmentVariables"] = [
            {key: value for key, value in one.items() if key != "secureValue"} for one in variables
        ]
        if view := self._running.instance_view(id.text, str(container["name"])):
            properties["instanceView"] = view
        return {"name": container["name"], "properties": properties}


class ContainerLogs(ResourceType):
    """`GET <group>/containers/<name>/logs`: what a container wrote."""

    type = LOGS

    def __init__(self, ground: Ground, running: RunningGroups) -> None:
        super().__init__(ground)
        self._running = running

    @override
    def operation(self, verb: str) -> str:
        return f"{LOGS}/{verb}"

    @override
    def document_in_scope(self, scope: str, request: Request) -> JsonObject:
        container = ResourceId.parse(scope)
        group = self.ground.store.get(container.parent)
        named = [one["name"] for one in items(properties_of(group.body), "containers")] if group else []
        if group is None or container.name not in named:
            raise Refusal(404, "ResourceNotFound", f"The resource '{scope}' is not found.")
        content = self._running.log(group.id, container.name)
        tail = {key.lower(): value for key, value in request.query.items()}.get("tail", "")
        if tail.isdecimal():
            content = "".join(content.splitlines(keepends=True)[-int(tail) :])
        return {"content": content}


def _with_defaults(location: str, properties: JsonObject) -> JsonObject:
    """What Azure adds to a group, and to each of its containers."""
    known = {**properties, "provisioningState": "Succeeded", "sku": properties.get("sku") or "Standard"}
    known.setdefault("restartPolicy", "Always")
    address = section(properties, "ipAddress")
    if address:
        is_public = str(address.get("type")).lower() == "public"
        known["ipAddress"] = {**address, "ip": _PUBLIC_ADDRESS if is_public else _PRIVATE_ADDRESS}
        if label := address.get("dnsNameLabel"):
            known["ipAddress"]["fqdn"] = f"{label}.{location}.azurecontainer.io"
    return known
