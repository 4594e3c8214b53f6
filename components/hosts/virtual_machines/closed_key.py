"""An SSH key that nobody has, for machines that nobody signs in to with one.

Azure takes no Linux machine without a password or a public key. A public key of Ed25519 is a point on its
curve, and the other half of one that was not made from a private key is known to nobody: this one's 32 bytes
are the SHA-256 of the words below. https://www.rfc-editor.org/rfc/rfc8032#section-5.1
"""

import base64
import hashlib
from typing import Final

WORDS: Final = "Keyless: a key that nobody has, number 4"
"""Numbers 1 to 3 are no points on the curve."""
_KIND: Final = b"ssh-ed25519"


def public_key() -> str:
    """As OpenSSH writes it: https://www.rfc-editor.org/rfc/rfc8709#section-4"""
    point = hashlib.sha256(WORDS.encode()).digest()
    parts = b"".join(len(part).to_bytes(4, "big") + part for part in (_KIND, point))
    return f"{_KIND.decode()} {base64.b64encode(parts).decode()} nobody"
