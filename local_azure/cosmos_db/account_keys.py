"""The four keys of an account: who gets them, and what is signed with one.

https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
"""

import base64
import binascii
import secrets
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Documents, Resource, Store

_NAMES: Final = {
    "primary": "primaryMasterKey",
    "secondary": "secondaryMasterKey",
    "primaryreadonly": "primaryReadonlyMasterKey",
    "secondaryreadonly": "secondaryReadonlyMasterKey",
}
"""Their kinds, by which they are renewed, and what answers call them."""
_READS: Final = ("GET", "HEAD")

RULES: Final = [
    Rule(
        "B3",
        "behaviour",
        "An account's keys are listed by who has listKeys/action, and open all of it where they are on.",
        held_by="b3_a_key_opens_an_account_until_keys_are_off",
        source="https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
    ),
    Rule(
        "B3",
        "assumed",
        "Keys are listed also where they are off, and open nothing there.",
        held_by="b3_a_key_opens_an_account_until_keys_are_off",
        source="https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control",
    ),
]


def listed_keys(store: Store, account_id: str) -> JsonObject:
    """What listKeys answers; drawn when they are first asked for."""
    documents = _documents(store)
    known = documents.get(account_id)
    if known is None:
        known = {name: _new() for name in _NAMES.values()}
        documents.put(account_id, known)
    return known


def renewed_keys(store: Store, account_id: str, kind: str) -> None:
    """The key of that kind opens nothing any more. Raises Refusal 400 for another kind."""
    if kind.lower() not in _NAMES:
        raise Refusal(400, "BadRequest", "keyKind is one of primary, secondary and their readonly twins.")
    known = listed_keys(store, account_id)
    _documents(store).put(account_id, {**known, _NAMES[kind.lower()]: _new()})


def forget_keys(store: Store, account_id: str) -> None:
    """An account is gone; one made again has other keys."""
    _documents(store).delete(account_id)


def is_signed_with_a_key(store: Store, account: Resource, request: Request, signature: str) -> bool:
    """Whether a request was signed with one of the account's keys; those that only read sign only reads."""
    known = _documents(store).get(account.id)
    try:
        given = base64.b64decode(signature, validate=True)
    except binascii.Error:
        return False
    if known is None:
        return False
    asks = request.headers.get("x-ms-documentdb-isquery", "").lower() == "true"
    reads = request.method in _READS or (request.method == "POST" and asks)
    allowed = [value for name, value in known.items() if reads or "Readonly" not in name]
    text = _string_to_sign(request).encode()
    return any(compare_digest(digest(base64.b64decode(one), text, sha256), given) for one in allowed)


def _string_to_sign(request: Request) -> str:
    """A list is signed for what it is in; a resource for itself."""
    segments = [one for one in request.path.split("/") if one]
    kind = segments[-1] if len(segments) % 2 else segments[-2] if segments else ""
    link = "/".join(segments[:-1] if len(segments) % 2 else segments)
    when = (request.headers.get("x-ms-date", ""), request.headers.get("date", ""))
    date, other = (when[0], "") if when[0] else ("", when[1])
    return f"{request.method.lower()}\n{kind.lower()}\n{link}\n{date.lower()}\n{other.lower()}\n"


def _documents(store: Store) -> Documents:
    return store.documents("cosmos-keys")


def _new() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()
