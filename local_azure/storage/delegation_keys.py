"""User delegation keys: what somebody signs addresses with who has no key of the account.

https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage.refusals import refusal
from local_azure.storage.xml_bodies import read_xml, xml
from local_azure.store import Resource

_DOCUMENTS: Final = "storage-delegation"
_LONGEST: Final = 7 * 86_400
_QUERY: Final = ("skoid", "sktid", "skt", "ske", "sks", "skv")
_WORDS: Final = ("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion")

RULES: Final = [
    Rule(
        "I15",
        "refusal",
        "A user delegation key is for who has blobServices/generateUserDelegationKey/action at the account "
        "or above: a role on one container does not do. It is for at most seven days.",
        held_by="i15_a_key_to_sign_with_is_for_who_may_delegate_at_the_account",
    ),
    Rule(
        "I15",
        "behaviour",
        "All delegation keys of an account can be revoked, and what they signed opens nothing any more.",
        held_by="i15_what_a_revoked_key_has_signed_opens_nothing",
        source="https://learn.microsoft.com/rest/api/storagerp/storage-accounts/revoke-user-delegation-keys",
    ),
]


@dataclass(frozen=True)
class DelegationKey:
    """For whom it is, of which tenant, from when until when, for which service, in which version: as in the
    addresses that it signs."""

    object_id: str
    tenant_id: str
    start: str
    expiry: str
    service: str
    version: str

    @staticmethod
    def named_in(query: Mapping[str, str]) -> "DelegationKey | None":
        """The one that an address says it was signed with, None for another kind of signature."""
        values = [query.get(key, "") for key in _QUERY]
        return DelegationKey(*values) if all(values) else None

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.object_id, self.tenant_id, self.start, self.expiry, self.service, self.version)


class DelegationKeys:
    """The keys of every account. None is kept: each follows from what it is for and the account's own secret,
    which a revocation draws anew."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._documents = ground.store.documents(_DOCUMENTS)

    def answer(self, account: Resource, caller: Caller | None, request: Request, version: str) -> Response:
        """A new key, for whoever may have one. Raises Refusal 400 for times that it cannot have, and 403 for
        who has no token: an account's key delegates nothing."""
        if caller is None:
            text = "Only authentication scheme Bearer is supported."
            raise refusal(403, "AuthenticationFailed", text)
        root = read_xml(request.body, "KeyInfo")
        start, expiry = (root.findtext(word) or "" for word in ("Start", "Expiry"))
        now = self._ground.clock.now()
        begins, ends = read_time(start), read_time(expiry)
        if begins is None or ends is None or ends <= max(begins, now) or ends > now + _LONGEST:
            text = "The value for one of the XML nodes is not in the correct format: Start or Expiry."
            raise refusal(400, "InvalidXmlNodeValue", text)
        if self._documents.get(account.id) is None:
            secret = base64.b64encode(secrets.token_bytes(32)).decode()
            self._documents.put(account.id, {"secret": secret})
        key = DelegationKey(caller.principal.object_id, TENANT_ID, start, expiry, "b", version)
        answer = Element("UserDelegationKey")
        for word, part in zip(_WORDS, key.parts, strict=True):
            SubElement(answer, word).text = part
        SubElement(answer, "Value").text = base64.b64encode(self.value(account, key)).decode()
        return xml(answer)

    def value(self, account: Resource, key: DelegationKey) -> bytes:
        """The key itself; where none was given out, one that nobody has."""
        known = self._documents.get(account.id)
        secret = base64.b64decode(known["secret"]) if known else secrets.token_bytes(32)
        return digest(secret, "\n".join(key.parts).encode(), sha256)

    def revoke(self, account_id: str) -> None:
        """Let nothing that was signed so far open the account."""
        self._documents.delete(account_id)


def read_time(text: str) -> float | None:
    """Seconds since the epoch; None for what is no time in UTC."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.replace(tzinfo=when.tzinfo or UTC).timestamp()
