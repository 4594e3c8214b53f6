"""Cosmos DB's own roles, administrators of databases, caches, and keys: told and weighed as grants."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import GROUP, PRINCIPAL, State, identity, reported, state, urn
from tests.unit.access_report.test_schema import problems

STRANGER = "0b1ec700-0000-4000-8000-0000000000ff"
ACCOUNT_ID = f"{GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-shop"
READER, CONTRIBUTOR = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2))
OWN = "c0570000-0000-4000-8000-000000000002"
DATA = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers"
COSMOS = "azure-native:cosmosdb:SqlResourceSqlRoleAssignment"


def thing(type_: str, called: str, /, **names: str) -> State:
    return state(f"azure-native:{type_}", called, {"resourceGroupName": "rg-shop", **names})


ACCOUNT = state(
    "azure-native:cosmosdb:DatabaseAccount",
    "orders",
    {"resourceGroupName": "rg-shop", "accountName": "cosmos-shop"},
    id=ACCOUNT_ID,
)


def cosmos(role: Any = READER, scope: Any = "/", who: Any = PRINCIPAL, type_: str = COSMOS) -> State:
    inputs = {
        "resourceGroupName": "rg-shop",
        "accountName": "cosmos-shop",
        "principalId": who,
        "roleDefinitionId": role if role == UNKNOWN else f"{ACCOUNT_ID}/sqlRoleDefinitions/{role}",
        "scope": scope,
    }
    return state(type_, "grant", inputs)


def definition(*actions: str) -> State:
    inputs = {"accountName": "cosmos-shop", "roleName": "Own", "permissions": [{"dataActions": [*actions]}]}
    id = f"{ACCOUNT_ID}/sqlRoleDefinitions/{OWN}"
    return state("azure-native:cosmosdb:SqlResourceSqlRoleDefinition", "own", inputs, id=id)


def added(one: State, base: list[State]) -> list[str]:
    report = reported(base, [*base, one])
    assert problems(document(report)) == []
    assert report.unweighed == []
    assert report.needs.roles == []
    return [sentence.removesuffix(" (added)") for sentence in reasons(report, Condition.WIDER_ACCESS)]


def changes(before: list[State], after: list[State]) -> list[Change]:
    report: Report = reported(before, after)
    return [change.change for change in report.grants]


@pytest.mark.parametrize("type_", [COSMOS, "azure-native:documentdb:SqlResourceSqlRoleAssignment"])
@pytest.mark.parametrize(
    ("scope", "where"),
    [
        ("/", "Cosmos DB account orders"),
        (ACCOUNT_ID, "Cosmos DB account orders"),
        ("/dbs/shop", "Cosmos DB database shop of Cosmos DB account orders"),
        (
            f"{ACCOUNT_ID}/dbs/shop/colls/Carts",
            "Cosmos DB container Carts of Cosmos DB account orders",
        ),
    ],
)
def test_a_role_on_data_of_cosmos_db_is_told_with_where_it_holds(type_: str, scope: str, where: str) -> None:
    assert added(cosmos(scope=scope, type_=type_), [identity(), ACCOUNT]) == [
        f"identity app gets Cosmos DB Built-in Data Reader on {where}"
    ]


def test_roles_on_data_of_cosmos_db_are_weighed_by_action_and_by_place() -> None:
    base = [identity(), ACCOUNT]
    read, write = cosmos(), cosmos(CONTRIBUTOR)
    assert changes([*base, read], [*base, write]) == [Change.WIDENED]
    assert changes([*base, write], [*base, read]) == [Change.NARROWED]
    assert changes([*base, cosmos(scope="/dbs/shop/colls/carts")], [*base, cosmos(scope="/dbs/shop")]) == [
        Change.WIDENED
    ]
    assert changes([*base, write], [*base, cosmos(scope="/dbs/shop")]) == [Change.NARROWED]
    for other in ("/dbs/Shop", f"{ACCOUNT_ID}/dbs/Shop"):  # names of databases differ in case
        moved = changes([*base, cosmos(scope="/dbs/shop")], [*base, cosmos(scope=other)])
        assert moved == [Change.ADDED, Change.REMOVED]
    for same in ("/dbs/shop/", f"{ACCOUNT_ID.upper()}/dbs/shop"):
        assert changes([*base, cosmos(scope="/dbs/shop")], [*base, cosmos(scope=same)]) == [Change.SAME]
    assert changes([*base, read], [*base, cosmos(who=STRANGER)]) == [Change.ADDED, Change.REMOVED]
    (grant,) = reported(base, [*base, read]).grants
    assert grant.grant.may == "read the data of Cosmos DB accounts"
    (grant,) = reported(base, [*base, write]).grants
    assert grant.grant.may == "read and write the data of Cosmos DB accounts"


def test_a_role_on_data_that_the_stack_defines_is_weighed_by_its_definition() -> None:
    base = [identity(), ACCOUNT, cosmos(OWN)]
    reads, writes = definition(f"{DATA}/items/read"), definition(f"{DATA}/items/*")
    assert changes([*base, reads], [*base, writes]) == [Change.WIDENED]
    assert changes([*base, writes], [*base, reads]) == [Change.NARROWED]
    (grant,) = reported([], [*base, reads]).grants
    assert str(grant.grant.granted) == "custom role Own"
    (grant,) = reported([], base).grants
    assert str(grant.grant.granted) == f"custom role {OWN}"
    first = cosmos(UNKNOWN)
    first["propertyDependencies"] = {"roleDefinitionId": [reads["urn"]]}
    (grant,) = reported([], [identity(), ACCOUNT, reads, first]).grants
    assert str(grant.grant.granted) == "custom role Own"


@pytest.mark.parametrize("later", [{"role": UNKNOWN}, {"scope": UNKNOWN}, {"who": UNKNOWN}])
def test_what_only_the_update_will_know_counts_as_wider(later: dict[str, Any]) -> None:
    base = [identity(), ACCOUNT]
    assert changes([*base, cosmos(CONTRIBUTOR)], [*base, cosmos(**later)])[0] is Change.ADDED


@pytest.mark.parametrize(
    ("type_", "server", "properties"),
    [
        ("sql:ServerAzureADAdministrator", "sql:Server", {"sid": STRANGER, "login": "dba", "tenantId": "t"}),
        ("dbformysql:AzureADAdministrator", "dbformysql:Server", {"sid": STRANGER, "login": "dba"}),
        (
            "dbforpostgresql:Administrator",
            "dbforpostgresql:Server",
            {"objectId": STRANGER, "principalName": "dba"},
        ),
        (
            "dbforpostgresql:AdministratorsMicrosoftEntra",
            "dbforpostgresql:Server",
            {"objectId": STRANGER, "principalName": "dba"},
        ),
    ],
)
def test_an_administrator_is_told_by_name_and_object_id(
    type_: str, server: str, properties: dict[str, str]
) -> None:
    base = [thing(server, "db", serverName="sql-shop")]
    word = {"sql": "SQL", "dbformysql": "MySQL", "dbforpostgresql": "PostgreSQL"}[server.partition(":")[0]]
    one = thing(type_, "admin", serverName="sql-shop", **properties)
    assert added(one, base) == [f"principal dba ({STRANGER}) becomes an administrator of {word} server db"]
    other = thing(type_, "admin", serverName="sql-shop", **{**properties, _id(properties): PRINCIPAL})
    assert changes([*base, one], [*base, other]) == [Change.ADDED, Change.REMOVED]
    assert added(thing(type_, "admin", serverName=UNKNOWN, **properties), []) == [
        f"principal dba ({STRANGER}) becomes an administrator of {word} server that only the update will know"
    ]


def _id(properties: dict[str, str]) -> str:
    return next(key for key, value in properties.items() if value == STRANGER)


@pytest.mark.parametrize("module", ["redis", "cache"])
def test_an_access_policy_of_a_cache_is_told_and_another_one_is_another_grant(module: str) -> None:
    def policy(name: str) -> State:
        given = {"cacheName": "redis-shop", "objectId": STRANGER, "objectIdAlias": "worker"}
        return thing(f"{module}:AccessPolicyAssignment", "policy", accessPolicyName=name, **given)

    base = [thing("redis:Redis", "cache", name="redis-shop")]
    assert added(policy("Data Reader"), base) == [
        f"principal worker ({STRANGER}) gets Data Reader on Redis cache cache"
    ]
    assert changes([*base, policy("Data Reader")], [*base, policy("data owner")]) == [
        Change.ADDED,
        Change.REMOVED,
    ]
    (grant,) = reported([], [policy("Data Reader")]).grants
    assert (grant.grant.may, str(grant.grant.where)) == ("read its data", "Redis cache redis-shop")


def redis_policy(who: Any = PRINCIPAL, name: str = "default", cluster: Any = "amr-shop") -> State:
    given = {"accessPolicyName": name, "databaseName": "default", "clusterName": cluster}
    return state(
        "azure-native:redisenterprise:AccessPolicyAssignment",
        "policy",
        {"resourceGroupName": "rg-shop", **given, "user": {"objectId": who}},
    )


def test_who_is_let_into_a_managed_redis_is_told_with_what_that_is() -> None:
    base = [identity(), thing("redisenterprise:RedisEnterprise", "cache", clusterName="amr-shop")]
    assert added(redis_policy(), base) == ["identity app gets default on Managed Redis cache"]
    (grant,) = reported(base, [*base, redis_policy()]).grants
    assert grant.grant.may == "do everything with its data"
    assert changes([*base, redis_policy()], [*base, redis_policy(STRANGER)]) == [
        Change.ADDED,
        Change.REMOVED,
    ]
    assert changes([*base, redis_policy()], base) == [Change.REMOVED]
    assert changes(base, [*base, redis_policy(UNKNOWN)]) == [Change.ADDED]


def _rule(type_: str, *rights: Any, **names: str) -> State:
    return state(
        f"azure-native:{type_}", "rule", {"resourceGroupName": "rg-shop", "rights": [*rights], **names}
    )


@pytest.mark.parametrize(
    ("type_", "names", "where", "may"),
    [
        (
            "servicebus:NamespaceAuthorizationRule",
            {"namespaceName": "bus"},
            "Service Bus namespace bus",
            "receive messages from queues and topics",
        ),
        (
            "servicebus:QueueAuthorizationRule",
            {"namespaceName": "bus", "queueName": "work"},
            "Service Bus queue work",
            "receive messages from queues and topics",
        ),
        (
            "servicebus:TopicAuthorizationRule",
            {"namespaceName": "bus", "topicName": "news"},
            "Service Bus topic news",
            "receive messages from queues and topics",
        ),
        (
            "eventhub:NamespaceAuthorizationRule",
            {"namespaceName": "hubs"},
            "Event Hubs namespace hubs",
            "receive events from event hubs",
        ),
        (
            "eventhub:EventHubAuthorizationRule",
            {"namespaceName": "hubs", "eventHubName": "clicks"},
            "event hub clicks",
            "receive events from event hubs",
        ),
    ],
)
def test_whoever_holds_a_key_has_its_rights(type_: str, names: dict[str, str], where: str, may: str) -> None:
    def rule(*rights: Any) -> State:
        return _rule(type_, *rights, **names)

    assert added(rule("Listen"), []) == [f"whoever holds key rule gets the rights Listen on {where}"]
    (grant,) = reported([], [rule("listen")]).grants
    assert grant.grant.may == may
    assert changes([rule("Listen")], [rule("Send", "Listen")]) == [Change.WIDENED]
    assert changes([rule("Listen", "Send")], [rule("Manage", "Send", "Listen")]) == [Change.WIDENED]
    assert changes([rule("Manage", "Send", "Listen")], [rule("Send")]) == [Change.NARROWED]
    assert changes([rule("Listen")], [rule("listen")]) == [Change.SAME]
    assert changes([rule("Listen")], [rule("Send")]) == [Change.ADDED, Change.REMOVED]
    assert changes([rule("Manage")], [rule(UNKNOWN)]) == [Change.ADDED, Change.REMOVED]
    assert changes([rule("Manage")], [rule("Levitate")]) == [Change.ADDED, Change.REMOVED]


def test_a_first_preview_follows_names_to_what_they_are_made_from() -> None:
    bus = state("azure-native:servicebus:Namespace", "bus", {"namespaceName": UNKNOWN})
    rule = _rule("servicebus:NamespaceAuthorizationRule", "Send", namespaceName=UNKNOWN)
    rule["propertyDependencies"] = {"namespaceName": [urn("azure-native:servicebus:Namespace", "bus")]}
    (change,) = reported([], [bus, rule]).grants
    assert str(change.grant.where) == "Service Bus namespace bus"
