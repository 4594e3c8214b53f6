"""A package that a site runs from a blob, fetched with the site's identity each time the app starts.

https://learn.microsoft.com/azure/app-service/deploy-run-package#access-a-package-in-azure-blob-storage-using-a-managed-identity
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from local_azure.app_service.attached_identities import AttachedIdentity, attached_identities
from local_azure.app_service.not_started import NotStartedError
from local_azure.entra.directory import Entra
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage.account_names import host_suffix
from local_azure.storage.blob_data import BlobData
from local_azure.storage.data_access import AUDIENCE
from local_azure.store import Resource

_URL: Final = "WEBSITE_RUN_FROM_PACKAGE"
_IDENTITY: Final = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"


def package_address(settings: Mapping[str, str]) -> str | None:
    """The address that a site runs its package from; None where its code lies on the site itself."""
    address = settings.get(_URL, "")
    return address if address.lower().startswith("https://") else None


def package_identity(settings: Mapping[str, str]) -> str:
    """The resource id of the identity that the address is opened with, or `SystemAssigned`."""
    return settings.get(_IDENTITY, "") or "SystemAssigned"


@dataclass(frozen=True)
class Fetcher:
    """Reads and writes packages in blob storage as one of a site's identities."""

    entra: Entra
    blobs: BlobData

    def read(self, site: Resource, identity: str, address: str) -> bytes:
        """The package behind the address. Raises NotStartedError when the identity does not get it."""
        answer = self._ask("GET", site, identity, address)
        return answer.body if isinstance(answer.body, bytes) else b""

    def write(self, site: Resource, identity: str, address: str, package: bytes) -> None:
        """Raises NotStartedError when the identity may not write it."""
        self._ask("PUT", site, identity, address, package)

    def _ask(self, method: str, site: Resource, named: str, address: str, package: bytes = b"") -> Response:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        if not host.endswith(host_suffix("blob")):
            raise _failed(
                method, f"{host} is no blob storage of the local Azure, which reaches nothing else."
            )
        identity = _identity(site, named)
        principal = self.entra.principal(identity.principal_id) if identity else None
        if principal is None:
            raise _failed(method, "The identity that is to open it is not attached to the site.")
        token, _ = self.entra.issue(principal, AUDIENCE)
        headers = {"authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
        if method == "PUT":
            headers |= {"x-ms-blob-type": "BlockBlob", "content-length": str(len(package))}
        try:
            return self.blobs.handle(
                Request(method, host, unquote(parts.path), headers=headers, body=package)
            )
        except Refusal as refusal:
            words = f"Blob storage answered {refusal.status} {refusal.code} to {principal.name}."
            raise _failed(method, words) from None


def _identity(site: Resource, named: str) -> AttachedIdentity | None:
    """The identity by its resource id; nothing and `SystemAssigned` both are the site's own."""
    wanted = None if named.lower() in ("", "systemassigned") else named.lower().rstrip("/")
    for identity in attached_identities(site.body):
        if (identity.resource_id.lower() if identity.resource_id else None) == wanted:
            return identity
    return None


def _failed(method: str, why: str) -> NotStartedError:
    if method == "PUT":
        return NotStartedError("BlobUploadFailedException", f"The package could not be stored. {why}")
    return NotStartedError("RunFromPackageFailure", f"The package could not be fetched. {why}")


RULES: Final = [
    Rule(
        "I9",
        "behaviour",
        "A package's address in WEBSITE_RUN_FROM_PACKAGE is fetched with the identity that "
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID names, or with the site's own.",
        held_by="a_package_is_fetched_with_the_named_identity_once_it_may_read_it",
    ),
]
