"""Every host with every target, as the last `make matrix` found it; and who can have which identity."""

from collections.abc import Iterable, Sequence
from typing import Final

from components.errors import ConfigurationError
from components.identity import IdentityKind
from tests.hosts.held import RESOURCES, SENTENCES, Held
from tests.hosts.program import cell
from tests.hosts.results import HostResult, results
from tests.hosts.row import host, hosts, target, targets
from tests.unit.components.recorded_azure import deploy
from tests.unit.reference.markdown import table
from tests.unit.reference.matrix_page import sentence

HOLDS, FAILS, NOT_RUN, CANNOT = "✓", "✗", "–", "no"
KINDS: Final = (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED, IdentityKind.NONE)
_INTRODUCTION: Final = """
# Hosts and targets

Code on each host asks each target, on the local Azure and with unmodified clients: Microsoft's own where
there is one for Python. A logic app runs no code, so HTTP actions of its workflow ask. A pod's code runs
without a node, with what the API of its cluster says that the pod is told. A ✓ is a cell in which it was let
in, was not without the grant, was again with it, and left nothing behind. A ✗ did not hold; a – has not run
since it is there. `make matrix` says which hosts' results are stale, and runs those hosts; `make matrix
HOSTS=web_app` runs one. A fingerprint is of what a host's cells ran on, whichever commit has it.
""".strip()
_CANNOT: Final = "A *no* is a link that the component refuses:"
_IDENTITIES: Final = """
## Which identity each can have

Where a kind is refused, the refusal says what is expected. *Alone* is a host without a link, whose image is
public where it has one: nothing can let in who has no identity.
""".strip()
_RESOURCES: Final = """
## What has an identity and is no host here

`WorkloadAccess` lets the principal of whatever resource in. Each of these was let in to a blob:
""".strip()
_SENTENCES: Final = """
## What is promised of identities

Each sentence is a test, by Pulumi's engine and Microsoft's own clients on the local Azure.
""".strip()


def hosts_page() -> str:
    found = results()
    lines: list[tuple[str, ...]] = []
    for name in targets():
        lines.append((_linked(target(name).name, target(name).docs), *(_cell(on, name) for on in hosts())))
    days = [(_linked(host(on).name, host(on).docs), *_run_of(found.get(on))) for on in hosts()]
    columns = ("target", *(host(on).name for on in hosts()))
    identities = [
        (_linked(host(on).name, host(on).docs), *(_identity(on, kind) for kind in KINDS)) for on in hosts()
    ]
    parts = [
        _INTRODUCTION,
        table(columns, lines),
        *_reasons(),
        table(("host", "last run", "fingerprint"), days),
        _IDENTITIES,
        table(("host", *(kind.value for kind in KINDS)), identities),
        _RESOURCES,
        table(("resource", "held by"), _held(RESOURCES)),
        _SENTENCES,
        table(("sentence", "held by"), _held(SENTENCES)),
    ]
    return "\n\n".join(parts) + "\n"


def why_not(on: str, kind: IdentityKind, linked: Sequence[str]) -> str:
    """What a host expects in the place of this kind of identity; nothing where it takes it."""
    try:
        deploy(lambda: cell(on, [*linked], identity=kind, prepared=host(on).prepared_on_mocks))
    except ConfigurationError as refused:
        return refused.problems[0].expected
    return ""


def _identity(on: str, kind: IdentityKind) -> str:
    one = host(on)
    if kind in one.identities:
        return HOLDS
    if kind is IdentityKind.NONE:
        return "alone" if kind in one.identities_alone else f"{CANNOT}: it takes {why_not(on, kind, [])}"
    why = why_not(on, kind, ["blobs"])
    return f"alone; else it takes {why}" if kind in one.identities_alone else f"{CANNOT}: it takes {why}"


def _reasons() -> Iterable[str]:
    lines = [
        f"- {host(on).name}, {target(to).name}: {why}."
        for on in hosts()
        for to, why in host(on).unreachable.items()
    ]
    return [_CANNOT, "\n".join(lines)] if lines else []


def _cell(on: str, name: str) -> str:
    if name in host(on).unreachable:
        return CANNOT
    wrong = results()[on]["cells"].get(name) if on in results() else None
    return NOT_RUN if wrong is None else FAILS if wrong else HOLDS


def _run_of(result: HostResult | None) -> tuple[str, str]:
    if result is None:
        return NOT_RUN, NOT_RUN
    return result["on"], f"`{result['ran_on']}`" if "ran_on" in result else "not known"


def _held(all: Iterable[Held]) -> Sequence[tuple[str, str]]:
    return [
        (
            _linked(one.what, one.docs),
            f"[{sentence(one.held_by)}](../../{one.held_by.partition('::')[0]})",
        )
        for one in all
    ]


def _linked(name: str, docs: str) -> str:
    return f"[{name}](../{docs.removeprefix('docs/')})"
