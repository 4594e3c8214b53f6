"""What lets a principal into the data of a Cosmos DB account: no role of Azure's, one of Cosmos DB's own."""

import uuid
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import cosmosdb

from .azure_facts.data_roles import CosmosRole
from .contract import COSMOS_GRANT as TOKEN
from .existing import Retry, explained, first_error
from .in_reach import in_reach
from .outputs import register_outputs
from .plain import is_plain
from .references import parse_id
from .takes import PrincipalType, Takes
from .tried_again import while_refused

_DEPLOYERS_ROLE: Final = "DocumentDB Account Contributor"
_UNKNOWN_YET: Final = "was not found in the AAD tenant"
_WHO: Final = {
    PrincipalType.SERVICE_PRINCIPAL: "Identity",
    PrincipalType.GROUP: "Members of group",
    PrincipalType.USER: "Person",
}
_MAY: Final = {CosmosRole.READER: "read", CosmosRole.CONTRIBUTOR: "read and write"}


@dataclass(frozen=True)
class Holder:
    """Who is let in."""

    principal_id: pulumi.Output[str]
    name: pulumi.Input[str]
    kind: PrincipalType


class CosmosGrant(pulumi.ComponentResource):
    """One of Cosmos DB's two roles for one principal, on an account, a database of it or a container.

    Source: https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control
    """

    assignment_id: pulumi.Output[str]
    """Resource id of the assignment."""
    access: pulumi.Output[str]
    """Who may do what, and where, in one sentence."""

    def __init__(
        self,
        name: str,
        account_id: pulumi.Output[str],
        scope: pulumi.Output[str],
        holder: Holder,
        role: CosmosRole,
        granted_by: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        """`scope` is the account's id, or goes on from it as `references.cosmos_database` says."""
        # Under the names of `components/contract.py`: what a first preview knows.
        known = {"role": role.value, "principalType": holder.kind.value, "grantedBy": granted_by}
        if is_plain(holder.name):
            known["principalName"] = str(holder.name)
        super().__init__(TOKEN, name, known, opts)
        scope = scope.apply(lambda id: id.rstrip("/"))
        self.takes = (Takes(_DEPLOYERS_ROLE, account_id, "lets identities into its data"),)
        self.access = pulumi.Output.all(holder.name, scope).apply(
            lambda told: (
                f"{_WHO[holder.kind]} {told[0]} may {_MAY[role]} the data in {_place(str(told[1]))} "
                f"({role.value})."
            )
        )
        place = in_reach(self, f"CosmosGrant '{name}'", account_id, "an account").apply(parse_id)
        self.assignment = cosmosdb.SqlResourceSqlRoleAssignment(
            name,
            account_name=place.apply(lambda id: id.name),
            principal_id=holder.principal_id,
            resource_group_name=place.apply(lambda id: id.resource_group or ""),
            role_assignment_id=pulumi.Output.all(scope, holder.principal_id).apply(
                lambda known: assignment_name(str(known[0]), str(known[1]), role)
            ),
            role_definition_id=account_id.apply(
                lambda id: f"{id.rstrip('/')}/sqlRoleDefinitions/{role.guid}"
            ),
            scope=scope,
            # All three are in the name, which is the same for ids in another case: another grant is another
            # assignment, and the two never collide.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                ignore_changes=["principalId", "roleDefinitionId", "scope"],
                hooks=explained(
                    self,
                    name,
                    "cosmosdb:SqlResourceSqlRoleAssignment",
                    explain_refusal,
                    retry=until_found(self),
                ),
            ),
        )
        self.assignment_id = self.assignment.id
        register_outputs(self)


def until_found(about: pulumi.Resource) -> Retry:
    """Cosmos DB asks Entra for each principal and takes no word for what kind it is, so a new identity is
    refused until it is found there. That alone is tried again; `about` is what is said to be waiting.
    https://github.com/pulumi/pulumi-azure-native/issues/2816
    """
    says = "Cosmos DB does not find the principal yet: it is tried again, for ten minutes"
    return while_refused(_UNKNOWN_YET, about, says)


def assignment_name(scope: str, principal_id: str, role: CosmosRole) -> str:
    """The GUID that names the assignment, however the ids are spelt. Names of databases differ in case."""
    seed = f"{spelling(scope)}/{principal_id.lower()}/{role.guid}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, seed))


def spelling(scope: str) -> str:
    """A scope in the one spelling by which it is told from others: the account's id has no case."""
    head, mark, path = scope.rstrip("/").partition("/dbs/")
    return f"{head.lower()}{mark}{path}"


def _place(scope: str) -> str:
    """`Cosmos DB container orders of database shop of account cosno-team`."""
    account, _, path = scope.partition("/dbs/")
    database, _, container = path.partition("/colls/")
    names = (("container", container), ("database", database), ("account", parse_id(account).name))
    return "Cosmos DB " + " of ".join(f"{noun} {name}" for noun, name in names if name)


def explain_refusal(failed: pulumi.ErrorHookArgs) -> str | None:
    error, given = first_error(failed), failed.new_inputs or {}
    if _UNKNOWN_YET in error:
        return (
            f"Cosmos DB has not found principal {given.get('principalId')} for ten minutes. Give the object "
            "id of a service principal, a managed identity, a group or a person of the account's own tenant: "
            "that of an app registration, and a client id, are found nowhere."
        )
    if "AuthorizationFailed" in error:
        return (
            "Who deploys may not let anybody into this account. The output deployer_contract lists the role "
            f"that a deployer needs there, {_DEPLOYERS_ROLE}. Where nobody who deploys may have it, leave "
            "the grant to whoever owns the account: grant: false."
        )
    return None
