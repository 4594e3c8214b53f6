"""The comment on each recorded pull request, made by the real engine on a local Azure."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from loop.stack import EngineError
from tests.attached import AttachedEngine, ForkServers, Initialised, attached_engine
from tests.scenarios import facts_of_hosts, facts_of_shop, facts_of_team
from tests.scenarios.facts import Facts, facts
from tests.scenarios.recorded import LIST, PROGRAMS, REWRITE, Deployment, Recorded, deployment, listed
from tests.scenarios.scenario import SCENARIOS
from tests.unit.access_report.validation import problems

FACTS: Final[Mapping[str, Facts]] = {
    **facts_of_hosts.FACTS,
    **facts_of_shop.FACTS,
    **facts_of_team.FACTS,
}
OF = {program: [s.name for s in SCENARIOS.values() if s.program == program] for program in PROGRAMS}


class Deployments:
    """Each program, deployed when it is first asked for."""

    def __init__(self, engine: AttachedEngine, opened: ExitStack) -> None:
        self._engine = engine
        self._opened = opened
        self._made: dict[str, Deployment] = {}

    def empty(self, program: str) -> Deployment:
        """One in which nothing of the program is there yet."""
        if program not in self._made:
            self._made[program] = self._open(program)
        made = self._made[program]
        return self._open(program) if made.is_deployed else made

    def of(self, program: str) -> Deployment:
        made = self._made.get(program) or self.empty(program)
        if not made.is_deployed:
            made.deploy()
        return made

    def spent(self, program: str) -> Deployment:
        """One that may be changed, as no other test gets it."""
        made = self.of(program)
        del self._made[program]
        return made

    def _open(self, program: str) -> Deployment:
        return self._opened.enter_context(deployment(self._engine, program))


@pytest.fixture(scope="module")
def deployed(
    engine_folder: Path, fork_servers: ForkServers, initialised: Initialised
) -> Iterator[Deployments]:
    with attached_engine(engine_folder, fork_servers, initialised) as engine, ExitStack() as opened:
        yield Deployments(engine, opened)


def test_every_scenario_says_what_its_report_has_to_say() -> None:
    assert sorted(FACTS) == sorted(SCENARIOS)
    assert sorted([*facts_of_hosts.FACTS]) == OF["hosts.py"]
    assert sorted([*facts_of_shop.FACTS]) == OF["shop.py"]
    assert sorted([*facts_of_team.FACTS]) == OF["team.py"]


def test_the_list_of_scenarios_shows_each_change_with_the_first_line_of_its_report() -> None:
    assert LIST.read_text() == listed(), f"run {REWRITE}"


@pytest.mark.parametrize("scenario", [one.name for one in SCENARIOS.values() if one.is_first])
def test_the_report_on_a_first_deployment_is_the_recorded_one(deployed: Deployments, scenario: str) -> None:
    _check(scenario, deployed.empty(SCENARIOS[scenario].program).preview(scenario))


@pytest.mark.parametrize("scenario", [one.name for one in SCENARIOS.values() if not one.is_first])
def test_the_report_on_a_pull_request_is_the_recorded_one(deployed: Deployments, scenario: str) -> None:
    _check(scenario, deployed.of(SCENARIOS[scenario].program).preview(scenario))


def _check(scenario: str, recorded: Recorded) -> None:
    assert problems(recorded.document) == []
    assert facts(recorded.document) == FACTS[scenario]
    written = SCENARIOS[scenario].report_file.read_text()
    assert recorded.comment == written, f"if it is meant, run {REWRITE} and read it"


def test_what_is_only_shown_is_not_done_and_what_is_said_to_be_refused_is(deployed: Deployments) -> None:
    updated = deployed.spent("shop.py")
    assert "replace" not in updated.update("tag_changed")
    with pytest.raises(EngineError, match="cannot create already existing resource"):
        updated.update("grant_renamed")


def test_what_is_said_to_stay_stays_and_what_is_said_not_to_be_made_is_not(deployed: Deployments) -> None:
    updated = deployed.spent("team.py")
    before = updated.assignments()
    updated.update("kept_grant_removed")
    assert updated.assignments() == before
    updated.update("one_target")
    assert len(updated.assignments()) == len(before) + 1
