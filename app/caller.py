"""Who this app is, as its own access token says it.

The claims are read for display only and not verified: the vault is the one that checks the token.
Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True)
class Caller:
    """`kind` is "managed identity", "service principal" or "developer"; a missing claim is an empty text."""

    kind: str
    name: str
    client_id: str
    object_id: str

    @property
    def principal_type(self) -> str:
        """The word that role assignments use for it."""
        return "User" if self.kind == "developer" else "ServicePrincipal"

    @staticmethod
    def from_token(token: str) -> "Caller":
        """Read an access token's claims. A token that is no JWT gives a caller without a name."""
        claims = _claims(token)

        def text(*names: str) -> str:
            return next((str(claims[name]) for name in names if claims.get(name)), "")

        resource_id = text("xms_mirid")
        person = text("upn", "unique_name", "preferred_username")
        if resource_id:
            kind, name = "managed identity", resource_id.rpartition("/")[2]
        elif person or "scp" in claims:
            kind, name = "developer", person or text("name")
        else:
            kind, name = "service principal", text("app_displayname")
        # In a person's token the client is the tool they signed in with, which tells nobody anything here.
        client_id = "" if kind == "developer" else text("appid", "azp")
        return Caller(kind, name, client_id, text("oid"))


def _claims(token: str) -> Mapping[str, object]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        value: object = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}
