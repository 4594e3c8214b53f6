"""What a link to an app of one's own needs: a place in that app's list of callers, by its client id."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from ..arguments import Arguments
from ..call_grant import Caller, CallGrant
from ..callers import Callers, check_not_waiting
from ..errors import Give, Step, TakeOut
from .link import Link, granted_here
from .needs import Granted, Grantee, Need, link_in
from .scope import Scope


@dataclass(frozen=True)
class CallNeed:
    """A place in the app's list of callers. `callers` is None where the list is somebody else's."""

    key: str
    app: Scope
    callers: Callers | None
    source: str

    @property
    def same(self) -> tuple[object, ...]:
        return ("call", *self.app.parts)

    @property
    def left_to_owner(self) -> bool:
        """Whether declaring it here lets nobody in yet."""
        return self.callers is None

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:  # noqa: ARG002 - the protocol's
        return self  # who is in the list twice is in it

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        assert to.client_id is not None
        if self.callers is not None:
            self.callers.add(to.granted_by, self.source, to.client_id, opts.parent)
        caller = Caller(to.client_id, to.principal_name, to.principal_id)
        listed = self.callers is not None
        made = CallGrant(name, self.app.id, caller, to.granted_by, listed=listed, opts=opts)
        gate = None if self.callers is None else self.callers.gate
        return Granted(made, made if gate is None else gate, made.access)

    def words(self) -> pulumi.Output[str]:
        return pulumi.Output.concat("call, on ", self.app.id, ", by its client id in sign_in.callers")


def refuse_without_client_id(
    arguments: Arguments, links: Sequence[Link], subject: str, given: str, step: Step
) -> None:
    """Refuse each link to an app where the caller's client id is not known: it is what the list holds."""
    for source in dict.fromkeys(need.source for need in granted_here(links) if isinstance(need, CallNeed)):
        link = link_in(source)
        steps = (step, Step(f"take {link} out", (TakeOut(link),)))
        expected = "an identity whose client id is known: an app's list of callers holds client ids"
        arguments.refuse(f"{subject} and {source}", f"{given}, with {source}", expected, steps)


def check_order(component: str, opts: pulumi.ResourceOptions | None, links: Sequence[Link]) -> None:
    """Raise ConfigurationError for a host that would wait for an app which waits for the host's identity."""
    needs = [need for need in granted_here(links) if isinstance(need, CallNeed)]
    check_not_waiting(
        component, opts, [(need.source, need.callers) for need in needs if need.callers is not None]
    )


def user_assigned() -> Step:
    """The way out for a host whose identity comes with it."""
    return Step("set identity to user-assigned", (Give("identity", "user-assigned"),))
