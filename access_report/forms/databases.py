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
    GRANTED_BY,
    PRINCIPAL_ID,
    PRINCIPAL_TYPE,
    PRIVILEGE,
    SCHEMA,
    SERVER_ID,
)

_DATABASE: Final = "Microsoft.DBforPostgreSQL/flexibleServers/databases"
_MAY: Final = {
    "read": "read schema {}",
    "write": "read and write schema {}",
    "own": "make, change and drop what is in schema {}",
}


def database_grant(directory: Directory, resource: Resource) -> Iterator[Grant]:
    verb, schema = str(resource.value(PRIVILEGE)), str(resource.value(SCHEMA))
    words = _MAY.get(verb, "use schema {}").format(schema)
    granted = Granted(f"{verb} {schema}", verb, words=words)
    where = place_of_id(directory, resource, SERVER_ID, "dbforpostgresql:Server")
    if known(database := resource.value(DATABASE)):
        where = inside(where, f"/databases/{database}", _DATABASE)
    kind = kind_of_principal(resource.value(PRINCIPAL_TYPE))
    someone = who(directory, resource, PRINCIPAL_ID, kind, resource)
    why = f"{resource.value(GRANTED_BY) or 'a database grant'}, once {APPLIED_BY} has run"
    yield Grant(resource.urn, someone, granted, where, why, Form.DATABASE)
