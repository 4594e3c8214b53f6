"""Logs of Cosmos DB, App Configuration and registries, read by the audit's own queries."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.appconfiguration import ConfigurationSetting
from azure.core.exceptions import HttpResponseError
from azure.cosmos import _retry_utility  # pyright: ignore[reportPrivateUsage]
from azure.cosmos.exceptions import CosmosHttpResponseError

from audit.kinds import kinds
from audit.queries import query
from audit.uses import Use, uses_of
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.configuration_stage import ConfigurationStage
from tests.local_azure.cosmos_stage import CONTAINER, CONTRIBUTOR, DATABASE, READER, CosmosStage, Hasty
from tests.local_azure.logs_stage import LogsStage
from tests.local_azure.registry_stage import RegistryStage

PLANTED = "p1anted-value"


class Stage(CosmosStage, ConfigurationStage, RegistryStage, LogsStage):  # pyright: ignore[reportIncompatibleMethodOverride]
    """Targets whose logs go to workspaces."""

    def logged(self, id: str) -> str:
        """The workspace that all logs of a resource go to from now on."""
        workspace = self.workspace()
        self.send_logs(id, workspace)
        return workspace

    def uses(self, workspace: str, kind: str) -> list[Use]:
        """What the audit's query of a kind finds."""
        (name,) = kinds()[kind].queries
        found = list(uses_of(kinds()[kind], self.query(workspace, query(name))))
        assert [one for one in found if not isinstance(one, Use)] == []
        return [one for one in found if isinstance(one, Use)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with (
        pytest.MonkeyPatch.context() as patched,
        LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local,
    ):
        patched.setattr(_retry_utility, "time", Hasty())
        yield Stage(local)


def test_o27_a_request_to_items_names_who_asked_and_the_assignment_that_allowed_it(stage: Stage) -> None:
    account = stage.account()
    workspace = stage.logged(stage.account_id(account))
    writer, stranger = stage.identity(), stage.identity()
    grant = stage.assigned(account, CONTRIBUTOR, writer)
    stage.assigned(account, READER, stranger, f"/dbs/{DATABASE}")
    mine: Any = stage.items(account, writer)
    mine.create_item({"id": "1", "customer": "ada", "note": PLANTED})
    assert mine.read_item("1", "ada")["note"] == PLANTED
    with pytest.raises(CosmosHttpResponseError):
        stage.items(account, stranger).create_item({"id": "2", "customer": "ada"})
    uses = stage.uses(workspace, "cosmos")
    place = f"{stage.account_id(account).lower()}/dbs/{DATABASE}/colls/{CONTAINER}"
    assert {one.place for one in uses} == {place}
    assert {(one.principal_id, one.operation, one.assignment, one.status) for one in uses} == {
        (writer.object_id, "Create", grant.rpartition("/")[2], 201),
        (writer.object_id, "Read", grant.rpartition("/")[2], 200),
        (stranger.object_id, "Create", "", 403),
    }
    assert {one.action.rpartition("/")[2] for one in uses} == {"create", "read"}
    assert PLANTED not in json.dumps(stage.rows(workspace, "CDBDataPlaneRequests"))


def test_o28_a_request_to_a_store_names_who_asked_and_no_value(stage: Stage) -> None:
    store = stage.store()
    workspace = stage.logged(stage.store_id(store))
    owner = stage.with_role("App Configuration Data Owner", stage.store_id(store))
    reader = stage.with_role("App Configuration Data Reader", stage.store_id(store))
    stage.configuration(store, owner).set_configuration_setting(ConfigurationSetting(key="a", value=PLANTED))
    assert stage.configuration(store, reader).get_configuration_setting("a").value == PLANTED
    with pytest.raises(HttpResponseError):
        stage.configuration(store, stage.identity()).get_configuration_setting("a")
    uses = stage.uses(workspace, "configuration")
    assert {(one.principal_id, one.operation, one.status) for one in uses} >= {
        (owner.object_id, "PUT", 200),
        (reader.object_id, "GET", 200),
    }
    assert [
        one.is_refused for one in uses if one.principal_id not in (owner.object_id, reader.object_id)
    ] == [True]
    assert {one.target for one in uses} == {stage.store_id(store).lower()}
    assert {one.count for one in uses} == {1}
    assert PLANTED not in json.dumps(stage.rows(workspace, "AACHttpRequest"))


def test_o29_a_pull_and_a_push_name_the_identity_and_the_repository(stage: Stage) -> None:
    registry, host = stage.registry()
    workspace = stage.logged(registry)
    pusher = stage.with_role("AcrPush", registry)
    puller = stage.with_role("AcrPull", registry)
    stage.pushed(host, pusher, "shop/web", "v1")
    client: Any = stage.images(host, puller)
    client.get_manifest("shop/web", "v1")
    uses = stage.uses(workspace, "registry")
    assert {(one.principal_id, one.operation, one.status, one.part) for one in uses} == {
        (pusher.object_id, "Push", 201, "/repositories/shop/web"),
        (puller.object_id, "Pull", 200, "/repositories/shop/web"),
    }
    assert {one.target for one in uses} == {registry.lower()}
    told = json.dumps(stage.rows(workspace, "ContainerRegistryRepositoryEvents"))
    assert "eyJ" not in told
