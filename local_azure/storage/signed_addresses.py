"""Addresses that a user delegation key has signed: what they open, for whom, until when.

https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

from local_azure.bodies import section
from local_azure.entra.directory import Caller, Principal
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Request
from local_azure.rules import Rule
from local_azure.storage.account_names import account_name
from local_azure.storage.delegation_keys import DelegationKey, DelegationKeys, read_time
from local_azure.storage.refusals import refusal
from local_azure.store import Resource

_UNSERVED: Final = ("saoid", "suoid", "scid", "skdutid", "sduoid", "sip", "ses", "srh", "srq", "snapshot")
_ANSWER_HEADERS: Final = ("rscc", "rscd", "rsce", "rscl", "rsct")
_PERIOD: Final = re.compile(r"(\d+)\.(\d\d):(\d\d):(\d\d)")
_BOUND_TO_USERS: Final = "2025-07-05"
_BOUND_TO_REQUESTS: Final = "2026-04-06"
"""From which versions on such bounds are in the text that is signed, empty where there are none."""

RULES: Final = [
    Rule(
        "I15",
        "refusal",
        "A signed address does what it says and whoever signed it may do, and no more: without either 403 "
        "AuthorizationPermissionMismatch. Who loses a role takes it from all that they have signed.",
        held_by="i15_a_signed_address_opens_what_it_says_and_its_signer_may",
        source="https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas",
    ),
    Rule(
        "I15",
        "refusal",
        "An address that is for another blob, was changed, or is out of its time or its key's opens nothing: "
        "403 AuthenticationFailed.",
        held_by="i15_an_address_that_was_changed_or_is_out_of_its_time_opens_nothing",
        source="microsoft/AzureStorageExplorer#3163 Azure/azure-sdk-for-net#47245",
    ),
    Rule(
        "I15",
        "refusal",
        "An address that may create and not write overwrites nothing: 403 UnauthorizedBlobOverwrite.",
        held_by="i15_an_address_that_may_only_create_overwrites_nothing",
        source="https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes",
    ),
    Rule(
        "I15",
        "assumed",
        "Where the account's policy blocks them, an address without a start, or for longer than the policy's "
        "period, opens nothing: 403 AuthorizationFailure. The page says that it is denied, not with what.",
        held_by="i15_an_address_that_the_accounts_policy_blocks_opens_nothing",
        source="https://learn.microsoft.com/azure/storage/common/sas-expiration-policy",
    ),
]


@dataclass(frozen=True)
class Signed:
    """What an address says that it is for, in the service's letters: `r` read, `l` list, `w` write."""

    letters: frozenset[str]

    def allows(self, letters: str) -> bool:
        """Whether one of them is enough."""
        return not self.letters.isdisjoint(letters)


class SignedAddresses:
    """Reads the addresses of blobs that somebody has signed with a key of their own."""

    def __init__(self, ground: Ground, keys: DelegationKeys) -> None:
        self._ground = ground
        self._keys = keys

    def read(self, account: Resource, request: Request) -> tuple[Caller, Signed] | None:
        """Who signed the address of a request, and what for; None where no delegation key did. Raises Refusal
        403 for one that is not good, and 501 for what is not served here."""
        query = request.query
        key = DelegationKey.named_in(query) if "sig" in query else None
        if key is None:
            return None
        unserved = [name for name in _UNSERVED if name in query]
        if unserved or query.get("sr") not in ("b", "c"):
            what = " and ".join(unserved) or f"sr={query.get('sr')}"
            text = f"The local Azure does not serve shared access signatures with {what}."
            raise refusal(501, "NotImplemented", text)
        text = _text(account, request, key).encode()
        if not _is_signature(query["sig"], digest(self._keys.value(account, key), text, sha256)):
            raise _failed("Signature did not match.")
        self._require_time(key, query)
        self._require_policy(account, query)
        known = self._ground.entra.principal(key.object_id)
        signer = known or Principal(key.object_id, None, "ServicePrincipal", "deleted identity")
        groups = frozenset(self._ground.entra.groups_of(key.object_id))
        return Caller(signer, groups, ""), Signed(frozenset(query.get("sp", "")))

    def _require_time(self, key: DelegationKey, query: Mapping[str, str]) -> None:
        now = self._ground.clock.now()
        for start, expiry in ((query.get("st", ""), query.get("se", "")), (key.start, key.expiry)):
            begins, ends = read_time(start), read_time(expiry)
            if (start and (begins is None or begins > now)) or ends is None or ends <= now:
                raise _failed(
                    f"Signature not valid in the specified time frame: Start [{start}] - Expiry [{expiry}]"
                )

    def _require_policy(self, account: Resource, query: Mapping[str, str]) -> None:
        policy = section(section(account.body, "properties"), "sasPolicy")
        longest = _PERIOD.fullmatch(str(policy.get("sasExpirationPeriod")))
        if str(policy.get("expirationAction")).lower() != "block" or longest is None:
            return
        days, hours, minutes, seconds = (int(part) for part in longest.groups())
        start, expiry = read_time(query.get("st", "")), read_time(query.get("se", ""))
        lasts = None if start is None or expiry is None else expiry - start
        if lasts is None or lasts > ((days * 24 + hours) * 60 + minutes) * 60 + seconds:
            text = "This request is not authorized by the SAS expiration policy of the storage account."
            raise refusal(403, "AuthorizationFailure", text)


def _text(account: Resource, request: Request, key: DelegationKey) -> str:
    """What the signature of the address is made of; the resource is the one that is asked for."""
    query, version = request.query, request.query.get("sv", "")
    container, _, blob = request.path.lstrip("/").partition("/")
    asked = f"{container}/{blob}" if query["sr"] == "b" else container
    parts = [query.get(name, "") for name in ("sp", "st", "se")]
    parts += [f"/blob/{account_name(account)}/{asked}", *key.parts, "", "", ""]
    parts += ["", ""] if version >= _BOUND_TO_USERS else []
    parts += ["", query.get("spr", ""), version, query["sr"], "", ""]
    parts += ["", ""] if version >= _BOUND_TO_REQUESTS else []
    return "\n".join([*parts, *(query.get(name, "") for name in _ANSWER_HEADERS)])


def _is_signature(given: str, wanted: bytes) -> bool:
    try:
        return compare_digest(base64.b64decode(given, validate=True), wanted)
    except binascii.Error:
        return False


def _failed(detail: str) -> Refusal:
    text = "Server failed to authenticate the request. Make sure the value of Authorization header is "
    return refusal(403, "AuthenticationFailed", f"{text}formed correctly including the signature. {detail}")
