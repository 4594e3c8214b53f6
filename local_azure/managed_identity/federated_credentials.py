"""userAssignedIdentities/federatedIdentityCredentials: whose tokens, of which issuer, count as an identity.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

import re
from typing import Any, Final, cast

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.managed_identity.identities import IDENTITIES
from local_azure.rules import Rule
from local_azure.store import Store

CREDENTIALS: Final = f"{IDENTITIES}/federatedIdentityCredentials"
_WRITTEN: Final = "federated-credentials-written"
_MOST: Final = 20
_LONGEST: Final = 600

RULES: Final = [
    Rule(
        "I11",
        "refusal",
        "A federated credential has an issuer, a subject and exactly one audience: 400.",
        held_by="i11_a_federated_credential_has_an_issuer_a_subject_and_one_audience",
        source="zioproto/istio-aks-example#6 Azure/azure-cli#31598",
    ),
    Rule(
        "I11",
        "assumed",
        "Two federated credentials of an identity differ in issuer or subject, compared with case: 409.",
        held_by="i11_two_federated_credentials_of_an_identity_differ_in_issuer_or_subject",
        source="Azure/bicep-types-az#2054 Azure/login#515",
    ),
    Rule(
        "I11",
        "assumed",
        "An identity has at most 20 federated credentials: 409.",
        held_by="i11_an_identity_has_twenty_federated_credentials",
        source="Azure/azure-workload-identity#575",
    ),
    Rule(
        "I11",
        "assumed",
        "A federated credential's name has 3-120 letters, digits, hyphens and underscores, its issuer is an "
        "https address, and issuer, subject and audience have at most 600 characters: 400.",
        held_by="i11_an_impossible_federated_credential_is_refused",
    ),
]


class FederatedCredential(ResourceType):
    """One token that somebody else issues and that counts as the identity."""

    type = CREDENTIALS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}", id.name):
            raise _bad_request(
                "InvalidResourceName",
                f"The resource name '{id.name}' is invalid: 3 to 120 letters, digits, hyphens and "
                "underscores, starting with a letter or a digit.",
            )
        issuer, subject, audience = _checked(properties_of(new))
        others = [
            properties_of(one.body)
            for one in self.ground.store.list(under=id.parent, type=self.type)
            if one.id.lower() != id.key
        ]
        if any((one["issuer"], one["subject"]) == (issuer, subject) for one in others):
            text = "Issuer and subject combination already exists for this Managed Identity."
            raise Refusal(409, "Conflict", text)
        if old is None and len(others) >= _MOST:
            text = f"Managed Identity already has {_MOST} federated identity credentials, which is the limit."
            raise Refusal(409, "FederatedIdentityCredentialsLimitExceeded", text)
        properties: JsonObject = {"issuer": issuer, "subject": subject, "audiences": [audience]}
        if properties != properties_of(old):
            self.ground.store.documents(_WRITTEN).put(id.key, {"at": self.ground.clock.now()})
        return {"properties": properties}


def written_at(store: Store, id: str) -> float:
    """When the credential became what it is, in seconds since the epoch."""
    written = store.documents(_WRITTEN).get(id)
    return float(written["at"]) if written else 0.0


def _checked(given: JsonObject) -> tuple[str, str, str]:
    issuer, subject, audiences = (given.get(name) for name in ("issuer", "subject", "audiences"))
    if not issuer or not subject or audiences is None:
        text = "Federated Identity Credential must specify 'issuer', 'subject' and 'audience'."
        raise _bad_request("BadRequest", f"The request format was unexpected. {text}")
    listed = cast(list[Any], audiences) if isinstance(audiences, list) else []
    if len(listed) != 1:
        text = "Federated identity credentials must have exactly 1 audience."
        raise _bad_request("InvalidFederatedIdentityCredentialsAudienceLength", text)
    (audience,) = listed
    values: tuple[tuple[str, object], ...] = (
        ("issuer", issuer), ("subject", subject), ("audience", audience),
    )  # fmt: skip
    for name, value in values:
        if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST:
            text = f"The {name} of a federated identity credential is a text of 1 to {_LONGEST} characters."
            raise _bad_request("InvalidFederatedIdentityCredentialValue", text)
    if not re.fullmatch(r"https://[^\s/?#]+(?:/[^\s?#]*)?", str(issuer)):
        text = "The issuer of a federated identity credential is an https address without a query."
        raise _bad_request("InvalidFederatedIdentityCredentialValue", text)
    return str(issuer), str(subject), str(audience)


def _bad_request(code: str, text: str) -> Refusal:
    return Refusal(400, code, text)
