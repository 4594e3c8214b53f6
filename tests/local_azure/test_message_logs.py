"""What the log of a namespace says of who sends to it, through azure-servicebus."""

from collections.abc import Iterator

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.exceptions import ServiceBusError

from tests.local_azure.logs_stage import LogsStage
from tests.local_azure.messaging_stage import SENDER, MessagingStage, messaging_stage

TABLE = "AZMSRuntimeAuditLogs"


class Stage(MessagingStage, LogsStage):
    """Namespaces whose logs go to workspaces."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with messaging_stage(tmp_path_factory.mktemp("azure"), Stage) as stage:
        yield stage


def test_o18_a_premium_namespace_names_the_application_and_another_nobody(stage: Stage) -> None:
    premium, standard = stage.namespace("Premium"), stage.namespace("Standard")
    workspace = stage.workspace()
    sender, stranger = stage.identity(), stage.identity()
    for namespace in (premium, standard):
        queue = stage.queue(namespace)
        stage.grant(queue, SENDER, sender.object_id)
        stage.send_logs(stage.namespace_id(namespace), workspace)
        with stage.bus(namespace, sender) as bus, bus.get_queue_sender("orders") as client:
            client.send_messages(ServiceBusMessage("p1anted"))
    with pytest.raises(ServiceBusError), stage.bus(premium, stranger) as bus:
        bus.get_queue_sender("orders").send_messages(ServiceBusMessage("p1anted"))
    rows = stage.query(
        workspace, f"{TABLE} | project ActivityName, AuthKey, AuthType, Provider, Status, _ResourceId"
    )
    asked = {"ActivityName": "SendMessage", "AuthType": "AAD", "Provider": "servicebus"}
    place = stage.namespace_id(premium).lower()
    assert rows == [
        {**asked, "AuthKey": sender.client_id, "Status": "Success", "_ResourceId": place},
        {**asked, "AuthKey": stranger.client_id, "Status": "Failure", "_ResourceId": place},
    ]
    assert "p1anted" not in str(stage.rows(workspace, TABLE))
