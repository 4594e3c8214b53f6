"""What a stack declares: the database grants in its state, `pulumi stack export`."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from components.contract import (
    DATABASE,
    DATABASE_GRANT,
    DIALECT,
    HOST,
    PRINCIPAL_ID,
    PRINCIPAL_NAME,
    PRINCIPAL_TYPE,
    PRIVILEGE,
    SCHEMA,
)

_SERVERS: Final = {"azure-native:dbforpostgresql:Server": ("fullyQualifiedDomainName", "postgres")}
"""Types of servers, to the output that has the host, and the dialect."""
ADMINISTRATOR: Final = "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra"
_KEYS: Final = (
    DIALECT, HOST, DATABASE, SCHEMA, PRIVILEGE, PRINCIPAL_ID, PRINCIPAL_NAME, PRINCIPAL_TYPE,
)  # fmt: skip


class StackError(Exception):
    """The stack's state could not be read, or is not of a finished update."""


@dataclass(frozen=True, order=True)
class Declared:
    """One grant: what a principal may do in one schema of a database. `kind` is in Azure's word."""

    dialect: str
    host: str
    database: str
    schema: str
    privilege: str
    principal_id: str
    role: str
    kind: str

    def __str__(self) -> str:
        return f"{self.role}: {self.privilege} in schema {self.schema} of {self.database} on {self.host}"


@dataclass(frozen=True)
class Administrator:
    """Whom the stack makes an administrator of a server, by the first word of the server's host."""

    server: str
    name: str
    object_id: str


@dataclass(frozen=True)
class Stack:
    """`owner` is the project and the stack: what the grants of this stack are told from others by."""

    owner: str
    grants: Sequence[Declared]
    administrators: Sequence[Administrator]
    servers: Sequence[tuple[str, str]] = ()
    """Servers of the stack itself, whether anything is declared there or not: host and dialect."""

    def hosts(self) -> Sequence[tuple[str, str]]:
        """Each server once, with its dialect."""
        return sorted({*self.servers, *((one.host, one.dialect) for one in self.grants)})


def read_stack(stack: str) -> Stack:
    """Run `pulumi stack export` in the current folder. Raises StackError."""
    command = ["pulumi", "stack", "export", "--stack", stack]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise StackError(
            "the `pulumi` command was not found. Install it (https://www.pulumi.com/docs/install/), or give "
            "the state with --state."
        ) from error
    if answer.returncode:
        raise StackError(f"`{' '.join(command)}` failed: {answer.stderr.strip()}")
    return read_state(answer.stdout)


def read_state(text: str) -> Stack:
    """The state of a stack, as `pulumi stack export` prints it. Raises StackError."""
    try:
        resources = cast(list[dict[str, Any]], json.loads(text)["deployment"].get("resources") or [])
        urns = [str(one["urn"]) for one in resources]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise StackError("expected the state that `pulumi stack export` prints") from error
    owner = "/".join(reversed(urns[0].split("::")[0:2])).replace("urn:pulumi:", "") if urns else ""
    return Stack(owner, sorted(_grants(resources)), list(_administrators(resources)), _servers(resources))


def _grants(resources: Sequence[Mapping[str, Any]]) -> Iterator[Declared]:
    for one in resources:
        if one.get("type") != DATABASE_GRANT or one.get("delete"):
            continue
        outputs = cast(Mapping[str, Any], one.get("outputs") or {})
        values = [outputs.get(key) for key in _KEYS]
        if not all(isinstance(value, str) and value for value in values):
            name = str(one["urn"]).rpartition("::")[2]
            raise StackError(f"the grant {name} is not known yet: run `pulumi up` to its end, then this")
        yield Declared(*map(str, values))


def _administrators(resources: Sequence[Mapping[str, Any]]) -> Iterator[Administrator]:
    for one in resources:
        if one.get("type") == ADMINISTRATOR:
            given = cast(Mapping[str, Any], one.get("inputs") or {})
            keys = ("serverName", "principalName", "objectId")
            if all(isinstance(given.get(key), str) for key in keys):
                yield Administrator(*(str(given[key]) for key in keys))


def _servers(resources: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in resources:
        output, kind = _SERVERS.get(str(one.get("type")), ("", ""))
        host = cast(Mapping[str, Any], one.get("outputs") or {}).get(output)
        if isinstance(host, str) and not one.get("delete"):
            found.append((host, kind))
    return found
