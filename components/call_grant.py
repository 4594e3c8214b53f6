"""That an identity may call an app: a record of what stands in the app's list of callers, or has to.

Azure has no resource for it. The record is what the access report, the policy pack and the readiness check
read: by whom the app is called, and whether this program writes the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from .contract import CALL_GRANT as TOKEN
from .outputs import register_outputs
from .plain import is_plain
from .references import parse_id
from .takes import PrincipalType

_KIND: Final = PrincipalType.SERVICE_PRINCIPAL.value


@dataclass(frozen=True)
class Caller:
    """Who calls. App Service compares the client id; `name` is what the caller is called in what is said.
    Of one that is named by its client id alone, the object id is not known.
    """

    client_id: pulumi.Output[str]
    name: pulumi.Input[str]
    principal_id: pulumi.Output[str] | None = None


class CallGrant(pulumi.ComponentResource):
    """One caller of one app. `listed` is whether this program writes it into the app's list."""

    app_id: pulumi.Output[str]
    """Resource id of the app that is called."""
    client_id: pulumi.Output[str]
    """Client id of the caller, which the app's list has to hold."""
    principal_id: pulumi.Output[str | None]
    """Object id in Entra of the caller; null for one that is named by its client id alone."""
    principal_name: pulumi.Output[str]
    """What the caller is called."""
    listed: pulumi.Output[bool]
    """Whether this program writes the list; false leaves it to whoever owns the app."""
    access: pulumi.Output[str]
    """Who may call what, in one sentence, and what it still takes where the list is somebody else's."""

    def __init__(
        self,
        name: str,
        app_id: pulumi.Output[str],
        caller: Caller,
        granted_by: str,
        *,
        listed: bool,
        opts: pulumi.ResourceOptions,
    ) -> None:
        # Under the names of `components/contract.py`: what a first preview knows.
        known: dict[str, object] = {
            "appId": app_id,
            "clientId": caller.client_id,
            "principalType": _KIND,
            "grantedBy": granted_by,
            "listed": listed,
        }
        if caller.principal_id is not None:
            known["principalId"] = caller.principal_id
        if is_plain(caller.name):
            known["principalName"] = caller.name
        super().__init__(TOKEN, name, known, opts)
        self.app_id, self.client_id = app_id, caller.client_id
        self.principal_id = pulumi.Output.from_input(caller.principal_id)
        self.principal_name = pulumi.Output.from_input(caller.name)
        self.listed = pulumi.Output.from_input(listed)
        who = "Identity" if caller.principal_id is not None else "Client"
        told = pulumi.Output.all(self.principal_name, app_id, caller.client_id)
        self.access = told.apply(lambda known: f"{who} {sentence(*map(str, known), listed=listed)}")
        register_outputs(self)


def sentence(principal: str, app_id: str, client_id: str, *, listed: bool) -> str:
    """Who may call what."""
    app = parse_id(app_id).name
    later = "" if listed else f", once sign_in.callers of that app holds {client_id}"
    return f"{principal} may call app {app}{later}."


def named_callers(
    host: pulumi.ComponentResource,
    name: str,
    app_id: pulumi.Output[str],
    given: Mapping[str, pulumi.Output[str]],
) -> list[CallGrant]:
    """A record of each caller that an app names itself, by its client id."""
    by, opts = f"{type(host).__name__} '{name}'", pulumi.ResourceOptions(parent=host)
    return [
        CallGrant(f"{name}-called-by-{caller}", app_id, Caller(id, caller), by, listed=True, opts=opts)
        for caller, id in given.items()
    ]
