"""The sites' programs: runs what was deployed with exactly the site's settings, anew whenever they change."""

import shutil
import time
from collections.abc import Mapping
from typing import Final

from local_azure.app_service.connection_strings import variable
from local_azure.app_service.identity_endpoint import handle_identity
from local_azure.app_service.not_started import NotStartedError
from local_azure.app_service.pages import site_page
from local_azure.app_service.publishing_user import forget_password
from local_azure.app_service.reference_cache import ReferenceCache, ReferenceDocument
from local_azure.app_service.running_apps import RunningApps, RuntimeStatus
from local_azure.app_service.sign_in import at_the_door
from local_azure.app_service.site_code import SiteCode
from local_azure.app_service.site_config import connections_of, settings_of, variables_of
from local_azure.app_service.site_names import SITES, host_label, sites_and_slots
from local_azure.app_service.site_state import is_stopped
from local_azure.app_service.worker import Worker
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.data import KeyVaultData
from local_azure.planes import Admitted
from local_azure.storage.blob_data import BlobData
from local_azure.store import Resource

START_SECONDS: Final = 20.0
"""How long a request waits for an app that is starting."""


class Hosting:
    """The sites' processes (`apps`), references and code. Starting and stopping happens in a thread of its
    own."""

    def __init__(self, ground: Ground, vaults: KeyVaultData, blobs: BlobData) -> None:
        self._ground = ground
        self._references = ReferenceCache(ground, vaults)
        self.apps = RunningApps(ground, self._references)
        self._worker = Worker()
        self._code = SiteCode(ground, blobs, self._worker.submit)
        self._identity_base_url: str | None = None
        self._client_environment: dict[str, str] = {}

    def bind(self, identity_base_url: str, client_environment: Mapping[str, str]) -> None:
        """The server listens: apps reach it by `client_environment` (proxy and trust) and find the identity
        endpoint below `identity_base_url`. Apps of earlier runs are started again."""
        self._identity_base_url = identity_base_url.rstrip("/")
        self._client_environment = dict(client_environment)
        shutil.rmtree(self._ground.state / "incoming", ignore_errors=True)
        self._worker.submit(self._code.deployments.sweep)
        for site in self._sites():
            self.restart(site.id)

    def close(self) -> None:
        """Stop every app; returns when all are gone. May be called twice."""
        self._worker.submit(self.apps.stop_all)
        self._worker.close()

    def settle(self) -> None:
        """Return when every start and stop that was asked for is done. Not to be called in a transaction."""
        self._worker.wait()

    # What the resource types report.

    def site_written(self, site_id: str) -> None:
        """A site was created or changed: its app starts anew."""
        self.restart(site_id)

    def settings_written(self, site_id: str) -> None:
        """The settings of a site were written: its app starts anew, once."""
        self.restart(site_id)

    def site_deleted(self, site_id: str) -> None:
        """A site is gone: its app ends and its code is removed."""
        self._worker.submit(lambda: self.apps.stop(site_id))
        self._worker.submit(self._code.deployments.sweep)

    def forget(self, site_id: str) -> None:
        """Drop what is stored of a site, inside the transaction that deletes it."""
        self._references.forget(site_id)
        self._code.deployments.forget(site_id)
        self.apps.forget(site_id)
        forget_password(self._ground.store, site_id)

    def swapped(self, site_id: str, other_id: str) -> None:
        """Inside the transaction that swaps two slots: each gets the other's code."""
        self._code.deployments.swap(site_id, other_id)

    def restart(self, site_id: str) -> None:
        """Start the site's app anew, unless the site is stopped. That resolves no reference."""
        self._worker.submit(lambda: self._start(site_id))

    # References.

    def resolve(self, site_id: str, site: JsonObject, settings: Mapping[str, str] | None = None) -> bool:
        """Resolve the references of a site whose new body and variables (None: the stored ones) may not be
        stored yet. Returns whether a value changed."""
        if settings is None:
            settings = variables_of(self._ground.store, site_id)
        return self._references.resolve(site_id, site, settings)

    def refresh(self, site_id: str) -> None:
        """Resolve the references of a site again; its app starts anew when a value changed."""
        site = self._ground.store.get(site_id)
        if site and self.resolve(site.id, site.body):
            self._ground.store.after_commit(lambda: self.restart(site_id))

    def references(self, site_id: str, document: ReferenceDocument = "appsettings") -> list[JsonObject]:
        """The status of each reference of a site; after 24 hours they are resolved anew first."""
        store = self._ground.store
        site = store.get(site_id)
        if site is None:
            return []
        if self._references.is_due(site.id):
            self.refresh(site.id)
        if document == "appsettings":
            names = {name: name for name in settings_of(store, site.id)}
        else:
            names = {variable(name, one): name for name, one in connections_of(store, site.id).items()}
        return self._references.statuses(site.id, document, names)

    # Code.

    def deploy(self, site_id: str, package: bytes, *, restart: bool = True) -> JsonObject:
        """Make a zip file the site's code. Raises `BadPackageError`, and LookupError for an unknown site."""
        site = self._ground.store.get(site_id)
        if site is None:
            raise LookupError(f"there is no site {site_id}")
        deployment = self._code.deploy(site, package)
        if restart:
            self.restart(site.id)
            self._worker.submit(self._code.deployments.sweep)
        return deployment

    def latest_deployment(self, site_id: str) -> JsonObject | None:
        """Kudu's description of the active deployment, or None."""
        return self._code.deployments.latest(site_id)

    def runtime_status(self, site_id: str) -> RuntimeStatus:
        """Whether the app of a site answers; nothing is waited for but what was asked for already."""
        if not self._worker.is_idle():
            return "RuntimeStarting"
        return self.apps.status(site_id)

    # Requests.

    def handle_identity(self, request: Request) -> Response:
        """Answer a request to the identity endpoint, which an app finds in its environment."""
        return handle_identity(self._ground, self.apps.sites_by_header(), request)

    def forward_target(self, host: str) -> str | None:
        """The loopback address of the app behind `<app>.azurewebsites.net`; None when there is none that
        answers, and then `site_page` says why. Waits for an app that is starting, so it is called in a
        thread."""
        site = self.site(host.removesuffix(SITES))
        if site is None or is_stopped(site.body) or not self._code.has(site.id):
            return None
        self.references(site.id)
        end = time.monotonic() + START_SECONDS
        while not self._worker.is_idle() and time.monotonic() < end:
            time.sleep(0.05)
        return self.apps.answering(site.id, max(end - time.monotonic(), 0))

    def door(self, request: Request) -> Response | Admitted:
        """What the platform answers in place of an app that demands sign-in, or how that gets the request."""
        site, ground = self.site(request.host.removesuffix(SITES)), self._ground
        return Admitted() if site is None else at_the_door(ground.store, ground.entra, site.id, request)

    def site_page(self, host: str) -> Response:
        """What the platform itself answers for a host without a running app: 404, default page or 503."""
        site = self.site(host.removesuffix(SITES))
        not_started = self.apps.why_not(site.id) if site else None
        stopped = site is not None and is_stopped(site.body)
        deployed = bool(site and self._code.has(site.id))
        return site_page(site is not None, deployed, not_started, stopped=stopped)

    def browser_addresses(self) -> dict[str, str]:
        """A plain loopback address for each app that runs, by the first part of its host name."""
        return self.apps.browser_addresses()

    def starts(self, site_id: str) -> int:
        """How often the app of a site was started by this process."""
        return self.apps.starts(site_id)

    # In the worker's thread.

    def _start(self, site_id: str) -> None:
        self.apps.stop(site_id)
        site = self._ground.store.get(site_id)
        if site is None or is_stopped(site.body) or self._identity_base_url is None:
            return
        try:
            content = self._code.content(site)
        except NotStartedError as reason:
            self.apps.refuse(site, reason)
            return
        if content is not None:
            self.apps.start(site, content, self._identity_base_url, self._client_environment)

    # The store.

    def _sites(self) -> list[Resource]:
        return sites_and_slots(self._ground.store)

    def site(self, name: str) -> Resource | None:
        """The site or slot whose host name begins with `name`."""
        return next((site for site in self._sites() if host_label(site.id) == name), None)
