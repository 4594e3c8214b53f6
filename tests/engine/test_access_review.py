"""A review that the engine deploys: its alerts fire by what really happens, and its searches find it."""

from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from components.access_review.queries import query
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.one_component import declared_loop
from tests.local_azure.test_alerts import Stage

WORKSPACES = "Microsoft.OperationalInsights/workspaces"


def test_a_refused_read_and_a_grant_by_hand_are_told_and_the_searches_find_them(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    stage = Stage(cloud)
    vault = stage.vault()
    stage.officer_of(vault).set_secret("password", "p1anted-value")
    known, stranger = stage.identity(), stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets User", known.object_id)
    args: dict[str, Any] = {
        "resource_group_name": stage.group.rpartition("/")[2],
        "resources": {"main": {"id": stage.id(vault)}},
        "known_principal_ids": {"app": known.object_id},
    }
    loop = declared_loop(engine, cloud, tmp_path)
    outputs = loop.up_with(review={"component": "AccessReview", "args": args})
    workspace = outputs["review.workspace_id"]

    def told() -> set[str]:
        return {name.rpartition("-")[2] for name in stage.alerts()}

    stage.secrets(vault, known).get_secret("password")
    assert told() == set()

    with pytest.raises(HttpResponseError):
        stage.secrets(vault, stranger).get_secret("password")
    assert told() == {"refused"}
    (refused,) = stage.query(workspace, outputs["review.queries"]["refused_calls"])
    assert refused["PrincipalId"] == stranger.object_id

    stage.grant(stage.id(vault), "Key Vault Secrets User", stranger.object_id)
    stage.secrets(vault, stranger).get_secret("password")
    assert told() == {"refused", "unknown", "grants"}
    (unknown,) = stage.query(workspace, outputs["review.queries"]["unknown_callers"])
    assert unknown["PrincipalId"] == stranger.object_id
    reads = stage.query(workspace, query("reads_by_grant"))
    assert {(row["PrincipalId"], row["Secret"], row["Reads"]) for row in reads} == {
        (known.object_id, "password", 1),
        (stranger.object_id, "password", 1),
    }
    assert "p1anted-value" not in str(reads)
