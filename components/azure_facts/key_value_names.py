"""What Resource Manager calls a key value of an App Configuration store: its key, and behind a $ its label.

No part of an id has a slash, so what an id cannot have is written ~ and two hexadecimal digits.
Source: https://learn.microsoft.com/azure/azure-app-configuration/quickstart-deployment-overview
"""

import re
from urllib.parse import quote


def name_of_key(key: str) -> str:
    """Of a key with its label behind a $, where it has one."""
    return "$".join(quote(part, safe="").replace("~", "%7E").replace("%", "~") for part in key.split("$"))


def key_and_label(name: str) -> tuple[str, str | None]:
    """The key and the label that a name says; None for no label."""
    key, _, label = (_decoded(part) for part in name.partition("$"))
    return key, label or None


def _decoded(text: str) -> str:
    return re.sub(r"(?:~[0-9A-Fa-f]{2})+", lambda found: _bytes(found[0]).decode(errors="replace"), text)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("~", ""))
