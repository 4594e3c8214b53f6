"""Works on orders: each message becomes a row and a receipt."""

import json
import os

import azure.functions as func
import psycopg
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

app = func.FunctionApp()
credential = DefaultAzureCredential()

TABLE = """
CREATE TABLE IF NOT EXISTS orders (
    id text PRIMARY KEY, item text NOT NULL, amount int NOT NULL, cents int NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
)
"""
ADD = "INSERT INTO orders (id, item, amount, cents) VALUES (%s, %s, %s, %s) ON CONFLICT (id) DO NOTHING"


@app.queue_trigger(arg_name="message", queue_name="%ORDERS_QUEUE%", connection="ORDERS")  # pyright: ignore[reportUnknownMemberType]
def work(message: func.QueueMessage) -> None:
    order = json.loads(message.get_body())
    with database() as connection:
        connection.execute(TABLE)
        connection.execute(ADD, (order["id"], order["item"], order["amount"], order["cents"]))
    receipt = f"{order['amount']} × {order['item']}: {order['cents'] / 100:.2f}\n"
    receipts = ContainerClient(
        os.environ["RECEIPTS_ENDPOINT"], os.environ["RECEIPTS_CONTAINER"], credential=credential
    )
    # A message may come twice: the same receipt again is the same.
    receipts.upload_blob(f"{order['id']}.txt", receipt.encode(), overwrite=True)


def database() -> "psycopg.Connection[tuple[object, ...]]":
    token = credential.get_token("https://ossrdbms-aad.database.windows.net/.default").token
    return psycopg.connect(
        host=os.environ["DATABASE_HOST"],
        dbname=os.environ["DATABASE_DATABASE"],
        user=os.environ["DATABASE_USER"],
        password=token,
        sslmode="require",
    )
