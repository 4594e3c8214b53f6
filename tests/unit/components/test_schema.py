"""What every Pulumi language is told about the components."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from components import served
from components.version import VERSION
from tests.unit.components.schema_now import resources, text, types
from toolchain.paths import ROOT

GOLDEN = Path(served.__file__).parent / "schema.json"
SAFE = {"string", "boolean", "integer"}
SHAPING = {
    "allowed_ip_ranges",
    "administrators",
    "always_on",
    "backup_retention_days",
    "blob_access",
    "blob_readers",
    "blob_writers",
    "containers",
    "custom_domain",
    "custom_domain_tls",
    "database_readers",
    "database_writers",
    "databases",
    "domain_name_label_scope",
    "end_to_end_encryption",
    "further_identity_ids",
    "generated_secrets",
    "generated_secrets_valid_days",
    "delete_lock",
    "granted_by",
    "identity",
    "links",
    "manage_storage_access",
    "manage_vault_access",
    "min_tls_cipher_suite",
    "os",
    "postgres_allowed_ip_ranges",
    "postgres_public_network_access",
    "postgres_version",
    "principal_type",
    "public_network_access",
    "protect_vault",
    "purge_protection",
    "queue_access",
    "queues",
    "redundancy",
    "recover",
    "runtime",
    "secret_access",
    "secret_officers",
    "secret_readers",
    "secrets",
    "sign_in",
    "size",
    "slots",
    "soft_delete_retention_days",
    "ssh_enabled",
    "sticky_settings",
    "storage_gb",
    "storage_allowed_ip_ranges",
    "storage_allowed_subnet_ids",
    "storage_private_dns_zone_ids",
    "storage_public_network_access",
    "tables",
    "vault_allowed_ip_ranges",
    "vault_allowed_subnet_ids",
    "vault_public_network_access",
    "workers",
    "zone_redundant",
    "tags_added_elsewhere",
    "event_receivers",
    "event_senders",
    "hubs",
    "consumer_groups",
    "partitions",
    "message_receivers",
    "message_senders",
    "namespace_allowed_ip_ranges",
    "namespace_allowed_subnet_ids",
    "namespace_public_network_access",
    "subscriptions",
    "tier",
    "topics",
    "certificate_officers",
    "generated_keys",
    "key_officers",
    "key_users",
}

RECORDS = {"links": "Link", "generatedKeys": "GeneratedKey"}
"""Maps of the user's own names to records."""


def _inputs() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (token, key, spec)
        for token, resource in resources().items()
        for key, spec in resource["inputProperties"].items()
    ]


def _choices() -> dict[str, dict[str, Any]]:
    return {token: spec for token, spec in types().items() if "enum" in spec}


def _snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def test_no_change_of_the_schema_goes_unnoticed() -> None:
    same = GOLDEN.read_text(encoding="utf-8") == f"{text()}\n"
    assert same, (
        "What other languages see has changed. Write it anew, read the difference, and choose the version by "
        "it (docs/guides/importing.md): .venv/bin/python -m components.served > components/schema.json"
    )


def test_the_schema_has_the_name_and_the_version_of_the_package() -> None:
    schema = json.loads(text())
    assert (schema["name"], schema["version"]) == ("keyless", VERSION)


