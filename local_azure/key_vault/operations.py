"""How Key Vault calls what is asked of it, in its log.

https://learn.microsoft.com/azure/key-vault/general/logging#interpret-your-key-vault-logs
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_NOUNS: Final = {"secrets": "Secret", "keys": "Key", "certificates": "Certificate"}
_NAME: Final = "[^/]+"
_ONE: Final = f"{_NAME}(/{_NAME})?"
"""What is called so, or a version of it."""
_WORDS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "GET": [
        ("", "List"),
        (f"{_NAME}/versions", "ListVersions"),
        (f"{_NAME}/rotationpolicy", "GetRotationPolicy"),
        (f"{_NAME}/policy", "GetPolicy"),
        (f"{_NAME}/pending", "GetPendingOperation"),
        (_ONE, "Get"),
    ],
    "PUT": [(f"{_NAME}/rotationpolicy", "UpdateRotationPolicy"), (_NAME, "Set")],
    "PATCH": [(f"{_NAME}/policy", "UpdatePolicy"), (_ONE, "Update")],
    "DELETE": [(_NAME, "Delete")],
    "POST": [
        ("restore", "Restore"),
        (f"{_NAME}/backup", "Backup"),
        (f"{_NAME}/create", "Create"),
        (f"{_NAME}/import", "Import"),
        (f"{_NAME}/rotate", "Rotate"),
        (f"{_ONE}/encrypt", "Encrypt"),
        (f"{_ONE}/decrypt", "Decrypt"),
        (f"{_ONE}/wrapkey", "Wrap"),
        (f"{_ONE}/unwrapkey", "Unwrap"),
        (f"{_ONE}/sign", "Sign"),
        (f"{_ONE}/verify", "Verify"),
    ],
}
"""By method: the path below the kind, and the word after the kind's noun."""
_OF_DELETED: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "GET": [("", "ListDeleted"), (_NAME, "GetDeleted")],
    "DELETE": [(_NAME, "Purge")],
    "POST": [(f"{_NAME}/recover", "Recover")],
}


def operation_of(method: str, path: str) -> str:
    """The name of a call, such as `SecretGet`; `Unknown` for what Key Vault does not have."""
    kind, *rest = [part for part in path.split("/") if part] or [""]
    noun = _NOUNS.get(kind.removeprefix("deleted"))
    words = (_OF_DELETED if kind.startswith("deleted") else _WORDS).get(method, ())
    found = (word for pattern, word in words if re.fullmatch(pattern, "/".join(rest)))
    word = next(found, None)
    return f"{noun}{word}" if noun and word else "Unknown"
