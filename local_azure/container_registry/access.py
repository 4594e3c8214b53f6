"""What a caller may do in a registry, by its role assignments: on all of it, or on single repositories.

https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Self

from local_azure.authorization.authorizer import Authorizer
from local_azure.authorization.conditions import Asked
from local_azure.authorization.decisions import Decision
from local_azure.bodies import properties_of
from local_azure.container_registry.registry_names import REGISTRIES
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.rules import Rule
from local_azure.store import Resource

MODE: Final = "roleAssignmentMode"
OF_REPOSITORIES: Final = "AbacRepositoryPermissions"
OF_REGISTRY: Final = "LegacyRegistryPermissions"
PULL, PUSH, DELETE = "pull", "push", "delete"
READ, CHANGE = "metadata_read", "metadata_write"
CATALOG: Final = "registry:catalog:*"
REPOSITORY_NAME: Final = f"{REGISTRIES}/repositories:name"
"""The attribute that conditions are about."""
_ON_THE_REGISTRY: Final = {
    PULL: "pull/read",
    READ: "pull/read",
    "*": "pull/read",
    PUSH: "push/write",
    CHANGE: "push/write",
    DELETE: "artifacts/delete",
}
_ON_REPOSITORIES: Final = {
    PULL: "repositories/content/read",
    READ: "repositories/metadata/read",
    PUSH: "repositories/content/write",
    CHANGE: "repositories/metadata/write",
    DELETE: "repositories/content/delete",
    "*": "catalog/read",
}

RULES: Final = [
    Rule(
        "J1",
        "refusal",
        "Whoever lacks the role is given no token: 401 UNAUTHORIZED, authentication required.",
        held_by="j1_without_a_role_no_token_is_given",
        source="Azure/AKS#4593 Azure/acr#506",
    ),
    Rule(
        "J2",
        "behaviour",
        "Where roles can be for repositories, AcrPull and AcrPush open nothing, nor do Owner and the like.",
        held_by="j2_where_roles_are_for_repositories_the_others_open_nothing",
        source="https://learn.microsoft.com/azure/container-registry/"
        "container-registry-rbac-abac-repository-permissions",
    ),
    Rule(
        "J2",
        "behaviour",
        "A role with a condition on the repository's name is for that one; listing all takes another role.",
        held_by="j2_a_role_for_one_repository_opens_no_other",
        source="https://learn.microsoft.com/azure/container-registry/"
        "container-registry-rbac-abac-repository-permissions",
    ),
]


@dataclass(frozen=True)
class Scope:
    """What a token is asked for, `repository:shop/web:pull,push`: the kind, the name, and the actions."""

    kind: str
    name: str
    actions: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Iterator[Self]:
        """Those in a text, with spaces between them."""
        for one in text.split():
            kind, _, rest = one.partition(":")
            name, _, actions = rest.rpartition(":")
            yield cls(kind, name, tuple(actions.split(",")))

    @classmethod
    def of(cls, repository: str, *actions: str) -> Self:
        return cls("repository", repository, actions)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}:{','.join(self.actions)}"


def allowed(authorizer: Authorizer, registry: Resource, caller: Caller, scope: Scope) -> Collection[str]:
    """Of the actions of a scope those that the caller may do."""
    return [one for one in scope.actions if _decision(authorizer, registry, caller, one, scope.name).allowed]


def has_any(authorizer: Authorizer, registry: Resource, caller: Caller) -> bool:
    """Whether a role lets the caller do anything there, be it in one repository."""
    for action in _ON_THE_REGISTRY:
        decision = _decision(authorizer, registry, caller, action, "")
        if decision.allowed or decision.condition_unfulfilled:
            return True
    return False


def is_by_repository(registry: Resource) -> bool:
    """Whether roles on it can be for single repositories, and those for all of it open no images."""
    return properties_of(registry.body).get(MODE) == OF_REPOSITORIES


def _decision(
    authorizer: Authorizer, registry: Resource, caller: Caller, action: str, repository: str
) -> Decision:
    by_repository = is_by_repository(registry)
    known = _ON_REPOSITORIES if by_repository else _ON_THE_REGISTRY
    if action not in known:
        return Decision(False)
    asked = f"{REGISTRIES}/{known[action]}"
    attributes = {REPOSITORY_NAME.lower(): repository}
    return authorizer.is_allowed(
        caller,
        asked,
        registry.id,
        data=by_repository,
        by_data_plane=True,
        asked=Asked(asked, attributes=attributes),
    )


def unauthorized(host: str, scope: Scope | None = None) -> Refusal:
    """Says where a token is to be had, and for what."""
    challenge = f'Bearer realm="https://{host}/oauth2/token",service="{host}"'
    detail: tuple[str, ...] = ()
    if scope is not None:
        challenge += f',scope="{scope}"'
        detail = (scope.kind, scope.name, scope.actions[-1])
    text = "authentication required, visit https://aka.ms/acr/authorization for more information."
    headers = {"WWW-Authenticate": challenge}
    return Refusal(401, "UNAUTHORIZED", text, "registry", parameters=detail, headers=headers)
