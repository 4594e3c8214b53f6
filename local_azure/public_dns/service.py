"""The public DNS as a service: no resources of Azure, but what App Service asks it."""

from typing_extensions import override

from local_azure.control_values import body_of, text_in
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.public_dns.records import RECORD_TYPES, Records
from local_azure.service import Service


class PublicDns(Service):
    """`POST, DELETE /dns {"name": "www.contoso.com", "type": "CNAME", "value": "…"}` writes a record."""

    def __init__(self, ground: Ground) -> None:
        self.records = Records(ground.store)

    @override
    def control(self, request: Request) -> Response | None:
        if request.path.strip("/") != "dns" or request.method not in ("POST", "DELETE"):
            return None
        name, type_, value = (text_in(body_of(request), key) for key in ("name", "type", "value"))
        if type_ not in RECORD_TYPES:
            raise Refusal(400, "BadRequest", f"`type` is one of {', '.join(RECORD_TYPES)}.")
        write = self.records.add if request.method == "POST" else self.records.remove
        write(name, type_, value)
        return Response(200, {"values": list(self.records.find(name, type_))})
