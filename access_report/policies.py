"""What the access policy of a vault allows: words that are weighed against each other, and against roles."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from access_report.roles import Role
from components.azure_facts.roles import Permissions
from components.azure_facts.vault_permissions import VaultPermission, allowed, held, wholly_allowed


@dataclass(frozen=True)
class Policy(Role):
    """`permissions` are what is allowed at most: an action on data that takes two words is there with one."""

    words: frozenset[VaultPermission] = field(default_factory=frozenset[VaultPermission])

    def covers(self, other: Role) -> bool:
        if isinstance(other, Policy):
            return other.words <= held(self.words)
        return Role(self.name, _on_data(wholly_allowed(self.words))).covers(other)


def policy(words: Iterable[VaultPermission]) -> Policy:
    """The policy that gives these words."""
    given = frozenset(words)
    return Policy(_named(given), _on_data(allowed(given)), given)


def _on_data(actions: tuple[str, ...]) -> tuple[Permissions, ...]:
    return (Permissions((), (), actions, (), None),) if actions else ()


def _named(words: frozenset[VaultPermission]) -> str:
    kinds = sorted({one.kind for one in words})
    told = [f"{kind} {', '.join(sorted(one.word for one in words if one.kind == kind))}" for kind in kinds]
    return f"access policy with {' and '.join(told)}" if told else "access policy with nothing"
