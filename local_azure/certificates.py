"""The authority that clients of the local Azure trust, kept in a folder, and TLS for all that it serves."""

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from local_azure.authority import Authority, utc_now
from local_azure.planes import Plane
from local_azure.private_files import private_folder, write_private

_HOST: Final = "host_asked_for"
_TWO_LABELS: Final = "*.*."
_KEPT_CONTEXTS: Final = 32
"""Of those that are made for a part of the served names when one is asked for."""


def trusted_file(authority: Path) -> Path:
    """All that a client of the local Azure trusts, which lies beside the authority's own file."""
    return authority.with_name("trusted.pem")


class Certificates:
    """Kept in `folder`, so that a shell that trusts the authority still does after a restart. It is made
    anew, under the same file name, when it ends within a month or is for other `hosts` (`*.vault.azure.net`)
    than are served now.

    The files are readable by their owner alone.
    """

    def __init__(self, folder: Path, hosts: Sequence[str], now: Callable[[], datetime] = utc_now) -> None:
        private_folder(folder)
        self.authority_file = folder / "authority.pem"
        self._trusted_file = trusted_file(self.authority_file)
        self._key_file = folder / "authority.key"
        self._server_file = folder / "server.pem"
        self._writing = Lock()
        self._hosts = hosts
        self._now = now
        self._authority = self._kept() or self._made()

    def trust_also(self, others: Sequence[str]) -> None:
        """Write the file of all that a client trusts: this authority, which vouches for the served names
        alone, and `others` (PEM), for the hosts that are not Azure's."""
        own = self.authority_file.read_text().strip()
        write_private(self._trusted_file, "\n".join([*dict.fromkeys([own, *others]), ""]).encode())

    def server_context(self) -> ssl.SSLContext:
        """TLS for the server, under every served name. A certificate's `*` stands for one label: for names
        with two more, such as `*.*.eventgrid.azure.net`, one is issued when the second is known.
        """
        context = self._context([host for host in self._hosts if not host.startswith(_TWO_LABELS)])
        deeper = [Plane(hosts=host) for host in self._hosts if host.startswith(_TWO_LABELS)]

        @lru_cache(_KEPT_CONTEXTS)
        def of_names(names: str) -> ssl.SSLContext:
            return self._context([names])

        def choose(connection: ssl.SSLObject, host: str | None, _context: ssl.SSLContext) -> None:
            setattr(connection, _HOST, host)
            asked = (host or "").lower()
            if any(plane.serves(asked) for plane in deeper):
                connection.context = of_names(f"*.{asked.partition('.')[2]}")

        context.sni_callback = choose
        return context

    def _context(self, hosts: Sequence[str]) -> ssl.SSLContext:
        certificate, key = self._authority.issue(hosts, self._now())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with self._writing:
            write_private(self._server_file, key + certificate)  # OpenSSL reads files only
            try:
                context.load_cert_chain(self._server_file)
            finally:
                self._server_file.unlink()
        return context

    def _kept(self) -> Authority | None:
        try:
            kept = Authority.read(self.authority_file.read_bytes(), self._key_file.read_bytes())
        except (FileNotFoundError, ValueError):  # never made, or half written by a process that was killed
            return None
        return kept if kept.serves(self._hosts, self._now()) else None

    def _made(self) -> Authority:
        authority = Authority.new(self._hosts, self._now())
        write_private(self._key_file, authority.key_pem)
        write_private(self.authority_file, authority.certificate_pem)
        return authority


def host_asked_for(connection: ssl.SSLObject | None) -> str | None:
    """The host that a client named in TLS before anything else (SNI), in lower case; None for none."""
    host = getattr(connection, _HOST, None)
    return host.lower() if isinstance(host, str) else None
