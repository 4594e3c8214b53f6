"""An Azure SQL server and an app through the real engine: what is declared in the state is what the command
grants, and another group of administrators neither passes nor takes the databases away.
"""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.arm import Arm, content
from toolchain.paths import ROOT

AUDIENCE = "https://database.windows.net"
OTHERS = "0b1ec700-0000-4000-8000-0000000000f2"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import SqlServer, WebApp

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
server = SqlServer("data", {{
    **where, "administrators": {{"database-administrators": config.require("administrators")}},
    "databases": ["orders"], "allowed_ip_ranges": {{"people": "198.51.100.0/24", "apps": "192.0.2.0/24"}},
}})
web = WebApp("web", {{**where, "links": {{"orders": server.sql_link("orders")}}}})
pulumi.export("principal", web.principal_id)
pulumi.export("host", server.endpoint)
pulumi.export("access", web.access)
pulumi.export("contract", web.deployer_contract)
"""
ASKS = """
import mssql_python, os, sys
host, token = sys.argv[1], bytes.fromhex(sys.argv[2])
connection = mssql_python.connect(
    f"Server={os.environ['SQLCMDSERVER']};HostNameInCertificate={host};Database=orders;Encrypt=yes",
    attrs_before={1256: token}, autocommit=True,
)
for statement in sys.argv[3:]:
    cursor = connection.cursor().execute(statement)
    if cursor.description:
        print(cursor.fetchall())
"""


class Shop(Loop):
    """The stack, and what a person runs in its folder. Each in a process of its own: what the driver of SQL
    trusts it reads once, and a process of tests has had other local Azures.
    """

    def runs(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ, **self.stack.environment(), "MSSQL_PYTHON_NATIVE_PROVIDER": "mssql-odbc",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.stack.program, env=environment, capture_output=True, text=True, check=False
        )

    def brings(self, *options: str) -> "subprocess.CompletedProcess[str]":
        return self.runs("-m", "database_grants", "--stack", self.stack.name, *options)

    def asks(self, principal_id: str, host: str, *statements: str) -> "subprocess.CompletedProcess[str]":
        principal = self.cloud.azure.entra.principal(principal_id)
        assert principal is not None
        token = self.cloud.azure.entra.issue(principal, AUDIENCE)[0].encode("utf-16-le")
        given = struct.pack(f"<I{len(token)}s", len(token), token).hex()
        return self.runs("-c", ASKS, host, given, *statements)


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Shop:
    group = cloud.azure.entra.register_identity("database-administrators", None)
    cloud.azure.entra.add_member(group.object_id, DEPLOYER.object_id)
    return given_program(Shop, engine, cloud, tmp_path, PROGRAM, {"keyless:administrators": group.object_id})


def test_an_app_reads_its_database_once_the_command_has_run_and_the_administrators_stay(shop: Shop) -> None:
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    who, host = str(outputs["principal"]), str(outputs["host"])
    assert "may read what is in database orders of SQL server" in str(outputs["access"])
    assert "python -m database_grants --stack <stack>" in str(outputs["contract"])

    pending = shop.brings("--check")
    assert (pending.returncode, pending.stdout.count("pending on")) == (1, 4), pending.stderr
    assert "Login failed for user '<token-identified principal>'" in shop.asks(who, host, "SELECT 1").stderr
    statements = "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (7)"
    made = shop.asks(DEPLOYER.object_id, host, *statements)
    assert made.returncode == 0, made.stderr
    assert shop.brings().returncode == 0
    asked = shop.asks(who, host, "SELECT id FROM orders", "DELETE FROM orders")
    assert asked.stdout == "[(7,)]\n"
    assert "The DELETE permission was denied" in asked.stderr

    shop.stack.preview("--refresh", "--expect-no-changes")
    shop.stack.write_configuration({"administrators": OTHERS})
    with pytest.raises(EngineError, match="another group than the one that administers the server"):
        shop.stack.preview()
    # The next step that it names: `az sql server ad-admin update`, then `pulumi refresh`.
    (server,) = shop.cloud.azure.store.list(type="Microsoft.Sql/servers")
    changed = {"properties": {"login": "database-administrators", "sid": OTHERS}}
    content(Arm(shop.cloud.azure)("PUT", f"{server.id}/administrators/ActiveDirectory", changed))
    shop.stack.refresh("--skip-preview")
    shop.stack.preview("--expect-no-changes")
