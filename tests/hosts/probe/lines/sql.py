"""A database answers."""

import os

os.environ.setdefault("MSSQL_PYTHON_NATIVE_PROVIDER", "mssql-odbc")  # needs no library of the system
import mssql_python
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    host = os.environ[f"{prefix}HOST"]
    server = os.environ.get("SQLCMDSERVER", host)
    connection = mssql_python.connect(
        f"Server={server};HostNameInCertificate={host};Database={os.environ[f'{prefix}DATABASE']};Encrypt=yes",
        token_provider=DefaultAzureCredential(),
    )
    return str(connection.cursor().execute("SELECT 'a row'").fetchall()[0][0])
