"""Who may call a trigger or read what a run had: signed addresses, tokens, and from where.

https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app
"""

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from local_azure.bodies import items, properties_of, section
from local_azure.entra.directory import Entra
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.origins import PERSON_ADDRESS
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

VERSION: Final = "2016-10-01"
_CODES: Final = "https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#enable-oauth"

RULES: Final = [
    Rule(
        "LA3",
        "behaviour",
        "The address of a Request trigger that listCallbackUrl gives has a signature in it, and lets in "
        "whoever has it.",
        held_by="la3_the_signed_address_of_a_trigger_lets_in_whoever_has_it",
    ),
    Rule(
        "LA3",
        "assumed",
        "A call with neither a signature nor a token is refused, and one with another workflow's signature: "
        "401 DirectApiAuthorizationRequired.",
        held_by="la3_the_signed_address_of_a_trigger_lets_in_whoever_has_it",
    ),
    Rule(
        "LA4",
        "behaviour",
        "A token is let in whose claims are those of one policy, all of them, exactly: 403 "
        "MisMatchingOAuthClaims otherwise.",
        held_by="la4_a_token_is_let_in_whose_claims_are_those_of_a_policy",
        source=_CODES,
    ),
    Rule(
        "LA4",
        "assumed",
        "A call with a token and a signature is refused: 401 DirectApiRequestHasMoreThanOneAuthorization. "
        "Without a policy no token is taken: 401 OAuthAccessPolicyNotFound.",
        held_by="la4_a_call_brings_one_proof_and_no_token_counts_without_a_policy",
        source=_CODES,
    ),
    Rule(
        "LA5",
        "behaviour",
        "Where sasAuthenticationPolicy is Disabled, a signature opens no trigger.",
        held_by="la5_where_signatures_are_switched_off_none_opens_a_trigger",
    ),
    Rule(
        "LA5",
        "assumed",
        "That is said as 401 DirectApiInvalidAuthorizationScheme.",
        held_by="la5_where_signatures_are_switched_off_none_opens_a_trigger",
    ),
    Rule(
        "LA6",
        "behaviour",
        "allowedCallerIpAddresses says from where a trigger is called and what runs had is read; an empty "
        "list keeps everybody out but other workflows.",
        held_by="la6_calls_and_reading_come_from_the_ranges_that_are_named",
    ),
    Rule(
        "LA6",
        "assumed",
        "A call from elsewhere is refused: 403 AuthorizationFailed.",
        held_by="la6_calls_and_reading_come_from_the_ranges_that_are_named",
    ),
]


class Access:
    """The keys of workflows, and who is let in."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services
        self._keys = ground.store.documents("workflow-keys")

    def forget(self, workflow_id: str) -> None:
        self._keys.delete(workflow_id)

    def signed(self, workflow_id: str, path: str, permission: str) -> dict[str, str]:
        """The query of an address that opens `path` for that permission."""
        signature = self._signature(workflow_id, path, permission)
        return {"api-version": VERSION, "sp": permission, "sv": "1.0", "sig": signature}

    def require_signature(self, workflow_id: str, request: Request, permission: str) -> None:
        """Raises Refusal 401 unless the address is signed for that."""
        wanted = self._signature(workflow_id, request.path, permission)
        given = (request.query.get("sp"), request.query.get("sv"))
        is_good = hmac.compare_digest(str(request.query.get("sig", "")).encode(), wanted.encode())
        if given != (permission, "1.0") or not is_good:
            raise _not_signed()

    def admit(self, workflow: Resource, request: Request, permission: str) -> None:
        """Who calls a trigger. Raises Refusal 401 or 403."""
        policy = section(section(properties_of(workflow.body), "accessControl"), "triggers")
        token, is_signed = request.bearer_token, "sig" in request.query
        if token and is_signed:
            text = (
                "The request has SAS authentication scheme, 'Bearer' authorization scheme or internal token "
                "scheme. Only one scheme should be used."
            )
            raise Refusal(401, "DirectApiRequestHasMoreThanOneAuthorization", text)
        if token:
            claims = _admitted(self._ground.entra, self._ground.clock.now(), policy, token)
            self._require_place(policy, str(claims["oid"]))
            return
        if not is_signed:
            raise _not_signed()
        state = section(policy, "sasAuthenticationPolicy").get("state")
        if str(state).lower() == "disabled":
            text = (
                "The request has SAS authentication scheme while it is disabled under your access control "
                "policy."
            )
            raise Refusal(401, "DirectApiInvalidAuthorizationScheme", text)
        self.require_signature(workflow.id, request, permission)
        self._require_place(policy, None)

    def admit_reader(self, workflow: Resource, request: Request, permission: str) -> None:
        """Who reads what a run had. Raises Refusal 401 or 403."""
        self.require_signature(workflow.id, request, permission)
        policy = section(section(properties_of(workflow.body), "accessControl"), "contents")
        self._require_place(policy, None)

    def _require_place(self, policy: JsonObject, principal_id: str | None) -> None:
        if policy.get("allowedCallerIpAddresses") is None:
            return
        origins = self._services.origins(principal_id) if principal_id else ()
        addresses = [one.address for one in origins if one.address] or [PERSON_ADDRESS]
        ranges = [str(one.get("addressRange", "")) for one in items(policy, "allowedCallerIpAddresses")]
        if any(_is_in(ipaddress.ip_address(one), range_) for one in addresses for range_ in ranges):
            return
        text = (
            f"The client IP address '{addresses[0]}' is not in the allowed caller IP address ranges "
            "specified in the workflow access control configuration."
        )
        raise Refusal(403, "AuthorizationFailed", text)

    def _signature(self, workflow_id: str, path: str, permission: str) -> str:
        with self._ground.store.lock:
            known = self._keys.get(workflow_id)
            if known is None:
                known = {"key": secrets.token_hex(32)}
                self._keys.put(workflow_id, known)
        said = f"{path.lower()}\n{permission}\n1.0"
        digest = hmac.new(bytes.fromhex(known["key"]), said.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def address(endpoint: str, path: str, query: Mapping[str, str]) -> str:
    return f"{endpoint}{path}?{urlencode(query)}"


def _admitted(entra: Entra, now: float, policy: JsonObject, token: str) -> JsonObject:
    """The claims of a token that a policy lets in."""
    policies: JsonObject = section(section(policy, "openAuthenticationPolicies"), "policies")
    if not policies:
        text = "The request must be authenticated only by Shared Access scheme."
        raise Refusal(401, "OAuthAccessPolicyNotFound", text)
    claims = entra.claims(token)
    if claims["exp"] <= now:
        raise Refusal(401, "ExpiredAuthenticationToken", "The access token has expired.")
    if not any(_holds(items(one, "claims"), claims) for one in policies.values()):
        text = (
            "One or more claims either missing or does not match with the open authentication access "
            "control policy."
        )
        raise Refusal(403, "MisMatchingOAuthClaims", text)
    return claims


def _holds(wanted: Sequence[JsonObject], claims: Mapping[str, Any]) -> bool:
    return bool(wanted) and all(str(claims.get(str(one["name"]))) == str(one["value"]) for one in wanted)


def _is_in(client: ipaddress.IPv4Address | ipaddress.IPv6Address, range_: str) -> bool:
    first, is_pair, last = range_.partition("-")
    if not is_pair:
        return client in ipaddress.ip_network(range_, strict=False)
    low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
    return low.version == client.version and int(low) <= int(client) <= int(high)


def _not_signed() -> Refusal:
    text = "The request should have a valid authorization header or a shared access signature."
    return Refusal(401, "DirectApiAuthorizationRequired", text)
