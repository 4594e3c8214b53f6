"""The audit's own queries, asked of a local workspace through azure-monitor-query."""

from collections.abc import Iterator

import pytest

from audit.kinds import kinds
from audit.queries import query, table_of
from audit.uses import Use, uses_of
from components.azure_facts.log_tables import log_tables
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.logs_stage import LogsStage

USER = "Key Vault Secrets User"
_SHARED = "AzureDiagnostics"  # whose columns come with rows
OF_ALL = sorted({name for kind in kinds().values() for name in kind.queries} | {"settings_written"})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogsStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield LogsStage(local)


@pytest.mark.parametrize("own_tables", [True, False])
def test_a_read_is_joined_with_its_grant_from_either_table_of_a_vaults_log(
    stage: LogsStage, own_tables: bool
) -> None:
    vault, workspace = stage.logged_vault(own_tables=own_tables)
    reader = stage.identity()
    grant = stage.grant(stage.id(vault), USER, reader.object_id)
    stage.secrets(vault, reader).get_secret("password")
    stage.secrets(vault, reader).get_secret("password")
    name = "vault_uses" if own_tables else "vault_uses_in_azure_diagnostics"
    (use,) = uses_of(kinds()["vault"], stage.query(workspace, query(name)))
    assert isinstance(use, Use)
    assert (use.principal_id, use.app_id, use.assignment) == (
        reader.object_id, reader.client_id, grant.name,
    )  # fmt: skip
    assert (use.place, use.operation, use.count, use.is_refused) == (
        f"{stage.id(vault)}/secrets/password".lower(), "SecretGet", 2, False,
    )  # fmt: skip
    assert use.action == "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    assert use.addresses == ("198.51.100.7",)


@pytest.mark.parametrize("name", [name for name in OF_ALL if table_of(name) in {*log_tables()} - {_SHARED}])
def test_a_table_that_has_had_no_row_answers_none(stage: LogsStage, name: str) -> None:
    assert stage.query(stage.workspace(), query(name)) == []
