"""The two lines of the guide, as printed, on the local Azure."""

import ast
import os
import re
from typing import Any

import pytest
from azure.cosmos import CosmosClient

from local_azure.server import LocalAzure
from tests.local_azure.cosmos_stage import CONTAINER, CONTRIBUTOR, DATABASE, CosmosStage
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

GUIDE = ROOT / "docs" / "guides" / "cosmos-db.md"


def test_the_two_lines_of_the_guide_run_as_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = CosmosStage(local_azure)
    account = stage.account()
    web = stage.with_data_role(account, CONTRIBUTOR, f"/dbs/{DATABASE}/colls/{CONTAINER}")
    told = {
        "ORDERS_ENDPOINT": f"https://{account}.documents.azure.com/",
        "ORDERS_DATABASE": DATABASE,
        "ORDERS_CONTAINER": CONTAINER,
    }
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    printed = re.search(
        r"^## The two lines\n\n```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE
    )
    assert printed
    assert len(ast.parse(printed[1]).body) == 2
    scope: dict[str, Any] = {
        "CosmosClient": CosmosClient, "DefaultAzureCredential": lambda: Holder(stage.azure, web), "os": os,
    }  # fmt: skip
    exec(printed[1], scope)
    scope["orders"].upsert_item({"id": "1", "customer": "ann"})
    assert scope["orders"].read_item("1", "ann")["customer"] == "ann"
