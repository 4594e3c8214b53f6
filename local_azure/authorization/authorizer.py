"""Who may do what: one answer for Resource Manager and the data planes, from the role assignments alone."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from components.azure_facts.directory import DIRECTORY
from local_azure.authorization.built_in_roles import role_definition_id
from local_azure.authorization.conditions import Asked, is_fulfilled
from local_azure.authorization.decisions import Decided, Decision, note
from local_azure.authorization.roles import role_of
from local_azure.authorization.scopes import covers
from local_azure.clock import Clock
from local_azure.constants import DEPLOYER, OFFICER, SUBSCRIPTIONS
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Lacking
from local_azure.rules import Rule
from local_azure.store import Resource, Store

ASSIGNMENTS: Final = "Microsoft.Authorization/roleAssignments"
_OWNER: Final = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
_SEED: Final = "10ca1a2e-0000-4000-8000-0000000000a1"

RULES: Final = [
    Rule(
        "R11",
        "refusal",
        "Who lacks an action at a scope is told the action and the scope.",
        held_by="r11_whoever_lacks_a_role_is_told_the_action_and_the_scope",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
    ),
    Rule(
        "R12",
        "refusal",
        "Who may assign roles under a condition assigns no others: the condition is named.",
        held_by="who_may_assign_roles_under_a_condition_assigns_no_others",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
    ),
    Rule(
        "R12",
        "behaviour",
        "Such a condition can name who may be assigned which role, and who none.",
        held_by="a_role_is_given_to_nobody_that_it_is_not_for",
        source="https://learn.microsoft.com/azure/role-based-access-control/"
        "conditions-authorization-actions-attributes",
    ),
    Rule(
        "R13",
        "behaviour",
        "An assignment is visible at once and honoured by data planes later.",
        held_by="r13_a_new_grant_is_shown_at_once_and_honoured_later",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "hashicorp/terraform-provider-azurerm#23927 Azure/azure-cli#22510",
    ),
    Rule(
        "R4",
        "behaviour",
        "An assignment to a client id gives nobody access.",
        held_by="a_grant_to_a_client_id_opens_nothing",
        source="Azure/Industrial-IoT#2455",
    ),
    Rule(
        "R26",
        "behaviour",
        "What a custom role's actions allow and its notActions do not, its holder may; with data alike.",
        held_by="a_custom_role_allows_what_its_actions_say_without_its_not_actions",
        source="https://learn.microsoft.com/azure/role-based-access-control/role-definitions",
    ),
]


@dataclass(frozen=True)
class _Asking:
    """What is asked of the assignments of a caller. `late` is whether their propagation counts."""

    action: str
    data: bool
    late: bool
    asked: Asked | None
    unconditional: bool


class Authorizer:
    """Reads the stored role assignments afresh for each question."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._propagation = store.documents("propagation")
        self._written = store.documents("assignments-written")
        # In memory: the refusal that follows undoes what its request wrote to the store.
        self._ignored: Counter[str] = Counter()
        for subscription in SUBSCRIPTIONS:
            scope = f"/subscriptions/{subscription}"
            seed = f"{scope}/providers/{ASSIGNMENTS}/{_SEED}"
            if store.get(seed) is None:
                store.put(Resource(seed, ASSIGNMENTS, _seed(scope)))

    def is_allowed(
        self,
        caller: Caller,
        action: str,
        scope: str,
        *,
        data: bool = False,
        by_data_plane: bool = False,
        asked: Asked | None = None,
        unconditional: bool = False,
    ) -> Decision:
        """Whether an assignment at `scope` or above it gives `action` to the caller, or to a group in the
        caller's token. `data` asks for a data action, `by_data_plane` for another one that a data plane goes
        by: both honour an assignment only after its propagation. `asked` is what conditions are held against;
        `unconditional` leaves out whatever is given under one.
        """
        asking = _Asking(action, data, data or by_data_plane, asked, unconditional)
        decision = self._decide(caller, scope, asking)
        note(Decided(action, scope, decision))
        return decision

    def _decide(self, caller: Caller, scope: str, asking: "_Asking") -> Decision:
        if caller.principal.object_id == OFFICER.object_id and covers(DIRECTORY, scope):
            return Decision(True)  # who administers the directory needs no assignment there
        unfulfilled, who, action, data = False, _who(caller), asking.action, asking.data
        for assignment in self._store.list(type=ASSIGNMENTS):
            properties = assignment.body["properties"]
            if properties["principalId"].lower() not in who or not covers(properties["scope"], scope):
                continue
            role = role_of(self._store, properties["roleDefinitionId"])
            allows = role is not None and role.allows(action, data=data)
            if role is None or not allows or (asking.late and not self.is_honoured(assignment.id)):
                continue
            # Both have to be fulfilled: the assignment's, and that of a block of the role.
            given, held = properties.get("condition"), asking.asked or Asked(action)
            if any(
                (given is None and own is None) if asking.unconditional else _fulfilled(given, own, held)
                for own in role.conditions(action, data=data)
            ):
                return Decision(True, assignment.id)
            unfulfilled = True
        return Decision(False, condition_unfulfilled=unfulfilled)

    def has_any_role(self, caller: Caller, scope: str) -> bool:
        """Whether an assignment on `scope`, above it or on anything in it is the caller's, whatever it
        allows."""
        who = _who(caller)
        return any(
            one.body["properties"]["principalId"].lower() in who
            and (
                covers(one.body["properties"]["scope"], scope)
                or covers(scope, one.body["properties"]["scope"])
            )
            for one in self._store.list(type=ASSIGNMENTS)
        )

    def require_action(
        self, caller: Caller, action: str, scope: str, *, request: JsonObject | None = None
    ) -> None:
        """Raises Resource Manager's 403 when the caller lacks a control-plane action. `request` is the body
        of what is written, for conditions."""
        stored = self._store.get(scope)
        asked = Asked(action, request, stored.body if stored else None)
        decision = self.is_allowed(caller, action, scope, asked=asked)
        if not decision.allowed:
            who = caller.principal
            condition = " or an ABAC condition not fulfilled" if decision.condition_unfulfilled else ""
            raise Refusal(
                403,
                "AuthorizationFailed",
                f"The client '{who.client_id or who.name}' with object id '{who.object_id}' does not have "
                f"authorization{condition} to perform action '{action}' over scope '{scope}' or the scope is "
                "invalid. If access was recently granted, please refresh your credentials.",
                lacking=Lacking(who.object_id, action, scope, condition=decision.condition_unfulfilled),
            )

    def set_propagation(self, seconds: float = 0, requests: int = 0) -> None:
        """How late data planes honour an assignment that is written from now on: after `seconds` of the clock
        and after that many refused `requests`."""
        self._propagation.put("delay", {"seconds": seconds, "requests": requests})

    def assignment_written(self, assignment_id: str) -> None:
        """Called when an assignment is created: its propagation begins."""
        delay = self._propagation.get("delay") or {"seconds": 0, "requests": 0}
        now = self._clock.now()
        self._written.put(assignment_id, {"from": now + delay["seconds"], "requests": delay["requests"]})

    def assignment_deleted(self, assignment_id: str) -> None:
        """Called when an assignment is gone."""
        self._written.delete(assignment_id)
        self._ignored.pop(assignment_id.lower(), None)

    def is_honoured(self, assignment_id: str) -> bool:
        """Whether data planes honour an assignment already; each call is one request of somebody's."""
        written = self._written.get(assignment_id)
        if written is None:
            return True
        if self._ignored[assignment_id.lower()] < written["requests"]:
            self._ignored[assignment_id.lower()] += 1
            return False
        return self._clock.now() >= written["from"]


def _who(caller: Caller) -> set[str]:
    """The object ids, in lower case, whose assignments are the caller's."""
    return {caller.principal.object_id.lower(), *(group.lower() for group in caller.groups)}


def _fulfilled(given: str | None, own: str | None, asked: Asked) -> bool:
    return all(condition is None or is_fulfilled(condition, asked) for condition in (given, own))


def _seed(scope: str) -> JsonObject:
    return {
        "properties": {
            "principalId": DEPLOYER.object_id,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": role_definition_id(_OWNER, scope),
            "scope": scope,
        }
    }
