"""The two lines of the guide, as printed, on the local Azure."""

import ast
import os
import re
import ssl
from typing import Any

import pymysql
import pytest

from local_azure.server import LocalAzure
from tests.local_azure.mysql_stage import MySqlStage, run
from tests.local_azure.vault_stage import Holder
from tests.proofs import MARIADB
from toolchain.paths import ROOT

pytestmark = pytest.mark.needs(MARIADB)

GUIDE = ROOT / "docs" / "guides" / "mysql.md"


def test_the_two_lines_of_the_guide_run_as_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = MySqlStage(local_azure, monkeypatch)
    server, web = stage.server("orders"), stage.identity()
    stage.user_for(server, web, "SELECT ON orders.*")
    told = {"ORDERS_HOST": server.host, "ORDERS_DATABASE": "orders", "ORDERS_USER": web.name}
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    printed = re.search(
        r"^## The two lines\n\n```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE
    )
    assert printed
    assert len(ast.parse(printed[1]).body) == 2
    scope: dict[str, Any] = {
        "DefaultAzureCredential": lambda: Holder(stage.azure, web), "os": os, "pymysql": pymysql, "ssl": ssl,
    }  # fmt: skip
    exec(printed[1], scope)
    with scope["connection"] as connection:
        assert run(connection, "SELECT current_user(), database()") == [(f"{web.name}@%", "orders")]
