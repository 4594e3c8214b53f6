"""Defaults of Managed Redis and of container registries."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import containerregistry, redisenterprise

from components import ContainerRegistry, ManagedRedis
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_OPEN: Final = "Open to every network until something is said; a token and a grant are asked for either way."
_ENDPOINT: Final = ("public_network_access", "private_endpoint_subnet_id")

OF_CACHES_AND_REGISTRIES: Final[Mapping[str, Stated]] = {
    "redisenterprise:RedisEnterprise": Stated(
        ManagedRedis,
        IN_GROUP,
        lambda: redisenterprise.RedisEnterprise(
            "bare",
            cluster_name="bare",
            public_network_access="Enabled",
            resource_group_name="rg",
            sku={"name": "Balanced_B0"},
        ),
        {
            "minimumTlsVersion": Decision(
                "TLS 1.2 or newer.",
                "test_managed_redis.py::test_nothing_is_sent_to_a_cache_in_plain_text_or_by_older_tls",
            ),
            "publicNetworkAccess": Decision(
                _OPEN,
                "test_managed_redis.py::test_a_cache_is_open_to_every_network_unless_something_is_said",
                _ENDPOINT,
            ),
        },
        names("clusterName highAvailability sku.name"),
    ),
    "redisenterprise:Database": Stated(
        ManagedRedis,
        IN_GROUP,
        lambda: redisenterprise.Database("bare", cluster_name="bare", resource_group_name="rg"),
        {
            "accessKeysAuthentication": Decision(
                "No key opens it.", "test_managed_redis.py::test_no_access_key_opens_a_cache"
            ),
            "clientProtocol": Decision(
                "Nothing in plain text.",
                "test_managed_redis.py::test_nothing_is_sent_to_a_cache_in_plain_text_or_by_older_tls",
            ),
        },
        names("clusterName clusteringPolicy databaseName port"),
    ),
    "containerregistry:Registry": Stated(
        ContainerRegistry,
        IN_GROUP,
        lambda: containerregistry.Registry(
            "bare", registry_name="bare", resource_group_name="rg", sku={"name": "Basic"}
        ),
        {
            "adminUserEnabled": Decision(
                "There is no user with a password.",
                "test_container_registry.py::test_a_registry_has_no_admin_user",
            ),
            "anonymousPullEnabled": Decision(
                "Nobody pulls without a role.",
                "test_container_registry.py::test_nobody_pulls_from_a_registry_without_a_role",
            ),
            "publicNetworkAccess": Decision(
                _OPEN,
                "test_container_registry.py::"
                "test_a_registry_is_open_to_every_network_unless_something_is_said",
                (*_ENDPOINT, "allowed_ip_ranges"),
            ),
        },
        names("networkRuleBypassOptions registryName sku.name zoneRedundancy"),
    ),
}
