"""Everything that a reviewer should know of one preview, in the order in which it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from access_report.comparison import Change, Changed, compare
from access_report.exposure import Exposed, exposures, protections
from access_report.following import IDENTITY, SITES, Directory
from access_report.grants import grants
from access_report.needs import Needs, needs
from access_report.references import Cover, Setting, settings
from access_report.resources import Preview

_NOTABLE: Final = {
    IDENTITY: "identity",
    "keyvault:Vault": "key vault",
    "storage:StorageAccount": "storage account",
    **dict.fromkeys(SITES, "app"),
}


@dataclass(frozen=True)
class SettingChange:
    """A setting that carries a secret before or after, or that is new in an app that reads secrets."""

    before: Setting | None
    after: Setting | None

    @property
    def setting(self) -> Setting:
        setting = self.after or self.before
        assert setting is not None
        return setting

    @property
    def becomes_literal(self) -> bool:
        """Whether a reference turns into a value in clear."""
        return bool(
            self.before
            and self.before.is_reference
            and self.after
            and not self.after.is_reference
            and self.after.is_known
        )


@dataclass(frozen=True)
class Event:
    """Something that happens to one resource and that a reviewer must not miss."""

    urn: str
    kind: str
    name: str
    words: str
    takes_away: bool = True
    """Whether something is gone afterwards that others may rely on."""


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

    def changed(self, *changes: Change) -> list[Changed]:
        return [changed for changed in self.grants if changed.change in changes]

    @property
    def uncovered(self) -> list[Setting]:
        """References that nobody lets in, after the update."""
        return [s.after for s in self.settings if s.after and s.after.cover is Cover.MISSING]

    @property
    def is_empty(self) -> bool:
        return not self.counts and not self.uncovered


def report(preview: Preview) -> Report:
    before, after = Directory(preview.before), Directory(preview.after)
    old_grants, new_grants = list(grants(before)), list(grants(after))
    old_settings = {s.key: s for s in settings(before, old_grants)}
    new_settings = {s.key: s for s in settings(after, new_grants)}
    changes = [
        SettingChange(old_settings.get(key), new_settings.get(key)) for key in {*old_settings, *new_settings}
    ]
    told = [c for c in changes if any(s and s.is_reference for s in (c.before, c.after))]
    words = [operation.word for operation in preview.operations.values()]
    return Report(
        stack=preview.stack,
        counts=[(word, words.count(word)) for word in sorted({*words}) if word not in ("same", "read")],
        grants=compare(preview, old_grants, new_grants),
        settings=sorted(told, key=lambda change: change.setting.key),
        exposures=list(exposures(preview.before, preview.after)),
        events=sorted(_events(preview), key=lambda event: (event.kind, event.name, event.words)),
        needs=needs(preview.before, preview.after, old_grants, new_grants),
    )


def _events(preview: Preview) -> list[Event]:
    found: list[Event] = []
    for urn, operation in preview.operations.items():
        resource = preview.before.get(urn) or preview.after.get(urn)
        if resource is None:
            continue
        words = {"delete": "is deleted", "replace": "is replaced", "delete-replaced": "is replaced"}
        if resource.is_of(*_NOTABLE) and operation.word in words:
            because = f" because of {', '.join(operation.because)}" if operation.because else ""
            kind = next(words for type_, words in _NOTABLE.items() if resource.is_of(type_))
            found.append(Event(urn, kind, resource.name, f"{words[operation.word]}{because}"))
        if resource.is_of(*SITES):
            found += _identity_switch(preview, urn)
    gone = {*protections(preview.before).items()} - {*protections(preview.after).items()}
    for urn, words_of in gone:
        found.append(Event(urn, "protection", preview.before[urn].name, f"{words_of} is taken away"))
    return found


def _identity_switch(preview: Preview, urn: str) -> list[Event]:
    old, new = preview.before.get(urn), preview.after.get(urn)
    if old is None or new is None:
        return []
    was, will = (str(one.given("identity.type") or "None") for one in (old, new))
    if was == will:
        return []
    words = f"runs as {_identity_words(will)} instead of {_identity_words(was)}"
    return [Event(urn, "app", new.name, words, takes_away=will == "None")]


def _identity_words(kind: str) -> str:
    return {
        "None": "nobody",
        "SystemAssigned": "its system-assigned identity",
        "UserAssigned": "a user-assigned identity",
    }.get(kind, kind)
