"""A grant that is a resource in its target, and not a role on a scope: it is made where the provider is."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import authorization

from .errors import ConfigurationError, Problem
from .references import parse_id
from .unknowns import once_checked


def in_reach(
    grant: pulumi.Resource, called: str, target_id: pulumi.Output[str], what: str
) -> pulumi.Output[str]:
    """The target's id, refused where it is of another subscription than the provider's: the grant would be
    made in whatever has the target's name there. `called` is the grant's type and name, `what` is a target.
    """
    provider = authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=grant))

    def check(known: Sequence[str]) -> None:
        if (parse_id(known[0]).subscription_id or "").lower() != known[1].lower():
            step = (
                "set grant to false there, and grant it by a WorkloadAccess whose option `provider` is an "
                "azure-native provider of that subscription"
            )
            given, expected = f"{what} of another subscription", "one of the provider's subscription"
            raise ConfigurationError(called, [Problem("id", given, expected, step)])

    return once_checked(target_id, check, provider.subscription_id)
