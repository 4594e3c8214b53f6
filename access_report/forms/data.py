"""Who gets at data by what is no role of Azure's: Cosmos DB's own roles, administrators, and keys."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from access_report.following import COSMOS_ROLE, Directory, guid_in
from access_report.forms.principals import kind_of_principal, who, with_id
from access_report.grants import Form, Grant, Granted, Who
from access_report.resources import Resource, items, known
from access_report.roles import Role, defined_by
from access_report.scopes import LATER, Where, inside, later, place_named, place_with_id
from components.azure_facts.data_roles import cosmos_role, rights_of_key

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
    someone = who(directory, resource, "principalId")
    granted, where = _cosmos_role(directory, resource), _cosmos_place(directory, resource)
    yield Grant(resource.urn, someone, granted, where, "", Form.DATA)


def cache_access_policy(directory: Directory, resource: Resource) -> Iterator[Grant]:
    name, alias = resource.value("accessPolicyName"), resource.value("objectIdAlias")
    granted = Granted(f"?{resource.urn}", f"access policy {LATER}", words="use its data")
    if known(name):
        words = _CACHE_WORDS.get(str(name).lower(), "use its data")
        granted = Granted(str(name).lower(), str(name), words=words)
    someone = _named(directory, resource, resource.value("objectId"), "objectId", alias)
    where = place_named(directory, resource, "cacheName", "redis:Redis")
    yield Grant(resource.urn, someone, granted, where, "", Form.DATA)


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


def _cosmos_role(directory: Directory, resource: Resource) -> Granted:
    id = resource.value("roleDefinitionId")
    definition = directory.only_one_behind(resource, "roleDefinitionId", COSMOS_ROLE)
    if known(id):
        built_in = cosmos_role(guid_in(str(id)))
        if built_in is not None:
            facts = Role(built_in.name, built_in.permissions)
            return Granted(built_in.name, built_in.name, facts)
        definition = directory.role_definition(guid_in(str(id)))
        if definition is None:
            return Granted(guid_in(str(id)), guid_in(str(id)), is_custom=True)
    if definition is None:
        return Granted(f"?{resource.urn}", f"a role {LATER}")
    facts = defined_by(definition)
    return Granted(definition.urn, facts.name if facts else definition.name, facts, is_custom=True)


def _cosmos_place(directory: Directory, resource: Resource) -> Where:
    """The account, or a database or a container in it: the scope is a whole id, or a path in the account."""
    scope, account = resource.value("scope"), place_named(directory, resource, "accountName", _ACCOUNT)
    if not known(scope):
        behind = directory.all_behind(resource, "scope", _ACCOUNT)
        if behind is not None and behind.urn == account.urn:
            return account
        return Where(f"?{resource.urn}", "scope", later(directory, resource, "scope"))
    head, mark, path = str(scope).partition("/dbs/")
    if head.count("/") > 1:
        account = place_with_id(directory, head)
    type_ = f"{_DATABASE}/containers" if "/colls/" in path else _DATABASE
    return inside(account, f"/dbs/{path}", type_) if mark else account


def _named(
    directory: Directory, resource: Resource, id: Any, property: str, name: Any, kind: str = "principal"
) -> Who:
    if known(id):
        return with_id(directory, str(id), kind, str(name) if known(name) else "")
    return who(directory, resource, property, kind)
