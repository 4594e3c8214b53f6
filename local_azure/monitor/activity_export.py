"""The activity log as rows of AzureActivity, where a setting of the subscription exports it.

https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
"""

import json
from typing import Final

from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.entra.claims import ISSUER
from local_azure.entra.principals import Principal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.monitor.activity_log import event_of
from local_azure.monitor.diagnostic_settings import SETTINGS
from local_azure.origins import PERSON_ADDRESS
from local_azure.rules import Rule
from local_azure.trail import Happened

_CATEGORY: Final = "Administrative"
_CLAIMS: Final = "http://schemas.microsoft.com/identity/claims/"

RULES: Final = [
    Rule(
        "O17",
        "behaviour",
        "Where a diagnostic setting of a subscription has Administrative, each write, deletion and action in "
        "it is a row of AzureActivity, with its caller, also one that was refused.",
        held_by="o17_a_grant_that_somebody_makes_is_a_row_where_the_subscription_exports_its_activity_log",
    ),
    Rule(
        "O17",
        "assumed",
        "A caller is a person's name, or the object id of an application; the row of a role assignment says "
        "what was asked for: principal, role and scope.",
        held_by="o17_a_grant_that_somebody_makes_is_a_row_where_the_subscription_exports_its_activity_log",
    ),
]


class ActivityExport:
    """Hears every request, and tells those that change something in a subscription."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        ground.journal.listen(self._heard)

    def _heard(self, entry: JsonObject) -> None:
        event = event_of(entry)
        if event is None:
            return
        subscription = f"/subscriptions/{event['subscriptionId']}"
        # Most subscriptions here export nothing: a row is not made for nobody.
        if any(one.id.lower().startswith(f"{subscription}/providers/microsoft.insights/")
               for one in self._ground.store.list(under=subscription, type=SETTINGS)):  # fmt: skip
            self._ground.trail.tell(Happened(subscription, _CATEGORY, self._row(event)))

    def _row(self, event: JsonObject) -> JsonObject:
        who = next((one for one in self._ground.entra.principals() if one.name == event["caller"]), None)
        operation = str(event["operationName"]["value"])
        id = str(event["resourceId"])
        properties = {**event["properties"], **self._asked(id), "eventCategory": _CATEGORY, "entity": id}
        authorization = {"action": operation, "scope": id}
        claims = _claims(who)
        return {
            "ActivityStatusValue": "Success" if event["status"]["value"] == "Succeeded" else "Failure",
            "ActivitySubstatusValue": event["properties"]["statusCode"],
            "Authorization": json.dumps(authorization),
            "Authorization_d": authorization,
            "Caller": (who.name if who.kind == "User" else who.object_id) if who else event["caller"],
            "CallerIpAddress": PERSON_ADDRESS,
            "CategoryValue": _CATEGORY,
            "Claims": json.dumps(claims),
            "Claims_d": claims,
            "CorrelationId": event["correlationId"],
            "EventDataId": event["eventDataId"],
            "EventSubmissionTimestamp": event["submissionTimestamp"],
            "HTTPRequest": json.dumps({**event["httpRequest"], "clientIpAddress": PERSON_ADDRESS}),
            "Level": event["level"],
            "OperationId": event["operationId"],
            "OperationNameValue": operation.upper(),
            "Properties": json.dumps(properties),
            "Properties_d": properties,
            "ResourceGroup": event["resourceGroupName"],
            "ResourceProviderValue": str(event["resourceProviderName"]["value"]).upper(),
            "SubscriptionId": event["subscriptionId"],
            "TimeGenerated": event["eventTimestamp"],
            "_ResourceId": id.lower(),
        }

    def _asked(self, id: str) -> JsonObject:
        """What is said of a role assignment, as far as it was made: the request log has no bodies."""
        made = self._ground.store.get(id)
        if made is None or made.type != ASSIGNMENTS:
            return {}
        said = made.body["properties"]
        properties = {
            "PrincipalId": said["principalId"],
            "RoleDefinitionId": said["roleDefinitionId"],
            "Scope": said["scope"],
        }
        return {"requestbody": json.dumps({"Id": id.rpartition("/")[2], "Properties": properties})}


def _claims(who: Principal | None) -> JsonObject:
    if who is None:
        return {}
    claims: JsonObject = {f"{_CLAIMS}objectidentifier": who.object_id, "iss": ISSUER, "name": who.name}
    return claims | ({"appid": who.client_id} if who.client_id else {})
