"""Function apps for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import FunctionApp
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

OF_RUNTIME = [
    "AzureFunctionsWebHost__hostid",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__managedIdentityResourceId",
    "AzureWebJobsStorage__queueServiceUri",
    "AzureWebJobsStorage__tableServiceUri",
]
"""The settings of the Functions runtime that a swap leaves where they are."""


def function_app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(FunctionApp, {"resource_group_name": "rg-team", **args}, mode)


refusal = refusal_of(function_app)
