"""Certificates at a vault's data plane.

https://learn.microsoft.com/rest/api/keyvault/certificates
"""

from typing import Final

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.access import require
from local_azure.key_vault.answers import (
    address,
    deleted,
    described,
    existing,
    given,
    name_of,
    nothing_answers,
    page,
    purge,
    require_name,
    retention,
)
from local_azure.key_vault.certificate_material import thumbprint
from local_azure.key_vault.certificate_versions import CertificateVersion, VaultCertificates
from local_azure.key_vault.key_material import encoded
from local_azure.store import Resource

_KIND: Final = "certificates"


class CertificatesData:
    """The certificates of every vault, behind tokens and role assignments."""

    def __init__(self, ground: Ground, certificates: VaultCertificates) -> None:
        self._ground = ground
        self.certificates = certificates

    def route(self, vault: Resource, request: Request, segments: list[str], caller: Caller) -> Response:
        """Raises Refusal."""
        if len(segments) > 1:
            require_name(segments[1], "certificate")
        if segments[0] != _KIND:
            return self._deleted_certificates(vault, request.method, segments[1:], caller)
        every, of = self.certificates, name_of(vault)
        match request.method, segments[1:]:
            case "GET", []:
                self._require(vault, caller, "read")
                newest = [self._newest(vault, name) for name in every.names(of)]
                return page([_item(vault, one, versioned=False) for one in newest])
            case "GET", [name, "versions"]:
                self._require(vault, caller, "read", name)
                return page([_item(vault, one) for one in every.versions(of, name)])
            case "GET", [name, "pending"]:
                self._require(vault, caller, "read", name)
                return Response(200, self._operation(vault, self._newest(vault, name)))
            case "GET", [name, "policy"]:
                self._require(vault, caller, "read", name)
                return Response(200, self._policy(vault, self._newest(vault, name)))
            case "PATCH", [name, "policy"]:
                self._require(vault, caller, "update/action", name)
                found = self._newest(vault, name)
                every.set_policy(of, name, given(request))
                return Response(200, self._policy(vault, found))
            case "GET", [name, *version] if len(version) < 2:
                self._require(vault, caller, "read", name)
                found = existing(every, vault, name, version[0] if version else None)
                return Response(200, self._shown(vault, found))
            case "POST", [name, "create"]:
                self._require(vault, caller, "create/action", name)
                made = every.create(of, name, given(request))
                # Microsoft's client takes what is over at once for nothing.
                return Response(202, {**self._operation(vault, made), "status": "inProgress"})
            case "PATCH", [name, *version] if len(version) < 2:
                self._require(vault, caller, "update/action", name)
                found = existing(every, vault, name, version[0] if version else None)
                return Response(200, self._shown(vault, every.update(of, found, given(request), {})))
            case "DELETE", [name]:
                self._require(vault, caller, "delete", name)
                shown = self._shown(vault, self._newest(vault, name))
                every.delete(of, name, retention(vault))
                return Response(200, {**shown, **deleted(every, vault, name)[1]})
            case method, _:
                raise nothing_answers(method, request.path)

    def _deleted_certificates(
        self, vault: Resource, method: str, rest: list[str], caller: Caller
    ) -> Response:
        every, of = self.certificates, name_of(vault)
        match method, rest:
            case "GET", []:
                self._require(vault, caller, "read")
                return page([self._deleted(vault, name) for name in every.names(of, deleted=True)])
            case "GET", [name]:
                self._require(vault, caller, "read", name)
                return Response(200, self._deleted(vault, name))
            case "DELETE", [name]:
                self._require(vault, caller, "purge/action", name)
                return purge(every, vault, name)
            case "POST", [name, "recover"]:
                self._require(vault, caller, "recover/action", name)
                deleted(every, vault, name)
                every.recover(of, name)
                return Response(200, self._shown(vault, self._newest(vault, name)))
            case _:
                raise nothing_answers(method, "deleted certificates")

    def _deleted(self, vault: Resource, name: str) -> JsonObject:
        found, said = deleted(self.certificates, vault, name)
        return {**said, **_item(vault, found.newest)}

    def _newest(self, vault: Resource, name: str) -> CertificateVersion:
        return existing(self.certificates, vault, name, None)

    def _require(self, vault: Resource, caller: Caller, verb: str, name: str | None = None) -> None:
        require(self._ground.authorizer, vault, caller, verb, name, kind=_KIND)

    def _policy(self, vault: Resource, found: CertificateVersion) -> JsonObject:
        policy = self.certificates.policy(name_of(vault), found.name)
        return {**policy, "id": f"{address(vault, _KIND, found.name)}/policy"}

    def _operation(self, vault: Resource, made: CertificateVersion) -> JsonObject:
        of_all = address(vault, _KIND, made.name)
        return {
            "id": f"{of_all}/pending",
            "issuer": {"name": "Self"},
            "csr": self.certificates.request(name_of(vault), made.name),
            "cancellation_requested": False,
            "status": "completed",
            "target": of_all,
            "request_id": made.version,
        }

    def _shown(self, vault: Resource, found: CertificateVersion) -> JsonObject:
        return {
            **_item(vault, found),
            "kid": address(vault, "keys", found.name, found.version),
            "sid": address(vault, "secrets", found.name, found.version),
            "cer": found.body["cer"],
            "policy": self._policy(vault, found),
        }


def _item(vault: Resource, found: CertificateVersion, *, versioned: bool = True) -> JsonObject:
    return {
        "id": address(vault, _KIND, found.name, found.version if versioned else None),
        "x5t": encoded(thumbprint(found.certificate)),
        **described(vault, found),
    }
