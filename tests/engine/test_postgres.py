"""A PostgreSQL server and an app through the real engine: nobody is let in before the command has run, and
nobody who is not declared any more after it has run again.
"""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from database_grants.command_line import DONE, PENDING, main
from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from readiness.command_line import NOT_READY, READY
from readiness.command_line import main as readiness
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.proofs import POSTGRES
from toolchain.paths import ROOT

AUDIENCE = "https://ossrdbms-aad.database.windows.net"
ADMINISTRATORS = "database-administrators"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import PostgresServer, WebApp

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
given = {{
    **where, "administrators": {{"{ADMINISTRATORS}": config.require("administrators")}},
    "databases": ["orders"],
    "postgres_allowed_ip_ranges": {{"people": "198.51.100.0/24", "apps": "192.0.2.0/24"}},
}}
for key, argument in (("size", "size"), ("name", "server_name")):
    if config.get(key):
        given[argument] = config.get(key)
server = PostgresServer("data", given)
links = {{"orders": server.postgres_link("orders")}} if config.get_bool("linked") else {{}}
web = WebApp("web", {{**where, "links": links}})
pulumi.export("app_id", web.app_id)
pulumi.export("principal", web.principal_id)
pulumi.export("host", server.endpoint)
pulumi.export("access", web.access)
pulumi.export("contract", web.deployer_contract)
"""


class Shop(Loop):
    """The stack, and what a person runs in its folder, in that person's shell."""

    def told(self) -> dict[str, str]:
        """The variables of the one app."""
        (site,) = self.cloud.azure.store.list(type="Microsoft.Web/sites")
        settings = self.cloud.azure.store.get(f"{site.id}/config/appsettings")
        assert settings is not None
        return settings.body["properties"]

    def signs_in(self, principal_id: str, told: dict[str, str], user: str = "") -> "psycopg.Connection[Any]":
        """As code in the app would that is told this; as another role where one is named."""
        principal = self.cloud.azure.entra.principal(principal_id)
        assert principal is not None
        return psycopg.connect(
            host=told["ORDERS_HOST"], dbname=told["ORDERS_DATABASE"], user=user or told["ORDERS_USER"],
            password=self.cloud.azure.entra.issue(principal, AUDIENCE)[0], sslmode="verify-full",
            autocommit=True,
        )  # fmt: skip

    def planned(self, key: str, value: str) -> dict[str, str]:
        """What a run would do with each type of the server, with that configuration in place of the deployed
        one.
        """
        self.stack.write_configuration({key: value})
        steps = json.loads(self.stack.preview("--json"))["steps"]
        self.stack.write_configuration({})
        return {
            step["urn"].split("::")[2].rpartition("$")[2].removeprefix("azure-native:"): step["op"]
            for step in steps
            if "azure-native:dbforpostgresql" in step["urn"] and step["op"] != "same"
        }


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    group = cloud.azure.entra.register_identity(ADMINISTRATORS, None)
    cloud.azure.entra.add_member(group.object_id, DEPLOYER.object_id)
    given = {"keyless:linked": "true", "keyless:administrators": group.object_id}
    shop = given_program(Shop, engine, cloud, tmp_path, PROGRAM, given)
    for key, value in shop.stack.environment().items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(shop.stack.program)
    return shop


@pytest.mark.needs(POSTGRES)
def test_an_app_reads_its_database_once_the_command_has_run_and_until_its_link_is_gone(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    told, who = shop.told(), str(outputs["principal"])
    command = ("--stack", shop.stack.name)
    assert told["ORDERS_HOST"] == outputs["host"]
    assert readiness(command) == NOT_READY
    assert "pending in databases. Next: `python -m database_grants --stack local`" in capsys.readouterr().out
    assert main([*command, "--check"]) == PENDING
    assert f"make the role {told['ORDERS_USER']} for the service {who}" in capsys.readouterr().out
    with pytest.raises(psycopg.OperationalError, match=f'role "{told["ORDERS_USER"]}" does not exist'):
        shop.signs_in(who, told)
    with shop.signs_in(DEPLOYER.object_id, told, ADMINISTRATORS) as connection:
        connection.execute("CREATE TABLE orders (id int)")
        connection.execute("INSERT INTO orders VALUES (1)")
    assert main(command) == DONE
    with shop.signs_in(who, told) as connection:
        assert connection.execute("SELECT id FROM orders").fetchall() == [(1,)]
        for statement in ("INSERT INTO orders VALUES (2)", "DELETE FROM orders", "CREATE TABLE mine ()"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    shop.stack.preview("--refresh", "--expect-no-changes")
    assert shop.planned("size", "Standard_B2s") == {"dbforpostgresql:Server": "update"}
    assert shop.planned("name", "psql-other")["dbforpostgresql:Server"] == "replace"
    assert main([*command, "--check"]) == DONE
    assert readiness(command) == READY
    shop.stack.write_configuration({"linked": "false"})
    shop.stack.up("--skip-preview")
    assert main([*command, "--check"]) == PENDING
    assert main(command) == DONE
    with pytest.raises(psycopg.OperationalError, match=f'role "{told["ORDERS_USER"]}" does not exist'):
        shop.signs_in(who, told)
    shop.stack.destroy()
    assert shop.session.control("/leftovers")["resources"] == []
    assert main([*command, "--check"]) == DONE
    assert "declares no grant in a database" in capsys.readouterr().out
