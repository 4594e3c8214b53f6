"""What every Pulumi language is told about records: links and keys in maps of the user's own names, and
sign-in."""

from typing import Any

import pytest

from components import Role
from components.links import target_records
from tests.unit.components.schema_now import resources, types

SHAPING = {
    "access",
    "ai",
    "appConfiguration",
    "references",
    "search",
    "secret",
    "capacity",
    "command",
    "cpu",
    "memoryInGb",
    "ports",
    "capacityKind",
    "metadata",
    "log",
    "type",
    "model",
    "publisher",
    "version",
    "allowedAudiences",
    "app",
    "blobs",
    "cosmos",
    "callers",
    "eventHubs",
    "certificates",
    "identity",
    "databaseRole",
    "excludedPaths",
    "files",
    "grant",
    "eventGrid",
    "keyVault",
    "logsIngestion",
    "signalr",
    "webPubSub",
    "mysql",
    "postgres",
    "schema",
    "keys",
    "names",
    "kind",
    "purpose",
    "queues",
    "redis",
    "registry",
    "role",
    "roleAssignmentMode",
    "rotateAfterDays",
    "secretAccess",
    "secrets",
    "serviceBus",
    "sql",
    "tables",
    "tokenStore",
    "tokenVersion",
    "unauthenticatedCalls",
    "variables",
}
"""What decides what is created: the target, its verb, what is granted here, what code is told; who may
call without having signed in; and what a key is."""
REQUIRED = {
    "Certificates": ["endpoint", "id", "names"],
    "AiLink": ["endpoint", "id"],
    "AppConfigurationLink": ["endpoint", "id"],
    "ModelDeployment": ["model"],
    "ReferencedSecret": ["secret", "vaultId"],
    "SearchLink": ["endpoint", "id"],
    "VaultReference": ["secret", "vaultEndpoint", "vaultId"],
    "WorkflowCaller": ["audience", "objectId"],
    "AppLink": ["audience", "endpoint", "id"],
    "BlobsLink": ["endpoint", "id"],
    "Container": ["image"],
    "CosmosLink": ["endpoint", "id"],
    "CustomerKey": ["endpoint", "id", "key"],
    "EventGridLink": ["endpoint", "id"],
    "EventHubsLink": ["endpoint", "id"],
    "CertificatesLink": ["endpoint", "id"],
    "FilesLink": ["endpoint", "id"],
    "GeneratedKey": ["purpose"],
    "KeyVaultLink": ["endpoint", "id"],
    "KeysLink": ["endpoint", "id"],
    "Link": [],
    "LogsIngestionLink": ["endpoint", "id", "ruleId", "stream"],
    "MySqlLink": ["database", "endpoint", "id"],
    "PostgresLink": ["database", "endpoint", "id"],
    "QueuesLink": ["endpoint", "id"],
    "RedisLink": ["endpoint", "id"],
    "RegistryLink": ["endpoint", "id"],
    "Reviewed": ["id"],
    "RoleLink": ["id", "role"],
    "ScaleRule": ["type"],
    "ServiceBusLink": ["access", "endpoint", "id"],
    "SignalRLink": ["endpoint", "id"],
    "SignIn": ["clientId"],
    "SqlLink": ["database", "endpoint", "id"],
    "TablesLink": ["endpoint", "id"],
    "WebPubSubLink": ["endpoint", "id"],
}


OF_OTHERS = {
    "Reviewed",
    "ScaleRule",
    "Container",
    "Certificates",
    "CustomerKey",
    "GeneratedKey",
    "Link",
    "ModelDeployment",
    "ReferencedSecret",
    "SignIn",
    "VaultReference",
    "WorkflowCaller",
}
"""Records that are no targets of links."""


def records() -> dict[str, dict[str, Any]]:
    return {token.rpartition(":")[2]: spec for token, spec in types().items() if "enum" not in spec}


def fields() -> list[tuple[str, str, dict[str, Any]]]:
    return [(name, key, spec) for name, of in records().items() for key, spec in of["properties"].items()]


