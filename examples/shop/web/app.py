"""The shop's page: takes orders, puts them into a queue, and shows what became of them."""

import json
import os
import uuid
from typing import LiteralString

import httpx
import psycopg
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient, TextBase64EncodePolicy
from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

app = Flask(__name__)
credential = DefaultAzureCredential()
queue = QueueClient(
    os.environ["ORDERS_ENDPOINT"],
    os.environ["ORDERS_QUEUE"],
    credential=credential,
    # As triggers of Functions expect a message.
    message_encode_policy=TextBase64EncodePolicy(),
)
receipts = ContainerClient(
    os.environ["RECEIPTS_ENDPOINT"], os.environ["RECEIPTS_CONTAINER"], credential=credential
)


@app.get("/")
def page() -> str:
    return render_template("page.html", items=in_stock(), orders=orders(), placed=request.args.get("placed"))


@app.post("/orders")
def place() -> Answer:
    item, prices = request.form.get("item", ""), in_stock()
    amount = request.form.get("amount", 0, type=int)
    if item not in prices or not 1 <= amount <= 99:
        abort(400)
    order = {"id": uuid.uuid4().hex[:12], "item": item, "amount": amount, "cents": amount * prices[item]}
    queue.send_message(json.dumps(order))
    return redirect(url_for("page", placed=order["id"]), 303)


@app.get("/orders/<id>")
def tell(id: str) -> Response:
    """An order, once the worker is done with it; 404 until then."""
    found = orders("WHERE id = %s", id)
    try:
        receipt = receipts.download_blob(f"{id}.txt").readall().decode() if found else ""
    except ResourceNotFoundError:
        receipt = ""
    if not receipt:
        abort(404)
    return jsonify({**found[0], "receipt": receipt})


@app.get("/health")
def health() -> str:
    return "well"


def in_stock() -> dict[str, int]:
    """What there is, to its price in cents, as the shop's own API says to those that it lets in."""
    token = credential.get_token(os.environ["STOCK_SCOPE"]).token
    answer = httpx.get(f"{os.environ['STOCK_URL']}/items", headers={"Authorization": f"Bearer {token}"})
    return answer.raise_for_status().json()


def orders(where: LiteralString = "", *values: str) -> list[dict[str, object]]:
    """The latest that the worker has written, of those that are asked for; none before its first."""
    token = credential.get_token("https://ossrdbms-aad.database.windows.net/.default").token
    with psycopg.connect(
        host=os.environ["DATABASE_HOST"],
        dbname=os.environ["DATABASE_DATABASE"],
        user=os.environ["DATABASE_USER"],
        password=token,
        sslmode="require",
    ) as connection:
        try:
            rows = connection.execute(
                f"SELECT id, item, amount, cents FROM orders {where} ORDER BY at DESC LIMIT 20", values
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            return []
    return [dict(zip(("id", "item", "amount", "cents"), row, strict=True)) for row in rows]
