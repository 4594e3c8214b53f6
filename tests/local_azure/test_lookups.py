"""Programs that the local Azure runs and that know no proxy are led to it where they look a name up."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local_azure.lookups import LISTENERS, led_here
from local_azure.server import LocalAzure
from tests.local_azure.mysql_stage import MySqlStage
from tests.local_azure.redis_stage import RedisStage
from tests.proofs import MARIADB

TOLD = {
    LISTENERS: "*.mysql.database.azure.com:3306=127.0.0.1:40123 *.*.redis.azure.net:10000=127.0.0.1:40124"
}
LOOK_UP = """
import json, socket, sys
try:
    found = socket.getaddrinfo(*json.loads(sys.argv[1]), type=socket.SOCK_STREAM)
    print(json.dumps([one[4] for one in found]))
except socket.gaierror as error:
    print(json.dumps(error.strerror))
"""
REDIS = """
import os, redis
cache = redis.Redis(host=os.environ["HOST"], port=10000, ssl=True, username=os.environ["USER"],
                    password=os.environ["TOKEN"])
cache.set("basket", "3 apples")
print(cache.get("basket").decode())
"""
MYSQL = """
import os, ssl, pymysql
connection = pymysql.connect(host=os.environ["HOST"], user=os.environ["USER"], password=os.environ["TOKEN"],
                             ssl=ssl.create_default_context())
with connection, connection.cursor() as cursor:
    cursor.execute("SELECT current_user()")
    print(cursor.fetchone()[0])
"""


def said(code: str, environment: Mapping[str, str], *arguments: str) -> str:
    """What a program says that gets this environment and no other."""
    command = [sys.executable, "-c", code, *arguments]
    ran = subprocess.run(command, env=led_here(environment), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def looked_up(host: str | None, port: int | str | None, **more: str) -> Any:
    return json.loads(said(LOOK_UP, {**TOLD, **more}, json.dumps([host, port])))


@pytest.mark.parametrize(
    ("host", "port", "found"),
    [
        ("mysql-shop.mysql.database.azure.com", 3306, [["127.0.0.1", 40123]]),
        ("MYSQL-SHOP.mysql.database.azure.com.", "3306", [["127.0.0.1", 40123]]),
        ("amr-shop.westeurope.redis.azure.net", 10000, [["127.0.0.1", 40124]]),
        ("amr-shop.westeurope.redis.azure.net", 40124, [["127.0.0.1", 40124]]),
        ("amr-shop.westeurope.redis.azure.net", None, [["127.0.0.1", 0]]),
        ("127.0.0.1", 3306, [["127.0.0.1", 3306]]),
    ],
)
def test_a_name_of_azures_leads_to_its_listener_and_any_other_where_it_always_did(
    host: str, port: int | str | None, found: list[Any]
) -> None:
    assert looked_up(host, port) == found


def test_a_port_of_azures_that_nothing_listens_at_is_not_asked_for_outside() -> None:
    refused = looked_up("amr-shop.westeurope.redis.azure.net", 6379)
    assert refused == "the local Azure does not listen at amr-shop.westeurope.redis.azure.net:6379"


def test_what_a_program_has_in_its_path_is_found_and_its_own_customisation_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins\nbuiltins.customised = 'by the program'\n")
    (tmp_path / "own.py").write_text("found = customised\n")
    assert said("import own; print(own.found)", {**TOLD, "PYTHONPATH": str(tmp_path)}) == "by the program"


def test_a_program_that_is_led_nowhere_gets_what_it_is_given_and_nothing_more() -> None:
    assert led_here({"SHOP": "1"}) == {"SHOP": "1"}
    folder, *own = led_here({**TOLD, "PYTHONPATH": "lib"})["PYTHONPATH"].split(os.pathsep)
    assert Path(folder).name == "leads_here"
    assert own == ["lib"]


def test_redis_own_client_reaches_a_cache_by_its_name(local_azure: LocalAzure) -> None:
    stage = RedisStage(local_azure)
    id, host = stage.cache()
    app = stage.azure.entra.register_identity("led", None)
    stage.assign_policy(id, app.object_id)
    told = {"HOST": host, "USER": app.object_id, "TOKEN": stage.token(app)}
    assert said(REDIS, {**local_azure.client_environment(), **told}) == "3 apples"


@pytest.mark.needs(MARIADB)
def test_mysqls_client_reaches_a_server_by_its_name(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in local_azure.client_environment().items():
        monkeypatch.setenv(name, value)  # the stage's own client, which makes the user
    stage = MySqlStage(local_azure, monkeypatch)
    server, web = stage.server("orders"), stage.identity()
    stage.user_for(server, web, "SELECT ON orders.*")
    told = {"HOST": server.host, "USER": web.name, "TOKEN": stage.token(web)}
    assert said(MYSQL, {**local_azure.client_environment(), **told}) == f"{web.name}@%"
