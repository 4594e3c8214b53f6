"""Secrets of container apps and jobs: which of them a vault keeps, and the identity that reads each.

https://learn.microsoft.com/azure/container-apps/manage-secrets#reference-secret-from-key-vault
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from access_report.following import IDENTITY, Directory
from access_report.forms.principals import principal
from access_report.grants import Who
from access_report.resources import UNKNOWN, Resource, entries, items, known, named_items
from access_report.scopes import LATER
from components.azure_facts.audiences import Service, audience
from components.azure_facts.clouds import CLOUDS

CONTAINERS: Final = ("app:ContainerApp", "app:Job")
_SECRETS: Final = "configuration.secrets"
_URL: Final = "keyVaultUrl"
_HOSTS: Final = "|".join(
    re.escape(audience(Service.KEY_VAULT, cloud).partition("://")[2]) for cloud in CLOUDS
)
SECRET_URL: Final = rf"https://([^./]+)\.(?:{_HOSTS})(?::\d+)?/secrets/([^/)]+)"
"""The address of a secret: vault and secret. At any other host it is no vault of that name."""
_NAMED: Final = re.compile(rf"{SECRET_URL}(?:/[^/]*)?/?", re.IGNORECASE)


@dataclass(frozen=True)
class ContainerSecret:
    """One secret of an app. `vault` and `secret` are empty where it is no reference, or not known yet; of an
    address that is no secret's, `vault` is all of it.
    """

    name: str
    """What the app calls it."""
    variable: str
    """The variable that carries it; else the secret's own name."""
    container: str
    """The container of that variable; empty where none carries it."""
    is_one_of_several: bool
    """Whether another container has a variable of that name, too."""
    identity: Who | None
    """Who reads it; None where the app does not have that identity."""
    is_reference: bool
    is_known: bool
    vault: str = ""
    secret: str = ""

    @property
    def called(self) -> str:
        """The variable, told apart from those of other containers."""
        return f"{self.variable} in {self.container}" if self.is_one_of_several else self.variable


def secrets_of(directory: Directory, app: Resource) -> Iterator[ContainerSecret]:
    """In the order of their names, each as often as there are variables that carry it."""
    variables = _variables(app)
    having = Counter(variable for ones in variables.values() for variable, _ in ones)
    for name, given in sorted(named_items(app.given(_SECRETS)).items()):
        for variable, container in variables.get(name, [(name, "")]):
            told = (name, variable, container, having[variable] > 1)
            yield _secret(directory, app, entries(given), told)


def _secret(
    directory: Directory, app: Resource, one: Mapping[str, Any], told: tuple[str, str, str, bool]
) -> ContainerSecret:
    url = one.get(_URL)
    if url is None:
        return ContainerSecret(*told, None, is_reference=False, is_known=known(one.get("value")))
    found = _NAMED.fullmatch(str(url))
    vault, secret = (found[1], found[2]) if found else (str(url) if known(url) else "", "")
    identity = reader(directory, app, one.get("identity"))
    return ContainerSecret(*told, identity, True, url != UNKNOWN, vault, secret)


def reader(directory: Directory, app: Resource, id: Any) -> Who | None:
    """The identity that reads a secret: `system`, or the id of one that the app runs as."""
    kind = UNKNOWN if app.given("identity") == UNKNOWN else str(app.given("identity.type"))
    if str(id).lower() == "system":
        return principal(app) if kind == UNKNOWN or "SystemAssigned" in kind else None
    if kind != UNKNOWN and "UserAssigned" not in kind:
        return None
    if known(id):
        if not _may_have(app, str(id)):
            return None
        found = directory.with_id(str(id))
        return principal(found) if found else Who(f"/{id}".lower(), "identity", str(id).rpartition("/")[2])
    behind = directory.only_one_behind(app, "identity", IDENTITY)
    return principal(behind) if behind else Who(f"/?{app.urn}", "identity", LATER)


def _may_have(app: Resource, id: str) -> bool:
    """Whether it is among the app's identities, as far as these are known."""
    given = app.given("identity.userAssignedIdentities")
    ids = {str(one).rstrip("/").lower() for one in (*entries(given), *items(given))}
    is_known = UNKNOWN not in (app.given("identity"), given) and UNKNOWN not in ids
    return not is_known or id.rstrip("/").lower() in ids


def _variables(app: Resource) -> Mapping[str | None, Sequence[tuple[str, str]]]:
    """Name of a secret to the variables that carry it, each with its container; under None, all others."""
    found: defaultdict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for path in ("template.containers", "template.initContainers"):
        for container, given in sorted(named_items(app.given(path)).items()):
            for one in map(entries, items(entries(given).get("env"))):
                carried = one.get("secretRef")
                found[None if carried is None else str(carried)].append((str(one.get("name")), container))
    return found
