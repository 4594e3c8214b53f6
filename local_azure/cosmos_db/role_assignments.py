"""Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments: a role on data for one principal.

https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control
"""

import uuid
from typing import Final

from local_azure.arm import ResourceId
from local_azure.authorization.role_assignments import is_guid
from local_azure.bodies import properties_of
from local_azure.constants import TENANT_ID
from local_azure.cosmos_db.account_names import ROLE_ASSIGNMENTS
from local_azure.cosmos_db.accounts import bad_request
from local_azure.cosmos_db.data_paths import path_in
from local_azure.cosmos_db.role_definitions import role_behind
from local_azure.database_servers.accepted import Accepted
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "B7",
        "refusal",
        "A principal that Cosmos DB does not find in the tenant yet is refused, not at once but by the "
        "operation that the write began: BadRequest, the principal ID was not found in the AAD tenant(s).",
        held_by="b7_a_new_identity_is_refused_for_a_while_by_the_operation_and_not_by_the_write",
        source="pulumi/pulumi-azure-native#2816",
    ),
    Rule(
        "B7",
        "refusal",
        "The principal and the scope of an assignment never change: BadRequest.",
        held_by="b7_an_assignment_never_changes_its_principal_or_its_scope",
        source="pulumi/pulumi-azure-native#3711 pulumi/pulumi-azure-native#2253",
    ),
    Rule(
        "B7",
        "refusal",
        "A scope is the account, a database of it or a container, by its whole id or by /dbs/… alone: "
        "400 BadRequest otherwise.",
        held_by="b7_a_scope_is_an_account_a_database_or_a_container",
        source="MicrosoftDocs/azure-databases-docs#63",
    ),
    Rule(
        "B7",
        "assumed",
        "An assignment has a GUID for its name and a role of its own account: 400 BadRequest otherwise.",
        held_by="b7_a_scope_is_an_account_a_database_or_a_container",
    ),
]


class RoleAssignment(Accepted):
    """What one principal may do with data, at a path of the account."""

    type = ROLE_ASSIGNMENTS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        principal, definition = str(given.get("principalId")), str(given.get("roleDefinitionId"))
        if not is_guid(id.name) or not is_guid(principal):
            raise bad_request("The SQL Role Assignment ID and the principal ID are GUIDs.")
        if not given.get("scope"):
            raise bad_request("A SQL Role Assignment has a scope.")
        scope = id.parent + path_in(id.parent, str(given["scope"]))
        if role_behind(self.ground.store, id.parent, definition) is None:
            raise bad_request(f"The provided SQL Role Definition ID [{definition}] does not exist.")
        before = properties_of(old)
        for key, what, now in (("principalId", "Principal ID", principal), ("scope", "Scope", scope)):
            if before and str(before[key]).lower() != now.lower():
                raise bad_request(
                    f"Updating SQL Role Assignment {what} is not permitted. You may only update the "
                    "associated Role Definition."
                )
        self._require_known(principal)
        if old is None:
            self.ground.authorizer.assignment_written(id.text)
        return {"properties": {"principalId": principal, "roleDefinitionId": definition, "scope": scope}}

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.authorizer.assignment_deleted(id.text)

    def _require_known(self, principal_id: str) -> None:
        entra = self.ground.entra
        if entra.principal(principal_id) is None or entra.is_still_replicating(principal_id):
            raise Refusal(
                400, "BadRequest",
                f"The provided principal ID [{principal_id}] was not found in the AAD tenant(s) "
                f"[{TENANT_ID}] which are associated with the customer's subscription.\r\n"
                f"ActivityId: {uuid.uuid4()}, Microsoft.Azure.Documents.Common/2.14.0",
                later=True,
            )  # fmt: skip
