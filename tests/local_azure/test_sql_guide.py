"""The two lines of the guide, as printed, on the local Azure."""

import ast
import os
import re
from pathlib import Path
from typing import Any

import mssql_python
import pytest

from tests.local_azure.sql_stage import sql_stage
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

GUIDE = ROOT / "docs" / "guides" / "azure-sql.md"


def test_the_two_lines_of_the_guide_run_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sql_stage(tmp_path) as stage:
        server, web = stage.server("orders"), stage.identity()
        stage.user_for(server, web, database="orders")
        for key, value in {"ORDERS_HOST": server.host, "ORDERS_DATABASE": "orders"}.items():
            monkeypatch.setenv(key, value)
        printed = re.search(
            r"^## The two lines\n.*?^```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE
        )
        assert printed
        assert len(ast.parse(printed[1]).body) == 2
        scope: dict[str, Any] = {
            "DefaultAzureCredential": lambda: Holder(stage.azure, web),
            "mssql_python": mssql_python,
            "os": os,
        }  # fmt: skip
        exec(printed[1], scope)
        row = scope["connection"].cursor().execute("SELECT user_name(), db_name()").fetchone()
        assert tuple(row) == (web.name, "orders")
