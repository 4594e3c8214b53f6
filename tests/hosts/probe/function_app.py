"""The same code as a function with an HTTP trigger."""

import json

import azure.functions as func

from app import answer

app = func.FunctionApp()


@app.route(route="ask/{target}", auth_level=func.AuthLevel.ANONYMOUS)
def ask(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(answer(req.route_params["target"])), mimetype="application/json")
