"""The arguments of a logic app, put together from those of what it consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NotRequired

import pulumi

from ...arguments import Answers, Arguments
from ...diagnostics import DiagnosticsArgs
from ...elsewhere import read_elsewhere
from ...names.app_service import LOGIC_APP
from ...names.everywhere import ENVIRONMENT_VARIABLE
from ...naming import read_name
from ...placement import read_placement
from ...tags import ForeignTagsArgs, read_foreign_tags
from ..declare import LateGrant, check_grants
from ..given_settings import GivenSettings, SettingsArgs, read_settings, rules_of
from ..host import HostChoices
from ..identity_choice import OneIdentityArgs, read_identity
from ..observability import read_observability
from ..variables import Platform
from ..without_references import NO_SECRETS, LinksWithoutReferencesArgs, read_links_without_references
from .access_control import AccessControl, AccessControlArgs, read_access_control
from .authentication import Authentication
from .definition import Definition, read_definition
from .http_targets import OWN_AUDIENCE, read_targets
from .operations import map_in

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""A run before it fails at the action that is refused; the next run asks anew."""
PLATFORM: Final = Platform("in a workflow", str.upper, frozenset())
"""What is told are parameters of the workflow. Those that differ in case only are taken for one."""
_NO_NETWORK: Final = (
    "nothing of a network: a workflow of the Consumption plan runs in none, and has no private endpoint",
    "take it out; allowed_caller_ip_ranges says from where it is called",
)
ANSWERS: Final[Answers] = {
    **NO_SECRETS,
    "further_identity_ids": (
        "no identity besides the one it runs as: a workflow of the Consumption plan has one",
        "take it out, and grant the one identity; or give each purpose a logic app of its own",
    ),
    "parameters": ("settings: each is a parameter of the workflow", "write settings"),
    "private_endpoint_subnet_id": _NO_NETWORK,
    "subnet_id": _NO_NETWORK,
    "integration_account_id": (
        "no integration account: it is called with a key",
        "keep schemas and maps in a storage account, and read them with an action",
    ),
}


class LogicAppArgs(
    AccessControlArgs,
    OneIdentityArgs,
    LinksWithoutReferencesArgs,
    SettingsArgs,
    DiagnosticsArgs,
    ForeignTagsArgs,
):
    """Arguments of LogicApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the workflow in, with its identity."""
    definition: Mapping[str, Any]
    """What it does: triggers and actions as Azure's code view has them, plain; values may be Outputs."""
    workflow_name: NotRequired[pulumi.Input[str]]
    """Name of the workflow; left out, logic-<name>-<stack>-<random>."""
    enabled: NotRequired[bool]
    """Whether its triggers start runs; left out, true."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class LogicAppChoices(HostChoices):
    """The arguments of a logic app, read and checked."""

    definition: Definition
    access_control: AccessControl
    settings: GivenSettings
    is_enabled: bool
    name: pulumi.Output[str] | None


def read_logic_app(arguments: Arguments) -> LogicAppChoices:
    arguments.require("resource_group_name", "the resource group to create the workflow in")
    identity = read_identity(arguments, takes_further=False)
    links = read_links_without_references(arguments, identity.kind)
    access_control = read_access_control(arguments)
    authentication = Authentication(read_targets(arguments), _own_audiences(arguments))
    definition = read_definition(
        arguments, authentication, identity.kind, has_callers=arguments.has("callers")
    )
    rules = rules_of(
        PLATFORM,
        identity,
        links,
        [[(name, f"definition.parameters[{name}]") for name in definition.parameters]],
        names=ENVIRONMENT_VARIABLE,
        has_references=False,
    )
    choices = LogicAppChoices(
        component=arguments.component,
        definition=definition,
        access_control=access_control,
        identity=identity,
        reaches=links,
        settings=read_settings(arguments, rules),
        observability=read_observability(arguments, identity.kind),
        is_enabled=arguments.flag("enabled", True),
        name=read_name(arguments, "workflow_name", LOGIC_APP),
        foreign_tags=read_foreign_tags(arguments),
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, LogicAppArgs),
    )
    check_grants(arguments, identity, links, {})
    return choices


def _own_audiences(arguments: Arguments) -> Mapping[str, Any]:
    """What links to apps say of the tokens for them, by the link's name."""
    links = map_in({"links": arguments.raw("links")}, "links")
    return {name: map_in(map_in(links, name), OWN_AUDIENCE).get("audience") for name in links}
