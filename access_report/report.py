"""Everything that a reviewer should know of one preview, in the order in which it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from access_report.assignments import Assignments, assignments
from access_report.comparison import Change, Changed, compare
from access_report.differences import Unweighed, changes, unweighed
from access_report.events import Event, events, in_order
from access_report.exposure import Exposed, exposures
from access_report.following import Directory
from access_report.forms import grants
from access_report.forms.in_force import deaf_to_roles
from access_report.grants import Who
from access_report.hosts import Attached, attached
from access_report.namesakes import told_apart
from access_report.needs import Needs, needs
from access_report.readers import other_readers
from access_report.references import Cover, Setting, settings
from access_report.requests import taking_away
from access_report.resources import Preview
from access_report.setting_changes import SettingChange, setting_changes
from access_report.values import InClear, Looks, values_in_clear


@dataclass(frozen=True)
class Report:
    """The report on one stack. Lists are sorted; the same preview gives the same report."""

    stack: str
    counts: Sequence[tuple[str, int]]
    """The engine's words and how often: create, update, …; `same` is left out."""
    grants: Sequence[Changed]
    settings: Sequence[SettingChange]
    exposures: Sequence[Exposed]
    events: Sequence[Event]
    needs: Needs
    unweighed: Sequence[Unweighed] = ()
    """What this report cannot judge; empty only where all of the change was weighed."""
    in_clear: Sequence[InClear] = ()
    """Values in clear that come or change, whatever they look like."""
    attached: Sequence[Attached] = ()
    """Hosts that come to run as an identity which was there before, or is made elsewhere."""
    assignments: Assignments = field(default_factory=Assignments)
    """How many role assignments the whole stack has."""
    left_out: int = 0
    """Resources that are not made because the run names others (`--target`)."""

    def changed(self, *changes: Change) -> list[Changed]:
        return [changed for changed in self.grants if changed.change in changes]

    @property
    def uncovered(self) -> list[Setting]:
        """References that nobody lets in, after the update."""
        return [s.after for s in self.settings if s.after and s.after.cover is Cover.MISSING]

    @property
    def secrets_in_clear(self) -> list[InClear]:
        return [one for one in self.in_clear if one.looks is Looks.SECRET]

    def is_another(self, who: Who) -> bool:
        """Whether the name of a principal meant another one before."""
        before = (changed.before.who for changed in self.grants if changed.before)
        return bool(who.object_id) and any(
            (one.kind, one.name) == (who.kind, who.name) and one.key != who.key for one in before
        )

    @property
    def only_shown(self) -> list[Changed]:
        """Grants that the preview shows as replaced and the update keeps."""
        return [changed for changed in self.grants if changed.only_shown]

    @property
    def is_empty(self) -> bool:
        return not self.counts and not self.uncovered


def report(preview: Preview) -> Report:
    before, after = Directory(preview.before), Directory(preview.after)
    deaf_before, deaf_after = deaf_to_roles(preview.before, preview.after)
    old_grants, new_grants = told_apart(list(grants(before, deaf_before)), list(grants(after, deaf_after)))
    old_settings, new_settings = list(settings(before, old_grants)), list(settings(after, new_grants))
    paths = changes(preview)
    reading = {s.site for s in new_settings if s.is_reference}
    words = [operation.word for operation in preview.operations.values()]
    return Report(
        stack=preview.stack,
        counts=[(word, words.count(word)) for word in sorted({*words}) if word not in ("same", "read")],
        grants=compare(preview, old_grants, new_grants),
        settings=setting_changes(old_settings, new_settings),
        exposures=list(exposures(preview, paths)),
        events=in_order(
            [
                *events(preview, before, after),
                *other_readers(before, after, reading),
                *taking_away(before, after),
            ]
        ),
        needs=needs(preview.before, preview.after, old_grants, new_grants),
        unweighed=unweighed(preview, paths),
        in_clear=values_in_clear(preview, paths),
        attached=attached(before, after),
        assignments=assignments(preview.before.values(), preview.after.values()),
        left_out=preview.left_out,
    )
