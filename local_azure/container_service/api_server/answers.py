"""How the API of a cluster answers: objects, lists of them, and refusals, each as Kubernetes words it.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

from dataclasses import dataclass

from local_azure.http import JsonObject, Lacking, Response


@dataclass
class NoAnswer(Exception):
    """Kubernetes says no: `reason` is its own word, such as Forbidden."""

    status: int
    reason: str
    message: str
    lacking: Lacking | None = None

    def response(self) -> Response:
        body: JsonObject = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.status,
        }
        return Response(self.status, body, lacking=self.lacking)


def not_found(plural: str, name: str) -> NoAnswer:
    return NoAnswer(404, "NotFound", f'{plural} "{name}" not found')


def not_here(what: str) -> NoAnswer:
    """What a cluster has and the local one has not."""
    return NoAnswer(501, "NotServedByLocalAzure", f"The local Azure does not serve {what} of a cluster.")
