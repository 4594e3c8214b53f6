"""The secrets of a vault as a pod gets them: a volume that the vault's provider fills as the pod's identity.

https://learn.microsoft.com/azure/aks/csi-secrets-store-identity-access and
https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import yaml

from ...endpoints import host_of
from ...links.key_vault import VaultLink
from .objects import Object

FILE: Final = "_FILE"
"""How the variable ends that says in which file a secret is."""
_MOUNTS: Final = "/mnt/secrets-store"
_DRIVER: Final = "secrets-store.csi.k8s.io"


class SecretDelivery(StrEnum):
    """How the code of a pod gets secrets of a vault."""

    FILES = "files"
    """Each in a file, which <VARIABLE>_FILE names. The cluster keeps no copy, and a new version arrives while
    the pod runs.
    """
    VARIABLES = "variables"
    """Each as the variable, as on other hosts. The cluster keeps a copy in a Secret, which whoever may read
    Secrets of the namespace reads, and a pod sees a new version when it is started again.
    """


@dataclass(frozen=True)
class SecretClass:
    """What one SecretProviderClass is made of. `secrets` are by variable; `host` is the vault's."""

    name: str
    host: str
    secrets: Mapping[str, str]

    @property
    def folder(self) -> str:
        return f"{_MOUNTS}/{self.name}"

    def told(self, delivery: SecretDelivery) -> dict[str, str]:
        """The plain variables that say where the secrets are."""
        if delivery is SecretDelivery.VARIABLES:
            return {}
        return {f"{variable}{FILE}": f"{self.folder}/{variable}" for variable in self.secrets}

    def as_object(self, namespace: str, client_id: str, tenant_id: str, delivery: SecretDelivery) -> Object:
        """The manifest. Without a version in it, the newest is read."""
        array = [_document(variable, secret) for variable, secret in self.secrets.items()]
        spec: dict[str, object] = {
            "provider": "azure",
            "parameters": {
                "usePodIdentity": "false",
                "useVMManagedIdentity": "false",
                "clientID": client_id,
                "keyvaultName": self.host.partition(".")[0],
                "cloudName": "",
                "tenantId": tenant_id,
                "objects": yaml.safe_dump({"array": array}, sort_keys=False),
            },
        }
        if delivery is SecretDelivery.VARIABLES:
            data = [{"objectName": variable, "key": variable} for variable in self.secrets]
            spec["secretObjects"] = [{"secretName": self.name, "type": "Opaque", "data": data}]
        return Object(
            "secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", namespace, self.name, {"spec": spec}
        )

    def volume(self) -> dict[str, object]:
        csi = {
            "driver": _DRIVER,
            "readOnly": True,
            "volumeAttributes": {"secretProviderClass": self.name},
        }
        return {"name": _volume_name(self.name), "csi": csi}

    def mount(self) -> dict[str, object]:
        return {"name": _volume_name(self.name), "mountPath": self.folder, "readOnly": True}


def class_name(service_account: str, link: VaultLink) -> str:
    """Known before anything exists: it names what is created."""
    return f"{service_account}-{re.sub(r'[^0-9a-z]+', '-', link.name.lower())}"


def secret_class(name: str, endpoint: str, secrets: Mapping[str, str]) -> SecretClass:
    return SecretClass(name, host_of(endpoint), secrets)


def _document(variable: str, secret: str) -> str:
    one = {"objectName": secret, "objectType": "secret", "objectAlias": variable}
    return yaml.safe_dump(one, sort_keys=False)


def _volume_name(name: str) -> str:
    """A volume's name has at most 63 characters and no periods; the end tells classes apart."""
    return re.sub(r"[^0-9a-z]+", "-", name)[-63:].strip("-")
