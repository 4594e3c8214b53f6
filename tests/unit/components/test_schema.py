"""What every Pulumi language is told about the components."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from components import served
from components.contract import CALL_GRANT, COSMOS_GRANT, DATABASE_GRANT, RECORDED, REDIS_GRANT
from components.version import VERSION
from tests.unit.components.schema_now import resources, text, types
from toolchain.paths import ROOT

GOLDEN = Path(served.__file__).parent / "schema.json"
SAFE = {"string", "boolean", "integer"}
SHAPING = {
    "allowed_caller_ip_ranges",
    "callers",
    "definition",
    "enabled",
    "run_history_ip_ranges",
    "cluster_upgrades",
    "max_nodes",
    "min_nodes",
    "node_upgrades",
    "outbound",
    "readers",
    "registry_role_assignment_mode",
    "ssh_server",
    "writers",
    "zones",
    "alert_emails",
    "deployer_ids",
    "disabled_functions",
    "entra_logs",
    "exports_activity_log",
    "known_principal_ids",
    "resources",
    "retention_days",
    "arguments",
    "command",
    "cpu",
    "external",
    "health_path",
    "internal",
    "max_executions",
    "max_replicas",
    "min_replicas",
    "parallelism",
    "retries",
    "revisions",
    "scale_rules",
    "schedule",
    "target_port",
    "timeout_seconds",
    "workload_profile",
    "containers",
    "restart_policy",
    "allowed_ip_ranges",
    "allowed_subnet_ids",
    "backup",
    "data_readers",
    "data_writers",
    "max_throughput",
    "administrators",
    "always_on",
    "always_ready",
    "backup_retention_days",
    "blob_access",
    "blob_readers",
    "blob_writers",
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
    "instance_memory_mb",
    "http_concurrency",
    "links",
    "manage_storage_access",
    "manage_vault_access",
    "maximum_instance_count",
    "min_tls_cipher_suite",
    "os",
    "mysql_version",
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
    "triggers",
    "shares",
    "file_readers",
    "file_writers",
    "queue_readers",
    "queue_writers",
    "table_readers",
    "table_writers",
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
    "clustering_policy",
    "encryption",
    "exports",
    "high_availability",
    "image_pullers",
    "image_pushers",
    "role_assignment_mode",
    "configuration_owners",
    "configuration_readers",
    "deployments",
    "index_readers",
    "index_writers",
    "key_values",
    "kind",
    "model_users",
    "private_dns_zone_ids",
    "references",
    "replicas",
    "certificate_officers",
    "generated_keys",
    "key_officers",
    "key_users",
    "columns",
    "connection_managers",
    "connection_readers",
    "event_schema",
    "mode",
    "public_clients_only",
    "row_senders",
    "table",
    "units",
    "container_name",
    "create_objects",
    "further_issuer_urls",
    "secret_delivery",
    "service_account",
    "automatic_patching",
    "boot_diagnostics",
    "certificates",
    "cloud_init",
    "encryption_at_host",
    "instances",
    "login_administrators",
    "login_users",
    "os_disk_size_gb",
    "os_disk_type",
    "trusted_launch",
    "upgrade_mode",
}

RECORDS = {
    "scaleRules": "ScaleRule",
    "callers": "WorkflowCaller",
    "containers": "Container",
    "links": "Link",
    "generatedKeys": "GeneratedKey",
    "deployments": "ModelDeployment",
    "references": "VaultReference",
    "resources": "Reviewed",
}
"""Maps of the user's own names to records."""

SINGLE = {"certificates": "Certificates", "encryption": "CustomerKey", "signIn": "SignIn"}
"""Records that there is one of."""


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
            "AccessReview",
            "ContainerRegistry",
            "CosmosAccount",
            "DiskEncryptionSet",
            "EventGridTopic",
            "AiServices",
            "AppConfiguration",
            "EventHubs",
            "ContainerGroup",
            "FunctionApp",
            "FunctionAppSlot",
            "KeyVault",
            "KeylessWebApp",
            "ContainerApp",
            "ContainerAppEnvironment",
            "ContainerAppJob",
            "KubernetesCluster",
            "KubernetesWorkload",
            "LogicApp",
            "LogsIngestion",
            "ManagedIdentity",
            "ManagedRedis",
            "MySqlServer",
            "PostgresServer",
            "SearchService",
            "ServiceBus",
            "SignalR",
            "SqlServer",
            "StorageAccount",
            "VirtualMachine",
            "VirtualMachineScaleSet",
            "WebApp",
            "WebAppSlot",
            "WebPubSub",
            "WorkloadAccess",
        )
    }


