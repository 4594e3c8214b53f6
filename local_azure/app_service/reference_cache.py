"""When references are resolved: on creation, on a write of settings, on refresh, and a day later. Until then,
nothing that happens to grants or secrets shows, and a failure stays a failure.

Values live in this process's memory; what is stored is Azure's status document, which holds none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from local_azure.app_service.references import KeyVaultReference, Resolution, find_references, resolve
from local_azure.app_service.site_names import site_type
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.data import KeyVaultData
from local_azure.rules import Rule

CACHE_SECONDS: Final = 24 * 60 * 60
"""https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#rotation"""
ReferenceDocument = Literal["appsettings", "connectionstrings"]
"""Where references stand."""


class ReferenceCache:
    """The references of all sites, by site id."""

    def __init__(self, ground: Ground, vaults: KeyVaultData) -> None:
        self._ground = ground
        self._vaults = vaults
        self._statuses = ground.store.documents("key-vault-references")
        self._values: dict[str, dict[str, str]] = {}

    def resolve(self, site_id: str, site: JsonObject, settings: Mapping[str, str]) -> bool:
        """Resolve every reference in `settings` now. Returns whether a value is another than before."""
        found = {name: self._resolved(site, ref) for name, ref in find_references(settings).items()}
        before = self._values.get(site_id.lower(), {})
        self._keep(site_id, found)
        return self._values[site_id.lower()] != before

    def is_due(self, site_id: str) -> bool:
        """Whether a day has passed since the references of a site were last resolved."""
        document = self._statuses.get(site_id)
        if document is None or not document["settings"]:
            return False
        return self._ground.clock.now() - document["at"] >= CACHE_SECONDS

    def environment(self, site_id: str, site: JsonObject, settings: Mapping[str, str]) -> dict[str, str]:
        """`settings` as the app gets them: the value of a resolved reference, else the text as it stands."""
        if site_id.lower() not in self._values:
            self._read_again(site_id, site, settings)
        return {**settings, **self._values[site_id.lower()]}

    def statuses(
        self, site_id: str, document: ReferenceDocument, names: Mapping[str, str]
    ) -> list[JsonObject]:
        """The status of each reference, as Resource Manager shows it, by name. `names` has what stands in the
        document, by the variable in which the app gets it."""
        known: JsonObject = (self._statuses.get(site_id) or {"settings": {}})["settings"]
        return [
            {
                "id": f"{site_id}/config/configreferences/{document}/{names[variable]}",
                "name": names[variable],
                "type": f"{site_type(site_id)}/config/{document}",
                "properties": properties,
            }
            for variable, properties in sorted(known.items())
            if variable in names
        ]

    def forget(self, site_id: str) -> None:
        """A site is gone."""
        self._statuses.delete(site_id)
        self._values.pop(site_id.lower(), None)

    def _resolved(self, site: JsonObject, reference: KeyVaultReference) -> Resolution:
        return resolve(self._ground.entra, self._vaults, site, reference)

    def _keep(self, site_id: str, found: Mapping[str, Resolution]) -> None:
        documents = {name: resolution.document() for name, resolution in found.items()}
        self._statuses.put(site_id, {"at": self._ground.clock.now(), "settings": documents})
        values = {name: one.value for name, one in found.items() if one.value is not None}
        self._values[site_id.lower()] = values

    def _read_again(self, site_id: str, site: JsonObject, settings: Mapping[str, str]) -> None:
        """The memory of an earlier process is gone: fetch what was resolved in the version that was
        active, and leave failures and the time of the last resolution as they are."""
        document = self._statuses.get(site_id) or {"at": self._ground.clock.now(), "settings": {}}
        values: dict[str, str] = {}
        for name, reference in find_references(settings).items():
            known: JsonObject | None = document["settings"].get(name)
            if known is None or known["status"] != "Resolved":
                continue
            pinned = self._resolved(site, replace(reference, version=known["activeVersion"]))
            if pinned.value is None:
                document["settings"][name] = replace(pinned, reference=reference).document()
            else:
                values[name] = pinned.value
        self._statuses.put(site_id, document)
        self._values[site_id.lower()] = values


RULES: Final = [
    Rule(
        "F2",
        "behaviour",
        "A failed reference stays failed until settings are written, a refresh, or 24 hours later.",
        held_by="a_failure_stays_until_a_refresh",
        source="SSWConsulting/SSW.Rules.GPT#196 "
        "https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#rotation",
    ),
    Rule(
        "F9",
        "behaviour",
        "A rotated value arrives with a refresh, a write of settings, or within 24 hours.",
        held_by="a_new_version_is_seen_within_a_day",
        source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#rotation",
    ),
]
