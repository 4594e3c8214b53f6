"""What a workload is in the cluster: its service account, what its code is told, and where its secrets are.

https://learn.microsoft.com/azure/aks/workload-identity-overview
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from .objects import Object, text_of
from .secret_classes import SecretClass, SecretDelivery

POD_LABELS: Final[Mapping[str, str]] = {"azure.workload.identity/use": "true"}
"""Has to be on the pod: on a service account or a deployment alone nothing is injected, without a word, and
the node's identity answers. https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html"""
_CLIENT_ID: Final = "azure.workload.identity/client-id"


@dataclass(frozen=True)
class Manifests:
    """All that a workload's objects are made of, known. `environment` is without the secrets."""

    namespace: str
    service_account: str
    client_id: str
    tenant_id: str
    environment: Mapping[str, str]
    classes: Sequence[SecretClass]
    delivery: SecretDelivery
    container: str

    @property
    def told(self) -> dict[str, str]:
        """The plain variables, with those that say in which file a secret is."""
        return {name: value for one in self.classes for name, value in one.told(self.delivery).items()} | {
            **self.environment
        }

    def service_account_object(self) -> Object:
        content = {"automountServiceAccountToken": False}
        """Of the cluster's own API, which the code has no business with; the token for Entra is another."""
        annotations = {_CLIENT_ID: self.client_id}
        return Object("v1", "ServiceAccount", self.namespace, self.service_account, content, annotations)

    def config_map(self) -> Object:
        return Object(
            "v1", "ConfigMap", self.namespace, config_map_name(self.service_account), {"data": self.told}
        )

    def secret_provider_classes(self) -> list[Object]:
        return [
            one.as_object(self.namespace, self.client_id, self.tenant_id, self.delivery)
            for one in self.classes
        ]

    def objects(self) -> list[Object]:
        return [self.service_account_object(), self.config_map(), *self.secret_provider_classes()]

    def text(self) -> str:
        return text_of(self.objects())

    def pod_template(self) -> str:
        """What a template of pods has to have, to be merged into it."""
        env_from = [{"configMapRef": {"name": config_map_name(self.service_account)}}]
        if self.delivery is SecretDelivery.VARIABLES:
            env_from += [{"secretRef": {"name": one.name}} for one in self.classes]
        container: dict[str, object] = {"name": self.container, "envFrom": env_from}
        spec: dict[str, object] = {"serviceAccountName": self.service_account, "containers": [container]}
        if self.classes:
            container["volumeMounts"] = [one.mount() for one in self.classes]
            spec["volumes"] = [one.volume() for one in self.classes]
        template = {"metadata": {"labels": dict(POD_LABELS)}, "spec": spec}
        return yaml.safe_dump(template, sort_keys=False)


def config_map_name(service_account: str) -> str:
    return f"{service_account}-environment"
