"""Who gets in by the API of a cluster: people and identities with a token for AKS, by roles of Azure's.

https://learn.microsoft.com/azure/aks/entra-id-authorization
"""

from typing import Any, Final

import jwt

from components.azure_facts.audiences import Service, audiences
from local_azure.bodies import properties_of, section
from local_azure.container_service.api_server.answers import NoAnswer, not_here
from local_azure.container_service.api_server.kinds import NAMESPACES, Asked
from local_azure.container_service.issuers import CLUSTERS, Issuers, issuer_of
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Lacking, Request
from local_azure.rules import Rule
from local_azure.store import Resource

AUDIENCES: Final = audiences(Service.KUBERNETES_SERVICE)
_VERBS: Final = {"get": "read", "list": "read", "create": "write", "update": "write", "delete": "delete"}

RULES: Final = [
    Rule(
        "P35",
        "refusal",
        "The API of a cluster takes tokens for the application of AKS and no others, and none where Entra "
        "does not let people in: 401.",
        held_by="p35_the_api_takes_tokens_for_aks_alone",
        source="https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id "
        "https://azure.github.io/kubelogin/concepts/aks.html",
    ),
    Rule(
        "P36",
        "behaviour",
        "With Azure's roles each request takes a data action at the cluster or at its namespace, which is "
        "the verb's and the object's; Owner has none, and is refused: 403.",
        held_by="p36_each_request_takes_a_data_action_at_the_cluster_or_the_namespace",
        source="https://learn.microsoft.com/azure/aks/entra-id-authorization "
        "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers",
    ),
    Rule(
        "P36",
        "assumed",
        "Members of the groups in aadProfile.adminGroupObjectIDs may do everything, by no role of Azure's.",
        held_by="p36_members_of_a_clusters_own_groups_may_do_everything",
        source="https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id",
    ),
    Rule(
        "P36",
        "assumed",
        "A token of a service account without a role of Kubernetes's own is known, and may nothing: 403.",
        held_by="p36_a_service_account_is_known_and_may_nothing",
        source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions",
    ),
]


def authenticate(ground: Ground, issuers: Issuers, cluster: Resource, request: Request) -> Caller | str:
    """Who asks: a caller that Entra knows, or the name of a service account. Raises NoAnswer 401."""
    token = request.bearer_token
    if token is None:
        raise _unknown()
    if account := _service_account(issuers, cluster, token):
        return account
    if not section(properties_of(cluster.body), "aadProfile").get("managed"):
        raise _unknown()
    try:
        return ground.entra.verify(token, AUDIENCES)
    except Refusal:
        raise _unknown() from None


def require(ground: Ground, cluster: Resource, caller: Caller | str, asked: Asked) -> None:
    """Raises NoAnswer 403 unless the caller has the data action."""
    if isinstance(caller, str):
        raise _forbidden(caller, asked)
    profile = section(properties_of(cluster.body), "aadProfile")
    if caller.groups & set(profile.get("adminGroupObjectIDs") or ()):
        return
    if not profile.get("enableAzureRBAC"):
        raise not_here("roles of Kubernetes's own")
    action = f"{CLUSTERS}/{_object(asked)}/{_VERBS[asked.verb]}"
    # One namespace is in itself: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
    namespace = asked.namespace or (asked.name if asked.kind.plural == NAMESPACES else "")
    scope = f"{cluster.id}/namespaces/{namespace}" if namespace else cluster.id
    if not ground.authorizer.is_allowed(caller, action, scope, data=True).allowed:
        lacking = Lacking(caller.principal.object_id, action, scope, data=True)
        raise _forbidden(caller.principal.object_id, asked, lacking)


def _object(asked: Asked) -> str:
    """Parts of an object, such as the token of a service account, are its own."""
    if asked.kind.is_custom:
        return "customresources"
    return f"{asked.kind.group}/{asked.kind.plural}".lstrip("/")


def _service_account(issuers: Issuers, cluster: Resource, token: str) -> str | None:
    url = issuer_of(cluster)
    if url is None:
        return None
    try:
        claims: Any = jwt.decode(token, issuers.key(url).public, ["RS256"], audience=url, issuer=url)
    except jwt.InvalidTokenError:
        return None
    return str(claims["sub"])


def _unknown() -> NoAnswer:
    return NoAnswer(401, "Unauthorized", "Unauthorized")


def _forbidden(user: str, asked: Asked, lacking: Lacking | None = None) -> NoAnswer:
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    what = f"{asked.kind.plural}{f' {chr(34)}{asked.name}{chr(34)}' if asked.name else ''} is forbidden"
    text = (
        f'{what}: User "{user}" cannot {asked.verb} resource "{asked.kind.plural}" in API group '
        f'"{asked.kind.group}" {where}: User does not have access to the resource in Azure. Update role '
        "assignment to allow access."
    )
    return NoAnswer(403, "Forbidden", text, lacking)
