"""A stack of components as the engine exports it, and what the logs are said to have of its grants."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audit.evidence import Audit, Log
from audit.grants import stack_of
from audit.joined import audit
from audit.kinds import kinds
from audit.suggest.project import Project
from audit.suggest.suggestion import Suggestion, suggest
from audit.suggest.wishes import Stays, Wish, wishes
from audit.uses import Use
from components.azure_facts.roles import role_named
from tests.unit.access_report.previews import GROUP, PRINCIPAL, STACK, State

UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stshop"
BLOBS = f"{ACCOUNT}/blobServices/default/containers/"
QUEUES = f"{ACCOUNT}/queueServices/default/queues/"
READ_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
READ_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
WRITE_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"
SIGN = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
QUEUE_MESSAGES = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"


@dataclass(frozen=True)
class Given:
    """A grant of the stage: the role on the scope, and what was done with it, as action and part."""

    role: str
    scope: str
    uses: Sequence[tuple[str, str]] = ()
    kind: str = "ServicePrincipal"


def host(
    token: str,
    name: str,
    grants: Mapping[str, Given],
    inputs: Mapping[str, Any] | None = None,
    *,
    inside: State | None = None,
) -> list[State]:
    """A component with the grants that its links ask for, by their keys."""
    own = _resource(f"keyless:index:{token}", name, inputs or {}, inside)
    return [own, *(one for key, given in grants.items() for one in grant(f"{name}-{key}", given, own))]


def grant(name: str, given: Given, inside: State | None = None) -> list[State]:
    """An AccessGrant with its assignment."""
    own = _resource("keyless:index:AccessGrant", name, {}, inside)
    return [own, assignment(name, given, own)]


def assignment(name: str, given: Given, inside: State | None = None) -> State:
    """An assignment of Azure's own."""
    role = role_named(given.role)
    assert role is not None
    inputs = {
        "principalId": PRINCIPAL,
        "principalType": given.kind,
        "roleDefinitionId": f"/x/providers/Microsoft.Authorization/roleDefinitions/{role.guid}",
        "scope": given.scope,
    }
    id = f"{given.scope}/providers/Microsoft.Authorization/roleAssignments/{_guid(name)}"
    made = _resource("azure-native:authorization:RoleAssignment", name, inputs, inside, id)
    uses = [{"action": action, "part": part} for action, part in given.uses]
    return {**made, "created": "2026-01-01T00:00:00Z", "told": uses}


def audited(resources: Sequence[State], days: float = 30, *, span: int = 30) -> Audit:
    """What an audit over `span` days finds where the logs of vault and account are on for `days`."""
    vault = {"vaultName": "kv-shop", "properties": {"enableRbacAuthorization": True}}
    targets = [
        _resource("azure-native:keyvault:Vault", "vault", vault, id=VAULT),
        _resource("azure-native:storage:StorageAccount", "files", {"accountName": "stshop"}, id=ACCOUNT),
    ]
    stack = stack_of({"deployment": {"resources": [*targets, *resources]}})
    since = UNTIL - timedelta(days=span)
    on = Log(True, UNTIL - timedelta(days=days), "its first row")
    logs = {(target, kind.name): on for target, found in stack.targets.items() for kind in found}
    uses = [use for one in resources for use in _uses(one)]
    return audit(stack, uses, logs, since, UNTIL)


def wished(*resources: list[State], days: float = 30) -> list[Wish | Stays]:
    found = audited([one for each in resources for one in each], days)
    return sorted(wishes(found, 30), key=lambda one: isinstance(one, Stays))


def suggested(folder: Path, files: Mapping[str, str], *resources: list[State]) -> Suggestion:
    """What is proposed of a program of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return suggest(audited([one for each in resources for one in each]), Project.read(folder), 30)


def _uses(one: State) -> list[Use]:
    at = UNTIL - timedelta(days=1)
    found: list[Use] = []
    for told in one.get("told", ()):
        scope = str(one["inputs"]["scope"])
        target = next(target for target in (VAULT, ACCOUNT) if scope.startswith(target))
        kind = next(kind for kind in kinds().values() if kind.is_left_by(told["action"] or READ_BLOB))
        found.append(
            Use(
                kind,
                target.lower(),
                told["part"],
                told["action"].rpartition("/")[2],
                told["action"],
                PRINCIPAL,
                "",
                "",
                one["id"].lower(),
                200,
                3,
                at,
                at,
                (),
            )
        )
    return found


def _resource(
    type_: str, name: str, inputs: Mapping[str, Any], inside: State | None = None, id: str = ""
) -> State:
    around = inside["urn"].removeprefix(STACK).rpartition("::")[0] + "$" if inside else ""
    return {
        "urn": f"{STACK}{around}{type_}::{name}",
        "type": type_,
        "custom": not type_.startswith("keyless:"),
        "id": id,
        "inputs": dict(inputs),
        "outputs": dict(inputs),
        "parent": inside["urn"] if inside else "",
    }


def _guid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
