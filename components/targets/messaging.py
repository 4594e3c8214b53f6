"""What namespaces of Service Bus and of Event Hubs have in common when they are made."""

from collections.abc import Sequence

from ..arguments import Arguments
from ..form import Form
from ..names.rule import NameRule


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
