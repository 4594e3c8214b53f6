"""What a refusal looks like on the wire: the envelopes of Resource Manager, App Service, Key Vault,
Storage and its tables, App Configuration, Cosmos DB, container registries, and the plain one of services
that say a code and a message alone.
"""

from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from local_azure.http import JsonObject, Lacking, Response

Envelope = Literal[
    "arm", "app-service", "flat", "key-vault", "plain", "problem", "registry", "storage", "table"
]
"""`flat` is a code and a message with nothing around them."""


@dataclass
class Refusal(Exception):
    """Azure says no. Raise it anywhere below the router; the router answers with the right envelope.

    `status` is the HTTP status; `inner_code` is used by the Key Vault data plane (`innererror.code`) and by
    App Service (`ExtendedCode`); `parameters` fills App Service's message template, and says of a registry
    what is lacking: type, name and action.
    """

    status: int
    code: str
    message: str
    envelope: Envelope = "arm"
    inner_code: str | None = None
    message_template: str | None = None
    parameters: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict[str, str])
    lacking: Lacking | None = None
    later: bool = False
    """Said of the operation that a write began, and not of the write."""
    inner: JsonObject | None = None
    """What the plain envelope has as `innererror`."""

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"

    def response(self) -> Response:
        """The answer that a client sees."""
        headers = dict(self.headers)
        if self.envelope == "storage":
            headers |= {"content-type": "application/xml", "x-ms-error-code": self.code}
            return Response(self.status, self._storage(), headers, self.lacking)
        if self.envelope == "problem":
            headers |= {"content-type": "application/problem+json"} if self.message else {}
            return Response(self.status, self._problem() if self.message else None, headers, self.lacking)
        bodies = {
            "arm": self._arm,
            "app-service": self._app_service,
            "key-vault": self._key_vault,
            "registry": self._registry,
            "flat": self._flat,
            "plain": self._plain,
            "table": self._table,
        }
        if self.envelope == "arm":
            headers.setdefault("x-ms-failure-cause", "gateway")
            headers.setdefault("x-ms-error-code", self.code)
        if self.envelope == "table":
            headers.setdefault("content-type", "application/json;odata=minimalmetadata;charset=utf-8")
        return Response(self.status, bodies[self.envelope](), headers, self.lacking)

    def _arm(self) -> JsonObject:
        return {"error": {"code": self.code, "message": self.message}}

    def _plain(self) -> JsonObject:
        error: JsonObject = {"code": self.code, "message": self.message}
        return {"error": error | ({"innererror": self.inner} if self.inner else {})}

    def _flat(self) -> JsonObject:
        return {"code": self.code, "message": self.message}

    def _app_service(self) -> JsonObject:
        entity: JsonObject = {
            "ExtendedCode": self.inner_code,
            "MessageTemplate": self.message_template or self.message,
            "Parameters": list(self.parameters),
            "Code": self.code,
            "Message": self.message,
        }
        details: list[JsonObject] = [{"Message": self.message}, {"Code": self.code}, {"ErrorEntity": entity}]
        return {
            "Code": self.code,
            "Message": self.message,
            "Target": None,
            "Details": details,
            "Innererror": None,
        }

    def _problem(self) -> JsonObject:
        return {"type": self.code, "title": self.message, "status": self.status}

    def _storage(self) -> bytes:
        code, message = escape(self.code), escape(self.message)
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        return f'<?xml version="1.0" encoding="utf-8"?>{error}'.encode()

    def _registry(self) -> JsonObject:
        error: JsonObject = {"code": self.code, "message": self.message}
        if self.parameters:
            error["detail"] = [dict(zip(("Type", "Name", "Action"), self.parameters, strict=True))]
        return {"errors": [error]}

    def _table(self) -> JsonObject:
        message = {"lang": "en-US", "value": self.message}
        return {"odata.error": {"code": self.code, "message": message}}

    def _key_vault(self) -> JsonObject:
        error: JsonObject = {"code": self.code, "message": self.message}
        if self.inner_code:
            error["innererror"] = {"code": self.inner_code}
        return {"error": error}


def not_served(what: str) -> Refusal:
    """For what Azure has and the local one does not: a status and a code that Azure itself never answers
    with. `what` is the end of a sentence, such as `backups of web apps`."""
    return Refusal(
        501,
        "NotServedByLocalAzure",
        f"The local Azure does not serve {what}. This is no answer of Azure's: there it may be asked.",
    )
