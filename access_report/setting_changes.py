"""How the settings that carry secrets change from before an update to after it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from access_report.references import Setting


@dataclass(frozen=True)
class SettingChange:
    """A setting that carries a secret before or after. `moved` is what the same variable was in a container
    that has it no more.
    """

    before: Setting | None
    after: Setting | None
    moved: Setting | None = None

    @property
    def setting(self) -> Setting:
        setting = self.after or self.before
        assert setting is not None
        return setting

    @property
    def earlier(self) -> Setting | None:
        """What it was before, in whichever container."""
        return self.before or self.moved

    @property
    def becomes_literal(self) -> bool:
        """Whether a reference turns into a value in clear."""
        was, will = self.earlier, self.after
        return bool(was and will and was.is_reference and not will.is_reference and will.is_known)

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it stays a reference and names another vault."""
        was, will = self.earlier, self.after
        return bool(was and will and was.is_reference and will.is_reference and was.vault != will.vault)


def setting_changes(before: Iterable[Setting], after: Iterable[Setting]) -> Sequence[SettingChange]:
    """Sorted. What a container has no more and another one has now is told with the names of both."""
    old, new = ({one.key: one for one in settings} for settings in (before, after))
    gone, come = (
        [one for key, one in these.items() if key not in others] for these, others in ((old, new), (new, old))
    )
    earlier: dict[tuple[str, ...], Setting] = {}
    for was, will in _moved(gone, come):
        old[was.key], new[will.key] = _with_container(was), _with_container(will)
        earlier[will.key] = was
    changes = [SettingChange(old.get(key), new.get(key), earlier.get(key)) for key in {*old, *new}]
    told = [c for c in changes if any(s and s.carries_secret for s in (c.before, c.after))]
    return sorted(told, key=lambda change: change.setting.key)


def _moved(gone: Sequence[Setting], come: Sequence[Setting]) -> Sequence[tuple[Setting, Setting]]:
    by_variable: defaultdict[tuple[str, str], list[Setting]] = defaultdict(list)
    for one in sorted(gone, key=lambda one: (not one.is_reference, one.key)):
        if one.container:
            by_variable[one.site, one.container[1]].append(one)
    found = [(by_variable.get((one.site, one.container[1]), ()), one) for one in come if one.container]
    return [(earlier[0], one) for earlier, one in found if earlier]


def _with_container(one: Setting) -> Setting:
    container, variable = one.container or ("", "")
    return replace(one, variable=f"{variable} in {container}") if container else one
