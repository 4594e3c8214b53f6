"""The key that signs tokens, drawn once for all the local Azures of a process of tests: each would draw its
own, which is most of what it takes to begin. One that a test starts itself does, and knows no other's tokens.
"""

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local_azure.private_files import private_folder, write_private


def begun(state: Path) -> Path:
    """`state`, in which nothing is yet, with a key."""
    write_private(private_folder(state) / "entra-key.pem", _key())
    return state


@cache
def _key() -> bytes:
    new = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return new.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
