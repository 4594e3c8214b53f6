"""Documents that Azure takes in Base64: what a machine does at its first boot, and what it is told.

https://learn.microsoft.com/azure/virtual-machines/custom-data
"""

import base64
import email
from typing import Final

_PARTS: Final = "content-type: multipart/"


def written_in(text: str) -> str:
    """What somebody wrote before it was encoded, the parts of a document one behind the other. What is no
    text in Base64 is as it stands.
    """
    try:
        document = base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text
    return "\n".join(_parts(document)) if document.lower().startswith(_PARTS) else document


def _parts(document: str) -> list[str]:
    parts = [one.get_payload(decode=True) for one in email.message_from_string(document).walk()]
    return [one.decode(errors="replace") for one in parts if isinstance(one, bytes)]
