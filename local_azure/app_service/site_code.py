"""The sites' code: what was published, and what a site is told to run."""

from collections.abc import Callable
from pathlib import Path

from local_azure.app_service import flex_package
from local_azure.app_service.container import image_of, pull
from local_azure.app_service.deployment import BadPackageError, Deployments
from local_azure.app_service.flex_consumption import is_on_flex
from local_azure.app_service.not_started import NotStartedError
from local_azure.app_service.remote_package import Fetcher, package_address, package_identity
from local_azure.app_service.site_config import config_of, settings_of
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.storage.blob_data import BlobData
from local_azure.store import Resource


class SiteCode:
    """The code of every site, in folders of `deployments` and in packages elsewhere. `later` runs something
    when nothing else happens to the sites.
    """

    def __init__(self, ground: Ground, blobs: BlobData, later: Callable[[Callable[[], None]], None]) -> None:
        self._ground = ground
        self._packages = Fetcher(ground.entra, blobs)
        self._later = later
        self.deployments = Deployments(ground)

    def deploy(self, site: Resource, package: bytes) -> JsonObject:
        """Make a zip file the site's code. Raises BadPackageError."""
        return self.deployments.deploy(site, package, lambda: self._keep(site, package))

    def content(self, site: Resource) -> Path | None:
        """Where the site's code lies; None before there is any. Raises NotStartedError."""
        store = self._ground.store
        config, settings = config_of(store, site.id), settings_of(store, site.id)
        image = image_of(config)
        if image:
            raise pull(self._ground, site, config, image)
        address = package_address(settings)
        flex = is_on_flex(site.body) and self.deployments.latest(site.id) is not None
        if address is None and not flex:
            return self.deployments.folder(site.id)
        try:
            if flex:
                package = flex_package.read(self._packages, site)
            else:
                package = self._packages.read(site, package_identity(settings), str(address))
            folder = self.deployments.mount(site, package)
        except BadPackageError as error:
            raise NotStartedError("RunFromPackageFailure", f"{error}.") from None
        self._later(self.deployments.sweep)
        return folder

    def has(self, site_id: str) -> bool:
        """Whether there is something to start: what was published, or what the site is told to run."""
        store = self._ground.store
        told = image_of(config_of(store, site_id)) or package_address(settings_of(store, site_id))
        return bool(told) or self.deployments.latest(site_id) is not None

    def _keep(self, site: Resource, package: bytes) -> None:
        """Where the site's code lies elsewhere, it is put there. Raises BadPackageError."""
        if not is_on_flex(site.body):
            return
        try:
            flex_package.keep(self._packages, site, package)
        except NotStartedError as reason:
            raise BadPackageError(str(reason)) from None
