"""What an update of the changed program would do: the preview of a copy, as the access
report says it.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from access_report.comparison import Change
from access_report.grants import Grant
from access_report.reading import NotReadableError, read_preview
from access_report.report import Report, report
from access_report.resources import Preview
from audit.suggest.changes import NotEditableError
from audit.suggest.configuration import Configuration
from audit.suggest.project import CONFIG_FILE, PROJECT, Project
from audit.suggest.suggestion import Proposed, Suggestion
from audit.suggest.wishes import Kind
from audit.suggest.yaml_text import YamlText

_VIRTUALENV: Final = ("runtime", "options", "virtualenv")
_FAILED: Final = "the changed program cannot be previewed"
_MORE: Final = (Change.ADDED, Change.WIDENED)


class NotWeighedError(Exception):
    """There is no preview of the changed program; the text says what the engine said."""


@dataclass(frozen=True)
class Weighed:
    """`stay` are the proposals after which a grant of theirs is still as it was; `more` whether somebody
    would come to have access that they had not.
    """

    report: Report
    stay: Sequence[Proposed]
    more: bool


def weighed(project: Project, suggestion: Suggestion, stack: str) -> Weighed:
    """Raises NotWeighedError."""
    with tempfile.TemporaryDirectory(prefix="keyless-suggest-") as folder:
        shadow = _shadow(project, suggestion.files, Path(folder) / "program")
        environment = {**os.environ, **_configured(suggestion, Path(folder))}
        previewed = _previewed(shadow, stack, environment)
    told = report(previewed)
    return Weighed(
        told,
        [one for one in suggestion.proposed if _stays(told, one)],
        any(not _is_left(one.grant, suggestion, previewed) for one in told.changed(*_MORE)),
    )


def _previewed(folder: Path, stack: str, environment: Mapping[str, str]) -> Preview:
    command = ["pulumi", "preview", "--stack", stack, "--non-interactive", "--json", "--show-sames"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise NotWeighedError("the `pulumi` command was not found") from error
    try:
        document: Any = json.loads(done.stdout)
        if done.returncode:
            raise NotWeighedError(f"{_FAILED}: {_errors(document)}")
        return read_preview(document)
    except (ValueError, NotReadableError) as error:
        said = done.stderr.decode(errors="replace").strip() or done.stdout.decode(errors="replace").strip()
        raise NotWeighedError(f"{_FAILED}: {said}") from error


def _errors(document: Mapping[str, Any]) -> str:
    found: Sequence[Mapping[str, Any]] = document.get("diagnostics") or []
    said = [str(one.get("message", "")).strip() for one in found if one.get("severity") == "error"]
    return "\n".join(said) or "the preview did not come to its end"


def _shadow(project: Project, files: Mapping[str, tuple[str, str]], folder: Path) -> Path:
    """The program's folder with other texts: links to what stays, and the new files in their places."""
    texts = {file: after for file, (_, after) in files.items()}
    texts.setdefault(PROJECT, project.text.text)
    environment = YamlText(texts[PROJECT]).value(_VIRTUALENV)
    if environment is not None:  # named from the folder that it is no longer in
        own = str((project.folder / str(environment)).absolute())
        texts[PROJECT] = YamlText(texts[PROJECT]).with_value(_VIRTUALENV, own).text
    folder.mkdir()
    _link(project.folder.absolute(), folder)
    for file, text in texts.items():
        place = folder
        for part in Path(file).parts[:-1]:
            place = place / part
            if place.is_symlink():
                original = place.readlink()
                place.unlink()
                place.mkdir()
                _link(original, place)
        place = place / Path(file).name
        place.unlink(missing_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def _link(original: Path, folder: Path) -> None:
    for one in original.iterdir():
        (folder / one.name).symlink_to(one)


def _configured(suggestion: Suggestion, folder: Path) -> Mapping[str, str]:
    """Where the engine is told that the configuration lies elsewhere: a copy with the same changes."""
    given = os.environ.get(CONFIG_FILE)
    own = [one for one in suggestion.sources if isinstance(one, Configuration)]
    if not given or not own:
        return {}
    file = folder / "configuration.yaml"
    try:
        file.write_text(own[0].changed_too(Path(given).read_text(encoding="utf-8")), encoding="utf-8")
    except (NotEditableError, OSError) as error:
        raise NotWeighedError(f"{given}, which {CONFIG_FILE} names, cannot be changed alike") from error
    return {CONFIG_FILE: str(file)}


def _stays(told: Report, one: Proposed) -> bool:
    """Whether a grant that was to go or to become narrower is as it was."""
    urns = {evidence.of.grant.urn for evidence in one.wish.of}
    same = {changed.after.urn for changed in told.changed(Change.SAME) if changed.after is not None}
    return bool(urns & same) if one.wish.kind is Kind.GONE else urns <= same


def _is_left(new: Grant, suggestion: Suggestion, previewed: Preview) -> bool:
    """Whether a grant is what a proposal leaves of one: less, for the same principal, in the same place. The
    report does not know of each part that it lies in what it is a part of, such as a queue in its namespace.
    """
    place = previewed.after.get(new.where.part or new.where.urn)
    return place is not None and any(
        old.grant.who.key == new.who.key
        and old.grant.granted.covers(new.granted)
        and f"{place.id.lower()}/".startswith(f"{old.scope}/")
        for item in suggestion.proposed
        for old in (one.of for one in item.wish.of)
    )
