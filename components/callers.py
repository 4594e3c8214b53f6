"""Who may call an app: the client ids in its sign-in, and how a link that is declared later comes among them.

App Service keeps the callers of an app in one list, with the app. So a grant on an app is an edit of the app,
and a program names the app before it names what calls it. The list is therefore an Output that is read when
the whole program is declared: the SDK registers nothing before that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import pulumi

from .errors import ConfigurationError, Problem, Step

NOBODY: Final = str(UUID(int=0))
"""What stands in the list of an app that nobody may call: App Service takes an empty one for everybody.
https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#use-a-built-in-authorization-policy"""


class Callers:
    """The client ids that an app lets in: those that it was `given`, by name, and those of what links to it.

    `gate` is the resource that holds the list, and `app` what has it, once they are declared.
    """

    def __init__(self, given: Mapping[str, pulumi.Output[str]]) -> None:
        self.given = dict(given)
        self._ids = list(given.values())
        self._is_read = False
        self.gate: pulumi.Resource | None = None
        self.app: pulumi.Resource | None = None

    def add(
        self, component: str, source: str, client_id: pulumi.Output[str], host: pulumi.Resource | None
    ) -> None:
        """Let one more in, whose identity is there once `host` is. Raises ConfigurationError where the list
        is read already.
        """
        if self._is_read:
            given = "a link that is declared inside of apply, when the app's callers are read already"
            steps = (
                Step("declare what calls the app outside of apply"),
                Step("name its client id in the app's sign_in.callers, and set the link's grant to false"),
            )
            expected = "a link that is declared with the program"
            raise ConfigurationError(component, [Problem(source, given, expected, steps)])
        self._ids.append(client_id)
        if self.gate is not None and host is not None:
            _say_that_it_waits(self.gate, host)

    def ids(self) -> pulumi.Output[Sequence[str]]:
        """Each once, in an order that does not follow the program's, and never none."""

        async def once_declared() -> Any:
            self._is_read = True
            return list(self._ids)

        listed: pulumi.Output[Sequence[str]] = pulumi.Output.from_input(once_declared())
        return listed.apply(lambda ids: sorted({id.lower() for id in ids}) or [NOBODY])


def _say_that_it_waits(gate: pulumi.Resource, host: pulumi.Resource) -> None:
    """Tell the SDK what it cannot see, so that it names a circle that would be waited for without end. A
    version of it that has no such place finds none.
    """
    try:
        from pulumi.runtime.resource_cycle_breaker import declare_dependency
    except ImportError:
        return
    declare_dependency(gate, host)


_CALLERS: Final[WeakKeyDictionary[pulumi.Output[str], Callers | None]] = WeakKeyDictionary()
"""By the Output that is the id of an app of this program; None for an app that has no list."""


def keep(app: pulumi.Resource, app_id: pulumi.Output[str], callers: Callers | None) -> None:
    """From now on what is linked by this very id is let in."""
    _CALLERS[app_id] = callers
    if callers is not None:
        callers.app = app


def check_not_waiting(
    component: str, opts: pulumi.ResourceOptions | None, called: Iterable[tuple[str, Callers]]
) -> None:
    """Raise ConfigurationError for a component that waits for all of an app that it calls, by its options.
    The app's list waits for the identity of what calls it, so the program would never end. `called` are the
    lists of the apps that it calls, each with what is linked.
    """
    waits_for: Any = None if opts is None else opts.depends_on
    waits = cast(Sequence[object], waits_for if isinstance(waits_for, Sequence) else [waits_for])
    everything = [one for each in waits if isinstance(each, pulumi.Resource) for one in _all_of(each)]
    for source, callers in called:
        if any(one is callers.app for one in everything):
            subject = f"depends_on and {source}"
            given = "all of an app that this one calls, which itself waits for the identity of this one"
            step = "take the app out of depends_on: this one is in its list before its own code runs"
            problem = Problem(subject, given, "nothing that waits for the other", step)
            raise ConfigurationError(component, [problem])


def _all_of(resource: pulumi.Resource) -> Iterator[pulumi.Resource]:
    """It and all below it; the SDK keeps no public list of children."""
    yield resource
    for child in resource._childResources:  # pyright: ignore[reportPrivateUsage]
        yield from _all_of(child)


def is_of_this_program(app_id: object) -> bool:
    return isinstance(app_id, pulumi.Output) and app_id in _CALLERS


def callers_of(app_id: object) -> Callers | None:
    """The list of an app of this program; None for one that has none, and for an app of elsewhere."""
    if not isinstance(app_id, pulumi.Output):
        return None
    return _CALLERS.get(cast(pulumi.Output[str], app_id))
