"""What the store keeps is encrypted, with a key that lies beside it: whoever copies the database, or finds
its write-ahead log, has no secret, no setting and no blob."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from local_azure.http import JsonObject
from local_azure.private_files import write_private

KEY_FILE: Final = "store.key"
_KEPT_OPEN: Final = 2048
"""How many bodies stay decrypted in memory; a list reads hundreds of them."""
_LONGEST_KEPT_OPEN: Final = 64 * 1024


class Seal:
    """Encrypts bodies and opens them again (Fernet: AES-128-CBC with an HMAC)."""

    def __init__(self, key: bytes) -> None:
        self._cipher = Fernet(key)
        self._cached = lru_cache(_KEPT_OPEN)(self._opened)

    @staticmethod
    def of(state: Path) -> "Seal":
        """The one of a state folder, drawn when there is none."""
        file = state / KEY_FILE
        if not file.exists():
            write_private(file, Fernet.generate_key())
        return Seal(file.read_bytes())

    def closed(self, body: JsonObject) -> str:
        return self._cipher.encrypt(json.dumps(body).encode()).decode()

    def opened(self, text: str) -> JsonObject:
        """A new object each time. Raises cryptography's InvalidToken for what another key closed."""
        return json.loads((self._cached if len(text) <= _LONGEST_KEPT_OPEN else self._opened)(text))

    def fits(self, text: str) -> bool:
        """Whether this key closed it."""
        try:
            self._opened(text)
        except InvalidToken:
            return False
        return True

    def _opened(self, text: str) -> bytes:
        return self._cipher.decrypt(text)
