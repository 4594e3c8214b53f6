"""What belongs to which site: settings and switches are resources of their own in azure-native."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from access_report.following import SITES, Directory
from access_report.resources import Resource, known
from policy.reading import at

CONFIGURATIONS: Final = ("web:WebAppConfiguration", "web:WebAppConfigurationSlot")
"""The `siteConfig` of a site as a resource of its own, which packages of one version have."""
CONFIGURED: Final = (*SITES, *CONFIGURATIONS)


def in_site_config(resource: Resource, path: str) -> Any:
    """A property of a site's configuration, in the site or in a resource of its own."""
    return at(resource, site_config_path(resource, path))


def site_config_path(resource: Resource, path: str) -> str:
    """Where a property of a site's configuration stands, as the program writes it."""
    return path if resource.is_of(*CONFIGURATIONS) else f"siteConfig.{path}"


def site_of(directory: Directory, part: Resource) -> Resource | None:
    """The app or slot that a part is written to; None where a preview cannot tell, or it is of elsewhere."""
    if part.is_of(*SITES):
        return part
    if part.id:
        # Azure's answer calls a part `appsettings` or `ftp`; only its id says of what.
        owner, _ = directory.owner_of(part.id)
        if owner is not None and owner.is_of(*SITES):
            return owner
    return _slot(directory, part) if part.type.endswith("Slot") else _app(directory, part)


def parts_by_site(directory: Directory, *types: str) -> tuple[Mapping[str, Sequence[Resource]], bool]:
    """All parts of these types by the URN of their site, and whether of each it is known which that is."""
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    sure = True
    for part in directory.snapshot.values():
        if part.is_of(*types):
            owner = site_of(directory, part)
            sure = sure and (owner is not None or _is_elsewhere(part))
            if owner is not None:
                found[owner.urn].append(part)
    return found, sure


def _is_elsewhere(part: Resource) -> bool:
    """Of a site that this stack does not have: everything is known of it, and no site was found."""
    return bool(part.id)


def _app(directory: Directory, part: Resource) -> Resource | None:
    behind = directory.behind(part, "name", SITES[0])
    if behind is not None:
        return behind
    name = at(part, "name")
    return directory.named(SITES[0], str(name)) if known(name) else None


def _slot(directory: Directory, part: Resource) -> Resource | None:
    """A slot is named by two properties, and the second is in no answer: what is with it tells."""
    sites = [one for one in directory.snapshot.values() if one.is_of(SITES[1])]
    of_name = [one for one in sites if _same(at(one, "slot"), at(part, "slot"))]
    beside = [one for one in sites if one.parent and one.parent == part.parent]
    behind = [
        one for one in sites if one.urn in (*part.follows.get("slot", ()), *part.follows.get("name", ()))
    ]
    for candidates in (behind, of_name, beside, sites):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _same(one: object, other: object) -> bool:
    return known(one) and known(other) and str(one).lower() == str(other).lower()
