"""Kudu's deployments as Resource Manager shows them: `deployments`, and how each fares, `deploymentStatus`.

https://learn.microsoft.com/rest/api/appservice/web-apps/list-deployments
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.refusals import app_service_refusal
from local_azure.app_service.site_names import SITE, SLOT
from local_azure.app_service.site_type import SiteType
from local_azure.arm import ResourceId
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

_FIELDS: Final = ("active", "deployer", "end_time", "id", "received_time", "start_time", "status")

RULES: Final = [
    Rule(
        "A37",
        "behaviour",
        "The status of the active deployment says whether the site runs it: RuntimeSuccessful, "
        "RuntimeStarting or RuntimeFailed.",
        held_by="a37_the_status_of_a_deployment_says_whether_its_app_runs",
        source="https://learn.microsoft.com/rest/api/appservice/web-apps/get-production-site-deployment-status",
    ),
]


class Deployment(SiteType):
    """The deployment that is active; earlier ones are not kept here."""

    type = f"{SITE}/deployments"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        latest = self.hosting.latest_deployment(id.parent)
        if latest is None or latest["id"] != id.name.lower():
            return None
        return {"properties": self.properties(id.parent, latest)}

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise app_service_refusal(405, "MethodNotAllowed", "The requested resource does not support PUT.")

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if ResourceId.parse(request.path).key == id.key:
            raise app_service_refusal(409, "Conflict", "Cannot delete the active deployment {0}.", id.name)

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        latest = self.hosting.latest_deployment(scope)
        if latest is None:
            return []
        kind = self.type.rpartition("/")[2]
        shown = {"name": latest["id"], "type": self.type, "properties": self.properties(scope, latest)}
        return [{"id": f"{scope}/{kind}/{latest['id']}", **shown}]

    def properties(self, site_id: str, latest: JsonObject) -> JsonObject:
        """What is said of a deployment of the site."""
        return {field: latest[field] for field in _FIELDS}


class DeploymentStatus(Deployment):
    """Whether the app of a deployment runs."""

    type = f"{SITE}/deploymentStatus"

    @override
    def properties(self, site_id: str, latest: JsonObject) -> JsonObject:
        status = self.hosting.runtime_status(site_id)
        return {
            "deploymentId": latest["id"],
            "status": status,
            "numberOfInstancesInProgress": int(status == "RuntimeStarting"),
            "numberOfInstancesSuccessful": int(status == "RuntimeSuccessful"),
            "numberOfInstancesFailed": int(status == "RuntimeFailed"),
            "failedInstancesLogs": [],
            "errors": [],
        }


class SlotDeployment(Deployment):
    """The deployment that is active on a slot."""

    type = f"{SLOT}/deployments"


class SlotDeploymentStatus(DeploymentStatus):
    """Whether the app of a slot's deployment runs."""

    type = f"{SLOT}/deploymentStatus"
