"""The login of TDS: who asks for which database of which server, and with what.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds (LOGIN7, FEATUREEXT)
"""

import struct
from dataclasses import dataclass
from typing import Final

from local_azure.sql.packets import NoMessageError

_FIELDS: Final = 36
"""Where the table of offsets and lengths begins."""
_EXTENSION_FLAG: Final = 0x10
_FEDERATED: Final = 2
_END: Final = 0xFF
_SECURITY_TOKEN: Final = 1


@dataclass(frozen=True)
class Login:
    """What was said. `token` is None where none was given: then `user` gave a password, which is not read."""

    version: int
    user: str
    app: str
    server: str
    database: str
    token: str | None
    features: frozenset[int]


def read_login(body: bytes) -> Login:
    """Raises NoMessageError."""
    try:
        return _read(body)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise NoMessageError from None


def _read(body: bytes) -> Login:
    (version,) = struct.unpack_from("<I", body, 4)
    (third_flags,) = struct.unpack_from("<B", body, 27)

    def text(position: int) -> str:
        offset, length = struct.unpack_from("<HH", body, _FIELDS + 4 * position)
        return body[offset : offset + 2 * length].decode("utf-16-le")

    features: dict[int, bytes] = {}
    if third_flags & _EXTENSION_FLAG:
        (where, _) = struct.unpack_from("<HH", body, _FIELDS + 4 * 5)
        (start,) = struct.unpack_from("<I", body, where)
        while body[start] != _END:
            feature, length = struct.unpack_from("<BI", body, start)
            features[feature] = body[start + 5 : start + 5 + length]
            start += 5 + length
    token = _token(features[_FEDERATED]) if _FEDERATED in features else None
    return Login(version, text(1), text(3), text(4), text(8), token, frozenset(features))


def _token(feature: bytes) -> str:
    """Raises NoMessageError for another way to prove who one is than a token that comes along."""
    if feature[0] >> 1 != _SECURITY_TOKEN:
        raise NoMessageError
    (length,) = struct.unpack_from("<I", feature, 1)
    return feature[5 : 5 + length].decode("utf-16-le")
