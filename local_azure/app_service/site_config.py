"""What is stored of a site's configuration, as its app gets it."""

from local_azure.http import JsonObject
from local_azure.store import Store


def config_of(store: Store, site_id: str) -> JsonObject:
    """The properties of `config/web`; none for a site that is gone."""
    stored = store.get(f"{site_id}/config/web")
    return stored.body["properties"] if stored else {}


def settings_of(store: Store, site_id: str) -> dict[str, str]:
    """The app settings as they were written, references and all; none for a site that is gone."""
    stored = store.get(f"{site_id}/config/appsettings")
    return stored.body["properties"] if stored else {}
