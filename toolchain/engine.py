"""The Pulumi engine: the first of three ways of getting it that works.

docs/decisions/engine.md says why this order.
"""

import os
from collections.abc import Callable, Mapping, Sequence

from toolchain import versions
from toolchain.engine_from_release import OfficialRelease
from toolchain.engine_from_source import BuiltFromSource
from toolchain.engine_on_path import OnPath
from toolchain.engine_source import Engine, NotThisWayError, Source


class EngineUnavailableError(Exception):
    """No way of getting the engine worked; the message says for each why, and what to install by hand."""


def ensure_engine(
    say: Callable[[str], None],
    *,
    environment: Mapping[str, str] = os.environ,
    sources: Sequence[Source] | None = None,
) -> Engine:
    """The engine: found on PATH or in the cache, else the official release, else built with Go.

    `KEYLESS_ENGINE` in `environment` (`path`, `release` or `build`) allows one of them only. What one way
    has got before is used before another fetches anything. Raises EngineUnavailableError.
    """
    chosen = _chosen(environment, _all_sources(environment) if sources is None else sources)
    for source in chosen:
        if engine := source.find():
            return _ready(engine, say)
    reasons: list[str] = []
    for source in chosen:
        try:
            engine = source.fetch(say)
        except NotThisWayError as reason:
            reasons.append(f"{source.title}: {reason}")
            say(f"Engine: not by this way: {source.title}")
        else:
            return _ready(engine, say)
    raise EngineUnavailableError(_failure(reasons))


def _all_sources(environment: Mapping[str, str]) -> Sequence[Source]:
    """In the order in which they are tried."""
    return (OnPath(environment), OfficialRelease(environment), BuiltFromSource(environment))


def _chosen(environment: Mapping[str, str], sources: Sequence[Source]) -> Sequence[Source]:
    wanted = environment.get("KEYLESS_ENGINE", "")
    if not wanted:
        return sources
    chosen = [source for source in sources if source.name == wanted]
    if not chosen:
        known = ", ".join(source.name for source in sources)
        raise EngineUnavailableError(
            f"KEYLESS_ENGINE is {wanted!r}; expected one of {known}, or nothing at all."
        )
    return chosen


def _ready(engine: Engine, say: Callable[[str], None]) -> Engine:
    say(f"Engine: Pulumi {engine.version} ({engine.source}, {engine.folder})")
    return engine


def _failure(reasons: Sequence[str]) -> str:
    tried = "\n".join(f"  {number}. {reason}" for number, reason in enumerate(reasons, 1))
    return (
        f"The Pulumi engine could not be had. Tried:\n{tried}\n"
        "By hand, one of these is enough; then start again:\n"
        f"  - Pulumi {versions.written(versions.MINIMUM)} or newer on PATH, with its Python language host: "
        "https://www.pulumi.com/docs/iac/download-install/\n"
        "  - Go 1.25.11 or newer on PATH (https://go.dev/dl/), and a Go module proxy that can be reached."
    )
