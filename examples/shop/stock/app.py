"""What the shop has, for the programs that App Service lets in: it asks who calls, this code does not."""

import os

from flask import Flask, Response, jsonify

PRICES = {"teapot": 2900, "kettle": 3400, "cup": 800}
"""In cents."""

app = Flask(__name__)


@app.get("/items")
def items() -> Response:
    return jsonify(PRICES)


@app.get("/health")
def health() -> str:
    """Open to everybody, as App Service asks without a token."""
    return f"{os.environ.get('WEBSITE_SITE_NAME', 'stock')} is well"
