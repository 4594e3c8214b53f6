"""What a host and a target say of themselves, so that tests can put every host with every target.

The program of a cell loads their files in each of its runs: a client that only the test needs is imported
where it is used.
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_azure_native import resources

from components.identity import IdentityKind
from components.links import LinkArgs
from tests.hosts.network import Network

if TYPE_CHECKING:  # the program of a cell loads this, and has no tests
    from tests.engine.conftest import Loop

PROBE: Final = Path(__file__).with_name("probe")
"""The code that every host runs: `app.py` as a WSGI app or a server on `PORT`, `function_app.py` for
Functions; `python app.py <target>` prints one answer and ends."""
LINK: Final = "data"
"""The name of a link where there is one alone."""
SEVERAL: Final = "to_"
"""Where a workload has several, the name of each begins so and ends with its target."""


@dataclass(frozen=True)
class Given:
    """What a program hands to the file of a host or a target."""

    group: resources.ResourceGroup
    prepared: Mapping[str, str]
    """What `prepare` gave."""
    identity: IdentityKind = IdentityKind.USER_ASSIGNED
    links: Mapping[str, LinkArgs] = field(default_factory=dict[str, LinkArgs])
    network: Network | None = None
    """Where the host runs in one."""


@dataclass(frozen=True)
class Answer:
    """What the code on a host said of a target."""

    let_in: bool
    said: str
    """What it read, or the service's own refusal."""


class Host:
    """A host. What a kind of host has not is left as it is here."""

    name: str
    """As the docs call it."""
    docs: str
    """Its guide, from the root."""
    type: str
    """Of the resource that runs the code, as Resource Manager writes it."""
    runs_on: Sequence[str]
    """Folders, from the root, of what it runs on and hosts of other kinds do not."""
    identities: Sequence[IdentityKind] = (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED)
    """The kinds that work with links, in the order in which a test switches through them and back."""
    identities_alone: Sequence[IdentityKind] = (
        IdentityKind.USER_ASSIGNED,
        IdentityKind.NONE,
        IdentityKind.SYSTEM_ASSIGNED,
    )
    """The kinds that work without a link, in that order."""
    unreachable: Mapping[str, str] = MappingProxyType({})
    """Targets that nothing on it can reach, by their files, with the reason in words: the component refuses a
    link to one, and the page says why."""
    prepared_on_mocks: Mapping[str, str] = MappingProxyType({})
    """What `prepare` would give, of things that are not there."""
    has_network: bool = False
    """Whether it runs in a network of the cell's, and calls from there."""
    is_refused_early: bool = False
    """Whether its create is refused while its grants are not honoured yet: then it waits by itself."""
    is_left_behind: bool = False
    """Whether it is there although its create failed for that: then the same command finishes it."""

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        """What has to be there before the program runs, such as a registry with the probe's image."""
        return {}

    def declare(self, given: Given) -> pulumi.ComponentResource:
        """The component, called `host`, with the links and the identity that are given."""
        raise NotImplementedError

    def deployed(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        """After each `up`: what it takes that code sees what it is told from then on."""

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        """Bring the folder `probe` to the host that the outputs are of; nothing where it came with it."""

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        """What `app.py` answers of a target on this host, as it prints it. Waits while the host starts."""
        raise NotImplementedError


class Target:
    """A target, and what code reads of it with the verb that the link gives."""

    name: str
    docs: str
    said: str
    """What the code answers that is let in."""
    refusal: str
    """What the service says to code without a grant, as a pattern that is searched for."""
    needs: tuple[str, ...] = ()
    """Programs that a machine may lack, by their names in `tests/proofs.py`."""

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return {}

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        """The target and the link to it; what else the program exports of it."""
        raise NotImplementedError

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        """What is done between `up` and the code's first run, such as the grants of a database."""


def hosts() -> Sequence[str]:
    """The names of their files."""
    return _files("rows")


def targets() -> Sequence[str]:
    return _files("targets")


def reachable(on: str) -> Sequence[str]:
    """The targets that a host can reach."""
    return [one for one in targets() if one not in host(on).unreachable]


def host(name: str) -> Host:
    return importlib.import_module(f"tests.hosts.rows.{name}").HOST


def target(name: str) -> Target:
    return importlib.import_module(f"tests.hosts.targets.{name}").TARGET


def _files(folder: str) -> Sequence[str]:
    return sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).with_name(folder))]))
