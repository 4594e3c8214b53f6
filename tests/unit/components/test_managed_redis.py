"""ManagedRedis: created without access keys, or an existing one read by its full id."""

from typing import Any

import pytest

from components import ManagedRedis, WebApp
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    REDIS,
    REDIS_HOST,
    SUFFIX,
    VAULT_ZONE,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

NAME = f"amr-shop-dev-{SUFFIX}"
ID = f"{GROUP}/providers/Microsoft.Cache/redisEnterprise/{NAME}"
ZONE = f"{ZONES}/privatelink.redis.azure.net"


def managed_redis(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(ManagedRedis, args, mode)


refusal = refusal_of(managed_redis)


def test_a_cache_is_created_with_these_inputs_and_no_others() -> None:
    deployment = managed_redis(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"redisenterprise:RedisEnterprise": 1, "redisenterprise:Database": 1}
    assert deployment.one("RedisEnterprise").inputs == {
        "clusterName": NAME,
        "highAvailability": "Enabled",
        "location": "westeurope",
        "minimumTlsVersion": "1.2",
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "sku": {"name": "Balanced_B0"},
        "tags": {"team": "shop"},
    }
    assert deployment.one("redisenterprise:Database").inputs == {
        "accessKeysAuthentication": "Disabled",
        "clientProtocol": "Encrypted",
        "clusterName": NAME,
        "clusteringPolicy": "EnterpriseCluster",
        "databaseName": "default",
        "port": 10000,
        "resourceGroupName": "rg-team",
    }
    assert deployment.plain_outputs == {
        "redis_id": ID,
        "name": NAME,
        "endpoint": f"{NAME}.westeurope.redis.azure.net",
        "access": [],
    }


def test_no_access_key_opens_a_cache() -> None:
    database = managed_redis().one("redisenterprise:Database").inputs
    assert database["accessKeysAuthentication"] == "Disabled"


def test_nothing_is_sent_to_a_cache_in_plain_text_or_by_older_tls() -> None:
    deployment = managed_redis()
    assert deployment.one("redisenterprise:Database").inputs["clientProtocol"] == "Encrypted"
    assert deployment.one("RedisEnterprise").inputs["minimumTlsVersion"] == "1.2"


def test_a_cache_is_open_to_every_network_unless_something_is_said() -> None:
    assert managed_redis().one("RedisEnterprise").inputs["publicNetworkAccess"] == "Enabled"


def test_size_nodes_and_clustering_are_choices() -> None:
    deployment = managed_redis(
        size="MemoryOptimized_M10", high_availability=False, clustering_policy="OSSCluster"
    )
    cluster = deployment.one("RedisEnterprise").inputs
    assert (cluster["sku"], cluster["highAvailability"]) == ({"name": "MemoryOptimized_M10"}, "Disabled")
    assert deployment.one("redisenterprise:Database").inputs["clusteringPolicy"] == "OSSCluster"


def test_whoever_is_given_the_cache_finds_its_database_there() -> None:
    def program() -> dict[str, Any]:
        cache = ManagedRedis("shop", {"resource_group_name": "rg-team"})
        links = {"cache": cache.redis_link()}
        return {"access": WebApp("web", {"resource_group_name": "rg-team", "links": links}).access}

    deployment = deploy(program)
    (grant,) = deployment.all("AccessPolicyAssignment")
    assert deployment.waits_for(grant, deployment.one("redisenterprise:Database"))
    assert grant.inputs["clusterName"] == NAME
    (settings,) = deployment.all("WebAppApplicationSettings")
    assert settings.inputs["properties"]["CACHE_HOST"] == f"{NAME}.westeurope.redis.azure.net"


def test_with_a_private_endpoint_alone_a_cache_has_no_public_address() -> None:
    deployment = managed_redis(private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_id=ZONE)
    assert deployment.one("RedisEnterprise").inputs["publicNetworkAccess"] == "Disabled"
    endpoint = deployment.one("network:PrivateEndpoint").inputs
    (connection,) = endpoint["privateLinkServiceConnections"]
    assert connection == {
        "groupIds": ["redisEnterprise"],
        "name": "redisEnterprise",
        "privateLinkServiceId": ID,
    }
    (zone,) = deployment.one("PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]
    assert zone["privateDnsZoneId"] == ZONE


def test_logs_of_the_database_and_metrics_of_the_cluster_go_to_the_workspace() -> None:
    deployment = managed_redis(diagnostics_workspace_id=WORKSPACE)
    settings = {one.name: one.inputs for one in deployment.all("DiagnosticSetting")}
    assert sorted(settings) == ["shop", "shop-connections"]
    logs, metrics = settings["shop-connections"], settings["shop"]
    assert (logs["resourceUri"], "metrics" in logs) == (f"{ID}/databases/default", False)
    assert logs["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
    assert (metrics["resourceUri"], "logs" in metrics) == (ID, False)


def test_a_lock_is_made_after_everything_else() -> None:
    deployment = managed_redis(delete_lock=True, diagnostics_workspace_id=WORKSPACE)
    lock = deployment.one("ManagementLockByScope")
    for type_ in ("RedisEnterprise", "redisenterprise:Database"):
        assert deployment.waits_for(lock, deployment.one(type_))
    assert all(deployment.waits_for(lock, one) for one in deployment.all("DiagnosticSetting"))


def test_an_existing_cache_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = managed_redis(existing_id=REDIS)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:redisenterprise:RedisEnterprise", True)
    ]
    assert deployment.plain_outputs == {
        "redis_id": REDIS,
        "name": "amr-team",
        "endpoint": REDIS_HOST,
        "access": [],
    }


def test_a_first_preview_knows_what_it_can() -> None:
    deployment = managed_redis("first preview")
    assert deployment.outputs["redis_id"] == UNKNOWN
    assert managed_redis("first preview", existing_id=REDIS).outputs["redis_id"] == REDIS


def test_a_deployer_is_told_what_a_cache_takes() -> None:
    contract = managed_redis().outputs["deployer_contract"]
    assert contract["resource_providers"] == "Microsoft.Cache"
    assert contract["roles"].splitlines() == [
        "Contributor on /subscriptions/$subscription/resourceGroups/rg-team "
        "(creates and changes what is declared)"
    ]


@pytest.mark.parametrize(
    ("args", "part"),
    [
        ({"size": "Enterprise_E10"}, "a size such as Balanced_B0"),
        ({"redis_name": "two--hyphens"}, "single hyphens"),
        ({"clustering_policy": "sharded"}, "EnterpriseCluster, OSSCluster, NoCluster"),
        ({"public_network_access": False}, "give private_endpoint_subnet_id"),
        (
            {"private_endpoint_subnet_id": ENDPOINTS_SUBNET, "private_dns_zone_id": VAULT_ZONE},
            "redis.azure.net",
        ),
        ({"existing_id": REDIS, "size": "Balanced_B1"}, "a Managed Redis is adopted or created"),
        ({"allowed_ip_ranges": {"office": "203.0.113.0/24"}}, "allowed_ip_ranges"),
        ({"redis_users": {}}, "redis_users"),
    ],
)
def test_what_a_managed_redis_does_not_have_is_refused(args: dict[str, Any], part: str) -> None:
    assert part in refusal(**args)
