"""A table is made and read."""

import os
import ssl

import pymysql
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    token = DefaultAzureCredential().get_token("https://ossrdbms-aad.database.windows.net/.default").token
    connection = pymysql.connect(
        host=os.environ[f"{prefix}HOST"],
        database=os.environ[f"{prefix}DATABASE"],
        user=os.environ[f"{prefix}USER"],
        password=token,
        ssl=ssl.create_default_context(),
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS probe (said text)")
        cursor.execute("INSERT INTO probe VALUES ('a row')")
        cursor.execute("SELECT said FROM probe")
        return str(cursor.fetchall()[0][0])
