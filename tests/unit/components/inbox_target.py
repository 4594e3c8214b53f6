"""A target that the components do not have, as somebody would add one: this file, and a field of LinkArgs.

Each workload gets a queue of its own in an account. So it needs something that is no role: the queue has to
be made, and whoever deploys needs the right to do that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
import pytest
from pulumi_azure_native import storage

from components.endpoints import normal_endpoint, read_id_and_endpoint
from components.links import LinkArgs
from components.links.link import Link, TargetLink
from components.links.needs import Granted, Grantee, Need
from components.links.record import Record
from components.links.role_need import RoleNeed
from components.links.scope import Scope
from components.references import STORAGE, parse_id, queue_id
from components.roles import Role
from components.takes import Takes

MAKES: Final = "Storage Account Contributor"


class InboxLinkArgs(TypedDict):
    """A queue of the workload's own. Code is told `_ENDPOINT` and `_QUEUE`."""

    id: pulumi.Input[str]
    """Resource id of the account."""
    endpoint: pulumi.Input[str]
    """Address of its queues."""
    queue: NotRequired[str]
    """Name of the queue; left out, the link's."""


class Inbox(pulumi.ComponentResource):
    """The queue itself, and what making it takes of whoever deploys."""

    def __init__(
        self, name: str, account_id: pulumi.Output[str], queue: str, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__("tests:index:Inbox", name, {}, opts)
        self.queue = storage.Queue(
            name,
            account_name=account_id.apply(lambda id: parse_id(id).name),
            queue_name=queue,
            resource_group_name=account_id.apply(lambda id: parse_id(id).resource_group or ""),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.takes = (Takes(MAKES, account_id, "makes the inbox"),)
        self.register_outputs({})


@dataclass(frozen=True)
class InboxNeed:
    """A queue of that name."""

    key: str
    queue: str
    account: Scope
    source: str

    @property
    def same(self) -> tuple[object, ...]:
        return ("inbox", self.queue, *self.account.parts)

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:  # noqa: ARG002 - the protocol's
        return self

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        made = Inbox(name, self.account.id, self.queue, opts)
        sentence = pulumi.Output.format("Identity {0} has the queue {1}.", to.principal_name, self.queue)
        return Granted(made, made.queue, sentence)

    def words(self) -> pulumi.Output[str]:
        return pulumi.Output.format("the queue {0} in {1}", self.queue, self.account.id)


def read_link(record: Record) -> Link:
    arguments = record.arguments
    example = "https://<account>.queue.core.windows.net/"
    id, endpoint = read_id_and_endpoint(arguments, ("id", "endpoint"), STORAGE, "queue", example)
    queue = arguments.plain_text("queue", record.name)
    if id is None or endpoint is None:
        arguments.require("id", "the account that the inbox is in")
        return TargetLink(arguments.path, record.grants_here)
    account = Scope.of(arguments.raw("id"), id)
    scope, role = account.within(queue, queue_id), Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR
    needs: list[Need] = [
        InboxNeed(f"{record.name}-queue", queue, account, arguments.path),
        RoleNeed(record.name, role, scope, arguments.path),
    ]
    told = {
        f"{record.prefix}_ENDPOINT": endpoint.apply(normal_endpoint),
        f"{record.prefix}_QUEUE": pulumi.Output.from_input(queue),
    }
    return TargetLink(arguments.path, record.grants_here, needs, told)


def add(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one field."""
    monkeypatch.setitem(LinkArgs.__annotations__, "inbox", NotRequired[InboxLinkArgs])
