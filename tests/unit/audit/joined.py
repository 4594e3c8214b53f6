"""An audit of the shop by rows in files."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.evidence import Audit, Evidence
from audit.grants import Stack
from audit.joined import audit
from audit.sources.files import Exported
from audit.uses import Use
from tests.unit.audit.stacks import SINCE, UNTIL, folder_of, stack

Rows = dict[str, list[dict[str, Any]]]


def audited(
    path: Path, rows: Rows, of: Stack | None = None, since: datetime = SINCE, until: datetime = UNTIL
) -> Audit:
    """What the command finds with `--rows`."""
    known = of or stack()
    exported = Exported(folder_of(path, rows), since, until)
    found = list(exported.uses())
    places = [(target, kind) for target, all in known.targets.items() for kind in all]
    logs = exported.logs(places, [one for one in found if isinstance(one, Use)])
    return audit(known, found, logs, since, until)


def evidence_of(found: Audit, name: str) -> Evidence:
    (one,) = [one for one in found.evidence if one.of.name == name]
    return one


def verdicts(found: Audit) -> Sequence[tuple[str, str]]:
    return sorted((str(one.of.grant.where), one.verdict.value) for one in found.evidence)
