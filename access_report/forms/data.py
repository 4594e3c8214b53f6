"""Who gets at data by what is no role of Azure's: Cosmos DB's own roles, administrators, and keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from access_report.following import COSMOS_ROLE, REDIS, Directory, guid_in
from access_report.forms.principals import kind_of_principal, who, who_has, with_id
from access_report.grants import Form, Grant, Granted, Who
from access_report.lying_in import with_its_parts
from access_report.resources import Resource, items, known
from access_report.roles import Role, defined_by
from access_report.scopes import (
    LATER,
    Where,
    inside,
    later,
    one_part,
    place_named,
    place_of,
    place_with_id,
)
from components.azure_facts.data_roles import CosmosRole, cosmos_role, rights_of_key
from components.contract import COSMOS_GRANT, GRANTED_BY, PRINCIPAL_NAME, PRINCIPAL_TYPE, REDIS_GRANT, ROLE

_ACCOUNT: Final = "cosmosdb:DatabaseAccount"
_DATABASE: Final = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases"
_CACHE_WORDS: Final = {
    "data owner": "do everything with its data",
    "data contributor": "read and write its data",
    "data reader": "read its data",
}
"""https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure-role-based-access-control"""
_ADMINISTRATOR: Final = Granted(
    "administrator",
    "administrator",
    words="do everything with its databases",
    verb="becomes an administrator of",
)


def cosmos_role_assignment(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """In a first preview by what it is made from, and by what its component says."""
    component = directory.component_of(resource, COSMOS_GRANT)
    kind = kind_of_principal(component.value(PRINCIPAL_TYPE)) if component else "principal"
    someone = who(directory, resource, "principalId", kind, component)
    granted = _cosmos_role(directory, resource, component)
    why = str(component.value(GRANTED_BY) or "") if component else ""
    yield Grant(resource.urn, someone, granted, _cosmos_place(directory, resource, component), why, Form.DATA)


def cache_access_policy(directory: Directory, resource: Resource) -> Iterator[Grant]:
    name, alias = resource.value("accessPolicyName"), resource.value("objectIdAlias")
    granted = Granted(f"?{resource.urn}", f"access policy {LATER}", words="use its data")
    if known(name):
        words = _CACHE_WORDS.get(str(name).lower(), "use its data")
        granted = Granted(str(name).lower(), str(name), words=words)
    someone = _named(directory, resource, resource.value("objectId"), "objectId", alias)
    where = place_named(directory, resource, "cacheName", "redis:Redis")
    yield Grant(resource.urn, someone, granted, where, "", Form.DATA)


def redis_access_policy(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """Of Azure Managed Redis, whose one policy is everything."""
    component = directory.component_of(resource, REDIS_GRANT)
    name = resource.value("accessPolicyName")
    called = str(name) if known(name) else f"access policy {LATER}"
    key = called.lower() if known(name) else f"?{resource.urn}"
    granted = Granted(key, called, words="do everything with its data")
    said, why = "", ""
    kind = "principal"
    if component is not None:
        said, why = str(component.value(PRINCIPAL_NAME) or ""), str(component.value(GRANTED_BY) or "")
        kind = kind_of_principal(component.value(PRINCIPAL_TYPE))
    someone = who_has(directory, resource, resource.value("user.objectId"), "user", kind, said)
    # A component gives the cluster's id once its database is there.
    where = place_named(directory, resource, "clusterName", REDIS, beside=("redisenterprise:Database",))
    yield Grant(resource.urn, someone, granted, where, why, Form.DATA)


def administrator(server: str, id: str, name: str) -> Callable[[Directory, Resource], Iterator[Grant]]:
    """The reader of a resource that makes the principal of `id` the administrator of a server of one of
    azure-native's types; `name` is the property in which the program calls it.
    """

    def reader(directory: Directory, resource: Resource) -> Iterator[Grant]:
        where = place_named(directory, resource, "serverName", server)
        kind = kind_of_principal(resource.value("principalType"))
        someone = _named(directory, resource, resource.value(id), id, resource.value(name), kind)
        yield Grant(resource.urn, someone, _ADMINISTRATOR, where, "", Form.ADMINISTRATOR)

    return reader


def administrator_of_itself(directory: Directory, server: Resource) -> Iterator[Grant]:
    """The principal that a SQL server says is its administrator."""
    sid, name = server.given("administrators.sid"), server.given("administrators.login")
    if server.given("administrators") is None:
        return
    kind = kind_of_principal(server.given("administrators.principalType"))
    someone = _named(directory, server, sid, "administrators.sid", name, kind)
    yield Grant(server.urn, someone, _ADMINISTRATOR, place_of(directory, server), "", Form.ADMINISTRATOR)


def key_of(entity: str, property: str) -> Callable[[Directory, Resource], Iterator[Grant]]:
    """The reader of a rule with a key to an entity, of azure-native's type, that a property names."""

    def reader(directory: Directory, resource: Resource) -> Iterator[Grant]:
        where = place_named(directory, resource, property, entity)
        someone = Who(f"key {resource.urn}", "whoever holds key", resource.name)
        yield Grant(resource.urn, someone, _rights(resource), where, "", Form.KEY)

    return reader


