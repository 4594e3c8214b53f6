"""A table is made and read."""

import os

import psycopg
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    token = DefaultAzureCredential().get_token("https://ossrdbms-aad.database.windows.net/.default").token
    connection = psycopg.connect(
        host=os.environ[f"{prefix}HOST"],
        dbname=os.environ[f"{prefix}DATABASE"],
        user=os.environ[f"{prefix}USER"],
        password=token,
        sslmode="require",
    )
    with connection:
        connection.execute("CREATE TABLE IF NOT EXISTS probe (said text)")
        connection.execute("INSERT INTO probe VALUES ('a row')")
        return str(connection.execute("SELECT said FROM probe").fetchall()[0][0])
