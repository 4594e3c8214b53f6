"""The two keys of a storage account: who gets them, and what is signed with one.

https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
"""

import base64
import binascii
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.storage.account_names import account_name
from local_azure.store import Documents, Resource, Store

_DOCUMENTS: Final = "storage-keys"
_NAMES: Final = ("key1", "key2")
_SIGNED_HEADERS: Final = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip

RULES: Final = [
    Rule(
        "I12",
        "behaviour",
        "An account's keys are listed by who has storageAccounts/listKeys/action, and each opens all of it "
        "until it is regenerated.",
        held_by="i12_a_key_opens_the_whole_account_until_it_is_regenerated",
        source="https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
    ),
    Rule(
        "I12",
        "assumed",
        "Where shared keys are off, keys are neither listed nor regenerated: 403 "
        "KeyBasedAuthenticationNotPermitted. Azure may well list them; they open nothing there either.",
        held_by="i12_keys_are_not_given_out_where_they_are_off",
        source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
    ),
]


def listed_keys(ground: Ground, account: Resource) -> JsonObject:
    """What listKeys answers. Raises Refusal 403 where shared keys are off."""
    _require_allowed(account)
    known = _keys(ground, account)
    return {"keys": [{"keyName": name, "permissions": "Full", **known[name]} for name in _NAMES]}


def renewed_keys(ground: Ground, account: Resource, name: object) -> JsonObject:
    """What regenerateKey answers; the key of that name opens nothing any more. Raises Refusal 400 for another
    name, and 403 where shared keys are off."""
    _require_allowed(account)
    known = _keys(ground, account)
    if name not in _NAMES:
        text = f"Values for request parameters are invalid: keyName. It is one of {', '.join(_NAMES)}."
        raise Refusal(400, "InvalidValuesForRequestParameters", text)
    _documents(ground.store).put(account.id, {**known, str(name): _new(ground)})
    return listed_keys(ground, account)


def forget_keys(store: Store, account_id: str) -> None:
    """An account is gone; one made again has other keys."""
    _documents(store).delete(account_id)


def is_signed_with_a_key(store: Store, account: Resource, service: str, request: Request) -> bool:
    """Whether the `Authorization: SharedKey` of a request was made with one of the account's keys. None was
    before somebody was given them."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    name, _, signature = credential.partition(":")
    known = _documents(store).get(account.id)
    if known is None or scheme.lower() != "sharedkey" or name.lower() != account_name(account):
        return False
    try:
        given = base64.b64decode(signature, validate=True)
    except binascii.Error:
        return False
    signed = _table_string_to_sign if service == "table" else _string_to_sign
    text = signed(account_name(account), request).encode()
    wanted = (digest(base64.b64decode(known[one]["value"]), text, sha256) for one in _NAMES)
    return any(compare_digest(one, given) for one in wanted)


def _string_to_sign(account: str, request: Request) -> str:
    headers = {**request.headers}
    if headers.get("content-length") == "0":
        headers["content-length"] = ""
    if "x-ms-date" in headers:
        headers["date"] = ""
    own = sorted((key, value) for key, value in headers.items() if key.startswith("x-ms-"))
    lines = [request.method, *(headers.get(name, "") for name in _SIGNED_HEADERS)]
    lines += [f"{key}:{value}" for key, value in own]
    return "\n".join([*lines, *_resource(account, request)])


def _table_string_to_sign(account: str, request: Request) -> str:
    """The table service signs fewer headers, and of the query `comp` alone."""
    headers = request.headers
    own = [headers.get(name, "") for name in ("content-md5", "content-type")]
    comp = f"?comp={request.query['comp']}" if "comp" in request.query else ""
    when = headers.get("x-ms-date") or headers.get("date", "")
    return "\n".join([request.method, *own, when, f"/{account}{request.raw_path}{comp}"])


def _resource(account: str, request: Request) -> Iterator[str]:
    yield f"/{account}{request.raw_path}"
    for key, value in sorted((key.lower(), value) for key, value in request.query.items()):
        yield f"{key}:{value}"


def _keys(ground: Ground, account: Resource) -> JsonObject:
    """Both, drawn when they are first asked for."""
    documents = _documents(ground.store)
    known = documents.get(account.id)
    if known is None:
        known = {name: _new(ground) for name in _NAMES}
        documents.put(account.id, known)
    return known


def _new(ground: Ground) -> JsonObject:
    now = datetime.fromtimestamp(ground.clock.now(), UTC).isoformat()
    return {"value": base64.b64encode(secrets.token_bytes(64)).decode(), "creationTime": now}


def _require_allowed(account: Resource) -> None:
    if account.body["properties"].get("allowSharedKeyAccess") is False:
        text = "Key based authentication is not permitted on this storage account."
        raise Refusal(403, "KeyBasedAuthenticationNotPermitted", text)


def _documents(store: Store) -> Documents:
    return store.documents(_DOCUMENTS)
