"""A swap of two slots: what follows the code, and what stays where it is.

https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from local_azure.app_service.hosting import Hosting
from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.app_service.site_config import document_of
from local_azure.app_service.site_names import SLOT, is_slot, site_type, slot_name
from local_azure.app_service.site_state import is_stopped
from local_azure.arm import ResourceId
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource, Store

_MOVING: Final = frozenset(
    {
        "appCommandLine", "defaultDocuments", "handlerMappings", "javaContainer", "javaContainerVersion",
        "javaVersion", "linuxFxVersion", "managedPipelineMode", "netFrameworkVersion", "nodeVersion",
        "phpVersion", "powerShellVersion", "pythonVersion", "use32BitWorkerProcess", "virtualApplications",
        "webSocketsEnabled", "windowsFxVersion",
    }
)  # fmt: skip
"""Of `config/web`: language and version, 32 or 64 bits, WebSockets, handlers and paths. All else stays:
Always On, network rules, TLS, CORS, logs, and which identity reads references or pulls an image."""
_MAPS: Final = {
    "appsettings": "appSettingNames",
    "azurestorageaccounts": "azureStorageConfigNames",
    "connectionstrings": "connectionStringNames",
}
"""The documents whose entries move, and where `slotConfigNames` says which of them stay."""
_PLATFORM: Final = "_extension_version"

RULES: Final = [
    Rule(
        "A35",
        "behaviour",
        "A swap exchanges code, language and version, and settings, connection strings and mounts but "
        "those that slotConfigNames names or that end with _EXTENSION_VERSION.",
        held_by="a35_a_swap_moves_code_and_settings_and_leaves_sticky_ones",
    ),
    Rule(
        "A35",
        "behaviour",
        "A swap leaves identities, Always On, network rules and publishing policies where they are.",
        held_by="a35_a_swap_leaves_identities_and_network_rules_where_they_are",
    ),
    Rule(
        "A35",
        "behaviour",
        "After a swap references are resolved, each with the identity of the slot that it is in now.",
        held_by="a35_references_are_resolved_with_the_identity_of_their_slot",
        source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
    ),
    Rule(
        "A35",
        "assumed",
        "A swap with a slot that is not there is refused (404), with itself or with one that is stopped "
        "(409).",
        held_by="a35_a_swap_needs_two_slots_that_run",
        source="microsoft/vscode-azureappservice#280",
    ),
]


def swap(ground: Ground, hosting: Hosting, id: ResourceId, asked: JsonObject) -> None:
    """Swap the site or slot `id` with the `targetSlot` that a body names. Raises Refusal."""
    source, target = _both(ground.store, id, asked)
    production = id.parent if is_slot(id.text) else id.text
    _exchange_documents(ground.store, production, source, target)
    at = datetime.fromtimestamp(ground.clock.now(), UTC).isoformat(timespec="seconds")
    status: JsonObject = {
        "timestampUtc": at.replace("+00:00", "Z"),
        "sourceSlotName": slot_name(source.id),
        "destinationSlotName": slot_name(target.id),
    }
    networks = [one.body["properties"].get("virtualNetworkSubnetId") for one in (target, source)]
    for site, network in zip((source, target), networks, strict=True):
        properties = {**site.body["properties"], "slotSwapStatus": status}
        if asked.get("preserveVnet") is False:
            properties["virtualNetworkSubnetId"] = network
        ground.store.put(Resource(site.id, site.type, {**site.body, "properties": properties}))
    hosting.swapped(source.id, target.id)
    for site in (source, target):
        hosting.resolve(site.id, site.body)
        _restart_later(ground.store, hosting, site.id)


def _both(store: Store, id: ResourceId, asked: JsonObject) -> tuple[Resource, Resource]:
    """The slot that is asked and the one that it names."""
    name = asked.get("targetSlot")
    if not isinstance(name, str) or not name:
        raise bad_request("The parameter targetSlot has an invalid value: {0}.", str(name))
    production = id.parent if is_slot(id.text) else id.text
    path = production if name.lower() == "production" else f"{production}/slots/{name}"
    source, target = store.get(id.text), store.get(path)
    assert source, "Resource Manager has looked for it"
    if target is None or target.type.lower() not in (SLOT.lower(), site_type(production).lower()):
        template = "Cannot find {0} with name {1}."
        raise app_service_refusal(404, "NotFound", template, "Slot", name, extended_code="51004")
    if source.id == target.id:
        raise conflict("Cannot swap slot '{0}' with itself.", name)
    for one in (source, target):
        if is_stopped(one.body):
            site = production.rpartition("/")[2]
            template = "Cannot swap slots for site '{0}' because the '{1}' slot is stopped."
            raise conflict(template, site, slot_name(one.id))
    return source, target


def _exchange_documents(store: Store, production: str, source: Resource, target: Resource) -> None:
    sticky = document_of(store, production, "slotConfigNames")
    pairs = ((source, target), (target, source))
    written: list[tuple[Resource, str, JsonObject]] = []
    for mine, theirs in pairs:
        for document, names in _MAPS.items():
            stay = _staying(sticky, names)
            own, other = document_of(store, mine.id, document), document_of(store, theirs.id, document)
            kept = {name: value for name, value in own.items() if _stays(name, stay)}
            come = {name: value for name, value in other.items() if not _stays(name, stay)}
            written.append((mine, document, {**come, **kept}))
        own, other = document_of(store, mine.id, "web"), document_of(store, theirs.id, "web")
        kept = {key: value for key, value in own.items() if key not in _MOVING}
        written.append((mine, "web", kept | {key: other[key] for key in _MOVING if key in other}))
    for site, document, properties in written:
        path = f"{site.id}/config/{document}"
        store.put(Resource(path, f"{site_type(site.id)}/config", {"properties": properties}))


def _staying(sticky: Mapping[str, Any], names: str) -> frozenset[str]:
    listed: list[str] = sticky.get(names) or []
    return frozenset(name.lower() for name in listed)


def _stays(name: str, stay: Collection[str]) -> bool:
    return name.lower() in stay or name.lower().endswith(_PLATFORM)


def _restart_later(store: Store, hosting: Hosting, site_id: str) -> None:
    store.after_commit(lambda: hosting.restart(site_id))
