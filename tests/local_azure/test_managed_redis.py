"""Managed Redis, judged by Redis' own client: who is let in, for how long, and what they find there."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.redisenterprise import RedisEnterpriseManagementClient
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,
    NoPermissionError,
    RedisError,
    ResponseError,
)

from local_azure.constants import DEPLOYER, OFFICER, SUBSCRIPTION_ID, VAULT_OFFICERS
from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.arm import content
from tests.local_azure.redis_stage import RedisStage, redis_stage
from tests.local_azure.vault_stage import GROUP
from tests.patience import PATIENCE, until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisStage]:
    with redis_stage(tmp_path_factory.mktemp("azure")) as stage:
        yield stage


def asked_again(client: Any) -> None:
    """On the connection that it has, and on no new one."""
    client.connection.send_command("PING")
    client.connection.read_response()


@pytest.mark.parametrize("protocol", [2, 3])
def test_who_is_let_in_does_everything_with_the_data(stage: RedisStage, protocol: int) -> None:
    id, host = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id)
    cache = stage.as_principal(host, app, protocol=protocol)
    assert cache.set("basket", "3 apples", ex=3_600) is True
    assert (cache.get("basket"), cache.get("nothing")) == (b"3 apples", None)
    assert 0 < cache.ttl("basket") <= 3_600
    assert cache.incr("visits") == 1
    cache.hset("user:1", mapping={"name": "Ada", "age": "36"})
    assert cache.hgetall("user:1") == {b"name": b"Ada", b"age": b"36"}
    assert cache.rpush("jobs", "one", "two") == 2
    assert cache.blpop(["jobs"]) in ([b"jobs", b"one"], (b"jobs", b"one"))
    assert cache.zadd("scores", {"ada": 2.5}) == 1
    assert cache.zscore("scores", "ada") == 2.5
    with cache.pipeline() as both:
        both.set("a", "1").incr("a")
        assert both.execute() == [True, 2]
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        cache.incr("jobs")
    cache.close()


def test_what_is_published_reaches_who_subscribed(stage: RedisStage) -> None:
    id, host = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id)
    listening = stage.as_principal(host, app).pubsub(ignore_subscribe_messages=True)
    listening.subscribe("orders")
    found: list[Any] = []

    def came() -> bool:
        stage.as_principal(host, app).publish("orders", "one")
        message = listening.get_message(timeout=0.3)
        found.extend([message] if message else [])
        return bool(found)

    until(came)
    assert (found[0]["channel"], found[0]["data"]) == (b"orders", b"one")
    listening.close()


def test_one_cache_knows_nothing_of_its_neighbour(stage: RedisStage) -> None:
    (one, host), (_, other) = stage.cache(), stage.cache()
    app = stage.identity()
    stage.assign_policy(one, app.object_id)
    stage.as_principal(host, app).set("a", "1")
    with pytest.raises(AuthenticationError):
        stage.as_principal(other, app).get("a")


def test_h4_without_a_token_nothing_is_answered(stage: RedisStage) -> None:
    _, host = stage.cache()
    with pytest.raises(AuthenticationError, match="Authentication required"):
        stage.redis(host, protocol=2, driver_info=None).get("a")


@pytest.mark.parametrize("protocol", [2, 3])
def test_h4_what_is_no_token_of_the_named_principal_is_refused(stage: RedisStage, protocol: int) -> None:
    id, host = stage.cache()
    app, other = stage.identity(), stage.identity()
    stage.assign_policy(id, app.object_id)
    wrong = [
        (None, "an access key"),
        ("default", "an access key"),
        (app.object_id, "no token"),
        (app.object_id, stage.token(app, "https://vault.azure.net")),
        (app.object_id, stage.token(other)),
        (str(app.client_id), stage.token(app)),
    ]
    for user, password in wrong:
        with pytest.raises(AuthenticationError, match="invalid username-password pair"):
            stage.redis(host, user, password, protocol=protocol).get("a")
    last = stage.azure.journal.entries(1)[0]
    assert (last["method"], last["host"], last["decision"]) == (
        "CONNECT", host, "refused: WRONGPASS invalid username-password pair",
    )  # fmt: skip


def test_h5_no_role_lets_anybody_in(stage: RedisStage) -> None:
    id, host = stage.cache()
    for role in ("Owner", "Contributor", "Azure Managed Redis Contributor"):
        manager = stage.identity()
        stage.grant(id, role, manager.object_id)
        with pytest.raises(AuthenticationError, match="invalid username-password pair"):
            stage.as_principal(host, manager).get("a")


def test_h5_a_group_is_assigned_in_vain(stage: RedisStage) -> None:
    id, host = stage.cache()
    stage.assign_policy(id, VAULT_OFFICERS.object_id)
    with pytest.raises(AuthenticationError):
        stage.as_principal(host, stage.person(OFFICER)).get("a")


def test_h6_an_assignment_that_is_taken_away_is_felt_at_the_next_token(stage: RedisStage) -> None:
    id, host = stage.cache()
    app = stage.identity()
    assignment = stage.assign_policy(id, app.object_id)
    cache = stage.as_principal(host, app, single_connection_client=True)
    assert cache.set("a", "1") is True
    assert cache.execute_command("AUTH", app.object_id, stage.token(app)) is True
    assert stage.arm("DELETE", assignment).status == 202
    assert cache.get("a") == b"1"
    with pytest.raises((AuthenticationError, NoPermissionError)):
        cache.execute_command("AUTH", app.object_id, stage.token(app))
    with pytest.raises(AuthenticationError):
        stage.as_principal(host, app).get("a")


def test_h6_a_connection_ends_with_its_token(stage: RedisStage) -> None:
    id, host = stage.cache()
    person = stage.person(DEPLOYER)
    stage.assign_policy(id, person.object_id)
    once, again = (stage.as_principal(host, person, single_connection_client=True) for _ in range(2))
    assert (once.ping(), again.ping()) == (True, True)
    stage.azure.clock.advance(3_000)
    assert again.execute_command("AUTH", person.object_id, stage.token(person)) is True
    stage.azure.clock.advance(1_000)
    assert again.ping() is True
    with pytest.raises(ConnectionError):
        asked_again(once)
    stage.sign_in()


@pytest.mark.parametrize("why", ["it goes away", "its token ends"])
def test_who_waited_and_is_gone_takes_nothing_of_what_comes(stage: RedisStage, why: str) -> None:
    id, host = stage.cache()
    person = stage.person(DEPLOYER)
    stage.assign_policy(id, person.object_id)
    gone = stage.as_principal(host, person, single_connection_client=True, socket_timeout=None)
    assert gone.ping() is True
    gone.connection.send_command("BLPOP", "jobs", 0)
    if why == "it goes away":
        gone.connection.disconnect()
    else:
        stage.azure.clock.advance(4_000)
        with pytest.raises(ConnectionError):
            gone.connection.read_response()
        stage.sign_in()
    cache = stage.as_principal(host, person, single_connection_client=True)
    until(lambda: len(cache.client_list()) == 1)
    assert cache.rpush("jobs", "one") == 1
    assert cache.lrange("jobs", 0, -1) == [b"one"]
    cache.close()


def test_who_resets_a_connection_has_to_say_again_who_they_are(stage: RedisStage) -> None:
    id, host = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id)
    cache = stage.as_principal(host, app, single_connection_client=True)
    assert cache.set("a", "1") is True
    assert cache.execute_command("RESET") == b"RESET"
    with pytest.raises(AuthenticationError, match="Authentication required"):
        cache.get("a")
    assert cache.execute_command("AUTH", app.object_id, stage.token(app)) is True
    assert cache.get("a") == b"1"


def test_h7_a_closed_cache_is_reached_by_its_private_endpoint_alone(stage: RedisStage) -> None:
    id, host = stage.cache(publicNetworkAccess="Disabled")
    outside = stage.identity()
    stage.assign_policy(id, outside.object_id, "outside")
    with pytest.raises(ConnectionError):
        stage.as_principal(host, outside).get("a")
    apps = Stage(stage.local)
    network = networks.network(stage.arm, stage.group, "vnet-redis")
    endpoint = networks.private_endpoint(stage.arm, stage.group, network, id, "redisEnterprise")
    zone = networks.zone(stage.arm, stage.group, network, "privatelink.redis.azure.net")
    networks.zone_group(stage.arm, endpoint, zone)
    site = apps.site(
        apps.name("app"),
        serverFarmId=apps.plan(),
        identity={"type": "SystemAssigned"},
        virtualNetworkSubnetId=f"{network}/subnets/{networks.SITES}",
        outboundVnetRouting={"allTraffic": True},
    )
    inside = stage.azure.entra.principal(site.identity.principal_id)
    assert inside
    stage.assign_policy(id, inside.object_id, "inside")
    assert stage.as_principal(host, inside).set("a", "1") is True


@pytest.mark.parametrize("command", ["CONFIG GET maxmemory", "ACL LIST", "SHUTDOWN", "REPLICAOF NO ONE"])
def test_what_a_managed_redis_does_not_do_is_no_command(stage: RedisStage, command: str) -> None:
    id, host = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id)
    with pytest.raises(ResponseError, match="unknown command"):
        stage.as_principal(host, app).execute_command(*command.split())


def test_the_data_goes_with_its_cache(stage: RedisStage) -> None:
    id, host = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id)
    opened = stage.as_principal(host, app, single_connection_client=True, socket_timeout=None)
    assert opened.set("a", "1") is True
    assert stage.arm("DELETE", f"{id}/databases/default").status == 200
    with pytest.raises(ConnectionError):
        opened.connection.read_response()
    with pytest.raises(RedisError):
        stage.as_principal(host, app).get("a")
    content(stage.arm("PUT", f"{id}/databases/default", {"properties": {}}))
    stage.assign_policy(id, app.object_id)
    assert stage.as_principal(host, app).get("a") is None


def test_h1_an_impossible_or_taken_name_is_refused(stage: RedisStage) -> None:
    id, _ = stage.cache()
    body = {
        "location": "westeurope",
        "sku": {"name": "Balanced_B0"},
        "properties": {"publicNetworkAccess": "Enabled"},
    }
    caches = f"{stage.group}/providers/Microsoft.Cache/redisEnterprise"
    other = id.replace(f"/{GROUP}/", "/rg-other/")
    content(stage.arm("PUT", other.partition("/providers/")[0], {"location": "westeurope"}))
    silent = {**body, "properties": {}}
    refused = ((f"{caches}/two--hyphens", body, 400), (other, body, 409), (f"{caches}/silent", silent, 400))
    for path, given, status in refused:
        assert stage.arm("PUT", path, given).status == status
    assert stage.arm("PUT", other, {**body, "location": "northeurope"}).status == 201


def test_h2_the_one_database_is_called_default_and_keeps_its_port(stage: RedisStage) -> None:
    id, _ = stage.cache()
    assert stage.arm("PUT", f"{id}/databases/other", {"properties": {}}).status == 400
    for change in ({"port": 10001}, {"clusteringPolicy": "NoCluster"}):
        assert stage.arm("PUT", f"{id}/databases/default", {"properties": change}).status == 400
    assert stage.arm("PUT", f"{id}/databases/default", {"properties": {"port": 10000}}).status == 200


def test_h2_access_keys_are_off_unless_somebody_says_otherwise(stage: RedisStage) -> None:
    id, _ = stage.cache()
    properties = content(stage.arm("GET", f"{id}/databases/default"))["properties"]
    assert (properties["accessKeysAuthentication"], properties["port"]) == ("Disabled", 10000)
    assert stage.arm("POST", f"{id}/databases/default/listKeys").status == 404


def test_h3_there_is_no_other_access_policy_than_default(stage: RedisStage) -> None:
    id, _ = stage.cache()
    path = f"{id}/databases/default/accessPolicyAssignments/one"
    properties = {"accessPolicyName": "reader", "user": {"objectId": stage.identity().object_id}}
    assert stage.arm("PUT", path, {"properties": properties}).status == 400


def test_h3_a_principal_is_assigned_once(stage: RedisStage) -> None:
    id, _ = stage.cache()
    app = stage.identity()
    stage.assign_policy(id, app.object_id, "one")
    path = f"{id}/databases/default/accessPolicyAssignments/two"
    properties = {"accessPolicyName": "default", "user": {"objectId": app.object_id}}
    refused = stage.arm("PUT", path, {"properties": properties})
    assert refused.status == 400
    assert isinstance(refused.body, dict)
    assert "due to duplicate entries" in refused.body["error"]["message"]


def test_microsofts_client_creates_a_cache_and_lets_somebody_in(stage: RedisStage) -> None:
    client: Any = RedisEnterpriseManagementClient(
        stage.holder(stage.person(DEPLOYER)), SUBSCRIPTION_ID, **stage.trust
    )
    name = stage.name("amr")
    cluster = {
        "location": "westeurope",
        "sku": {"name": "Balanced_B1"},
        "minimum_tls_version": "1.2",
        "public_network_access": "Enabled",
    }
    made = client.redis_enterprise.begin_create(GROUP, name, cluster).result()
    assert made.host_name == f"{name}.westeurope.redis.azure.net"
    database = {"access_keys_authentication": "Disabled", "client_protocol": "Encrypted"}
    kept = client.databases.begin_create(GROUP, name, "default", database).result()
    assert (kept.access_keys_authentication, kept.port) == ("Disabled", 10000)
    app = stage.identity()
    assignment = {"access_policy_name": "default", "user": {"object_id": app.object_id}}
    client.access_policy_assignment.begin_create_update(GROUP, name, "default", "one", assignment).result()
    assert [one.user.object_id for one in client.access_policy_assignment.list(GROUP, name, "default")] == [
        app.object_id
    ]
    assert stage.as_principal(made.host_name, app).ping() is True
    client.access_policy_assignment.begin_delete(GROUP, name, "default", "one").result()
    with pytest.raises(AuthenticationError):
        stage.as_principal(made.host_name, app).ping()
    client.redis_enterprise.begin_delete(GROUP, name).result()
    with pytest.raises(HttpResponseError):
        client.redis_enterprise.get(GROUP, name)


def test_no_command_is_loaded_before_somebody_is_let_in(tmp_path: Path) -> None:
    from local_azure.managed_redis.service import ManagedRedis

    with redis_stage(tmp_path) as stage:
        _, host = stage.cache()
        with pytest.raises(AuthenticationError):
            stage.redis(host, "nobody", "none").ping()
        assert stage.azure.service(ManagedRedis)._data is None  # pyright: ignore[reportPrivateUsage]


def test_a_command_that_is_about_to_wait_is_woken_too() -> None:
    from local_azure.managed_redis.data import Data

    session = Data().session("cache")
    begun, go_on = threading.Event(), threading.Event()
    send = session._socket.sendall  # pyright: ignore[reportPrivateUsage]

    def sent_late(command: bytes) -> None:
        begun.set()
        go_on.wait(PATIENCE)
        send(command)

    session._socket.sendall = sent_late  # pyright: ignore[reportPrivateUsage]
    waiting = threading.Thread(target=session.execute, args=([b"BLPOP", b"jobs", b"0"],), daemon=True)
    closing = threading.Thread(target=session.close, daemon=True)
    waiting.start()
    assert begun.wait(PATIENCE)
    closing.start()
    closing.join(0.1)
    go_on.set()
    for thread in (waiting, closing):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert session.execute([b"PING"]) == []


def test_who_waits_for_ever_does_not_keep_the_local_azure_from_ending(tmp_path: Path) -> None:
    ended: list[Exception] = []
    before = set(threading.enumerate())
    with redis_stage(tmp_path / "azure") as stage:
        id, host = stage.cache()
        app = stage.identity()
        stage.assign_policy(id, app.object_id)
        # Without patience of its own, which is five seconds: the local Azure has to end it.
        waiting = stage.as_principal(host, app, single_connection_client=True, socket_timeout=None)
        assert waiting.ping() is True

        def wait() -> None:
            try:
                waiting.blpop(["jobs"], timeout=0)
            except RedisError as error:
                ended.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
    thread.join(PATIENCE)
    assert [type(one) for one in ended] == [ConnectionError]

    def left() -> list[str]:
        return [one.name for one in set(threading.enumerate()) - before]

    until(lambda: not any(name.startswith("managed-redis") for name in left()))
