"""How a preview went: whether the engine came to its end, and what the policy pack found.

The preview itself tells neither: the engine leaves policy findings out of `--json`, and what it knew when it
failed looks like a whole preview.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from access_report.cutting import lines_within
from access_report.reading import NotReadableError
from access_report.safety import in_markdown

LONGEST_NOTES: Final = 4_000
"""Characters of what is said of findings in a comment; the rest is counted."""
LONGEST_LINE: Final = 400
"""Characters of one line of a finding."""
STOPS: Final = "mandatory"
"""The engine's word for a finding that ends the preview."""
UNFINISHED: Final = "**The preview did not come to its end: what follows may not be all.**"


@dataclass(frozen=True)
class Finding:
    """One rule that one resource breaks, in the policy pack's words."""

    rule: str
    level: str
    resource: str
    message: str
    """The rule's description, what was found, and what the pack adds, a line each."""

    @property
    def what(self) -> str:
        """What was found, in one line."""
        lines = self.message.strip().splitlines() or [""]
        return lines[min(1, len(lines) - 1)]


@dataclass(frozen=True)
class Run:
    """One preview, as `run.json` keeps it beside `preview.json`."""

    succeeded: bool
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of_events(cls, events: Iterable[Mapping[str, Any]], *, succeeded: bool) -> Self:
        """From the engine's event log: https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/apitype"""
        found = {
            Finding(
                rule=str(event.get("policyName", "")),
                level=str(event.get("enforcementLevel", "")),
                resource=str(event.get("resourceUrn", "")).split("::", 3)[-1],
                message=str(event.get("message", "")),
            )
            for event in (entry.get("policyEvent") for entry in events)
            if event
        }
        return cls(succeeded, tuple(sorted(found, key=_stopping_first)))

    @classmethod
    def read(cls, document: Any) -> Self:
        """What `document()` gave. Raises NotReadableError."""
        try:
            found = [Finding(**{key: str(value) for key, value in f.items()}) for f in document["findings"]]
            return cls(document["succeeded"] is True, tuple(sorted(found, key=_stopping_first)))
        except (KeyError, TypeError, AttributeError) as error:
            raise NotReadableError("expected `run.json` of `python -m loop preview`") from error

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def notes(self) -> str:
        """For the top of a report; nothing when all went well."""
        unfinished = "" if self.succeeded else f"{UNFINISHED}\n"
        return "\n".join(part for part in (unfinished, notes_of_findings({"": self})) if part)


def notes_of_findings(runs: Mapping[str, Run]) -> str:
    """What the policy pack found in runs by stack, each finding once with the stacks that have it."""
    found: dict[Finding, list[str]] = {}
    for stack, run in runs.items():
        for finding in run.findings:
            found.setdefault(finding, []).append(stack)
    if not found:
        return ""
    stops = sum(finding.level == STOPS for finding in found)
    lines = [_line(f, found[f] if len(runs) > 1 else ()) for f in sorted(found, key=_stopping_first)]
    head = f"**Policy**: {stops} refused, {len(found) - stops} to note.\n"
    return f"{head}\n{lines_within(lines, LONGEST_NOTES)}"


def _line(finding: Finding, stacks: Sequence[str]) -> str:
    word = "refused" if finding.level == STOPS else "noted"
    where = f" (in {', '.join(map(in_markdown, stacks))})" if stacks else ""
    what = in_markdown(finding.what, LONGEST_LINE)
    return f"- {word}: {in_markdown(finding.rule)} on {in_markdown(finding.resource)}: {what}{where}"


def _stopping_first(finding: Finding) -> tuple[bool, str, str, str]:
    return finding.level != STOPS, finding.rule, finding.resource, finding.message
