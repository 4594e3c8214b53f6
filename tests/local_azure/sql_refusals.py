"""What SQL says to whom it lets in to nothing."""

import mssql_python
import pytest

from local_azure.entra.directory import Principal
from tests.local_azure.sql_stage import Server, SqlStage, said

LOGIN_FAILED = "Login failed for user '<token-identified principal>'."


def refused(
    stage: SqlStage, server: Server, who: Principal | str, *statements: str, database: str = "shop"
) -> str:
    """What SQL says to the last of these statements."""
    *before, last = statements
    connection = stage.connect(server, who, database)
    try:
        cursor = connection.cursor()
        for statement in before:
            cursor.execute(statement)
        with pytest.raises(mssql_python.Error) as error:
            cursor.execute(last)
        return said(error.value)
    finally:
        connection.close()


def kept_out(stage: SqlStage, server: Server, who: Principal | str, database: str = "shop") -> str:
    """What SQL says to a login."""
    with pytest.raises(mssql_python.Error) as error:
        stage.connect(server, who, database)
    return said(error.value)


def denied(permission: str, what: str = "orders", database: str = "shop", schema: str = "dbo") -> str:
    return (
        f"The {permission} permission was denied on the object '{what}', database '{database}', schema "
        f"'{schema}'."
    )
