"""A package that a site runs from a blob, fetched with the site's identity each time the app starts.

https://learn.microsoft.com/azure/app-service/deploy-run-package#access-a-package-in-azure-blob-storage-using-a-managed-identity
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from local_azure.app_service.attached_identities import AttachedIdentity, attached_identities
from local_azure.app_service.not_started import NotStartedError
from local_azure.entra.directory import Entra
from local_azure.errors import Refusal
from local_azure.http import Request
from local_azure.rules import Rule
from local_azure.storage.account_names import BLOBS
from local_azure.storage.blob_access import AUDIENCE
from local_azure.storage.blob_data import BlobData
from local_azure.store import Resource

_URL: Final = "WEBSITE_RUN_FROM_PACKAGE"
_IDENTITY: Final = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"


def package_address(settings: Mapping[str, str]) -> str | None:
    """The address that a site runs its package from; None where its code lies on the site itself."""
    address = settings.get(_URL, "")
    return address if address.lower().startswith("https://") else None


def fetch(entra: Entra, blobs: BlobData, site: Resource, settings: Mapping[str, str], address: str) -> bytes:
    """The package behind the address. Raises NotStartedError when the site's identity does not get it."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if not host.endswith(BLOBS):
        raise _failed(f"{host} is no blob storage of the local Azure, which reaches nothing else.")
    identity = _identity(site, settings.get(_IDENTITY, ""))
    principal = entra.principal(identity.principal_id) if identity else None
    if principal is None:
        raise _failed(f"The identity that {_IDENTITY} asks for is not attached to the site.")
    try:
        token, _ = entra.issue(principal, AUDIENCE)
        headers = {"authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
        answer = blobs.handle(Request("GET", host, unquote(parts.path), headers=headers))
    except Refusal as refusal:
        raise _failed(f"Blob storage answered {refusal.status} {refusal.code} to {principal.name}.") from None
    return answer.body if isinstance(answer.body, bytes) else b""


def _identity(site: Resource, named: str) -> AttachedIdentity | None:
    """The identity by its resource id; nothing and `SystemAssigned` both are the site's own."""
    wanted = None if named.lower() in ("", "systemassigned") else named.lower().rstrip("/")
    for identity in attached_identities(site.body):
        if (identity.resource_id.lower() if identity.resource_id else None) == wanted:
            return identity
    return None


def _failed(why: str) -> NotStartedError:
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
