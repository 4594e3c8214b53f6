"""The few things the loop asks of Azure itself, through Microsoft's own clients, as the deployer."""

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient


def deployer_credential(environment: Mapping[str, str]) -> ClientSecretCredential:
    """The credential that `ARM_*` variables describe."""
    return ClientSecretCredential(
        environment["ARM_TENANT_ID"], environment["ARM_CLIENT_ID"], environment["ARM_CLIENT_SECRET"]
    )


class ResourceManagerClient:
    """Whether a resource exists, whatever its type."""

    def __init__(self, credential: ClientSecretCredential, subscription_id: str) -> None:
        self._client = ResourceManagementClient(credential, subscription_id)

    def exists(self, resource_id: str, api_version: str) -> bool:
        """`api_version` is one that its type has."""
        try:
            self._client.resources.get_by_id(resource_id, api_version=api_version)
        except HttpResponseError as error:
            if error.status_code in (403, 404):  # who may not read it has not made it
                return False
            raise
        return True


def package(folder: Path) -> bytes:
    """The app's folder as the zip that App Service takes; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            if "__pycache__" not in file.parts:
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def publish(app_name: str, archive: bytes, credential: ClientSecretCredential) -> None:
    """What `az webapp deploy --type zip` does: POST the zip to the site's SCM host with an Entra token."""
    token = credential.get_token("https://management.azure.com/.default").token
    response = httpx.post(
        f"https://{app_name}.scm.azurewebsites.net/api/publish",
        params={"type": "zip"}, content=archive, timeout=120,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/zip"},
    )  # fmt: skip
    response.raise_for_status()


def page(url: str, seconds: float = 60, pause: Callable[[float], None] = time.sleep) -> httpx.Response:
    """GET `url`, asking again while the app is still starting (502, 503) for up to `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        response = httpx.get(url, timeout=30)
        if response.status_code not in (502, 503) or time.monotonic() > deadline:
            return response
        pause(0.2)
