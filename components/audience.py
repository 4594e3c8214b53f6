"""What a token for an application of one's own is for.

https://learn.microsoft.com/entra/identity-platform/reference-app-manifest#identifieruris-attribute
"""

from typing import Final

from .form import Form

AUDIENCE: Final = Form.matching(
    "what a token for the app is for, such as api://<client id>, and no /.default behind it",
    r"[A-Za-z][\w+.-]*://(?!.*/\.default/?$)[^\s/?#]+(?:/[^\s?#]+)*/?|[0-9A-Fa-f-]{36}",
    r"[A-Za-z][\w+.-]*(?::/?/?[^\s?#]*)?",
)
