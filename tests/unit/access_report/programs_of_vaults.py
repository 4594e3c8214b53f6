"""Random access policies and federated credentials, and what they let somebody do, weighed word by word.

Nothing of the report's own code is in here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from tests.unit.access_report.previews import State, state
from tests.unit.access_report.reach import UNKNOWN, Reached

_SECRETS: Final = "microsoft.keyvault/vaults/secrets"
_KEYS: Final = "microsoft.keyvault/vaults/keys"
MEANINGS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("secrets", "get"): (f"{_SECRETS}/getsecret/action",),
    ("secrets", "list"): (f"{_SECRETS}/readmetadata/action",),
    ("secrets", "set"): (f"{_SECRETS}/setsecret/action",),
    ("keys", "get"): (f"{_KEYS}/read, one",),
    ("keys", "list"): (f"{_KEYS}/read, all",),
    ("certificates", "purge"): ("certificates are purged",),
}
"""Of each word what it lets its holder do; `all` is all of its kind but to purge."""
ALL: Final = "all"
GITHUB: Final = "https://token.actions.githubusercontent.com"
_ISSUERS: Final = (GITHUB, "https://issuer.example")
_MAIN: Final = "repo:acme/app:ref:refs/heads/main"
_SUBJECTS: Final = (_MAIN, _MAIN, _MAIN, "repo:acme/app:pull_request")


@dataclass(frozen=True)
class Policy:
    """One principal's words, each with its kind."""

    who: str
    words: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Trust:
    """Whose tokens an identity trusts."""

    issuer: str
    subject: str
    audience: str


def policies(principals: tuple[str, ...]) -> st.SearchStrategy[dict[str, Policy]]:
    words = [*MEANINGS, ("secrets", ALL), ("keys", ALL)]
    chosen = st.frozensets(st.sampled_from(words), min_size=1, max_size=3)
    return st.dictionaries(
        st.sampled_from(("in", "beside")), st.builds(Policy, st.sampled_from(principals), chosen), max_size=2
    )


def trusts(*audiences: str) -> st.SearchStrategy[dict[str, Trust]]:
    """For these audiences; only of afterwards one of them can be unknown."""
    trust = st.builds(
        Trust,
        st.sampled_from(_ISSUERS),
        st.sampled_from(_SUBJECTS),
        st.sampled_from(("api://AzureADTokenExchange", "api://other", *audiences)),
    )
    return st.dictionaries(st.sampled_from(("first", "second")), trust, max_size=2)


def let_in_by(policy: Policy, places: tuple[str, ...]) -> set[Reached]:
    """All that one policy allows on the places of its vault."""
    everything = {
        kind: [m for (k, w), m in MEANINGS.items() if k == kind and w != "purge"] for kind, _ in MEANINGS
    }
    meant = [
        action
        for kind, word in policy.words
        for group in (everything[kind] if word == ALL else [MEANINGS[kind, word]])
        for action in group
    ]
    return {(policy.who, action, True, place, ";;") for action in meant for place in places}


def signs_in(trust: Trust) -> str:
    """Who may sign in as the identity: nobody whom anybody knows where a part of it is not known."""
    return f"{trust.issuer} {trust.subject} {trust.audience}"


def entry(policy: Policy) -> dict[str, Any]:
    """As a vault has it."""
    kinds = {kind for kind, _ in policy.words}
    permissions = {kind: sorted(w.upper() for k, w in policy.words if k == kind) for kind in kinds}
    return {"objectId": policy.who, "permissions": permissions}


def named(policy: Policy) -> str:
    """What the report calls it."""
    kinds = sorted({kind for kind, _ in policy.words})
    parts = [f"{kind} {', '.join(sorted(w for k, w in policy.words if k == kind))}" for kind in kinds]
    return f"access policy with {' and '.join(parts)}"


def beside(policy: Policy) -> State:
    """As a resource of its own."""
    inputs = {"vaultName": "kv-shop", "policy": entry(policy)}
    return state("azure-native:keyvault:AccessPolicy", "beside", inputs)


def credential(name: str, trust: Trust, later: str) -> State:
    audience = later if trust.audience == UNKNOWN else trust.audience
    inputs = {
        "resourceName": "id-shop",
        "issuer": trust.issuer,
        "subject": trust.subject,
        "audiences": [audience],
    }
    return state("azure-native:managedidentity:FederatedIdentityCredential", name, inputs)
