"""A cell on the local Azure: let in, not let in without the grant, let in again, nothing left."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.hosts.row import PROBE, Host, Target, host, target
from tests.patience import PATIENCE
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.hosts.program import declare
declare()
"""


@dataclass
class Cell(Loop):
    """A host and what it is linked to."""

    on: Host = field(init=False)
    linked: Mapping[str, Target] = field(init=False)
    there_before: set[str] = field(init=False)
    """Who was granted something before the program ran."""
    outputs: dict[str, Any] = field(init=False, default_factory=dict[str, Any])
    configured: dict[str, Any] = field(init=False, default_factory=dict[str, Any])

    def begin(self, on: str, linked: Sequence[str]) -> None:
        """What has to be there before the program runs. `on` and `linked` are names of files."""
        self.on, self.linked = host(on), {name: target(name) for name in linked}
        prepared: dict[str, str] = {}
        for one in (self.on, *self.linked.values()):
            prepared |= one.prepare(self)
        self.there_before = {who for _, who, _ in self.grants()}
        self.configured = {"host": on, "targets": ",".join(linked), "prepared": json.dumps(prepared)}

    def deploy(self, **configuration: Any) -> None:
        """One `up` with `identity` or `grant` changed, and what is done after it."""
        self.configured |= configuration
        self.outputs = self.up(**self.configured)
        for name, one in self.linked.items():
            one.arrange(self, self.outputs[name])
        self.on.deployed(self, self.outputs["host"])

    def reach(self, *linked: str) -> None:
        """From the next `up` on it is linked to these of the targets that it began with, and to no others."""
        self.linked = {name: target(name) for name in linked}
        self.configured["targets"] = ",".join(linked)

    def deliver_probe(self) -> None:
        self.on.deliver(self, self.outputs["host"], PROBE)

    def ask(self, name: str) -> Mapping[str, Any]:
        return self.on.ask(self, self.outputs["host"], name)

    def is_let_in(self, name: str, seconds: float = PATIENCE) -> None:
        """By every target's own words, once a change of the host has reached its code."""
        expected = {"let_in": True, "said": self.linked[name].said}
        said = self._asked(name, seconds, lambda said: said == expected)
        assert said == expected, (name, said)

    def is_refused(self, name: str, seconds: float = PATIENCE) -> None:
        pattern = self.linked[name].refusal
        said = self._asked(name, seconds, lambda said: not said["let_in"])
        assert not said["let_in"], (name, said)
        assert re.search(pattern, str(said["said"])), (name, pattern, said)

    def _asked(
        self, name: str, seconds: float, is_it: Callable[[Mapping[str, Any]], bool]
    ) -> Mapping[str, Any]:
        end = time.monotonic() + seconds
        while not is_it(said := self.ask(name)) and time.monotonic() < end:
            time.sleep(0.2)
        return said

    def judged(self, seconds: float = PATIENCE) -> Mapping[str, list[str]]:
        """What does not hold of each target: that it lets in, does not without the grant, does again, and
        leaves nothing.
        """
        wrong: dict[str, list[str]] = {name: [] for name in self.linked}
        before = self.left()
        self.deploy()
        self.deliver_probe()
        self._judge(wrong, "let in", lambda name: self.is_let_in(name, seconds))
        self.stack.preview("--expect-no-changes")
        self.deploy(grant=False)
        self._judge(wrong, "not let in without the grant", lambda name: self.is_refused(name, seconds))
        self.deploy(grant=True)
        self._judge(wrong, "let in again", lambda name: self.is_let_in(name, seconds))
        self.stack.destroy()
        if (left := self.left()) != before:
            for found in wrong.values():
                found.append(f"nothing left: {left}")
        return wrong

    def _judge(self, wrong: dict[str, list[str]], sentence: str, holds: Callable[[str], None]) -> None:
        for name in self.linked:
            try:
                holds(name)
            except AssertionError as error:
                wrong[name].append(f"{sentence}: {error}")

    def left(self) -> tuple[Any, Any]:
        """What is left of resources and assignments, but for what was there before."""
        found = leftovers(self.cloud.azure)
        return found["resources"], found["role_assignments"]


def new_cell(engine: AttachedEngine, cloud: LocalAzure, folder: Path, on: str, linked: Sequence[str]) -> Cell:
    found = given_program(Cell, engine, cloud, folder, PROGRAM)
    found.begin(on, linked)
    return found
