"""What Resource Manager answers itself: tenants, subscriptions, providers, and lists across types."""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.constants import SUBSCRIPTIONS
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager import registrations, subscriptions
from local_azure.resource_manager.api_versions import require_served_here
from local_azure.resource_manager.lists import list_resources
from local_azure.resource_manager.operations import outcome
from local_azure.resource_manager.tree import Types, require_parents
from local_azure.rules import Rule
from local_azure.subscriptions import subscription_of

RULES: Final = [
    Rule(
        "G11",
        "assumed",
        "Who has a role on anything in a subscription finds it among the subscriptions at sign-in.",
        held_by="g11_who_has_a_role_on_a_vault_alone_finds_its_subscription",
    ),
]


class OwnAnswers:
    """What is about no single resource."""

    def __init__(self, ground: Ground, types: Types) -> None:
        self._ground = ground
        self._types = types

    def answer(self, request: Request, lowered: list[str], caller: Caller, version: str) -> Response | None:
        """The answer to one request of a caller; None for everything about resources. Raises Refusal."""
        ground, types, store = self._ground, self._types, self._ground.store
        read, here = "Microsoft.Resources/subscriptions/read", subscription_of(request.path)
        answer: JsonObject | None = None
        match lowered:
            case ["tenants"]:
                answer = {"value": subscriptions.tenants()}
            case ["subscriptions"]:
                readable = [
                    id for id in SUBSCRIPTIONS
                    if ground.authorizer.has_any_role(caller, f"/subscriptions/{id}")
                ]  # fmt: skip
                answer = {"value": [subscriptions.subscription(id) for id in readable]}
            case ["subscriptions", _]:
                ground.authorizer.require_action(caller, read, f"/subscriptions/{here}")
                answer = subscriptions.subscription(here)
            case ["subscriptions", _, "locations"]:
                answer = {"value": subscriptions.locations(here)}
            case ["providers"] | ["subscriptions", _, "providers"]:
                answer = {"value": registrations.every(store, types, here)}
            case ["subscriptions", _, "providers", namespace]:
                answer = registrations.one(store, types, here, namespace)
            case ["subscriptions", _, "providers", namespace, "register" | "unregister" as action]:
                answer = registrations.change(ground, types, caller, here, namespace, action)
            case ["subscriptions", _, "resources"] | ["subscriptions", _, "resourcegroups", _, "resources"]:
                scope = request.path.rstrip("/").rpartition("/")[0]
                ground.authorizer.require_action(
                    caller, "Microsoft.Resources/subscriptions/resources/read", scope
                )
                if len(lowered) == 5:
                    require_parents(
                        store, types, ResourceId.parse(f"{scope}/providers/Microsoft.Resources/any/any")
                    )
                answer = {"value": list_resources(store, types, scope, request)}
            case ["subscriptions", _, "operationresults" | "operationstatuses" as form, operation]:
                done = outcome(store, operation)
                if done is None:
                    raise Refusal(
                        404, "OperationNotFound", f"The operation '{operation}' could not be found."
                    )
                return Response(200, done if form == "operationstatuses" else None)
            case _:
                return None
        require_served_here(version)
        return Response(200, answer)
