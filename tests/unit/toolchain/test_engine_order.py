"""The order in which ways of getting the engine are tried, and what a person reads when none works."""

from collections.abc import Callable
from pathlib import Path

import pytest

from toolchain.engine import EngineUnavailableError, ensure_engine
from toolchain.engine_source import Engine, NotThisWayError


class Way:
    """A way of getting the engine that has it already, can fetch it, or says why it cannot."""

    def __init__(self, name: str, *, there: bool = False, reason: str = "") -> None:
        self.name = name
        self.title = f"the way called {name}"
        self.fetched = 0
        self._there = there
        self._reason = reason
        self.engine = Engine(Path("/engines") / name, "3.259.0", name)

    def find(self) -> Engine | None:
        return self.engine if self._there else None

    def fetch(self, say: Callable[[str], None]) -> Engine:
        self.fetched += 1
        if self._reason:
            raise NotThisWayError(self._reason)
        say(f"fetching {self.name}")
        return self.engine


def ways(**reasons: str) -> list[Way]:
    return [Way(name, reason=reasons.get(name, "")) for name in ("path", "release", "build")]


def test_the_first_way_that_works_is_taken_and_the_later_ones_are_not_tried(said: list[str]) -> None:
    sources = ways(path="there is none")
    assert ensure_engine(said.append, environment={}, sources=sources) == sources[1].engine
    assert [source.fetched for source in sources] == [1, 1, 0]
    assert said == [
        "Engine: not by this way: the way called path",
        "fetching release",
        f"Engine: Pulumi 3.259.0 (release, {sources[1].engine.folder})",
    ]


def test_what_is_there_already_is_used_before_anything_is_fetched(said: list[str]) -> None:
    sources = [Way("path", reason="none"), Way("release"), Way("build", there=True)]
    assert ensure_engine(said.append, environment={}, sources=sources).source == "build"
    assert [source.fetched for source in sources] == [0, 0, 0]
    assert said == [f"Engine: Pulumi 3.259.0 (build, {sources[2].engine.folder})"]


def test_of_two_that_are_there_the_one_on_path_comes_first(said: list[str]) -> None:
    sources = [Way("path", there=True), Way("release", there=True), Way("build")]
    assert ensure_engine(said.append, environment={}, sources=sources).source == "path"


def test_one_way_can_be_asked_for_even_when_an_earlier_one_would_do(said: list[str]) -> None:
    sources = [Way("path", there=True), Way("release", there=True), Way("build")]
    assert (
        ensure_engine(said.append, environment={"KEYLESS_ENGINE": "build"}, sources=sources).source == "build"
    )
    assert [source.fetched for source in sources] == [0, 0, 1]


def test_an_unknown_way_is_refused_with_the_known_ones(said: list[str]) -> None:
    with pytest.raises(EngineUnavailableError) as failure:
        ensure_engine(said.append, environment={"KEYLESS_ENGINE": "docker"}, sources=ways())
    expected = "KEYLESS_ENGINE is 'docker'; expected one of path, release, build, or nothing at all."
    assert str(failure.value) == expected
    assert said == []


def test_when_no_way_works_every_reason_is_given_and_what_to_install_by_hand(said: list[str]) -> None:
    sources = ways(path="there is none", release="no network", build="there is no `go` on PATH")
    with pytest.raises(EngineUnavailableError) as failure:
        ensure_engine(said.append, environment={}, sources=sources)
    assert str(failure.value).splitlines() == [
        "The Pulumi engine could not be had. Tried:",
        "  1. the way called path: there is none",
        "  2. the way called release: no network",
        "  3. the way called build: there is no `go` on PATH",
        "By hand, one of these is enough; then start again:",
        "  - Pulumi 3.259.0 or newer on PATH, with its Python language host: "
        "https://www.pulumi.com/docs/iac/download-install/",
        "  - Go 1.25.11 or newer on PATH (https://go.dev/dl/), and a Go module proxy that can be reached.",
    ]


def test_when_one_way_is_asked_for_the_failure_speaks_of_that_one_only(said: list[str]) -> None:
    environment = {"KEYLESS_ENGINE": "path"}
    sources = ways(path="there is none")
    with pytest.raises(EngineUnavailableError) as failure:
        ensure_engine(said.append, environment=environment, sources=sources)
    assert "1. the way called path: there is none\nBy hand" in str(failure.value)
    assert [source.fetched for source in sources] == [1, 0, 0]
