"""What somebody may do inside a database: declared by a component, given by SQL when its command has run."""

from collections.abc import Iterator
from typing import Final

from access_report.following import Directory
from access_report.forms.principals import kind_of_principal, who
from access_report.grants import Form, Grant, Granted
from access_report.resources import Resource, known
from access_report.scopes import inside, place_of_id
from components.contract import (
    APPLIED_BY,
    DATABASE,
    DIALECT,
    GRANTED_BY,
    PRINCIPAL_ID,
    PRINCIPAL_TYPE,
    PRIVILEGE,
    SCHEMA,
    SERVER_ID,
)

_ROLE: Final = "role "
_KINDS: Final = {
    "mysql": ("dbformysql:Server", "Microsoft.DBforMySQL/flexibleServers/databases"),
    "postgres": ("dbforpostgresql:Server", "Microsoft.DBforPostgreSQL/flexibleServers/databases"),
    "sql": ("sql:Server", "Microsoft.Sql/servers/databases"),
}
"""The server of each dialect as Pulumi calls it, and a database in it as Azure does."""
_MAY: Final = {
    "read": "read {}",
    "write": "read and write {}",
    "execute": "call the procedures of {}",
    "own": "make, change and drop what is in {}",
}


def database_grant(directory: Directory, resource: Resource) -> Iterator[Grant]:
    verb, schema = str(resource.value(PRIVILEGE)), str(resource.value(SCHEMA))
    place = f"schema {schema}" if schema else "the whole database"
    if verb.startswith(_ROLE):  # whose name may have braces in it
        words = f"do what the role {verb.removeprefix(_ROLE)} may in {place}"
    else:
        words = _MAY.get(verb, "use {}").format(place)
    granted = Granted(f"{verb} {schema}".rstrip(), verb, words=words)
    server, database_type = _KINDS.get(str(resource.value(DIALECT)), _KINDS["postgres"])
    where = place_of_id(directory, resource, SERVER_ID, server)
    if known(database := resource.value(DATABASE)):
        where = inside(where, f"/databases/{database}", database_type)
    kind = kind_of_principal(resource.value(PRINCIPAL_TYPE))
    someone = who(directory, resource, PRINCIPAL_ID, kind, resource)
    why = f"{resource.value(GRANTED_BY) or 'a database grant'}, once {APPLIED_BY} has run"
    yield Grant(resource.urn, someone, granted, where, why, Form.DATABASE)
