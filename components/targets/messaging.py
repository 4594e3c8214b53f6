"""What namespaces of Service Bus and of Event Hubs have in common when they are made."""

from collections.abc import Sequence

import pulumi

from ..arguments import Arguments
from ..form import Form
from ..locks import delete_lock
from ..names import NameRule
from ..private_endpoint import PrivateEndpoint


def read_parts_of(
    arguments: Arguments, key: str, wholes: tuple[str, NameRule], created: Sequence[str], rule: NameRule
) -> list[tuple[str, str]]:
    """Pairs of whole and part, each given as `<whole>/<part>`: subscriptions of topics, consumer groups of
    hubs. `wholes` are the argument that names those, and their rule; `created` are the names.
    """
    of, above = wholes[0], wholes[1]
    one = of.removesuffix("s")
    form = Form(
        f"<{one}>/<name>, whose name has {rule.words}",
        lambda text: above.allows(text.partition("/")[0]) and rule.allows(text.partition("/")[2]),
        r"(?:[0-9A-Za-z][0-9A-Za-z._-]*(?:/[0-9A-Za-z._-]*)?)?",
    )
    found: list[tuple[str, str]] = []
    for number, text in enumerate(arguments.plain_names(key, form)):
        whole, _, name = text.partition("/")
        if form.allows(text) and whole not in created:
            step = f"add it to {of}, or take the entry out"
            given, expected = f"in a {one} that is not in {of}", f"a {one} that is created here"
            arguments.refuse(f"{key}[{number}]", given, expected, step)
        found.append((whole, name))
    return [(whole, name) for whole, name in found if whole in created]


def once_there(id: pulumi.Output[str], content: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """The namespace's id, given out when what is in it exists: a role on a queue that is not there yet is
    refused. A preview knows URNs, and no ids.
    """
    return pulumi.Output.all(id, *[one.urn for one in content]).apply(lambda known: str(known[0]))


def lock_all(
    component: pulumi.Resource,
    name: str,
    id: pulumi.Output[str],
    everything: Sequence[pulumi.Resource | None],
    private_endpoint: PrivateEndpoint | None,
) -> pulumi.Resource:
    """A lock on the namespace, made after all of it."""
    made = [one for one in everything if one is not None]
    if private_endpoint is not None:
        made += private_endpoint.resources
    return delete_lock(component, name, id, made)
