"""What exists, as people think of it: subscriptions, their groups, and in each what lies below what."""

from collections.abc import Sequence
from typing import Final

from local_azure.arm import ResourceId
from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.constants import SUBSCRIPTIONS
from local_azure.page.markup import named, section, text
from local_azure.page.names import place
from local_azure.store import Resource

_SETTINGS: Final = ("config", "basicpublishingcredentialspolicies", "blobservices", "queueservices")
"""Last parts of types of which each parent has one: said in a word beside it, as no one names them."""


def resources(stored: Sequence[Resource]) -> str:
    """The tree, without the assignments: who may do what stands by itself."""
    shown = [one for one in stored if one.type.lower() != ASSIGNMENTS.lower()]
    if not shown:
        return section("What exists", "<p>Nothing yet.</p>", "resources")
    ids = {one.id.lower(): one.id for one in shown}
    children: dict[str, list[str]] = {}
    for one in shown:
        children.setdefault(_holder(one.id, ids), []).append(one.id)
    body = "".join(_branch(f"/subscriptions/{id}", children) for id in SUBSCRIPTIONS)
    return section("What exists", f'<ul class="tree">{body}</ul>', "resources")


def _holder(id: str, ids: dict[str, str]) -> str:
    """What a resource lies in: the nearest one above it that exists, or its subscription."""
    parsed = ResourceId.parse(id)
    while parsed.parent.lower() not in ids and "/resourcegroups/" in parsed.parent.lower():
        parsed = ResourceId.parse(parsed.parent)
    return (
        parsed.parent.lower() if parsed.parent.lower() in ids else f"/subscriptions/{parsed.subscription_id}"
    )


def _branch(id: str, children: dict[str, list[str]]) -> str:
    below = children.get(id.lower(), [])
    if not below and id.count("/") == 2:  # a subscription that nothing is in
        return ""
    kind, name = place(id)
    label = f'<span class="kind">{text(kind)}</span> {named(name, id)}'
    branches = [_branch(one, children) for one in below if not _is_setting(one)]
    settings = [place(one)[1] for one in below if _is_setting(one)]
    if settings:
        label += f' <span class="kind">with {text(", ".join(settings))}</span>'
    if not branches:
        return f"<li>{label}</li>"
    return f"<li><details open><summary>{label}</summary><ul>{''.join(branches)}</ul></details></li>"


def _is_setting(id: str) -> bool:
    return ResourceId.parse(id).type.rpartition("/")[2].lower() in _SETTINGS
