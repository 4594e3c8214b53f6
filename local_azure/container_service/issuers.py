"""The OIDC issuer of each cluster: what signs tokens of service accounts, and where the keys are read.

https://learn.microsoft.com/azure/aks/use-oidc-issuer
"""

import uuid
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.entra.keys import SigningKey
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.private_files import private_folder
from local_azure.store import Resource

CLUSTERS: Final = "Microsoft.ContainerService/managedClusters"
HOSTS: Final = "*.oic.prod-aks.azure.com"
_DOMAIN: Final = HOSTS.removeprefix("*")
_CONFIGURATION: Final = ".well-known/openid-configuration"
_KEYS: Final = "openid/v1/jwks"
SHORTEST, LONGEST = 600, 86_400
"""Seconds that a token of a service account may be good for, as Kubernetes has it."""


class Issuers:
    """Those of all clusters. Each has a key of its own, drawn when it is first needed."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._folder = ground.state / "cluster-keys"
        self._keys: dict[str, SigningKey] = {}

    def handle(self, request: Request) -> Response:
        """A request for what an issuer publishes; nobody signs in for it. Raises Refusal 404."""
        for cluster in self._ground.store.list(type=CLUSTERS):
            url = issuer_of(cluster)
            asked = f"https://{request.host}{request.path}"
            if url and request.method == "GET" and asked == f"{url}{_CONFIGURATION}":
                return Response(200, _configuration(url))
            if url and request.method == "GET" and asked == f"{url}{_KEYS}":
                return Response(200, {"keys": [self.key(url).public_document()]})
        raise Refusal(404, "ResourceNotFound", f"There is no issuer at https://{request.host}{request.path}.")

    def key(self, url: str) -> SigningKey:
        """The key of one issuer."""
        id = url.rstrip("/").rpartition("/")[2]
        if id not in self._keys:
            private_folder(self._folder)
            self._keys[id] = SigningKey(self._folder / f"{id}.pem")
        return self._keys[id]

    def token(
        self, cluster: Resource, namespace: str, service_account: str, audiences: Sequence[str], seconds: int
    ) -> str:
        """A token of a service account, as the cluster gives one to a pod."""
        url, now = issuer_of(cluster), int(self._ground.clock.now())
        assert url is not None
        names = {"namespace": namespace, "serviceaccount": {"name": service_account}}
        claims: JsonObject = {
            "aud": list(audiences),
            "exp": now + min(max(seconds, SHORTEST), LONGEST),
            "iat": now,
            "iss": url,
            "jti": str(uuid.uuid4()),
            "kubernetes.io": names,
            "nbf": now,
            "sub": f"system:serviceaccount:{namespace}:{service_account}",
        }
        return self.key(url).sign(claims)


def new_issuer(location: str) -> str:
    """An address that no other cluster has, with the slash at its end that is a part of it."""
    return f"https://{location}{_DOMAIN}/{TENANT_ID}/{uuid.uuid4()}/"


def issuer_of(cluster: Resource) -> str | None:
    """The issuer of a cluster; None where it is off."""
    profile = section(properties_of(cluster.body), "oidcIssuerProfile")
    return str(profile["issuerURL"]) if profile.get("enabled") else None


def _configuration(url: str) -> JsonObject:
    return {
        "issuer": url,
        "jwks_uri": f"{url}{_KEYS}",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
