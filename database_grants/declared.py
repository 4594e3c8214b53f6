"""What a stack declares: the database grants in its state, `pulumi stack export`."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from components.contract import (
    CLIENT_ID,
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

_SERVERS: Final = {
    "azure-native:dbformysql:Server": ("fullyQualifiedDomainName", "mysql"),
    "azure-native:dbforpostgresql:Server": ("fullyQualifiedDomainName", "postgres"),
    "azure-native:sql:Server": ("fullyQualifiedDomainName", "sql"),
}
"""Types of servers, to the output that has the host, and the dialect."""
_ADMINISTRATORS: Final = {
    "azure-native:dbformysql:AzureADAdministrator": ("serverName", "login", "sid"),
    "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra": (
        "serverName", "principalName", "objectId",
    ),
}  # fmt: skip
"""Types of administrators, to the inputs that have their server, their name there and their object id."""
_KEYS: Final = (
    DIALECT, HOST, DATABASE, SCHEMA, PRIVILEGE, PRINCIPAL_ID, PRINCIPAL_NAME, PRINCIPAL_TYPE,
)  # fmt: skip
"""What every grant has. The schema may be empty."""


class StackError(Exception):
    """The stack's state could not be read, or is not of a finished update."""


@dataclass(frozen=True, order=True)
class Declared:
    """One grant: what a principal may do in a database, or in one schema of it where `schema` is not empty.
    `kind` is in Azure's word; `client_id` is empty where it is not known, as of groups.
    """

    dialect: str
    host: str
    database: str
    schema: str
    privilege: str
    principal_id: str
    role: str
    kind: str
    client_id: str = ""

    def __str__(self) -> str:
        part = f"schema {self.schema} of " if self.schema else ""
        return f"{self.role}: {self.privilege} in {part}{self.database} on {self.host}"


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
    return read_state(exported(stack))


def exported(stack: str) -> str:
    """What `pulumi stack export` prints in the current folder. Raises StackError."""
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
    return answer.stdout


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
        if not all(isinstance(value, str) for value in values) or "" in (*values[:3], *values[4:]):
            name = str(one["urn"]).rpartition("::")[2]
            raise StackError(f"the grant {name} is not known yet: run `pulumi up` to its end, then this")
        yield Declared(*map(str, values), client_id=str(outputs.get(CLIENT_ID) or ""))


def _administrators(resources: Sequence[Mapping[str, Any]]) -> Iterator[Administrator]:
    for one in resources:
        if keys := _ADMINISTRATORS.get(str(one.get("type"))):
            given = cast(Mapping[str, Any], one.get("inputs") or {})
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