def _rights(resource: Resource) -> Granted:
    given = resource.given("rights")
    rights = [str(one) for one in items(given) if known(one)]
    if (given is not None and not isinstance(given, list)) or len(rights) < len(items(given)):
        return Granted(f"?{resource.urn}", f"rights {LATER}", words="use its messages")
    name = f"the rights {', '.join(sorted(rights))}"
    block = rights_of_key(resource.native_type.partition(":")[0], rights)
    facts = Role(name, (block,)) if block else None
    return Granted(name.lower(), name, facts, words="" if facts and facts.may else "use its messages")


def _cosmos_role(directory: Directory, resource: Resource, component: Resource | None) -> Granted:
    id = resource.value("roleDefinitionId")
    definition = directory.only_one_behind(resource, "roleDefinitionId", COSMOS_ROLE)
    if known(id):
        built_in = cosmos_role(guid_in(str(id)))
        if built_in is not None:
            return Granted(built_in.name, built_in.name, Role(built_in.name, built_in.permissions))
        definition = directory.role_definition(guid_in(str(id)))
        if definition is None:
            return Granted(guid_in(str(id)), guid_in(str(id)), is_custom=True)
    if definition is None:
        return _cosmos_role_said(component) or Granted(f"?{resource.urn}", f"a role {LATER}")
    facts = defined_by(definition)
    return Granted(definition.urn, facts.name if facts else definition.name, facts, is_custom=True)


def _cosmos_role_said(component: Resource | None) -> Granted | None:
    """The built-in role that a component was given."""
    said = component.value(ROLE) if component else None
    role = next((cosmos_role(one.guid) for one in CosmosRole if one.value == said), None)
    if role is None:
        return None
    return Granted(role.name, role.name, Role(role.name, role.permissions), is_claimed=True)


def _cosmos_place(directory: Directory, resource: Resource, component: Resource | None) -> Where:
    """The account, or a database or a container in it: the scope is a whole id, or a path in the account."""
    scope, account = resource.value("scope"), place_named(directory, resource, "accountName", _ACCOUNT)
    if not known(scope):
        behind = directory.all_behind(resource, "scope", _ACCOUNT)
        made = behind or with_its_parts(directory, resource, "scope", _ACCOUNT)
        if made is not None and (part := one_part(directory, component)):
            return replace(_cosmos_part(place_of(directory, made), part), is_claimed=True)
        if behind is not None and behind.urn == account.urn:
            return account
        return Where(f"?{resource.urn}", "scope", later(directory, resource, "scope"))
    head, mark, path = str(scope).rstrip("/").partition("/dbs/")
    if head.count("/") > 1:
        account = place_with_id(directory, head)
    return _cosmos_part(account, mark + path) if mark else account


def _cosmos_part(account: Where, path: str) -> Where:
    place = inside(account, path, f"{_DATABASE}/containers" if "/colls/" in path else _DATABASE)
    return replace(place, key=account.key + path)  # names of databases and containers differ in case


def _named(
    directory: Directory, resource: Resource, id: Any, property: str, name: Any, kind: str = "principal"
) -> Who:
    if known(id):
        return with_id(directory, str(id), kind, str(name) if known(name) else "")
    return who(directory, resource, property, kind)
