"""How the data planes of an account refuse: one envelope, and what Azure has that is not served here.

https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
"""

from collections.abc import Mapping

from local_azure.errors import Refusal
from local_azure.http import Request


def refusal(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Refusal:
    return Refusal(status, code, message, "storage", headers=dict(headers or {}))


def unserved(request: Request, service: str) -> Refusal:
    """What Azure has and the local Azure has not; `service` is the end of a sentence: `the blob service`."""
    text = f"The local Azure does not serve this {request.method} of {service}."
    return refusal(501, "NotImplemented", text)


def invalid_name(what: str, name: str) -> Refusal:
    text = f"The specified resource name contains invalid characters: '{name}' is no name of a {what}."
    return refusal(400, "InvalidResourceName", text)


def out_of_range(name: str) -> Refusal:
    """For a number in the query that the service does not take."""
    text = (
        f"One of the query parameters specified in the request URI is outside the permissible range: {name}."
    )
    return refusal(400, "OutOfRangeQueryParameterValue", text)
