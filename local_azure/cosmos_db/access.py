"""Who may do what with an account's data: the token or the key, and Cosmos DB's own role assignments. Azure's
roles say nothing here.

https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from components.azure_facts.audiences import Service, audience
from local_azure.authorization.decisions import Decided, Decision, note
from local_azure.bodies import properties_of
from local_azure.cosmos_db.account_keys import is_signed_with_a_key
from local_azure.cosmos_db.account_names import ACCOUNTS, ROLE_ASSIGNMENTS, SUFFIX, account_name
from local_azure.cosmos_db.data_paths import ACCOUNT, is_within, path_in
from local_azure.cosmos_db.refusals import refusal
from local_azure.cosmos_db.role_definitions import role_behind
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Lacking, Request
from local_azure.rules import Rule
from local_azure.store import Resource

AUDIENCE: Final = audience(Service.COSMOS_DB)
READ_METADATA: Final = "readMetadata"
_AUTHORIZATION: Final = re.compile(r"type=(\w+)&ver=1\.0&sig=(.+)", re.DOTALL)
_MORE: Final = "Learn more: https://aka.ms/cosmos-native-rbac."

RULES: Final = [
    Rule(
        "B8",
        "refusal",
        "Without a role of Cosmos DB's own on the data: 403, substatus 5301, with principal, action and "
        "place. Owner and Contributor have none.",
        held_by="b8_without_a_grant_nobody_is_let_in_whatever_role_of_azures_he_has",
        source="Azure/azure-cosmos-dotnet-v3#2891 Azure/azure-cosmos-dotnet-v3#3110",
    ),
    Rule(
        "B8",
        "refusal",
        "Databases and containers are not made with a token: 403, substatus 5300.",
        held_by="b8_databases_and_containers_are_not_made_with_a_token",
        source="dotnet/efcore#32197 Azure/azure-sdk-for-java#20781",
    ),
    Rule(
        "B8",
        "assumed",
        "The account's own description is read by who may read metadata anywhere in it; all else where it "
        "is.",
        held_by="b8_a_role_on_a_container_opens_that_container_alone",
        source="https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security",
    ),
    Rule(
        "B9",
        "refusal",
        "Where keys are off, a request that is signed with one is refused: 401, local authorization is "
        "disabled.",
        held_by="b3_a_key_opens_an_account_until_keys_are_off",
        source="Azure/data-api-builder#1939",
    ),
    Rule(
        "B9",
        "assumed",
        "A token for something else, or out of its time: 401 Unauthorized.",
        held_by="b9_a_token_for_something_else_is_refused",
    ),
]


@dataclass(frozen=True)
class Access:
    """Decides on each request to an account."""

    ground: Ground

    def caller(self, account: Resource, request: Request) -> Caller | None:
        """Who asks; None for whoever signs with a key. Raises Refusal 401."""
        found = _AUTHORIZATION.fullmatch(unquote(request.headers.get("authorization", "")))
        kind, signature = (found[1].lower(), found[2]) if found else ("", "")
        if kind == "aad":
            own = f"https://{account_name(account)}{SUFFIX}"
            try:
                return self.ground.entra.verify(signature, {own, AUDIENCE})
            except Refusal as refused:
                raise refusal(401, "Unauthorized", _blocked(account, refused.message)) from refused
        if kind != "master":
            text = "Required Header authorization is missing. Ensure a valid Authorization token is passed."
            raise refusal(401, "Unauthorized", text)
        if properties_of(account.body)["disableLocalAuth"]:
            text = "Local Authorization is disabled. Use an AAD token to authorize all requests."
            raise refusal(401, "Unauthorized", text, 5202)
        if not is_signed_with_a_key(self.ground.store, account, request, signature):
            text = (
                "The input authorization token can't serve the request. Please check that the expected "
                "payload is built as per the protocol, and check the key being used."
            )
            raise refusal(401, "Unauthorized", text)
        return None

    def require(self, account: Resource, caller: Caller | None, action: str, path: str) -> None:
        """Raises Refusal 403 unless the caller has the data action, named from below the account's, at the
        path. A key has every one."""
        whole = f"{ACCOUNTS}/{action}"
        if caller is None:
            return
        assignment = self._allowing(account, caller, whole, path)
        note(Decided(whole, account.id + path, Decision(assignment is not None, assignment)))
        if assignment is not None:
            return
        who, place = caller.principal.object_id, path.strip("/") or "/"
        text = (
            f"Request is blocked because principal [{who}] does not have required RBAC permissions to "
            f"perform action [{whole}] on resource [{place}]. {_MORE}"
        )
        lacking = Lacking(who, whole, account.id + path, data=True)
        raise refusal(403, "Forbidden", _blocked(account, text), 5301, lacking=lacking)

    def _allowing(self, account: Resource, caller: Caller, action: str, path: str) -> str | None:
        """The id of an assignment that allows it."""
        store = self.ground.store
        who = {caller.principal.object_id.lower(), *(group.lower() for group in caller.groups)}
        anywhere = path == ACCOUNT and action.endswith(f"/{READ_METADATA}")
        for one in store.list(under=account.id, type=ROLE_ASSIGNMENTS):
            given = properties_of(one.body)
            if str(given["principalId"]).lower() not in who:
                continue
            if not anywhere and not is_within(path_in(account.id, str(given["scope"])), path):
                continue
            role = role_behind(store, account.id, str(given["roleDefinitionId"]))
            if (
                role is not None
                and role.allows(action, data=True)
                and self.ground.authorizer.is_honoured(one.id)
            ):
                return one.id
        return None


def not_by_a_token(account: Resource, request: Request) -> Refusal:
    """For what is Resource Manager's business."""
    asked = f"{request.method} {request.path}"
    text = f"The given request [{asked}] cannot be authorized by AAD token in data plane."
    return refusal(403, "Forbidden", _blocked(account, f"{text} {_MORE}"), 5300)


def _blocked(account: Resource, text: str) -> str:
    return f"Request blocked by Auth {account_name(account)} : {text}"
