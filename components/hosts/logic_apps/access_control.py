"""Who may call a workflow's Request triggers, and from where; who may read what its runs had and gave.

A caller brings a token of Entra's, whose issuer, audience and object id are compared. Source:
https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, logic

from ...address_ranges import read_address_ranges
from ...arguments import Arguments
from ...audience import AUDIENCE
from ...references import TENANT, guid_form
from ..app_service.sign_in_arguments import TokenVersion

MOST_CALLERS: Final = 5
"""Authorization policies of one workflow."""
_NOBODY: Final = "0.0.0.0-0.0.0.0"
"""The range that keeps everybody out, as Azure's page has it."""
_OF_V1: Final = "https://sts.windows.net/{0}/"
_OF_V2: Final = "https://login.microsoftonline.com/{0}/v2.0"
_OBJECT_ID: Final = guid_form("the object id of an identity, a user or an application that may call, a GUID")


class WorkflowCallerArgs(TypedDict):
    """Somebody who may call, as their token says it."""

    object_id: pulumi.Input[str]
    """Object id of the identity, user or application in the tenant: the principal id, not the client id."""
    audience: pulumi.Input[str]
    """What their token is for, compared exactly: of a v2 token the client id of an app registration."""
    token_version: NotRequired[TokenVersion]
    """Which tokens that registration issues: v1, or, left out, v2."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant that the token is of; left out, the one the deployment is signed in to."""


class AccessControlArgs(TypedDict):
    """Who may call, and who may read what was said."""

    callers: NotRequired[Mapping[str, WorkflowCallerArgs]]
    """Who may call its Request triggers, up to five, by names of yours; required with such a trigger."""
    allowed_caller_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """From where they may call, as name to address range; left out, from everywhere."""
    run_history_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """From where inputs and outputs of runs may be read, as name to address range; left out, from nowhere."""


@dataclass(frozen=True)
class Caller:
    """One policy: the claims that a token has to have."""

    name: str
    object_id: pulumi.Output[str]
    audience: pulumi.Output[str]
    version: TokenVersion
    tenant_id: pulumi.Output[str] | None


@dataclass(frozen=True)
class AccessControl:
    """The arguments, read and checked."""

    callers: Sequence[Caller]
    caller_ranges: Mapping[str, pulumi.Output[str]] | None
    history_ranges: Mapping[str, pulumi.Output[str]] | None

    def declared(self, host: pulumi.Resource) -> logic.FlowAccessControlConfigurationArgs:
        """As Azure reads it."""
        history = _ranges(self.history_ranges) or [logic.IpAddressRangeArgs(address_range=_NOBODY)]
        contents = logic.FlowAccessControlConfigurationPolicyArgs(allowed_caller_ip_addresses=history)
        triggers = logic.FlowAccessControlConfigurationPolicyArgs(
            allowed_caller_ip_addresses=_ranges(self.caller_ranges),
            open_authentication_policies=self._policies(host) if self.callers else None,
        )
        has_triggers = bool(self.callers) or self.caller_ranges is not None
        return logic.FlowAccessControlConfigurationArgs(
            contents=contents, triggers=triggers if has_triggers else None
        )

    def _policies(self, host: pulumi.Resource) -> logic.OpenAuthenticationAccessPoliciesArgs:
        tenant: pulumi.Output[str] | None = None
        if any(one.tenant_id is None for one in self.callers):
            found = authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=host))
            tenant = found.tenant_id
        return logic.OpenAuthenticationAccessPoliciesArgs(
            policies={one.name: _policy(one, tenant) for one in self.callers}
        )


def read_access_control(arguments: Arguments) -> AccessControl:
    """Problems are noted in `arguments`."""
    callers: list[Caller] = []
    for name, record in arguments.records("callers", WorkflowCallerArgs, "names to who may call"):
        record.require("object_id", "who may call")
        record.require("audience", "what their token is for")
        object_id = record.text("object_id", _OBJECT_ID)
        for_what = record.text("audience", AUDIENCE)
        version = record.choice("token_version", TokenVersion, TokenVersion.V2)
        tenant_id = record.text("tenant_id", TENANT)
        if object_id is not None and for_what is not None:
            callers.append(Caller(name, object_id, for_what, version, tenant_id))
    if len(callers) > MOST_CALLERS:
        step = "let the callers share an identity, or divide the workflow"
        given, expected = (
            f"{len(callers)} callers",
            f"{MOST_CALLERS} at most, as many policies as Azure takes",
        )
        arguments.refuse("callers", given, expected, step)
    return AccessControl(
        callers=callers,
        caller_ranges=read_address_ranges(arguments, "allowed_caller_ip_ranges"),
        history_ranges=read_address_ranges(arguments, "run_history_ip_ranges"),
    )


def _policy(one: Caller, tenant: pulumi.Output[str] | None) -> logic.OpenAuthenticationAccessPolicyArgs:
    issuer = _OF_V2 if one.version is TokenVersion.V2 else _OF_V1
    issued_in = tenant if one.tenant_id is None else one.tenant_id
    assert issued_in is not None
    claims = {"iss": issued_in.apply(issuer.format), "aud": one.audience, "oid": one.object_id}
    return logic.OpenAuthenticationAccessPolicyArgs(
        claims=[
            logic.OpenAuthenticationPolicyClaimArgs(name=key, value=value) for key, value in claims.items()
        ],
        type=logic.OpenAuthenticationProviderType.AAD,
    )


def _ranges(ranges: Mapping[str, pulumi.Output[str]] | None) -> list[logic.IpAddressRangeArgs] | None:
    if ranges is None:
        return None
    return [logic.IpAddressRangeArgs(address_range=one) for one in ranges.values()]