def test_the_report_knows_the_token_of_every_component_that_is_served() -> None:
    assert set(RECORDED) - {CALL_GRANT, COSMOS_GRANT, DATABASE_GRANT, REDIS_GRANT} == set(resources())


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
            "AiAccess",
            "AiKind",
            "BlobAccess",
            "CertificateAccess",
            "ClusterTier",
            "ClusterUpgrades",
            "ClusteringPolicy",
            "ConnectionTier",
            "ConfigurationAccess",
            "ConfigurationTier",
            "DiskType",
            "DomainNameLabelScope",
            "ReviewedLog",
            "EntraLog",
            "Revisions",
            "EventAccess",
            "EventGridAccess",
            "EventSchema",
            "FileAccess",
            "IdentityKind",
            "KeyAccess",
            "KeyKind",
            "CosmosAccess",
            "CosmosBackup",
            "KeyPurpose",
            "LogsAccess",
            "NodeUpgrades",
            "OperatingSystem",
            "OutboundPath",
            "MySqlAccess",
            "PostgresAccess",
            "SqlAccess",
            "MessageAccess",
            "MessagingTier",
            "PrincipalType",
            "QueueAccess",
            "Redundancy",
            "RegistryAccess",
            "RestartPolicy",
            "RegistryTier",
            "Role",
            "RoleAssignmentMode",
            "Runtime",
            "SearchAccess",
            "SearchTier",
            "SecretAccess",
            "SecretDelivery",
            "SignalRAccess",
            "SignalRMode",
            "TableAccess",
            "TokenVersion",
            "Trigger",
            "UnauthenticatedCalls",
            "UpgradeMode",
            "WebPubSubAccess",
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
            if key in SINGLE:
                assert (spec["$ref"], spec["plain"]) == (f"#/types/keyless:index:{SINGLE[key]}", True), where
                continue
            assert spec["$ref"].removeprefix("#/types/") in _choices(), where
            # An Output in the place of a choice would not arrive as what it is.
            assert spec["plain"] is True, where
        elif spec["type"] == "object" and "$ref" in spec["additionalProperties"]:
            entry = spec["additionalProperties"]
            if entry["$ref"] == "pulumi.json#/Any":
                assert (token, key) == ("keyless:index:LogicApp", "definition")
                continue
            assert (entry["$ref"], entry["plain"]) == (f"#/types/keyless:index:{RECORDS[key]}", True), where
        elif spec["type"] == "object":
            assert spec["additionalProperties"]["type"] in ("string", "integer"), where
        elif spec["type"] == "array":
            item = spec["items"]
            is_choice = item.get("$ref", "").removeprefix("#/types/") in _choices()
            assert (is_choice or item["type"] == "string", item["plain"]) == (True, True), where
        else:
            assert spec["type"] in SAFE, where


def test_exactly_what_decides_the_shape_is_plain() -> None:
    assert {_snake(key) for _, key, spec in _inputs() if spec.get("plain")} == SHAPING


@pytest.mark.parametrize(
    ("token", "required"),
    [
        ("AccessGrant", ["principalId", "role", "scopeId"]),
        ("ContainerGroup", ["containers", "resourceGroupName"]),
        ("ContainerRegistry", []),
        ("CosmosAccount", []),
        ("EventGridTopic", []),
        ("AiServices", []),
        ("AppConfiguration", []),
        ("EventHubs", []),
        ("FunctionApp", ["resourceGroupName"]),
        ("FunctionAppSlot", ["appId", "disabledFunctions", "planId", "slotName", "stickySettings"]),
        ("KeyVault", []),
        ("KeylessWebApp", []),
        ("ContainerApp", ["containerImage", "environmentId", "resourceGroupName"]),
        ("ContainerAppEnvironment", ["resourceGroupName"]),
        ("KubernetesCluster", []),
        ("ContainerAppJob", ["containerImage", "environmentId", "resourceGroupName"]),
        ("KubernetesWorkload", ["issuerUrl", "namespace", "resourceGroupName"]),
        ("LogicApp", ["definition", "resourceGroupName"]),
        ("LogsIngestion", []),
        ("ManagedIdentity", []),
        ("ManagedRedis", []),
        ("MySqlServer", []),
        ("PostgresServer", []),
        ("SearchService", []),
        ("ServiceBus", []),
        ("SignalR", []),
        ("SqlServer", []),
        ("StorageAccount", []),
        ("VirtualMachine", ["resourceGroupName", "subnetId"]),
        ("VirtualMachineScaleSet", ["resourceGroupName", "subnetId"]),
        ("WebApp", ["resourceGroupName"]),
        ("WebAppSlot", ["appId", "planId", "slotName", "stickySettings"]),
        ("WebPubSub", []),
        ("WorkloadAccess", ["links", "principalId"]),
    ],
)
def test_little_is_required(token: str, required: list[str]) -> None:
    assert sorted(resources()[f"keyless:index:{token}"].get("requiredInputs", [])) == required


def test_ids_that_an_app_may_lack_are_optional_outputs() -> None:
    for token in ("FunctionApp", "FunctionAppSlot", "WebApp", "WebAppSlot", "KeylessWebApp"):
        required = resources()[f"keyless:index:{token}"]["required"]
        assert not {"identityId", "principalId", "clientId"} & set(required)
        assert "url" in required


def test_no_output_has_a_name_that_the_wire_drops() -> None:
    assert all(not {"id", "urn"} & set(resource["properties"]) for resource in resources().values())
