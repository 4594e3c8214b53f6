"""What a key is made of, and what is done with it. Nothing here knows of vaults.

https://learn.microsoft.com/azure/key-vault/keys/about-keys-details
"""

import base64
from collections.abc import Callable, Mapping
from typing import Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from local_azure.http import JsonObject

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

RSA: Final = "RSA"
EC: Final = "EC"
SIZES: Final = (2048, 3072, 4096)
SIGNING: Final = ("sign", "verify")
OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    RSA: ("encrypt", "decrypt", *SIGNING, "wrapKey", "unwrapKey"),
    EC: SIGNING,
}
"""What a key of each type can do, which is what it may where nothing else is said."""
_CURVES: Final[Mapping[str, ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
    "P-256K": ec.SECP256K1(),
}
CURVES: Final = tuple(_CURVES)
_NAMES: Final = {curve.name: name for name, curve in _CURVES.items()}
_EXPONENT: Final = 65_537

_OF_CURVES: Final[Mapping[str, tuple[str, hashes.HashAlgorithm]]] = {
    "ES256": ("P-256", hashes.SHA256()),
    "ES256K": ("P-256K", hashes.SHA256()),
    "ES384": ("P-384", hashes.SHA384()),
    "ES512": ("P-521", hashes.SHA512()),
}
_DIGESTS: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_PADDINGS: Final[Mapping[str, Callable[[], padding.AsymmetricPadding]]] = {
    "RSA1_5": padding.PKCS1v15,
    "RSA-OAEP": lambda: _oaep(hashes.SHA1()),
    "RSA-OAEP-256": lambda: _oaep(hashes.SHA256()),
}


class UnfitError(ValueError):
    """An algorithm that the key does not have, or bytes that it makes nothing of."""


def made(kind: str, size: int, curve: str) -> PrivateKey:
    """A new key of the type: `size` in bits for RSA, `curve` for EC."""
    if kind == EC:
        return ec.generate_private_key(_CURVES[curve])
    return rsa.generate_private_key(public_exponent=_EXPONENT, key_size=size)


def kept(key: PrivateKey) -> str:
    """The key as text, for the store, which encrypts it."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()


def taken(text: str) -> PrivateKey:
    return cast(PrivateKey, serialization.load_pem_private_key(text.encode(), None))


def public_part(key: PrivateKey) -> JsonObject:
    """The members of a JSON Web Key that everybody may see."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {"kty": RSA, "n": _number(numbers.n), "e": _number(numbers.e)}
    point = key.public_key().public_numbers()
    length = _length(key)
    x, y = (encoded(one.to_bytes(length, "big")) for one in (point.x, point.y))
    return {"kty": EC, "crv": _NAMES[key.curve.name], "x": x, "y": y}


def encrypt(key: PrivateKey, algorithm: str, plain: bytes) -> bytes:
    """Also of wrapKey. Raises UnfitError."""
    used = _rsa(key, algorithm)
    try:
        return used.public_key().encrypt(plain, _padding(algorithm))
    except ValueError as error:
        raise UnfitError(f"The value is too long for {algorithm} with this key.") from error


def decrypt(key: PrivateKey, algorithm: str, cipher: bytes) -> bytes:
    """Also of unwrapKey. Raises UnfitError."""
    used = _rsa(key, algorithm)
    try:
        return used.decrypt(cipher, _padding(algorithm))
    except ValueError as error:
        raise UnfitError("The value cannot be decrypted with this key.") from error


def sign(key: PrivateKey, algorithm: str, digest: bytes) -> bytes:
    """Raises UnfitError."""
    hashed = _digest(key, algorithm, digest)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, _signing_padding(algorithm), utils.Prehashed(hashed))
    r, s = utils.decode_dss_signature(key.sign(digest, ec.ECDSA(utils.Prehashed(hashed))))
    return b"".join(one.to_bytes(_length(key), "big") for one in (r, s))


def verify(key: PrivateKey, algorithm: str, digest: bytes, signature: bytes) -> bool:
    """Raises UnfitError."""
    hashed = utils.Prehashed(_digest(key, algorithm, digest))
    try:
        if isinstance(key, rsa.RSAPrivateKey):
            key.public_key().verify(signature, digest, _signing_padding(algorithm), hashed)
        else:
            half = _length(key)
            r, s = (int.from_bytes(one, "big") for one in (signature[:half], signature[half:]))
            key.public_key().verify(utils.encode_dss_signature(r, s), digest, ec.ECDSA(hashed))
    except InvalidSignature:
        return False
    return True


def encoded(data: bytes) -> str:
    """As everything crosses the wire: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises UnfitError for what is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise UnfitError("A value is no base64url.") from error


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _length(key: ec.EllipticCurvePrivateKey) -> int:
    return (key.key_size + 7) // 8


def _rsa(key: PrivateKey, algorithm: str) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey) or algorithm not in _PADDINGS:
        raise UnfitError(f"The algorithm {algorithm} is not one of this key.")
    return key


def _padding(algorithm: str) -> padding.AsymmetricPadding:
    return _PADDINGS[algorithm]()


def _oaep(hashed: hashes.HashAlgorithm) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashed), hashed, None)


def _signing_padding(algorithm: str) -> padding.AsymmetricPadding:
    if algorithm.startswith("RS"):
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(_DIGESTS[algorithm[2:]]), padding.PSS.DIGEST_LENGTH)


def _digest(key: PrivateKey, algorithm: str, digest: bytes) -> hashes.HashAlgorithm:
    """How the digest was made. Raises UnfitError for one of another length, or another key's algorithm."""
    if isinstance(key, rsa.RSAPrivateKey):
        hashed = _DIGESTS.get(algorithm[2:]) if algorithm[:2] in ("RS", "PS") else None
    else:
        curve, hashed = _OF_CURVES.get(algorithm, ("", None))
        hashed = hashed if curve == _NAMES[key.curve.name] else None
    if hashed is None:
        raise UnfitError(f"The algorithm {algorithm} is not one of this key.")
    if len(digest) != hashed.digest_size:
        raise UnfitError(f"The digest has {len(digest)} bytes, and {algorithm} has {hashed.digest_size}.")
    return hashed
