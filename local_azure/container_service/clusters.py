"""Microsoft.ContainerService/managedClusters.

https://learn.microsoft.com/rest/api/aks/managed-clusters
"""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.container_service.cluster_changes import check_changes, numbered
from local_azure.container_service.cluster_grants import check_zone
from local_azure.container_service.cluster_rules import check_parts
from local_azure.container_service.issuers import CLUSTERS, new_issuer
from local_azure.container_service.kubelet_identity import kubelet_identity
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.operations import location_of_operation
from local_azure.rules import Rule

VERSION: Final = "1.33.4"
"""Of Kubernetes, where none is asked for."""
_NETWORK: Final[JsonObject] = {
    "dnsServiceIP": "10.0.0.10",
    "loadBalancerSku": "standard",
    "networkPlugin": "azure",
    "networkPluginMode": "overlay",
    "outboundType": "loadBalancer",
    "podCidr": "10.244.0.0/16",
    "serviceCidr": "10.0.0.0/16",
}
"""What Azure answers where nothing of it is asked for."""
_NAME: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z])?")

RULES: Final = [
    Rule(
        "P20",
        "assumed",
        "A cluster's name has 1-63 letters, digits, hyphens and underscores, and begins and ends with a "
        "letter or digit: 400.",
        held_by="p20_an_impossible_name_of_a_cluster_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsoftcontainerservice",
    ),
    Rule(
        "P25",
        "refusal",
        "Where local accounts are off, nobody gets the administrator's certificate: 400.",
        held_by="p25_without_local_accounts_nobody_gets_the_administrators_certificate",
        source="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad Azure/AKS#2455",
    ),
]


class ManagedCluster(ResourceType):
    """A cluster. Where it has an issuer, that has an address of its own."""

    type = CLUSTERS

    def __init__(self, ground: Ground, forget: Callable[[JsonObject], None]) -> None:
        """`forget` is told the body of a cluster that is deleted."""
        super().__init__(ground)
        self._forget = forget

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not _NAME.fullmatch(id.name):
            text = (
                f"The value of parameter resourceName is invalid. Value: {id.name}. 1 to 63 letters, digits, "
                "hyphens and underscores, beginning and ending with a letter or digit."
            )
            raise Refusal(400, "InvalidParameter", text)
        location = located(new)
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        before = properties_of(old)
        check_parts(given)
        check_changes(before, given)
        identity = _attached(self, new)
        check_zone(self.ground, identity, given)
        nodes = kubelet_identity(self.ground, id, identity, given, before)
        properties: JsonObject = {
            **given,
            **_fixed(id, location, given, before),
            "agentPoolProfiles": numbered(before, given),
            "currentKubernetesVersion": _version(given, before),
            "identityProfile": {"kubeletidentity": nodes},
            "networkProfile": {
                **_NETWORK,
                **section(before, "networkProfile"),
                **section(given, "networkProfile"),
            },
            "provisioningState": "Succeeded",
            "servicePrincipalProfile": {"clientId": "msi"},
        }
        if section(given, "oidcIssuerProfile").get("enabled"):
            url = section(before, "oidcIssuerProfile").get("issuerURL") or new_issuer(location)
            properties["oidcIssuerProfile"] = {"enabled": True, "issuerURL": url}
        return {
            "identity": identity,
            "location": location,
            "properties": properties,
            "sku": new.get("sku") or {"name": "Base", "tier": "Free"},
            "tags": new.get("tags") or {},
        }

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        self._forget(body)
        return Response(202, None, location_of_operation(self.ground.store, id.text, "delete"))

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() == "listclusteradmincredential" and properties_of(body).get("disableLocalAccounts"):
            text = (
                "Getting static credential is not allowed because this cluster is set to disable local "
                "accounts."
            )
            raise Refusal(400, "BadRequest", text)
        return None


def _attached(kind: ManagedCluster, new: JsonObject) -> JsonObject:
    """The identity of the control plane, with the ids of what it names. Raises Refusal 400 for one that
    is not there.
    """
    given = section(new, "identity")
    if str(given.get("type") or "None").lower() != "userassigned":
        if str(given.get("type") or "None").lower() == "systemassigned":
            return {"type": "SystemAssigned", "tenantId": TENANT_ID}
        text = "A managed cluster has an identity: SystemAssigned or UserAssigned."
        raise Refusal(400, "InvalidParameter", text)
    ids: Mapping[str, Any] = section(given, "userAssignedIdentities")
    found: JsonObject = {}
    for one in ids:
        identity = kind.ground.store.get(one)
        if identity is None:
            raise Refusal(400, "FailedIdentityOperation", f"Identity {one} was not found.")
        facts = properties_of(identity.body)
        found[one] = {"principalId": facts["principalId"], "clientId": facts["clientId"]}
    return {"type": "UserAssigned", "userAssignedIdentities": found}


def _version(given: JsonObject, before: JsonObject) -> str:
    """The patch of the minor version that is asked for; the same where none is."""
    had, asked = (
        str(before.get("currentKubernetesVersion") or VERSION),
        str(given.get("kubernetesVersion") or ""),
    )
    if not asked or had.startswith(f"{asked}."):
        return had
    return asked if asked.count(".") > 1 else f"{asked}.0"


def _fixed(id: ResourceId, location: str, given: JsonObject, before: JsonObject) -> JsonObject:
    """What Azure itself says of a cluster. One that is private has a name in its private zone alone, unless
    it is told to have a public one, too.
    """
    kept = ("fqdn", "privateFQDN", "nodeResourceGroup", "powerState", "maxAgentPools")
    if before:
        return {key: before[key] for key in kept if key in before}
    label = str(given.get("dnsPrefix") or re.sub(r"[^0-9a-z]+", "-", id.name.lower()).strip("-")).lower()
    access, begins = section(given, "apiServerAccessProfile"), f"{label}-{uuid.uuid4().hex[:8]}"
    names: JsonObject = {}
    if access.get("enablePrivateCluster"):
        names["privateFQDN"] = f"{begins}.{uuid.uuid4()}.privatelink.{location}.azmk8s.io"
    if not access.get("enablePrivateCluster") or access.get("enablePrivateClusterPublicFQDN", True):
        names["fqdn"] = f"{begins}.hcp.{location}.azmk8s.io"
    return {
        **names,
        "maxAgentPools": 100,
        "nodeResourceGroup": f"MC_{id.resource_group}_{id.name}_{location}"[:80],
        "powerState": {"code": "Running"},
    }