def test_what_is_generated_is_not_one_of_pulumis_own_packages() -> None:
    schema = json.loads(text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert schema["namespace"] == project["name"] == "keyless-azure"
    assert (schema["displayName"], schema["license"]) == ("Keyless", project["license"])
    assert schema["description"]


def test_the_components_are_served_under_these_tokens() -> None:
    assert set(resources()) == {
        f"keyless:index:{name}"
        for name in (
            "AccessGrant",
            "EventHubs",
            "FunctionApp",
            "KeyVault",
            "KeylessWebApp",
            "ManagedIdentity",
            "PostgresServer",
            "ServiceBus",
            "StorageAccount",
            "WebApp",
            "WebAppSlot",
            "WorkloadAccess",
        )
    }


def test_every_component_registers_itself_under_the_token_it_is_served_as() -> None:
    from components import access, identity, keyless_web_app, workload_access
    from components.hosts.app_service import function_app, web_app, web_app_slot
    from components.targets import event_hubs, key_vault, postgres_server, service_bus, storage_account

    hosts = (web_app, web_app_slot, function_app)
    targets = (key_vault, postgres_server, storage_account, service_bus, event_hubs)
    others = (access, identity, keyless_web_app, workload_access)
    tokens = {module.TOKEN for module in (*others, *hosts, *targets)}
    assert tokens == set(resources())


def test_every_argument_and_every_output_is_documented_in_one_line() -> None:
    undocumented = [
        f"{token}.{key}"
        for token, resource in resources().items()
        for group in ("inputProperties", "properties")
        for key, spec in resource[group].items()
        if not spec.get("description") or "\n" in spec["description"]
    ]
    assert undocumented == []
    assert all(described["description"] for described in (*resources().values(), *types().values()))


def test_every_value_of_a_choice_is_documented() -> None:
    assert {
        token: [v["name"] for v in spec["enum"] if not v.get("description")]
        for token, spec in _choices().items()
    } == {
        f"keyless:index:{name}": []
        for name in (
            "BlobAccess",
            "CertificateAccess",
            "DomainNameLabelScope",
            "EventAccess",
            "IdentityKind",
            "KeyAccess",
            "KeyKind",
            "KeyPurpose",
            "OperatingSystem",
            "PostgresAccess",
            "MessageAccess",
            "MessagingTier",
            "PrincipalType",
            "QueueAccess",
            "Redundancy",
            "Role",
            "Runtime",
            "SecretAccess",
            "TableAccess",
            "UnauthenticatedCalls",
        )
    }


def test_optional_arguments_say_what_leaving_them_out_means() -> None:
    silent = [
        f"{token}.{key}"
        for token, key, spec in _inputs()
        if key not in resources()[token].get("requiredInputs", [])
        and not any(
            words in spec["description"].lower() for words in ("left out", "required", "together with")
        )
    ]
    assert silent == []


def test_arguments_are_of_types_that_every_language_carries_over() -> None:
    for token, key, spec in _inputs():
        where = f"{token}.{key}"
        if "$ref" in spec:
            if key == "signIn":
                assert (spec["$ref"], spec["plain"]) == ("#/types/keyless:index:SignIn", True), where
                continue
            assert spec["$ref"].removeprefix("#/types/") in _choices(), where
            # An Output in the place of a choice would not arrive as what it is.
            assert spec["plain"] is True, where
        elif spec["type"] == "object" and key in RECORDS:
            entry = spec["additionalProperties"]
            assert (entry["$ref"], entry["plain"]) == (f"#/types/keyless:index:{RECORDS[key]}", True), where
        elif spec["type"] == "object":
            assert spec["additionalProperties"]["type"] in ("string", "integer"), where
        elif spec["type"] == "array":
            assert (spec["items"]["type"], spec["items"]["plain"]) == ("string", True), where
        else:
            assert spec["type"] in SAFE, where


def test_exactly_what_decides_the_shape_is_plain() -> None:
    assert {_snake(key) for _, key, spec in _inputs() if spec.get("plain")} == SHAPING


@pytest.mark.parametrize(
    ("token", "required"),
    [
        ("AccessGrant", ["principalId", "role", "scopeId"]),
        ("EventHubs", []),
        ("FunctionApp", ["resourceGroupName"]),
        ("KeyVault", []),
        ("KeylessWebApp", []),
        ("ManagedIdentity", []),
        ("PostgresServer", []),
        ("ServiceBus", []),
        ("StorageAccount", []),
        ("WebApp", ["resourceGroupName"]),
        ("WebAppSlot", ["appId", "planId", "slotName", "stickySettings"]),
        ("WorkloadAccess", ["links", "principalId"]),
    ],
)
def test_little_is_required(token: str, required: list[str]) -> None:
    assert sorted(resources()[f"keyless:index:{token}"].get("requiredInputs", [])) == required


def test_ids_that_an_app_may_lack_are_optional_outputs() -> None:
    for token in ("FunctionApp", "WebApp", "WebAppSlot", "KeylessWebApp"):
        required = resources()[f"keyless:index:{token}"]["required"]
        assert not {"identityId", "principalId", "clientId"} & set(required)
        assert "url" in required


def test_no_output_has_a_name_that_the_wire_drops() -> None:
    assert all(not {"id", "urn"} & set(resource["properties"]) for resource in resources().values())
