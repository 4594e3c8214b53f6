"""What is stored of a site's configuration, as its app gets it."""

from local_azure.app_service.connection_strings import variables
from local_azure.http import JsonObject
from local_azure.store import Store


def config_of(store: Store, site_id: str) -> JsonObject:
    """The properties of `config/web`; none for a site that is gone."""
    return document_of(store, site_id, "web")


def settings_of(store: Store, site_id: str) -> dict[str, str]:
    """The app settings as they were written, references and all; none for a site that is gone."""
    return document_of(store, site_id, "appsettings")


def connections_of(store: Store, site_id: str) -> JsonObject:
    """The connection strings as they were written, by name: `{"value": …, "type": …}`."""
    return document_of(store, site_id, "connectionstrings")


def variables_of(store: Store, site_id: str, settings: dict[str, str] | None = None) -> dict[str, str]:
    """Everything that a site's owner gives the app in its environment: the settings (those that are stored,
    unless others are given) and the connection strings."""
    own = settings_of(store, site_id) if settings is None else settings
    return {**variables(connections_of(store, site_id)), **own}


def document_of(store: Store, site_id: str, name: str) -> JsonObject:
    """The properties of one document in `config/`, as far as it was written."""
    stored = store.get(f"{site_id}/config/{name}")
    return stored.body["properties"] if stored else {}
