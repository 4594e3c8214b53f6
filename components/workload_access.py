"""Access for the identity of anything: a virtual machine, a pod, whatever has a principal id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict, cast

import pulumi

from .access import check_not_mixed_up
from .arguments import Arguments
from .choices import read_once
from .contract import WORKLOAD_ACCESS as TOKEN
from .deployer import deployer_contract
from .endpoints import secret_uri
from .errors import Give, Step
from .hosts.further_identities import CLIENT_ID
from .hosts.variables import TOKEN_ENDPOINTS, Platform, problems_with
from .links import LinkArgs, read_records
from .links.calls import refuse_without_client_id
from .links.equal_needs import clashes, merged
from .links.grants import every_access, grant_all
from .links.link import IdentityIds, Link, SecretRef, Told, granted_here, not_granted_here, recorded
from .links.needs import Grantee
from .options import checked_options
from .outputs import register_outputs
from .placement import read_any_text
from .references import guid_form

_PRINCIPAL: Final = guid_form("the object id of an identity's principal, a GUID")
_ANYWHERE: Final = Platform("in this project", str.upper, TOKEN_ENDPOINTS)
"""Nothing is known of the system that the code runs on, so names that differ in case only are one."""


class WorkloadAccessArgs(TypedDict):
    """Arguments of WorkloadAccess: who is let in, and to what."""

    principal_id: pulumi.Input[str]
    """Object id of the workload's identity, as the resource that has it outputs it; never a client id."""
    links: Mapping[str, LinkArgs]
    """What the workload reaches, under names of your own, each with one target."""
    principal_name: NotRequired[pulumi.Input[str]]
    """What the workload is called in what is said of its access; left out, the component's name."""
    client_id: NotRequired[pulumi.Input[str]]
    """Client id of the same identity, told to code as AZURE_CLIENT_ID; left out, code gets what is there."""


@dataclass(frozen=True)
class WorkloadChoices:
    """The arguments, read and checked. `component` is what messages call it."""

    component: str
    principal_id: pulumi.Output[str]
    principal_name: pulumi.Input[str]
    client_id: pulumi.Output[str] | None
    links: Sequence[Link]

    def told(self) -> Mapping[str, Told]:
        ids = IdentityIds(
            principal_id=self.principal_id,
            client_id=self.client_id,
            principal_name=pulumi.Output.from_input(self.principal_name),
        )
        told: dict[str, Told] = {} if self.client_id is None else {CLIENT_ID: self.client_id}
        for link in self.links:
            told |= link.tells(ids)
        return told


class WorkloadAccess(pulumi.ComponentResource):
    """Lets the identity of a workload in to what it is linked to, and says what its code has to be told.

    The workload itself is declared elsewhere, by hand or by another program: what it runs on is its own.
    Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
    """

    environment: pulumi.Output[Mapping[str, str]]
    """Environment variables that code needs, none of them secret, by name."""
    secret_uris: pulumi.Output[Mapping[str, str]]
    """Addresses of the secrets that code reads, by the name of the variable that it reads them as."""
    principal_id: pulumi.Output[str]
    """Object id of the identity, given out when every grant exists."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, commands, left_to_owners."""

    def __init__(
        self, name: str, args: WorkloadAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once(
            "WorkloadAccess", name, args, WorkloadAccessArgs, lambda arguments: _read(arguments, name)
        )
        super().__init__(TOKEN, name, recorded(choices.links), checked_options("WorkloadAccess", name, opts))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        by = f"WorkloadAccess '{name}'"
        to = Grantee(choices.principal_id, choices.principal_name, by, choices.client_id)
        needs = merged(choices.component, granted_here(choices.links))
        granted = grant_all(self, name, needs, to)
        self.grants = [one.resource for one in granted]
        told = choices.told()
        plain = {key: value for key, value in told.items() if not isinstance(value, SecretRef)}
        self.environment = _texts(plain)
        refs = {key: _uri(value) for key, value in told.items() if isinstance(value, SecretRef)}
        self.secret_uris = _texts(refs)
        urns = [one.gate.urn for one in granted]
        self.principal_id = pulumi.Output.all(choices.principal_id, *urns).apply(lambda known: str(known[0]))
        self.access = every_access(granted)
        left = not_granted_here(choices.links)
        self.deployer_contract = deployer_contract(self, (), None, left_to_owners=left)
        register_outputs(self)


def _read(arguments: Arguments, name: str) -> WorkloadChoices:
    arguments.require("principal_id", _PRINCIPAL.words)
    arguments.require("links", "what the workload reaches")
    nobody = pulumi.Output.from_input("")
    links = [link for _, link in read_records(arguments)]
    own = [(CLIENT_ID, "client_id")] if arguments.has("client_id") else []
    arguments.problems += problems_with(_ANYWHERE, [own], [link.variables for link in links])
    arguments.problems += clashes(granted_here(links), {})
    if not arguments.has("client_id"):
        step = Step("give client_id", (Give("client_id"),))
        refuse_without_client_id(arguments, links, "client_id", "nothing", step)
    check_not_mixed_up(arguments)
    return WorkloadChoices(
        component=arguments.component,
        principal_id=arguments.text("principal_id", _PRINCIPAL) or nobody,
        principal_name=read_any_text(arguments, "principal_name") or name,
        client_id=arguments.text("client_id", guid_form("the client id of an identity, a GUID")),
        links=links,
    )


def _uri(told: SecretRef) -> pulumi.Output[str]:
    return told.endpoint.apply(lambda endpoint: secret_uri(endpoint, told.secret))


def _texts(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[Mapping[str, str]]:
    return pulumi.Output.from_input(cast(pulumi.Input[Mapping[str, str]], values))
