"""What a pull request changes of that which judges it: rules that it disables, lowers or waives, and
files of the policy pack, of the report and of the pipeline. A pull request is judged by its base branch's, so
none of it has effect on itself; a reviewer has to know of it all the same.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from access_report.cutting import lines_within
from access_report.safety import LONGEST_SENTENCE, in_markdown

CONFIGURATION: Final = "policy-config.json"
"""Beside the program; the engine takes it with `--policy-pack-config`."""
PATHS: Final = (
    ".github/",
    "Makefile",
    "access_report/",
    "components/__init__.py",
    "components/azure_facts/",
    "components/contract.py",
    "local_azure/",
    "loop/",
    "policy-config.json",
    "policy/",
    "readiness/",
    "requirements",
    "toolchain/",
)
"""What judges a pull request, as beginnings of paths."""
LONGEST: Final = 3_000
"""Characters of what is said of it in a comment, for rules and for files each."""
_LEVELS: Final = {"disabled": 0, "advisory": 1, "remediate": 2, "mandatory": 3}
_ALL: Final = "all"


@dataclass(frozen=True)
class Loosening:
    """What becomes of one rule, in our words, and in those of the pull request."""

    rule: str
    what: str
    given: str = ""


def configuration(text: str | None) -> Any:
    """The document; what is no JSON is told as one that cannot be read."""
    if text is None:
        return {}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def loosened(before: Any, after: Any) -> list[Loosening]:
    """Rules of the pack that `after`, a `policy-config.json`, holds to less than `before` does. A change of
    which we cannot know is one. https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/
    """
    if not isinstance(after, Mapping):
        return [Loosening(CONFIGURATION, "cannot be read")]
    old, new = _mapping(before), _mapping(cast(object, after))
    return [told for rule in sorted({*old, *new}) for told in _of_rule(rule, old, new)]


def _of_rule(rule: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Loosening]:
    was, will = (_level(document, rule) for document in (before, after))
    given = after.get(rule)
    if given is not None and not isinstance(given, str | Mapping):
        yield Loosening(rule, "has an entry that cannot be read")
    if _is_lower(will, was):
        what = {"disabled": "is disabled", "": "goes back to the level of the pack"}.get(
            will, "is lowered to"
        )
        yield Loosening(rule, what, will if what.endswith("to") else "")
    old, new = (_options(document, rule) for document in (before, after))
    known = _waivers(old)
    for waiver in _waivers(new):
        if waiver not in known:
            yield Loosening(rule, "is newly waived for", _words(waiver))
    for option in sorted({*old, *new} - {"waivers", "enforcementLevel"}):
        if old.get(option) != new.get(option):
            yield Loosening(rule, "has another value of its option", option)


def _is_lower(will: str, was: str) -> bool:
    """Empty stands for the pack's own level, which may be any; an unknown word for what we cannot know."""
    if will == was:
        return False
    if will == "":
        return _LEVELS.get(was, 0) > _LEVELS["advisory"]
    return _LEVELS.get(will, 0) < _LEVELS.get(was, _LEVELS["mandatory"])


def _level(document: Mapping[str, Any], rule: str) -> str:
    """In the engine's words; empty where the pack's own holds."""
    for name in (rule, _ALL):
        given = document.get(name)
        level: Any = given if isinstance(given, str) else _options(document, name).get("enforcementLevel")
        if level is not None:
            return str(level)
    return ""


def _options(document: Mapping[str, Any], rule: str) -> Mapping[str, Any]:
    return _mapping(document.get(rule))


def _mapping(given: object) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], given) if isinstance(given, Mapping) else {}


def _waivers(options: Mapping[str, Any]) -> Sequence[Any]:
    given = options.get("waivers", ())
    return cast(list[Any], given) if isinstance(given, list) else [given] if given else []


def _words(waiver: Any) -> str:
    given = _mapping(waiver)
    if not given:
        return str(waiver)
    until = f", until {given['until']}" if "until" in given else ", for good"
    return f"{given.get('resource')}: {given.get('reason')}{until}"


def judging(paths: Iterable[str]) -> list[str]:
    """Those of a pull request's files that judge pull requests."""
    return sorted({path for path in paths if path.startswith(PATHS)})


def notes(found: Sequence[Loosening], files: Sequence[str] = (), *, are_all: bool = True) -> str:
    """For the top of a comment; nothing when the pull request leaves its judge as it is. `are_all` is whether
    GitHub listed every file of the pull request.
    """
    parts: list[str] = []
    if found:
        lines = [
            f"- {in_markdown(one.rule)} {one.what}"
            + (f" {in_markdown(one.given, LONGEST_SENTENCE)}" if one.given else "")
            for one in found
        ]
        parts.append(
            "**This pull request loosens the policy.** Here the base branch's still held; once merged:\n"
        )
        parts.append(lines_within(lines, LONGEST))
    if files:
        parts.append(
            "**It changes what judges pull requests.** Here the base branch's did; read these files:\n"
        )
        parts.append(lines_within([f"- {in_markdown(path)}" for path in files], LONGEST))
    if not are_all:
        parts.append(
            "**It changes more files than GitHub lists.** Whether others judge pull requests is not known:"
            " look for them in the change itself.\n"
        )
    return "\n".join(parts)
