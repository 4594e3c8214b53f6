"""What the webhook of Entra Workload ID adds to a pod when it is created.

https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html
"""

from copy import deepcopy
from typing import Any, Final

from local_azure.bodies import items, section
from local_azure.constants import TENANT_ID
from local_azure.http import JsonObject
from local_azure.rules import Rule

AUDIENCE: Final = "api://AzureADTokenExchange"
_PREFIX: Final = "azure.workload.identity"
_VOLUME: Final = "azure-identity-token"
_FOLDER: Final = "/var/run/secrets/azure/tokens"
_AUTHORITY: Final = "https://login.microsoftonline.com/"
_SECONDS: Final = 3_600

RULES: Final = [
    Rule(
        "P38",
        "behaviour",
        "A pod with the label azure.workload.identity/use is told the client id of its service account, the "
        "tenant, Entra's address and the file of its token, where it does not say them itself; one without "
        "the label nothing.",
        held_by="p38_a_pod_with_the_label_is_told_how_to_sign_in_and_one_without_it_nothing",
        source="https://learn.microsoft.com/azure/aks/workload-identity-overview "
        "https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html",
    ),
]


def with_identity(pod: JsonObject, account: JsonObject) -> JsonObject:
    """The pod as it is kept. An annotation of its own comes before one of its service account."""
    if section(section(pod, "metadata"), "labels").get(f"{_PREFIX}/use") != "true":
        return pod
    changed = deepcopy(pod)
    own, given = (_annotations(one) for one in (pod, account))
    expires = own.get(f"{_PREFIX}/service-account-token-expiration") or given.get(
        f"{_PREFIX}/service-account-token-expiration"
    )
    skipped = [one.strip() for one in str(own.get(f"{_PREFIX}/skip-containers") or "").split(";")]
    told = {
        "AZURE_CLIENT_ID": given.get(f"{_PREFIX}/client-id") or "",
        "AZURE_TENANT_ID": given.get(f"{_PREFIX}/tenant-id") or TENANT_ID,
        "AZURE_FEDERATED_TOKEN_FILE": f"{_FOLDER}/{_VOLUME}",
        "AZURE_AUTHORITY_HOST": _AUTHORITY,
    }
    spec = changed["spec"]
    for container in [*items(spec, "initContainers"), *items(spec, "containers")]:
        if container["name"] not in skipped:
            _tell(container, told)
    source = {"audience": AUDIENCE, "expirationSeconds": int(expires or _SECONDS), "path": _VOLUME}
    volume = {"name": _VOLUME, "projected": {"sources": [{"serviceAccountToken": source}]}}
    spec["volumes"] = [*items(spec, "volumes"), volume]
    return changed


def _annotations(object: JsonObject) -> JsonObject:
    return section(section(object, "metadata"), "annotations")


def _tell(container: dict[str, Any], told: dict[str, str]) -> None:
    there = items(container, "env")
    named = {one["name"] for one in there}
    added = [{"name": name, "value": value} for name, value in told.items() if name not in named]
    container["env"] = [*there, *added]
    mount = {"name": _VOLUME, "mountPath": _FOLDER, "readOnly": True}
    container["volumeMounts"] = [*items(container, "volumeMounts"), mount]
