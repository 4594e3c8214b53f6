"""Microsoft.App/containerApps and their revisions.

https://learn.microsoft.com/azure/container-apps/revisions
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from local_azure.app_service.site_identity import merged_identity, written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section, without_nulls
from local_azure.container_apps.names import APPS, NAME, REVISIONS
from local_azure.container_apps.written import NotPulledError, bad
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.operations import status_of_failure, status_of_operation
from local_azure.rules import Rule

if TYPE_CHECKING:
    from local_azure.container_apps.running import Running

RULES: Final = [
    Rule(
        "CA5",
        "behaviour",
        "A write that changes the template makes a revision; one that changes configuration or identity "
        "makes none.",
        held_by="ca5_a_change_of_the_template_makes_a_revision_and_one_of_the_configuration_none",
    ),
    Rule(
        "CA6",
        "behaviour",
        "GET of an app or a job has no value of a secret; listSecrets has those that were written as values.",
        held_by="ca6_no_value_of_a_secret_is_answered",
        source="https://learn.microsoft.com/rest/api/resource-manager/containerapps/container-apps/list-secrets",
    ),
]


class Workload(ResourceType):
    """What apps and jobs have in common: a body that is read with its identity when it is written."""

    def __init__(self, ground: Ground, running: "Running") -> None:
        super().__init__(ground)
        self.running = running

    @override
    def written(self, id: ResourceId) -> Mapping[str, str]:
        return status_of_operation(self.ground.store, id.text, "write")

    def checked(self, id: ResourceId, old: JsonObject | None, new: JsonObject) -> JsonObject:
        """The body to store, before what its write reads."""
        if not NAME.fullmatch(id.name):
            text = f"Invalid name '{id.name}': 2 to 32 lower-case letters, digits and single hyphens."
            raise bad("ContainerAppInvalidName", text)
        given: JsonObject = without_nulls(properties_of(new))
        given["environmentId"] = given.get("environmentId") or given.pop("managedEnvironmentId", None)
        given["configuration"] = section(given, "configuration")
        given.pop("deploymentErrors", None)  # said by Azure alone
        self._keep_values(old, given["configuration"])
        body: JsonObject = {
            "identity": written_identity(self.ground, id, (old or {}).get("identity"), new.get("identity")),
            "location": located(new),
            "properties": given,
            "tags": new.get("tags") or {},
        }
        return body

    def _keep_values(self, old: JsonObject | None, configuration: JsonObject) -> None:
        """A secret that is sent back as it was answered, by its name alone, keeps its value."""
        before = {one["name"]: one for one in items(section(properties_of(old), "configuration"), "secrets")}
        kept = [
            before.get(one.get("name"), one) if set(one) <= {"name"} else one
            for one in items(configuration, "secrets")
        ]
        if kept:
            configuration["secrets"] = kept

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        if identity := change.get("identity"):
            change = {**change, "identity": merged_identity(old.get("identity"), identity)}
        return super().patch(id, old, change, request)

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        properties = body["properties"]
        configuration = properties["configuration"]
        shown = [
            {key: value for key, value in one.items() if key != "value"}
            for one in items(configuration, "secrets")
        ]
        configuration = {**configuration, "secrets": shown or None}
        return {**body, "properties": {**properties, "configuration": configuration}}

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name != "listSecrets":
            return None
        secrets = items(body["properties"]["configuration"], "secrets")
        known = [{"name": one["name"], "value": one.get("value")} for one in secrets]
        return Response(200, {"value": known})

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if principal := section(body, "identity").get("principalId"):
            self.ground.entra.remove_identity(str(principal))
        self.running.forget(id.text)

    def now(self) -> str:
        return datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat().replace("+00:00", "Z")


class ContainerApp(Workload):
    """An app. Its newest revision runs as one program, from the first request on or at once."""

    type = APPS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        body = self.checked(id, old, new)
        properties, before = body["properties"], properties_of(old)
        configuration = properties["configuration"]
        if len(items(section(configuration, "ingress"), "traffic")) > 1:
            raise not_served("requests that are shared between revisions")
        try:
            self.running.read(body)
        except NotPulledError as refusal:
            self._reached(id, properties)
            return self._failed(id, old, body, refusal)
        self._reached(id, properties)
        is_new = _failure(old) is not None or before.get("template") != properties["template"]
        revision = before.get("latestRevisionName")
        if is_new:
            suffix = section(properties, "template").get("revisionSuffix") or uuid.uuid4().hex[:7]
            revision = f"{id.name}--{suffix}"
            self.running.revised(id.text, revision, self.now(), properties["template"])
        properties |= {
            "latestReadyRevisionName": revision,
            "latestRevisionFqdn": section(configuration, "ingress").get("fqdn", ""),
            "latestRevisionName": revision,
            "outboundIpAddresses": [],
            "provisioningState": "Succeeded",
            "runningStatus": "Running",
        }
        if is_new or before["configuration"] != configuration:
            self.running.app_written(id.text)
        return body

    def _reached(self, id: ResourceId, properties: JsonObject) -> None:
        """Say where the app answers, in an environment that is there."""
        configuration = properties["configuration"]
        environment = self.ground.store.get(properties["environmentId"])
        ingress = configuration.get("ingress")
        if ingress and environment is not None:
            domain = environment.body["properties"]["defaultDomain"]
            inside = "" if ingress.get("external") else "internal."
            configuration["ingress"] = {**ingress, "fqdn": f"{id.name}.{inside}{domain}"}

    def _failed(
        self, id: ResourceId, old: JsonObject | None, body: JsonObject, refusal: Refusal
    ) -> JsonObject:
        """An app is there whose image could not be pulled; the revision that it had runs on."""
        kept = ("latestReadyRevisionName", "latestRevisionFqdn", "latestRevisionName", "outboundIpAddresses")
        before = properties_of(old)
        body["properties"] |= {
            **{key: before[key] for key in kept if key in before},
            "deploymentErrors": (
                f"Failed to provision revision for container app '{id.name}'. Error details: "
                f"{refusal.message}."
            ),
            "provisioningState": "Failed",
            "runningStatus": "Running" if before.get("latestReadyRevisionName") else "Stopped",
        }
        return body

    @override
    def written(self, id: ResourceId) -> Mapping[str, str]:
        stored = self.ground.store.get(id.text)
        failure = None if stored is None else _failure(stored.body)
        if failure is None:
            return super().written(id)
        return status_of_failure(
            self.ground.store, id.text, Refusal(400, "ContainerAppOperationError", failure)
        )


def _failure(body: JsonObject | None) -> str | None:
    """What Azure says of an app that is in state Failed."""
    properties = properties_of(body)
    return str(properties["deploymentErrors"]) if properties.get("provisioningState") == "Failed" else None


class Revision(ResourceType):
    """A revision of an app: the newest one runs."""

    type = REVISIONS

    def __init__(self, ground: Ground, running: "Running") -> None:
        super().__init__(ground)
        self._running = running

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return next((one for one in self._of(id.parent) if one["name"] == id.name), None)

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        return [
            {"id": f"{scope}/revisions/{one['name']}", "type": self.type, **one} for one in self._of(scope)
        ]

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name != "restart":
            return None
        self._running.app_written(id.parent)
        return Response(200)

    def _of(self, app_id: str) -> list[JsonObject]:
        return self._running.revisions(app_id)