def test_a_link_has_a_field_for_each_target_that_is_a_plain_record() -> None:
    refs = {
        key: (spec["$ref"].rpartition(":")[2], spec["plain"])
        for record, key, spec in fields()
        if record == "Link" and "$ref" in spec
    }
    # Generators add Args to the name of every type that is given.
    targets = [kind.__name__.removesuffix("Args") for kind in target_records().values()]
    assert sorted(refs.values()) == sorted((target, True) for target in targets)
    assert {record for record, _ in refs.values()} == set(records()) - OF_OTHERS


def test_every_field_of_a_link_is_documented_in_one_line() -> None:
    undocumented = [
        f"{record}.{key}"
        for record, key, spec in fields()
        if not spec.get("description") or "\n" in spec["description"]
    ]
    assert undocumented == []


def test_optional_fields_say_what_leaving_them_out_means() -> None:
    silent = [
        f"{record}.{key}"
        for record, key, spec in fields()
        if key not in records()[record].get("required", []) and "left out" not in spec["description"]
    ]
    assert silent == []


def test_what_a_link_cannot_do_without_is_required() -> None:
    assert {name: sorted(record.get("required", [])) for name, record in records().items()} == REQUIRED


def test_ids_and_addresses_may_be_outputs_and_exactly_what_decides_the_shape_is_plain() -> None:
    plain = {(record, key) for record, key, spec in fields() if spec.get("plain")}
    assert {key for _, key in plain} == SHAPING
    # A role may be one that the same program defines.
    assert plain.isdisjoint({("RoleLink", "role"), ("KeysLink", "role")})


def test_fields_are_of_types_that_every_language_carries_over() -> None:
    for record, key, spec in fields():
        where = f"{record}.{key}"
        if "$ref" in spec:
            # An Output in the place of a record or of a choice would not arrive as what it is.
            assert spec["$ref"].removeprefix("#/types/") in types(), where
            assert spec["plain"] is True, where
        elif spec["type"] == "object" and "$ref" in spec["additionalProperties"]:
            entry = spec["additionalProperties"]
            assert entry["$ref"].removeprefix("#/types/") in types(), where
            assert (entry["plain"], spec["plain"]) == (True, True), where
        elif spec["type"] == "object":
            entry = spec["additionalProperties"]
            # Of identities that the same program makes, and of what its rules are asked.
            ids = where in ("SignIn.callers", "ScaleRule.metadata")
            plain = (entry["type"], entry.get("plain", False), spec["plain"])
            assert plain == ("string", not ids, True), where
        elif spec["type"] == "array":
            assert (spec["items"]["plain"], spec["plain"]) == (True, True), where
            assert spec["items"]["type"] == ("integer" if key == "ports" else "string"), where
        else:
            assert spec["type"] in ("string", "boolean", "integer", "number"), where


def test_a_role_is_any_text_or_one_of_those_that_have_a_name() -> None:
    either = [{"type": "string"}, {"$ref": "#/types/keyless:index:Role"}]
    grant = resources()["keyless:index:AccessGrant"]["inputProperties"]
    for properties in (grant, records()["RoleLink"]["properties"], records()["KeysLink"]["properties"]):
        assert (properties["role"]["type"], properties["role"]["oneOf"]) == ("string", either)
    offered = {choice["name"]: choice["value"] for choice in types()["keyless:index:Role"]["enum"]}
    assert offered == {role.name: role.value for role in Role}


def test_nothing_else_is_offered_in_two_types() -> None:
    tops = [
        (token.rpartition(":")[2], key, spec)
        for token, resource in resources().items()
        for key, spec in resource["inputProperties"].items()
    ]
    both = {(of, key) for of, key, spec in [*tops, *fields()] if "oneOf" in spec}
    assert both == {("AccessGrant", "role"), ("RoleLink", "role"), ("KeysLink", "role")}


@pytest.mark.parametrize(
    "component", ["FunctionApp", "FunctionAppSlot", "KeylessWebApp", "WebApp", "WebAppSlot", "WorkloadAccess"]
)
def test_links_are_the_same_wherever_they_are_taken(component: str) -> None:
    links = resources()[f"keyless:index:{component}"]["inputProperties"]["links"]
    entry = links["additionalProperties"]
    assert (entry["$ref"], entry["plain"], links["plain"]) == ("#/types/keyless:index:Link", True, True)
