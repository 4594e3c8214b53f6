"""A trigger of Service Bus: takes messages of a queue or a subscription, calls the function, settles each.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
"""

import logging
from collections.abc import Mapping
from typing import Any, Final, cast

from azure.core.exceptions import AzureError
from azure.functions.servicebus import ServiceBusMessage
from azure.servicebus import (
    AutoLockRenewer,
    ServiceBusClient,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    TransportType,
)

from local_azure.functions_host.connections import Connection, words_of
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded, NotServedError
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F16",
        "behaviour",
        "A message of Service Bus whose function ended well is completed; one whose function failed is given "
        "back, and a dead letter once it was given out as often as its queue says.",
        held_by="f16_a_message_is_completed_or_comes_back_until_it_is_a_dead_letter",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger"
        "#peeklock-behavior",
    ),
    Rule(
        "F16",
        "refusal",
        "A trigger whose identity may not receive from its queue does not start, and others of the app do.",
        held_by="f16_a_trigger_that_may_not_receive_does_not_start_and_others_do",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger"
        "#identity-based-connections",
    ),
]
LOG: Final = logging.getLogger("functions")
_WAIT: Final = 1.0
"""Seconds for which one look waits for a message."""
_AGAIN: Final = 2.0
"""Seconds before the next look after one that failed."""
_RENEW: Final = 300.0
"""For how many seconds a message that is worked on stays locked: host.json's own default."""


class ServiceBusListener:
    def __init__(self, function: Loaded, host: Host) -> None:
        trigger = function.trigger
        if trigger.get("isSessionsEnabled") or str(trigger.get("cardinality", "one")).lower() == "many":
            raise NotServedError(
                f"function {function.name} asks for sessions or for many messages at once; the local "
                "Functions host gives it one message after the other"
            )
        self._function, self._host = function, host
        self._connection = Connection(
            str(trigger.get("connection") or "AzureWebJobsServiceBus"), host.settings
        )
        self._namespace = self._connection.namespace()
        self._completes = bool(host.extensions.get("serviceBus", {}).get("autoCompleteMessages", True))

    def check(self) -> None:
        with self._client() as client, self._receiver(client) as receiver:
            receiver.peek_messages(1)

    def run(self) -> None:
        while not self._host.stop.is_set():
            try:
                with self._client() as client, self._receiver(client) as receiver:
                    self._take(receiver)
            except AzureError as error:
                LOG.error("%s: %s", self._function.name, words_of(error))
                self._host.stop.wait(_AGAIN)

    def _take(self, receiver: ServiceBusReceiver) -> None:
        """Raises AzureError."""
        with AutoLockRenewer(max_lock_renewal_duration=_RENEW) as renewer:
            while not self._host.stop.is_set():
                for message in receiver.receive_messages(max_message_count=1, max_wait_time=_WAIT):
                    renewer.register(receiver, message)
                    self._work_on(receiver, message)

    def _work_on(self, receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> None:
        count = (message.delivery_count or 0) + 1
        try:
            self._function(as_functions_see_it(message))
        except Exception:
            LOG.exception("%s failed, for the %d. time", self._function.name, count)
            receiver.abandon_message(message)
            return
        LOG.info("%s: done", self._function.name)
        if self._completes:
            receiver.complete_message(message)

    def _client(self) -> ServiceBusClient:
        """By web sockets, which find the proxy in the environment."""
        return ServiceBusClient(
            self._namespace,
            cast(Any, self._connection.credential()),
            connection_verify=self._host.settings.get("SSL_CERT_FILE"),
            retry_total=0,
            transport_type=TransportType.AmqpOverWebsocket,
        )

    def _receiver(self, client: ServiceBusClient) -> ServiceBusReceiver:
        trigger = self._function.trigger
        if topic := trigger.get("topicName"):
            return client.get_subscription_receiver(str(topic), str(trigger["subscriptionName"]))
        return client.get_queue_receiver(str(trigger["queueName"]))


def as_functions_see_it(message: ServiceBusReceivedMessage) -> ServiceBusMessage:
    body = message.body
    said: Mapping[Any, Any] = message.application_properties or {}
    properties = {_text(key): _text(value) for key, value in said.items()}
    return ServiceBusMessage(
        body=body if isinstance(body, bytes) else b"".join(body),
        application_properties=properties,
        content_type=message.content_type,
        correlation_id=message.correlation_id,
        dead_letter_error_description=message.dead_letter_error_description,
        dead_letter_reason=message.dead_letter_reason,
        # The first one is the first; AMQP counts those before it.
        delivery_count=(message.delivery_count or 0) + 1,
        enqueued_time_utc=message.enqueued_time_utc,
        expires_at_utc=message.expires_at_utc,
        label=message.subject,
        lock_token=str(message.lock_token),
        locked_until=message.locked_until_utc,
        message_id=str(message.message_id or ""),
        reply_to=message.reply_to,
        sequence_number=message.sequence_number,
        subject=message.subject,
        time_to_live=message.time_to_live,
        to=message.to,
        user_properties=cast(dict[str, object], properties),
    )


def _text(value: object) -> Any:
    return value.decode() if isinstance(value, bytes) else value
