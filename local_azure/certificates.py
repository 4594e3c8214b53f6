"""The local Azure's own certificate authority, and the one certificate that carries every served name."""

import ssl
from collections.abc import Sequence
from pathlib import Path

import trustme

from local_azure.private_files import private_folder, write_private


class Certificates:
    """Made once and kept in `folder`, so that a shell that trusts the authority still does after a restart.

    The authority's key signs for these names on this machine only; the file is readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self.authority_file = folder / "authority.pem"
        self._key_file = folder / "authority.key"
        self._authority = self._load() or self._create()

    def server_context(self, names: Sequence[str]) -> ssl.SSLContext:
        """TLS for the server, under every served name (`*.vault.azure.net`)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = self._authority.issue_cert(*names, common_name="local Azure")
        # Its other half is for pyOpenSSL, which is not installed.
        certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
        return context

    def _load(self) -> trustme.CA | None:
        try:
            return trustme.CA.from_pem(self.authority_file.read_bytes(), self._key_file.read_bytes())
        except (FileNotFoundError, ValueError):  # never made, or half written by a process that was killed
            return None

    def _create(self) -> trustme.CA:
        authority = trustme.CA(organization_name="Keyless", organization_unit_name="embedded local Azure")
        write_private(self._key_file, authority.private_key_pem.bytes())
        write_private(self.authority_file, authority.cert_pem.bytes())
        return authority
