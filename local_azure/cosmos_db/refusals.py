"""How the data plane of Cosmos DB says no: a code, a message that ends with the request's id, and a number
that says more than the status.

https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb
"""

import uuid

from local_azure.errors import Refusal
from local_azure.http import Lacking


def refusal(
    status: int, code: str, message: str, substatus: int = 0, *, lacking: Lacking | None = None
) -> Refusal:
    """`substatus` is `x-ms-substatus`, 0 for none."""
    activity = str(uuid.uuid4())
    headers = {"x-ms-activity-id": activity} | ({"x-ms-substatus": str(substatus)} if substatus else {})
    text = f"{message}\r\nActivityId: {activity}, Microsoft.Azure.Documents.Common/2.14.0"
    return Refusal(status, code, text, "flat", headers=headers, lacking=lacking)


def not_served_here(what: str) -> Refusal:
    """For what Azure has and the local one does not. `what` is the end of a sentence."""
    text = f"The local Azure does not serve {what}. This is no answer of Azure's: there it may be asked."
    return refusal(501, "NotServedByLocalAzure", text)
