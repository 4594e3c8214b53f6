"""Random programs of grants, networks, identities and roles, and the previews that they give."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from hypothesis import strategies as st

from access_report.report import Report
from access_report.resources import UNKNOWN as LATER
from components.azure_facts.roles import role_named
from tests.unit.access_report.previews import (
    GROUP,
    IDENTITY_ID,
    PRINCIPAL,
    SECRET,
    SUBSCRIPTION,
    VAULT_ID,
    State,
    grant,
    identity,
    reported,
    site,
    state,
    vault,
)
from tests.unit.access_report.programs_of_vaults import (
    Policy,
    Trust,
    beside,
    credential,
    entry,
    policies,
    trusts,
)
from tests.unit.access_report.reach import CUSTOM, UNKNOWN, Assignment, Block

STRANGER: Final = "0b1ec700-0000-4000-8000-0000000000ff"
ELSEWHERE: Final = "e15e0000-0000-4000-8000-000000000001"
OTHER_VAULT: Final = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other"
OTHER_SECRET: Final = f"{VAULT_ID}/secrets/api-key"
PLACES: Final = (SUBSCRIPTION, GROUP, VAULT_ID, SECRET, OTHER_SECRET, OTHER_VAULT)
IN_VAULT: Final = (VAULT_ID, SECRET, OTHER_SECRET)
WORDS: Final = {
    SUBSCRIPTION: ("subscription", SUBSCRIPTION.rpartition("/")[2]),
    GROUP: ("resource group", "rg-shop"),
    VAULT_ID: ("key vault", "vault"),
    SECRET: ("secret", "db-password"),
    OTHER_SECRET: ("secret", "api-key"),
    OTHER_VAULT: ("key vault", "kv-other"),
}
"""How the report calls each place: kind and name."""
NAMES: Final = {PRINCIPAL: "app", STRANGER: STRANGER}
"""How it calls each principal."""
_ROLES: Final = (
    "Owner",
    "Contributor",
    "Reader",
    "User Access Administrator",
    "Role Based Access Control Administrator",
    "Key Vault Administrator",
    "Key Vault Reader",
    "Key Vault Secrets Officer",
    "Key Vault Secrets User",
)
GUIDS: Final = {role.guid: role.name for name in _ROLES if (role := role_named(name))}
_CONTROL: Final = ("*", "*/read", "Microsoft.KeyVault/*", "Microsoft.Authorization/*/write", "*/write")
_DATA: Final = (
    "Microsoft.KeyVault/vaults/*",
    "Microsoft.KeyVault/vaults/secrets/*",
    "microsoft.keyvault/vaults/secrets/GETSECRET/action",
    "Microsoft.KeyVault/vaults/*/read",
)
_CONDITIONS: Final = ("", "", "@Request[x] StringEquals 'a'", "@Request[x] StringEquals 'b'")
_NETWORKS: Final = (
    "203.0.113.7/32",
    "203.0.113.0/25",
    "203.0.113.128/25",
    "203.0.113.0/24",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "2001:db8::/32",
)


@dataclass(frozen=True)
class Network:
    """Who is let in to the vault."""

    public: bool = True
    denies: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """What a program says: grants by their names, what the custom role allows, the network, and whether the
    identity is attached to the app; whether the vault goes by roles, its policies, and whom the identity
    trusts.
    """

    grants: dict[str, Assignment] = field(default_factory=dict[str, Assignment])
    custom: tuple[Block, ...] | None = ()
    network: Network = Network()
    is_attached: bool = True
    by_roles: bool = True
    policies: dict[str, Policy] = field(default_factory=dict[str, Policy])
    trusts: dict[str, Trust] = field(default_factory=dict[str, Trust])

    @property
    def deaf(self) -> tuple[str, ...]:
        """Places on whose data roles have no hold."""
        return () if self.by_roles else IN_VAULT


def _some(values: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


_blocks = st.builds(
    Block,
    actions=_some(_CONTROL, 2),
    but=_some(_CONTROL[1:], 1),
    data=_some(_DATA, 2),
    but_data=_some(_DATA[1:], 1),
    condition=st.sampled_from(("", "", "@Resource[y] StringEquals 'c'")),
)
_parts = st.sampled_from(
    (("role",), ("scope",), ("role", "scope"), ("role", "condition"), ("scope", "condition"), ("delegated",))
)
_customs = st.lists(_blocks, min_size=1, max_size=2).map(tuple)
_assignments = st.builds(
    Assignment,
    who=st.sampled_from((PRINCIPAL, PRINCIPAL, PRINCIPAL, STRANGER)),
    role=st.sampled_from((*GUIDS, *[CUSTOM] * 4, ELSEWHERE)),
    scope=st.sampled_from(PLACES),
    condition=st.sampled_from(_CONDITIONS),
    delegated=st.sampled_from(("", "", "", "/subscriptions/s/id")),
)


def _without(known: Assignment, part: str) -> Assignment:
    return replace(known, **{part: UNKNOWN})


_unknown = st.builds(_without, _assignments, st.sampled_from(("who", "role", "scope", "condition")))
_modes = st.sampled_from((True, False))
_policies = policies((PRINCIPAL, PRINCIPAL, STRANGER))
_networks = st.builds(
    Network, st.sampled_from((True, True, False)), st.sampled_from((True, True, False)), _some(_NETWORKS, 3)
)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Program, Program]:
    """A program before and after; much of it stays, as in a pull request."""
    names = st.sampled_from(("one", "two", "three"))
    before = Program(
        draw(st.dictionaries(names, _assignments, min_size=1, max_size=4)),
        draw(_customs),
        draw(_networks),
        draw(st.booleans()),
        draw(_modes),
        draw(_policies),
        draw(trusts()),
    )
    if draw(st.integers(0, 3)) == 0:
        # The least that a pull request can change is what changes most: whether roles count.
        return before, replace(before, by_roles=not before.by_roles, policies=draw(_policies))
    grants = {name: given for name, given in before.grants.items() if draw(st.booleans())}
    for name, given in before.grants.items():
        if draw(st.booleans()):
            other = draw(_assignments)
            grants[name] = replace(given, **{part: getattr(other, part) for part in draw(_parts)})
    if draw(st.booleans()):
        grants |= draw(st.dictionaries(names, _assignments | _assignments | _unknown, max_size=1))
    return before, Program(
        grants,
        draw(st.just(before.custom) | _customs | st.none()),
        draw(_networks),
        draw(st.just(before.is_attached) | st.booleans()),
        draw(st.just(before.by_roles) | st.booleans()),
        draw(st.just(before.policies) | _policies),
        draw(st.just(before.trusts) | trusts(UNKNOWN)),
    )


def reported_on(before: Program, after: Program) -> Report:
    """The report on the preview as the engine writes it: a grant whose principal, role or scope differs is
    replaced.
    """
    replaced = {
        name: {"op": "replace"}
        for name in {*before.grants} & {*after.grants}
        if _fixed(before.grants[name]) != _fixed(after.grants[name])
    }
    return reported([*_states(before)], [*_states(after)], **replaced)


def _fixed(given: Assignment) -> tuple[str, str, str, str]:
    return given.who, given.role, given.scope, given.delegated


def _states(program: Program) -> Iterator[State]:
    network, attached = program.network, [IDENTITY_ID] if program.is_attached else []
    rules = [{"value": rule} for rule in network.rules]
    yield identity()
    yield site(identity={"type": "UserAssigned" if attached else "None", "userAssignedIdentities": attached})
    yield vault(
        publicNetworkAccess="Enabled" if network.public else "Disabled",
        networkAcls={"defaultAction": "Deny" if network.denies else "Allow", "ipRules": rules},
        enableRbacAuthorization=program.by_roles,
        accessPolicies=[entry(one) for name, one in program.policies.items() if name == "in"],
    )
    yield from (beside(one) for name, one in program.policies.items() if name == "beside")
    yield from (credential(name, one, LATER) for name, one in program.trusts.items())
    yield _definition(program.custom)
    for name, given in program.grants.items():
        yield _assignment(name, given)


def _definition(blocks: tuple[Block, ...] | None) -> State:
    permissions = [
        {
            "actions": [*block.actions],
            "notActions": [*block.but],
            "dataActions": [*block.data],
            "notDataActions": [*block.but_data],
            "condition": block.condition or None,
        }
        for block in blocks or ()
    ]
    given = {"roleName": "Own", "permissions": LATER if blocks is None else permissions}
    id = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{CUSTOM}"
    return state("azure-native:authorization:RoleDefinition", "own", given, id=id)


def _assignment(name: str, given: Assignment) -> State:
    made = grant(given.role, name=name, principal=given.who, scope=given.scope)
    unknown = {
        property: LATER
        for property, value in (
            ("principalId", given.who),
            ("roleDefinitionId", given.role),
            ("scope", given.scope),
        )
        if value == UNKNOWN
    }
    limits = {"condition": given.condition, "delegatedManagedIdentityResourceId": given.delegated}
    told = {property: LATER if value == UNKNOWN else value for property, value in limits.items() if value}
    for values in ("inputs", "outputs"):
        made[values] |= {**unknown, **told}
    return made
