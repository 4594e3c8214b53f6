"""What people call things: a resource by its word and name, a caller by its own."""

from collections.abc import Sequence
from typing import Final

from components.azure_facts.words import word
from local_azure.arm import ResourceId
from local_azure.constants import SUBSCRIPTIONS
from local_azure.entra.directory import Entra

_KINDS: Final = {"User": "", "Group": "group ", "ServicePrincipal": "identity "}


def place(id: str) -> tuple[str, str]:
    """The word and the name of what an id names: `key vault`, `kv-shop`."""
    if id.strip("/") == "":
        return "tenant", "everything"
    try:
        parsed = ResourceId.parse(id)
    except ValueError:
        return "", id
    name = SUBSCRIPTIONS.get(parsed.name, parsed.name) if parsed.resource_group is None else parsed.name
    return word(parsed.type) or parsed.type.partition("/")[2], name


def in_words(id: str) -> str:
    """`secret db-password in key vault kv-shop`: what an id names, with what is around it below its group."""
    kind, name = place(id)
    parts = [f"{kind} {name}".strip()]
    for above in _above(id):
        kind, name = place(above)
        parts.append(f"{kind} {name}".strip())
    return " in ".join(parts)


def _above(id: str) -> Sequence[str]:
    found: list[str] = []
    try:
        parsed = ResourceId.parse(id)
        while "/providers/" in parsed.parent.lower():
            parsed = ResourceId.parse(parsed.parent)
            found.append(parsed.text)
    except ValueError:
        pass
    return found


def who(entra: Entra, object_id: str) -> str:
    """`identity id-shop`, `group vault-readers`, `officer@local-azure.example`, or an id that is left."""
    principal = entra.principal(object_id)
    if principal is None:
        return f"somebody who is not there any more ({object_id})"
    kind = _KINDS.get(principal.kind, "")
    return f"{kind if principal.resource_id or kind == 'group ' else ''}{principal.name}"
