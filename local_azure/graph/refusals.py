"""What Graph answers to who may not, and of what is not there."""

from local_azure.errors import Refusal


def denied() -> Refusal:
    text = "Insufficient privileges to complete the operation."
    return Refusal(403, "Authorization_RequestDenied", text)


def missing(id: str) -> Refusal:
    text = f"Resource '{id}' does not exist or one of its queried reference-property objects are not present."
    return Refusal(404, "Request_ResourceNotFound", text)
