"""A lock that one instance of an app holds: the lease of a blob in the app's own storage.

https://learn.microsoft.com/azure/azure-functions/storage-considerations#storage-account-guidance
"""

import contextlib
import logging
from typing import Any, Final, cast

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.storage.blob import BlobLeaseClient

from local_azure.functions_host.connections import words_of
from local_azure.functions_host.host_storage import host_container, host_id_of
from local_azure.functions_host.listeners import Host

LOG: Final = logging.getLogger("functions")
_SECONDS: Final = 60
_RENEW: Final = 20.0
_AGAIN: Final = 1.0
"""Seconds between two tries to take it; Azure waits a minute."""


class HostLock:
    """`name` is what is locked, such as the listener of a timer."""

    def __init__(self, name: str, host: Host) -> None:
        self._name, self._host = name, host
        path = f"locks/{host_id_of(host.settings)}/{name}"
        self._blob = host_container(host.settings).get_blob_client(path)
        self._lease = BlobLeaseClient(cast(Any, self._blob))
        self._held = 0.0
        """The host's own time at which the lease is renewed next; 0 without one."""

    def create(self) -> None:
        """Make the blob that is leased. Raises HttpResponseError."""
        with contextlib.suppress(ResourceExistsError):
            self._blob.upload_blob(b"")

    def is_held(self, now: float) -> bool:
        """Whether this instance holds it now; `now` counts seconds. Takes or renews it where it is due."""
        if self._held and now < self._held:
            return True
        was_held = bool(self._held)
        try:
            if was_held:
                self._lease.renew()
            else:
                self._lease.acquire(lease_duration=_SECONDS)
        except AzureError as error:
            if was_held:
                LOG.error("the lock %s is lost: %s", self._name, words_of(error))
            self._held = 0.0
            self._host.stop.wait(_AGAIN)
            return False
        if not was_held:
            LOG.info("the lock %s is held", self._name)
        self._held = now + _RENEW
        return True

    def release(self) -> None:
        if self._held:
            self._held = 0.0
            with contextlib.suppress(AzureError):
                self._lease.release()
