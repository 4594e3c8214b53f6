"""Microsoft.Insights/diagnosticSettings: which logs and metrics of a resource go where.

https://learn.microsoft.com/rest/api/monitor/diagnostic-settings
"""

from collections.abc import Iterator, Mapping
from typing import Final

from typing_extensions import override

from components.azure_facts.log_categories import GROUPS, categories_of
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, properties_of
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule
from local_azure.subscriptions import scope_of

SUBSCRIPTIONS: Final = "Microsoft.Resources/subscriptions"
"""Whose settings export the activity log."""
SETTINGS: Final = "Microsoft.Insights/diagnosticSettings"
_SINKS: Final = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")

RULES: Final = [
    Rule(
        "O3",
        "refusal",
        "A log category that the resource's type does not have is refused: 400 BadRequest.",
        held_by="a_category_that_the_type_does_not_have_is_refused",
        source="hashicorp/terraform-provider-azurerm#2985",
    ),
    Rule(
        "O3",
        "assumed",
        "A diagnostic setting without a destination, or whose workspace does not exist, is refused.",
        held_by="a_setting_has_a_resource_a_destination_and_something_to_send",
    ),
    Rule(
        "O4",
        "assumed",
        "Two settings of one resource cannot send one category to one workspace: 409 Conflict.",
        held_by="two_settings_do_not_send_the_same_to_the_same_workspace",
    ),
]


class DiagnosticSetting(ResourceType):
    """Hangs on a resource of any type."""

    type = SETTINGS
    has_parent = False

    def __init__(self, ground: Ground, types: Mapping[str, ResourceType]) -> None:
        super().__init__(ground)
        self._types = types

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        scope = self._scope(id)
        given = properties_of(new)
        if not any(given.get(sink) for sink in _SINKS):
            raise _bad_request("At least one data sink needs to be specified.")
        workspace_id = given.get("workspaceId")
        if workspace_id:
            workspace = self.ground.store.get(str(workspace_id))
            if workspace is None or workspace.type != WORKSPACES:
                name = str(workspace_id).rpartition("/")[2]
                text = f"The Resource '{WORKSPACES}/{name}' was not found."
                raise Refusal(404, "ResourceNotFound", text)
        logs, metrics = items(given, "logs"), items(given, "metrics")
        if not any(one.get("enabled") for one in (*logs, *metrics)):
            raise _bad_request("At least one log or metric category has to be enabled.")
        kind = self._types.get(scope.type.lower())
        for one in logs:
            _check_category(kind.log_categories() if kind else categories_of(scope.type), one)
        for one in metrics:
            if one.get("category") != "AllMetrics":
                raise _bad_request(f"Metric category '{one.get('category')}' is not supported.")
        self._check_sink(id, given)
        return {"properties": {**given, "logs": list(logs), "metrics": list(metrics)}}

    @override
    def created_status(self) -> int:
        return 200  # the specification of 2021-05-01-preview has no other

    def _scope(self, id: ResourceId) -> ResourceId:
        try:
            scope = ResourceId.parse(id.scope)
        except ValueError:
            scope = ResourceId.parse(scope_of(id.text))
        kind = self._types.get(scope.type.lower())
        # What is there from the start, such as a service of a storage account, was never written.
        asked = Request("GET", "management.azure.com", scope.text)
        there = kind.get(scope, asked) if kind else self.ground.store.get(scope.text)
        if there is None and scope.type != SUBSCRIPTIONS:
            text = f"The Resource '{scope.type}/{scope.name}' under resource group '{scope.resource_group}' "
            raise Refusal(404, "ResourceNotFound", f"{text}was not found.")
        return scope

    def _check_sink(self, id: ResourceId, given: JsonObject) -> None:
        own = set(_enabled(given))
        for other in self.ground.store.list(under=id.scope, type=self.type):
            theirs = properties_of(other.body)
            known = ResourceId.parse(other.id)
            same = str(theirs.get("workspaceId")).lower() == str(given.get("workspaceId")).lower()
            shared = own.intersection(_enabled(theirs))
            if known.key != id.key and known.scope.lower() == id.scope.lower() and same and shared:
                raise Refusal(
                    409, "Conflict",
                    f"Data sink '{given.get('workspaceId')}' is already used in diagnostic setting "
                    f"'{known.name}' for category '{min(shared)}'. Data sinks can't be reused in different "
                    "settings on the same category for the same resource.",
                )  # fmt: skip


def _check_category(known: frozenset[str], log: JsonObject) -> None:
    category, group = log.get("category"), log.get("categoryGroup")
    if bool(category) == bool(group):
        raise _bad_request("A log has either a category or a categoryGroup.")
    if category and category not in known:
        raise _bad_request(f"Category '{category}' is not supported.")
    if group and (group not in GROUPS or not known):
        raise _bad_request(f"Category group '{group}' is not supported.")


def _enabled(given: JsonObject) -> Iterator[str]:
    for one in (*items(given, "logs"), *items(given, "metrics")):
        if one.get("enabled"):
            yield str(one.get("category") or one.get("categoryGroup"))


def _bad_request(text: str) -> Refusal:
    return Refusal(400, "BadRequest", text)
