"""A deployment without an engine: what components register, with parents, dependencies and options."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import set_mocks
from pulumi.runtime.mocks import MockMonitor

from components.outputs import outputs_of
from tests.azure_models.models_of_types import problems_with
from tests.unit.components.answering_azure import AnsweringAzure, Mode
from tests.unit.components.mocks_loop import on_mocks
from tests.unit.components.read_only import read_only
from tests.unit.components.recorder import UNKNOWN, Recorded, Recorder


@dataclass(frozen=True)
class Later:
    """A value that a test gives as an Output, which has to be made inside the program."""

    value: Any


def with_outputs(value: Any) -> Any:
    """A component's arguments, every Later in them made an Output."""
    if isinstance(value, Later):
        return pulumi.Output.from_input(value.value)
    if isinstance(value, dict):
        return {key: with_outputs(item) for key, item in cast(dict[str, Any], value).items()}
    return value


class _Log(logging.Logger):
    """Keeps the warnings, and hands all on."""

    def __init__(self) -> None:
        super().__init__("deployment")
        self.parent = logging.getLogger()
        self.warned: list[str] = []

    def handle(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.WARNING:
            self.warned.append(record.getMessage())
        super().handle(record)


@dataclass(frozen=True)
class Deployment:
    """What a program declared, and what its outputs became. Nothing in it can be changed: tests share it."""

    resources: list[Recorded]
    outputs: dict[str, Any]
    calls: list[str]
    asked: list[str]
    """The provider that each call was put to."""
    registered_outputs: Mapping[str, frozenset[str]]
    """What the state of a component names, by URN."""
    warned: list[str]
    """The warnings that a user would see."""

    @property
    def plain_outputs(self) -> dict[str, Any]:
        """All but the deployer's contract, whose own tests read it."""
        return {key: value for key, value in self.outputs.items() if key != "deployer_contract"}

    def all(self, type_: str) -> list[Recorded]:
        """Resources of a type, given by the end of its token, such as `web:WebApp`."""
        return [r for r in self.resources if r.type.endswith(f":{type_}")]

    def one(self, type_: str) -> Recorded:
        found = self.all(type_)
        assert len(found) == 1, f"{len(found)} of {type_}: {[r.name for r in found]}"
        return found[0]

    def counts(self) -> dict[str, int]:
        """How many resources of each type of Azure's, and nothing else."""
        types = [
            r.type.removeprefix("azure-native:") for r in self.resources if r.type.startswith("azure-native:")
        ]
        return {type_: types.count(type_) for type_ in sorted(types)}

    def waits_for(self, later: Recorded, earlier: Recorded) -> bool:
        """Whether one resource depends on another, directly or through others."""
        by_urn = {r.urn: r for r in self.resources}
        open_, seen = set(later.dependencies), set[str]()
        while open_:
            urn = open_.pop()
            if urn == earlier.urn:
                return True
            if urn not in seen and urn in by_urn:
                seen.add(urn)
                open_ |= by_urn[urn].dependencies
        return False


def deploy(
    program: Callable[[], Mapping[str, Any] | pulumi.Resource],
    mode: Mode = "up",
    *,
    stack: str = "dev",
    project: str = "shop",
    keepers: Mapping[str, str] | None = None,
    existing: str = "",
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
) -> Deployment:
    """Run a program that returns its outputs, or a component whose outputs are then taken.

    `keepers` is what the state says the suffix was made with; `existing` is the URN of a component in
    the state; `stacks` are the outputs of the stacks that the program refers to, by their full names. An
    output that is not known yet is UNKNOWN.
    """
    azure, log = AnsweringAzure(mode, keepers, stacks), _Log()
    monitor = Recorder(azure)
    if existing:
        monitor.resources[existing] = MockMonitor.ResourceRegistration(existing, "", {})
    outputs: dict[str, Any] = {}

    async def declare() -> None:
        returned = program()
        declared = _outputs_of(returned) if isinstance(returned, pulumi.Resource) else returned
        for key, value in declared.items():
            output: pulumi.Output[Any] = pulumi.Output.from_input(value)
            outputs[key] = await output.future() if await output.is_known() else UNKNOWN

    with on_mocks() as run:
        set_mocks(azure, project, stack, mode != "up", log, monitor, organization="organization")
        run(declare)
    if mode == "up":
        _expect_official_bodies(monitor.recorded)
    recorded = (monitor.recorded, outputs, azure.calls, azure.asked, monitor.registered_outputs, log.warned)
    return Deployment(*map(read_only, recorded))


def _expect_official_bodies(recorded: list[Recorded]) -> None:
    """Whatever a test deploys, Resource Manager is written to as Microsoft's own clients write to it."""
    written = [one for one in recorded if one.type.startswith("azure-native:") and not one.is_read]
    if found := [problem for one in written for problem in _problems_with(one)]:
        raise AssertionError("\n".join(found))


_CHECKED: dict[tuple[str, str], list[str]] = {}


def _problems_with(written: Recorded) -> list[str]:
    """What the official model has against it; many tests write the same."""
    key = (written.type, repr(written.inputs))
    if key not in _CHECKED:
        _CHECKED[key] = problems_with(written.type, written.inputs)
    return _CHECKED[key]


_DEPLOYED: dict[str, Deployment] = {}


def deploy_once(what: object, deployed: Callable[[], Deployment]) -> Deployment:
    """What `deployed` gave when it was first asked; the text of `what` says all that it depends on."""
    key = repr(what)
    if " at 0x" in key:  # an address says nothing of what is there, and is used again
        return deployed()
    if key not in _DEPLOYED:
        _DEPLOYED[key] = deployed()
    return _DEPLOYED[key]


def deploy_component(
    component: Callable[..., pulumi.Resource], args: Mapping[str, Any], mode: Mode
) -> Deployment:
    """Deploy one component named shop; the same one again is taken from what was deployed before."""
    what = (component, sorted(args.items()), mode)
    return deploy_once(what, lambda: deploy(lambda: component("shop", with_outputs(dict(args))), mode))


def _outputs_of(component: pulumi.Resource) -> dict[str, Any]:
    return {key: getattr(component, key) for key in outputs_of(type(component))}
