"""A web app that uses secrets and holds none. Its page shows which secrets arrived, how, and by whose
identity; never a value, nor anything made from one.

App Service finds `app` in this file and starts it with gunicorn; on your own machine: `flask --app app run`.
"""

import os
from threading import Lock

from azure.core.credentials import TokenCredential
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from blobs import read_blob
from configuration import Configuration
from flask import Flask, Response, jsonify, render_template, request
from markupsafe import Markup
from report import Report, read_all

app = Flask(__name__)


def open_vault() -> tuple[TokenCredential, SecretClient]:
    """All it takes to read secrets without holding one: on App Service, and elsewhere after `az login`."""

    # ┌─ the two lines ────────────────────────────────────────────────────────┐
    credential = DefaultAzureCredential()
    vault = SecretClient(os.environ["AZURE_KEY_VAULT_ENDPOINT"], credential)
    # └────────────────────────────────────────────────────────────────────────┘

    return credential, vault


_open: list[tuple[TokenCredential, SecretClient]] = []
_lock = Lock()


def _report() -> Report:
    """Read every secret now. The client is kept, and with it token and connection; after a refusal it is
    dropped, so that a grant made a moment ago is not hidden behind an older token."""
    configuration = Configuration.from_environment()
    if configuration.problems or not configuration.secrets:
        return read_all(configuration, None)
    with _lock:
        if not _open:
            _open.append(open_vault())
        current = _open[0]
    report = read_all(configuration, current)
    if report.state != "ready":
        with _lock:
            if _open and _open[0] is current:
                _open.clear()
    return report


@app.get("/")
def page() -> str:
    """The report for people."""
    return render_template("page.html", report=_report(), blob=read_blob())


@app.get("/status.json")
def status() -> Response:
    """The same facts for programs: 200 whatever it reports; `arrived` is true when every secret did."""
    blob = read_blob()
    return jsonify(_report().as_json() | ({"blob": blob.as_json()} if blob else {}))


@app.get("/health")
def health() -> Response:
    """200 while the process serves. It asks nobody else: an app without access is not mended by a restart."""
    return jsonify(status="serving")


@app.template_filter()
def prose(text: str) -> Markup:
    """Escape a sentence, and set what stands in backticks as code."""
    plain_and_code = enumerate(text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>" if n % 2 else "{}").format(part) for n, part in plain_and_code
    )


@app.after_request
def harden(response: Response) -> Response:
    """Nothing from elsewhere, no script, no frame, nothing kept."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
