"""Tokens of others that count as an identity: the exchange of a federated credential.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation and
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import jwt
from jwt.types import Options

from local_azure.bodies import properties_of
from local_azure.clock import Clock
from local_azure.entra.principals import Principal
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject
from local_azure.managed_identity.federated_credentials import CREDENTIALS, written_at
from local_azure.rules import Rule
from local_azure.store import Store

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
UNTIL_IT_WORKS: Final = 60.0
"""Seconds from the write of a credential until Entra finds it."""
_CONFIGURATION: Final = ".well-known/openid-configuration"
_PLEASE: Final = (
    "Please check your federated identity credential Subject, Audience and Issuer against the presented "
    "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)
_NONE: Final = "No matching federated identity record found for presented assertion"
Published = Callable[[str], JsonObject | None]
"""The JSON at an address; None where nobody here answers for its host. Raises Refusal."""

RULES: Final = [
    Rule(
        "P27",
        "refusal",
        "Issuer, subject and audience of a token are compared with a credential letter by letter, and the "
        "refusal names the one that differs: AADSTS700211, 700213, 700212; without a credential 70021.",
        held_by="p27_issuer_subject_and_audience_are_compared_letter_by_letter",
        source="Azure/azure-workload-identity#340 Azure/azure-workload-identity#1200 Azure/login#482 "
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ),
    Rule(
        "P27",
        "assumed",
        "A subject that differs in case alone is refused with AADSTS7002138.",
        held_by="p27_a_subject_in_another_case_is_another_subject",
        source="Azure/login#517 https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes",
    ),
    Rule(
        "P28",
        "assumed",
        "A credential works a minute after it was written, and until then there is none.",
        held_by="p28_a_credential_works_a_minute_after_it_was_written",
        source="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations "
        "Azure/azure-workload-identity#977",
    ),
    Rule(
        "P29",
        "refusal",
        "A token that its issuer's keys do not verify, or that is out of its time, is refused: AADSTS700027, "
        "AADSTS700024.",
        held_by="p29_a_token_that_the_issuer_did_not_sign_or_that_is_out_of_its_time_is_refused",
        source="https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ),
]


@dataclass(frozen=True)
class Federation:
    """Whose tokens count as which identity. `published` reads what an issuer publishes."""

    store: Store
    clock: Clock
    published: Published

    def check(self, identity: Principal, assertion: str) -> None:
        """Raises Refusal 401 where the token does not count as the identity, 501 for an issuer that is not
        here.
        """
        claims = _claims(assertion)
        self._match(identity, claims)
        key = self._key(str(claims["iss"]), assertion)
        try:
            jwt.decode(assertion, key, algorithms=["RS256"], options=cast(Options, _SIGNATURE_ALONE))
        except jwt.InvalidTokenError:
            raise _refused(700027, "Client assertion failed signature validation.") from None
        now = self.clock.now()
        if not (float(claims.get("nbf", 0)) <= now + 300 and now < float(claims.get("exp", 0))):
            raise _refused(700024, "Client assertion is not within its valid time range.")

    def _match(self, identity: Principal, claims: JsonObject) -> None:
        """One credential has to have all three; the first that none of them has is what is said."""
        issuer, subject, audiences = str(claims.get("iss")), str(claims.get("sub")), _audiences(claims)
        known = self._working(identity)
        if not known:
            said = (
                f"{_NONE}. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: "
                f"'{', '.join(audiences)}'."
            )
            raise _refused(70021, said)
        of_issuer = [one for one in known if one["issuer"] == issuer]
        if not of_issuer:
            raise _refused(700211, f"{_NONE} issuer '{issuer}'. {_PLEASE}")
        of_subject = [one for one in of_issuer if one["subject"] == subject]
        if not of_subject:
            if any(str(one["subject"]).lower() == subject.lower() for one in of_issuer):
                said = f"{_NONE} subject '{subject}'. The subject differs from one in case alone."
                raise _refused(7002138, f"{said} {_PLEASE}")
            raise _refused(700213, f"{_NONE} subject '{subject}'. {_PLEASE}")
        if not any(set(one["audiences"]) & set(audiences) for one in of_subject):
            raise _refused(700212, f"{_NONE} audience '{', '.join(audiences)}'. {_PLEASE}")

    def _working(self, identity: Principal) -> Sequence[Mapping[str, Any]]:
        """The credentials of an identity that Entra finds by now."""
        if not identity.resource_id:
            return []
        found = self.store.list(under=identity.resource_id, type=CREDENTIALS)
        now = self.clock.now()
        return [
            properties_of(one.body) for one in found if written_at(self.store, one.id) + UNTIL_IT_WORKS <= now
        ]

    def _key(self, issuer: str, assertion: str) -> Any:
        """The key that the token names, as its issuer publishes it."""
        configuration = self.published(f"{issuer.rstrip('/')}/{_CONFIGURATION}")
        if configuration is None:
            raise not_served(f"the keys of {issuer}, which are on the internet")
        keys: Sequence[JsonObject] = (self.published(str(configuration["jwks_uri"])) or {}).get("keys", [])
        named = jwt.get_unverified_header(assertion).get("kid")
        for key in keys:
            if key.get("kid") == named:
                return jwt.PyJWK(key).key
        raise _refused(700027, "Client assertion failed signature validation: the issuer has no such key.")


_SIGNATURE_ALONE: Final = {
    f"verify_{one}": False for one in ("aud", "exp", "iat", "iss", "nbf", "sub", "jti")
}


def _claims(assertion: str) -> JsonObject:
    try:
        return jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise _refused(50027, "JWT token is invalid or malformed.") from None


def _audiences(claims: JsonObject) -> Sequence[str]:
    audience: str | list[str] = claims.get("aud") or []
    return [audience] if isinstance(audience, str) else list(audience)


def _refused(number: int, text: str) -> Refusal:
    return Refusal(401, "invalid_client", f"AADSTS{number}: {text}")
