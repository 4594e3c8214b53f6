"""Getting code onto a site: OneDeploy on `<app>.scm.azurewebsites.net`, and where the unpacked code lies.

https://learn.microsoft.com/azure/app-service/deploy-zip
"""

import contextlib
import io
import shutil
import stat
import uuid
import zipfile
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from local_azure.app_service.site_names import host_label
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.private_files import private_folder
from local_azure.store import Resource

_SIZE_LIMIT: Final = 512 * 1024 * 1024
_SUCCESS: Final = 4


class BadPackageError(ValueError):
    """The package is not a zip file, or one that would write outside its folder."""


class Deployments:
    """What is deployed where. Code lies in `<state>/content/<site>/<deployment>`; the stored document is the
    switch from one to the next, so that a process killed at any moment leaves the old or the new code,
    whole."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._documents = ground.store.documents("deployments")
        self._packages = ground.store.documents("packages")
        self._content = ground.state / "content"

    def deploy(self, site: Resource, package: bytes, keep: Callable[[], None] = lambda: None) -> JsonObject:
        """Unpack a zip file as the site's code and return Kudu's description of the deployment. `keep` puts a
        package that is one elsewhere besides; what it raises ends the deployment. Raises BadPackageError."""
        begun = self._now()
        name = host_label(site.id)
        with self._unpacked(package, name) as id_:
            keep()
            document: JsonObject = {
                "id": id_,
                "status": _SUCCESS,
                "status_text": "",
                "deployer": "OneDeploy",
                "received_time": begun,
                "start_time": begun,
                "end_time": self._now(),
                "complete": True,
                "active": True,
                "is_readonly": True,
                "site_name": name,
            }
            self._documents.put(site.id, document)
        return _addressed(site.id, document)

    def mount(self, site: Resource, package: bytes) -> Path:
        """Unpack a package that the site runs from elsewhere, beside what was published. Raises
        BadPackageError."""
        name = host_label(site.id)
        with self._unpacked(package, name) as id_:
            self._packages.put(site.id, {"id": id_})
        return self._content / name / id_

    def latest(self, site_id: str) -> JsonObject | None:
        """The deployment that is active, or None before the first one."""
        document = self._documents.get(site_id)
        return _addressed(site_id, document) if document else None

    def folder(self, site_id: str) -> Path | None:
        """Where the site's code lies, or None before the first deployment."""
        document = self._documents.get(site_id)
        return self._content / document["site_name"] / document["id"] if document else None

    def swap(self, site_id: str, other_id: str) -> None:
        """What is deployed on each goes to the other; folders stay where they are."""
        for documents in (self._documents, self._packages):
            mine, theirs = documents.get(site_id), documents.get(other_id)
            for id_, document in ((site_id, theirs), (other_id, mine)):
                if document is None:
                    documents.delete(id_)
                else:
                    documents.put(id_, document)

    def forget(self, site_id: str) -> None:
        """A site is gone; `sweep` takes its code away."""
        self._documents.delete(site_id)
        self._packages.delete(site_id)

    def sweep(self) -> None:
        """Remove code that no site uses any more."""
        with self._ground.store.lock:
            kept = (*self._documents.items(), *self._packages.items())
            used = {document["id"] for _, document in kept}
            for folder in self._content.glob("*/*"):
                if folder.name not in used:
                    shutil.rmtree(folder, ignore_errors=True)
            for site in self._content.glob("*"):
                if not any(site.iterdir()):
                    site.rmdir()

    @contextlib.contextmanager
    def _unpacked(self, package: bytes, name: str) -> Generator[str]:
        """The id of a new folder of the site with the package's files, which is there when the block ends."""
        id_ = uuid.uuid4().hex
        incoming = self._ground.state / "incoming" / id_
        try:
            _unpack(package, incoming)
            with self._ground.store.transaction():
                yield id_
                folder = self._content / name / id_
                private_folder(folder.parent)
                incoming.rename(folder)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def _now(self) -> str:
        return datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat().replace("+00:00", "Z")


def _addressed(site_id: str, document: JsonObject) -> JsonObject:
    """A deployment with its addresses, which are those of the site that has it now: a swap moves it."""
    url = f"https://{host_label(site_id)}.scm.azurewebsites.net/api/deployments/{document['id']}"
    return {**document, "url": url, "log_url": f"{url}/log"}


def _unpack(package: bytes, folder: Path) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(package))
    except zipfile.BadZipFile as error:
        raise BadPackageError("the package is not a zip file") from error
    with archive:
        members = archive.infolist()
        for member in members:
            path = PurePosixPath(member.filename.replace("\\", "/"))
            link = stat.S_ISLNK(member.external_attr >> 16)
            if path.is_absolute() or ".." in path.parts or ":" in member.filename or link:
                raise BadPackageError(
                    f"the package's entry {member.filename!r} would lie outside the site's folder"
                )
        if sum(member.file_size for member in members) > _SIZE_LIMIT:
            raise BadPackageError(f"the package unpacks to more than {_SIZE_LIMIT} bytes")
        private_folder(folder)
        try:
            archive.extractall(folder)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise BadPackageError("the package is damaged or encrypted") from error
