"""Federated credentials: the tokens of a service account in a cluster count as an identity of Azure's.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity

from ...azure_facts.token_issuers import usual_audience
from ...hooks import hooks_of
from ...references import parse_id

_CONCURRENT: Final = "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"
_LONGEST_NAME: Final = 120
_HASH_LENGTH: Final = 6
_TRIES: Final = 30
WAIT_SECONDS: Final = 2.0


def subject_of(namespace: str, service_account: str) -> str:
    """What the token of a service account calls it."""
    return f"system:serviceaccount:{namespace}:{service_account}"


def federate(
    workload: pulumi.ComponentResource,
    name: str,
    identities: Mapping[str, pulumi.Output[str]],
    issuers: Mapping[str, pulumi.Output[str]],
    subject: pulumi.Output[str],
) -> list[managedidentity.FederatedIdentityCredential]:
    """A credential for each issuer on each identity, both by the end of the credential's name. Azure takes
    one write at a time on an identity, so those of one wait for each other; and a write that meets another
    component's is done again.
    """
    made: list[managedidentity.FederatedIdentityCredential] = []
    for of_identity, id in identities.items():
        earlier: list[pulumi.Resource] = []
        for of_issuer, issuer in issuers.items():
            called = "-".join(filter(None, (name, of_identity, of_issuer)))
            credential = managedidentity.FederatedIdentityCredential(
                called,
                audiences=[usual_audience()],
                federated_identity_credential_resource_name=subject.apply(
                    lambda known, end=of_issuer: _resource_name(known, end)
                ),
                issuer=issuer,
                resource_group_name=id.apply(lambda known: parse_id(known).resource_group or ""),
                resource_name_=id.apply(lambda known: parse_id(known).name),
                subject=subject,
                opts=pulumi.ResourceOptions(
                    parent=workload,
                    # Issuer and subject are taken until the old one is gone.
                    delete_before_replace=True,
                    depends_on=earlier,
                    hooks=hooks_of(
                        workload,
                        f"managedidentity:FederatedIdentityCredential::{called}",
                        on_error=again_after_another,
                    ),
                ),
            )
            earlier = [credential]
            made.append(credential)
    return made


def _resource_name(subject: str, end: str) -> str:
    """3 to 120 letters, digits, hyphens and underscores. What would lose some is told apart by a hash."""
    namespace, service_account = subject.split(":")[2:]
    named = "-".join(filter(None, ("k8s", namespace, service_account, end)))
    legal = re.sub(r"[^0-9a-z-]", "-", named)
    if legal == named and len(named) <= _LONGEST_NAME:
        return named
    digest = hashlib.sha256(named.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{legal[: _LONGEST_NAME - _HASH_LENGTH - 1]}-{digest}"


async def again_after_another(failed: pulumi.ErrorHookArgs) -> bool:
    """Whether it was another write on the same identity that was in the way."""
    if failed.failed_operation == "delete" or _CONCURRENT not in failed.errors[0]:
        return False
    if len(failed.errors) >= _TRIES:
        return False
    await asyncio.sleep(WAIT_SECONDS)
    return True
