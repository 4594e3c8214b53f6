"""What the tests of registries' data need: registries, images, and Microsoft's client for whoever asks."""

import io
import json
from typing import Any

from azure.containerregistry import ContainerRegistryClient

from local_azure.container_registry.registry_names import SUFFIX
from local_azure.entra.directory import Principal
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

READER, WRITER = "Container Registry Repository Reader", "Container Registry Repository Writer"
VERSION = "2025-11-01"
_IN = "Microsoft.ContainerRegistry/registries/repositories"


def only(repository: str, *actions: str, operator: str = "StringEqualsIgnoreCase") -> Json:
    """The condition that Microsoft's page has for one repository, or for those whose names begin so."""
    every = " AND ".join(f"!(ActionMatches{{'{_IN}/{action}'}})" for action in actions)
    return {
        "condition": f"(({every}) OR (@Request[{_IN}:name] {operator} '{repository}'))",
        "conditionVersion": "2.0",
    }


class RegistryStage(VaultStage):
    """One running local Azure with one resource group, where registries are made."""

    def registry(self, sku: str = "Standard", **properties: Any) -> tuple[str, str]:
        """A registry: its id, and its login server."""
        name = self.name("cr").replace("-", "")
        id = f"{self.group}/providers/Microsoft.ContainerRegistry/registries/{name}"
        body = {"location": "westeurope", "sku": {"name": sku}, "properties": properties}
        content(self.arm("PUT", id, body, api_version=VERSION))
        return id, f"{name}{SUFFIX}"

    def images(self, host: str, who: Principal | None, **more: Any) -> ContainerRegistryClient:
        """azure-containerregistry; a refusal is not tried again."""
        credential: Any = self.holder(who) if who else None
        return ContainerRegistryClient(f"https://{host}", credential, retry_total=0, **self.trust, **more)

    def pushed(self, host: str, who: Principal, repository: str, *tags: str) -> str:
        """Push an image with one layer; its digest."""
        client: Any = self.images(host, who)
        data = (b"{}", b"layer of " + tags[0].encode())
        blobs = [client.upload_blob(repository, io.BytesIO(one)) for one in data]
        config, layer = ({"digest": digest, "size": size} for digest, size in blobs)
        manifest: Json = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **layer}],
        }
        written = json.dumps(manifest).encode()
        digests = [client.set_manifest(repository, io.BytesIO(written), tag=tag) for tag in tags]
        assert len(set(digests)) == 1
        return str(digests[0])
