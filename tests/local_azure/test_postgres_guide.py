"""The two lines of the guide, as printed, on the local Azure."""

import ast
import os
import re
from typing import Any

import psycopg
import pytest

from local_azure.server import LocalAzure
from tests.local_azure.postgres_stage import PostgresStage
from tests.local_azure.vault_stage import Holder
from tests.proofs import POSTGRES
from toolchain.paths import ROOT

pytestmark = pytest.mark.needs(POSTGRES)

GUIDE = ROOT / "docs" / "guides" / "postgresql.md"


def test_the_two_lines_of_the_guide_run_as_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = PostgresStage(local_azure)
    server, web = stage.server("orders"), stage.identity()
    stage.role_for(server, web)
    told = {"ORDERS_HOST": server.host, "ORDERS_DATABASE": "orders", "ORDERS_USER": web.name}
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    printed = re.search(
        r"^## The two lines\n\n```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE
    )
    assert printed
    assert len(ast.parse(printed[1]).body) == 2
    scope: dict[str, Any] = {
        "DefaultAzureCredential": lambda: Holder(stage.azure, web), "os": os, "psycopg": psycopg,
    }  # fmt: skip
    exec(printed[1], scope)
    with scope["connection"] as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchall() == [
            (web.name, "orders")
        ]
