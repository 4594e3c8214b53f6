"""Certificates at a vault's data plane.

https://learn.microsoft.com/rest/api/keyvault/certificates
"""

from typing_extensions import override

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.answers import (
    address,
    deleted,
    described,
    given,
    name_of,
    nothing_answers,
    retention,
)
from local_azure.key_vault.certificate_material import thumbprint
from local_azure.key_vault.certificate_versions import CertificateVersion, VaultCertificates
from local_azure.key_vault.key_material import encoded
from local_azure.key_vault.objects_data import ObjectsData
from local_azure.store import Resource


class CertificatesData(ObjectsData[CertificateVersion]):
    """The certificates of every vault."""

    def __init__(self, ground: Ground, certificates: VaultCertificates) -> None:
        super().__init__(ground, certificates)
        self._certificates = certificates

    @override
    def answer(self, vault: Resource, request: Request, rest: list[str], caller: Caller) -> Response:
        every, of = self._certificates, name_of(vault)
        match request.method, rest:
            case "GET", [name, "pending"]:
                self.require(vault, caller, "read", name)
                return Response(200, self._operation(vault, self.newest(vault, name)))
            case "GET", [name, "policy"]:
                self.require(vault, caller, "read", name)
                return Response(200, self._policy(vault, self.newest(vault, name)))
            case "PATCH", [name, "policy"]:
                self.require(vault, caller, "update/action", name)
                found = self.newest(vault, name)
                every.set_policy(of, name, given(request))
                return Response(200, self._policy(vault, found))
            case "GET", [name, *version] if len(version) < 2:
                self.require(vault, caller, "read", name)
                found = self.one_of(vault, name, version)
                return Response(200, self.shown(vault, found))
            case "POST", [name, "create"]:
                self.require(vault, caller, "create/action", name)
                made = every.create(of, name, given(request))
                # Microsoft's client takes what is over at once for nothing.
                return Response(202, {**self._operation(vault, made), "status": "inProgress"})
            case "PATCH", [name, *version] if len(version) < 2:
                self.require(vault, caller, "update/action", name)
                found = self.one_of(vault, name, version)
                return Response(200, self.shown(vault, every.update(of, found, given(request), {})))
            case "DELETE", [name]:
                self.require(vault, caller, "delete", name)
                shown = self.shown(vault, self.newest(vault, name))
                every.delete(of, name, retention(vault))
                return Response(200, {**shown, **deleted(every, vault, name)[1]})
            case method, _:
                raise nothing_answers(method, request.path)

    @override
    def item(self, vault: Resource, found: CertificateVersion, *, versioned: bool = True) -> JsonObject:
        return {
            "id": address(vault, self._certificates.kind, found.name, found.version if versioned else None),
            "x5t": encoded(thumbprint(found.certificate)),
            **described(vault, found),
        }

    @override
    def shown(self, vault: Resource, found: CertificateVersion) -> JsonObject:
        return {
            **self.item(vault, found),
            "kid": address(vault, "keys", found.name, found.version),
            "sid": address(vault, "secrets", found.name, found.version),
            "cer": found.body["cer"],
            "policy": self._policy(vault, found),
        }

    def _policy(self, vault: Resource, found: CertificateVersion) -> JsonObject:
        policy = self._certificates.policy(name_of(vault), found.name)
        return {**policy, "id": f"{address(vault, self._certificates.kind, found.name)}/policy"}

    def _operation(self, vault: Resource, made: CertificateVersion) -> JsonObject:
        of_all = address(vault, self._certificates.kind, made.name)
        return {
            "id": f"{of_all}/pending",
            "issuer": {"name": "Self"},
            "csr": self._certificates.request(name_of(vault), made.name),
            "cancellation_requested": False,
            "status": "completed",
            "target": of_all,
            "request_id": made.version,
        }
