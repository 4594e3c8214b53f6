"""Who sent to or received from a namespace, told for its log: category RuntimeAuditLogs.

https://learn.microsoft.com/azure/service-bus-messaging/monitor-service-bus-reference
"""

import uuid
from typing import Final

from local_azure.amqp.kinds import Claim
from local_azure.amqp.link import AmqpError
from local_azure.bodies import section
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.trail import Happened

CATEGORY: Final = "RuntimeAuditLogs"
_ACTIVITIES: Final[dict[Claim, str]] = {"Send": "SendMessage", "Listen": "ReceiveMessage"}

RULES: Final = [
    Rule(
        "O18",
        "behaviour",
        "A premium namespace logs which application sends to it or receives from it, without the queue, the "
        "hub or the assignment; others log nothing of it.",
        held_by="o18_a_premium_namespace_names_the_application_and_another_nobody",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/azmsruntimeauditlogs",
    ),
    Rule(
        "O18",
        "assumed",
        "A row is one link that is attached or refused; Azure counts operations by minutes.",
        held_by="o18_a_premium_namespace_names_the_application_and_another_nobody",
    ),
]


class Audit:
    """Of every namespace of Service Bus and Event Hubs."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services

    def tell(
        self, namespace: Resource, claim: Claim, caller: Caller | None, refused: AmqpError | None
    ) -> None:
        """A link was attached, or refused, for somebody; None where no token says who."""
        if section(namespace.body, "sku").get("name") != "Premium":
            return
        origins = self._services.origins(caller.principal.object_id) if caller else ()
        origin = next(iter(origins), Origin(address=PERSON_ADDRESS))
        row = {
            "ActivityId": str(uuid.uuid4()),
            "ActivityName": _ACTIVITIES[claim],
            "AuthKey": caller.principal.client_id if caller else None,
            "AuthType": "AAD",
            "ClientIp": origin.address,
            "Count": 1,
            "NetworkType": "Private" if origin.subnet_id else "Public",
            "Protocol": "AMQP",
            "Provider": namespace.type.partition("/")[0].partition(".")[2].lower(),
            "Status": "Failure" if refused else "Success",
        }
        self._ground.trail.tell(Happened(namespace.id, CATEGORY, row))
