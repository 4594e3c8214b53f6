"""What Entra keeps secret: the key that signs tokens, and what people and the deployer sign in with.

Both are drawn at random when a local Azure is first started, and kept in files that
only their owner can read.
"""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER
from local_azure.http import JsonObject
from local_azure.private_files import write_private


class SigningKey:
    """The RSA key behind every token."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            new = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = new.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_private(path, pem)
        # Not looked into, which takes as long as drawing it does: only its owner can write this file.
        key = serialization.load_pem_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._private = key
        self.public = key.public_key()
        digest = hashes.Hash(hashes.SHA256())
        digest.update(
            self.public.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        self.id = base64.urlsafe_b64encode(digest.finalize()[:20]).rstrip(b"=").decode()

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.id, "x5t": self.id})

    def public_document(self) -> JsonObject:
        """The JSON Web Key that verifies."""
        key = RSAAlgorithm.to_jwk(self.public, as_dict=True)
        return {**key, "use": "sig", "alg": "RS256", "kid": self.id, "x5t": self.id}


class Credentials:
    """Secret or password by inhabitant's name."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            drawn = {one.name: secrets.token_urlsafe(32) for one in (DEPLOYER, OFFICER, DEVELOPER)}
            write_private(path, json.dumps(drawn).encode())
        self._all: dict[str, str] = json.loads(path.read_text())

    def all(self) -> dict[str, str]:
        return dict(self._all)
