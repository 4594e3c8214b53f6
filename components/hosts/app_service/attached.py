"""The identity that a site runs as, and the one that it got a token for when it was last written.

An identity that was deleted by hand is made again under its name, and so under its id, in which the engine
sees no change of the site; the site keeps the ids of the dead one. Whether a plain write of it would bring
the new ones is not known, and of virtual machines it is known not to: it has to be let go and taken anew.
Source: https://github.com/Azure/aad-pod-identity/issues/725
"""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse, UserAssignedIdentityResponse

from ...errors import ConfigurationError, Problem, Step
from ...links.link import Told
from ...references import parse_id
from ...unknowns import once_checked
from ..further_identities import CLIENT_ID
from ..identity import HostIdentity

_GIVEN = "an identity that was deleted and made again: the app still has the dead one"


def told_of_the_living(
    told: Mapping[str, Told], component: str, site: "web.WebApp | web.WebAppSlot", runs_as: HostIdentity
) -> Mapping[str, Told]:
    """What code is told, its client id once the site is known to have the identity of that client id.

    Raises ConfigurationError, when both are known, for a site that has the identity of another one.
    """
    client_id, identity_id = runs_as.ids.client_id, runs_as.ids.identity_id
    if runs_as.own is None or client_id is None or identity_id is None:
        return told  # there is none, or its ids were given

    def check(known: Sequence[str]) -> None:
        wanted, attached, id, site_id = known
        if wanted.lower() != attached.lower():
            raise ConfigurationError(component, [_problem(id, site_id)])

    clients: pulumi.Output[Mapping[str, str]] = site.identity.apply(_clients)
    attached = pulumi.Output.all(clients, identity_id).apply(lambda known: known[0].get(known[1].lower()))
    return {**told, CLIENT_ID: once_checked(client_id, check, attached, identity_id, site.id)}


def _clients(identity: ManagedServiceIdentityResponse | None) -> Mapping[str, str]:
    """The client id of each identity that a site has, by the identity's id in lower case, as far as Azure
    said: in the preview of an update the answer is what is sent.
    """
    having: Any = identity.user_assigned_identities if identity else None
    if not isinstance(having, Mapping):
        return {}
    ids = cast(Mapping[str, UserAssignedIdentityResponse], having).items()
    return {id.lower(): found.client_id for id, found in ids if found.client_id}


def _problem(identity_id: str, site_id: str) -> Problem:
    app = parse_id(site_id)
    site, _, slot = site_id.partition("/sites/")[2].partition("/slots/")
    names = f"--resource-group {shlex.quote(str(app.resource_group))} --name {shlex.quote(site)}"
    names += f" --slot {shlex.quote(slot)}" if slot else ""
    which = f"{names} --identities {shlex.quote(identity_id)}"
    step = Step(
        "let the app go of it and take the new one, and run the same with --refresh",
        command=f"az webapp identity remove {which} && az webapp identity assign {which}",
    )
    return Problem("identity", _GIVEN, "the identity that is there now", step)
