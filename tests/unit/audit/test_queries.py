"""The queries of the repository: what each says of itself, and that each gives what the command reads."""

import re

import duckdb_kql
import pytest

from audit.columns import columns
from audit.kinds import kinds
from audit.queries import query, table_of
from audit.sources.files import TYPES
from audit.uses import COLUMNS
from components.azure_facts.actions import any_contains
from components.azure_facts.data_roles import CosmosRole, cosmos_role
from components.azure_facts.log_categories import categories_of
from components.azure_facts.log_tables import log_tables
from components.azure_facts.roles import built_in_roles
from toolchain.paths import ROOT

OF_USES = sorted({name for kind in kinds().values() for name in kind.queries})
OF_ALL = [*OF_USES, "settings_written"]


@pytest.mark.parametrize("name", OF_ALL)
def test_a_query_begins_with_a_sentence_and_names_the_table_that_it_asks(name: str) -> None:
    first, *rest = query(name).splitlines()
    assert re.fullmatch(r"// [A-Z].+[.]", first)
    assert any(line.startswith(f"// Table: {table_of(name)}") for line in rest)


@pytest.mark.parametrize("name", OF_USES)
def test_a_query_about_uses_runs_on_the_documented_columns_and_gives_what_is_read(name: str) -> None:
    table = table_of(name)
    connection = duckdb_kql.connect()
    typed = ", ".join(f'"{column}" {TYPES[type]}' for column, type in columns()[table].items())
    connection.execute(f"CREATE TABLE {table} ({typed})")
    assert set(duckdb_kql.query(connection, query(name)).columns) == set(COLUMNS)
    # Each column that is asked for is in the query: none is typed for nothing.
    assert [column for column in columns()[table] if column not in query(name)] == []


@pytest.mark.parametrize("name", columns())
def test_the_columns_that_are_read_are_microsofts_with_their_types(name: str) -> None:
    known = log_tables()[name].columns
    # Those of AzureDiagnostics come with rows.
    told = {key: type for key, type in columns()[name].items() if name != "AzureDiagnostics" or key in known}
    assert told == {key: known.get(key) for key in told}


@pytest.mark.parametrize("name", kinds())
def test_a_kind_names_categories_that_azure_has_and_actions_that_its_roles_have(name: str) -> None:
    one = kinds()[name]
    service = one.setting.removesuffix("/default")
    assert set(one.categories) <= categories_of(one.type + service)
    blocks = [block for role in built_in_roles().values() for block in role.permissions]
    for role in CosmosRole:
        found = cosmos_role(role.guid)
        assert found is not None
        blocks += found.permissions
    known = {action for block in blocks for action in (*block.data_actions, *block.actions)} - {"*"}
    assert [action for action in one.operations.values() if not any_contains(known, action)] == []


def test_each_query_that_is_asked_is_a_file_of_the_folder() -> None:
    assert set(OF_ALL) <= {file.stem for file in (ROOT / "audit" / "queries").glob("*.kql")}
