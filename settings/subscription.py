"""A stack that names its tenant and subscription runs nowhere else.

A run with the wrong login does worse than fail: what the stack made is "not found" there, and a refresh drops
it from the state. So the program asks Azure who is signed in before it declares anything. The provider that
it then uses is bound to the same ids, for `pulumi refresh` and `destroy` too, where the program does not run.
"""

from shlex import quote

import pulumi
from pulumi_azure_native.authorization import get_client_config

from .model import Settings


class WrongSubscription(pulumi.RunError):
    """The run is signed in nowhere, or elsewhere than where the stack belongs, so nothing was declared."""


def stay_in_subscription(settings: Settings) -> None:
    """Compare who is signed in with the stack's `tenantId` and `subscriptionId`; warn when it names none.

    Raises WrongSubscription when they differ, or when nobody is signed in.
    """
    stack = pulumi.get_stack()
    try:
        signed_in = get_client_config()
    except Exception as failure:  # the SDK raises a bare Exception with the provider's own words
        raise WrongSubscription(
            "Azure did not say who is signed in; nothing was declared.\n"
            f"     Azure     {failure}\n"
            "     next      az login"
        ) from failure
    if not settings.tenant_id or not settings.subscription_id:
        pulumi.log.warn(
            f"Stack {stack} names no tenant and subscription, so another login would take it elsewhere. "
            "To bind it to where you are signed in now:\n"
            f"     pulumi config set tenantId {signed_in.tenant_id} --stack {stack}\n"
            f"     pulumi config set subscriptionId {signed_in.subscription_id} --stack {stack}"
        )
        return
    own = (settings.tenant_id.lower(), settings.subscription_id.lower())
    if own != (signed_in.tenant_id.lower(), signed_in.subscription_id.lower()):
        raise WrongSubscription(
            f"Stack {stack} belongs to another subscription than this login; nothing was declared.\n"
            f"     signed in  subscription {signed_in.subscription_id} in tenant {signed_in.tenant_id}\n"
            f"     next       az login --tenant {_configured('tenantId')} && "
            f"az account set --subscription {_configured('subscriptionId')}\n"
            "     or         the same two ids in ARM_TENANT_ID and ARM_SUBSCRIPTION_ID, where these are set"
        )


def _configured(key: str) -> str:
    """What a shell puts in for a key of this stack: no message repeats what a stack's configuration says."""
    return f'"$(pulumi config get {key} --stack {quote(pulumi.get_stack())})"'
