"""Why somebody was refused: the action, the scope, and the assignment that is missing."""

import shlex
from typing import Final

from components.roles import Role as WellKnown
from local_azure.authorization.built_in_roles import ROLES_BY_ID, Role
from local_azure.azure import Azure
from local_azure.http import Lacking
from local_azure.journal import Refused
from local_azure.page.grants import held_by
from local_azure.page.markup import named, section, text
from local_azure.page.names import in_words, who

_WIDER: Final = (
    "Reader",
    "Website Contributor",
    "Key Vault Contributor",
    "Storage Account Contributor",
    "Managed Identity Operator",
    "Managed Identity Contributor",
    "Network Contributor",
    "Monitoring Contributor",
    "Role Based Access Control Administrator",
    "Contributor",
)
"""What people who deploy are given, the narrower first."""
_ON_DATA: Final = tuple(role.value for role in WellKnown)


def last_refusal(azure: Azure) -> str:
    """The newest request that was refused for what its caller lacks; an empty text when there was none."""
    refused = azure.journal.refusals()
    if not refused:
        return ""
    return section("Why the last request was refused", _told(azure, refused[-1]), "refusal")


def fitting_role(action: str, *, data: bool) -> Role | None:
    """The first of the usual roles that allows an action without a condition of its own; else the built-in
    role that does and names the least besides."""
    fitting = {role.name: role for role in ROLES_BY_ID.values() if None in role.conditions(action, data=data)}
    usual = next((fitting[name] for name in (_ON_DATA if data else _WIDER) if name in fitting), None)
    return usual or min(fitting.values(), key=_breadth, default=None)


def _breadth(role: Role) -> tuple[int, int, str]:
    """How much a role allows: what stands for many first, then how many things it names."""
    named = [action for block in role.permissions for action in (*block.actions, *block.data_actions)]
    return sum("*" in action for action in named), len(named), role.name


def _told(azure: Azure, refused: Refused) -> str:
    lacking = refused.lacking
    name = who(azure.entra, lacking.object_id)
    lines = [
        ("Who", named(name, lacking.object_id)),
        ("Asked", text(f"{refused.method} {refused.host}{refused.path}, {refused.time}")),
        ("Action", f"<code>{text(lacking.action)}</code>{' (on data)' if lacking.data else ''}"),
        ("Scope", named(in_words(lacking.scope), lacking.scope)),
        ("Missing", _missing(azure, lacking)),
        ("Has", _has(azure, lacking)),
    ]
    return "<dl>" + "".join(f"<dt>{term}</dt><dd>{told}</dd>" for term, told in lines) + "</dl>"


def _missing(azure: Azure, lacking: Lacking) -> str:
    if lacking.condition:
        return text("Nothing: a role that was given would allow it, but its condition is not fulfilled.")
    role = fitting_role(lacking.action, data=lacking.data)
    if role is None:
        return text("An assignment of a role that allows the action. No built-in role does.")
    principal = azure.entra.principal(lacking.object_id)
    kind = ["--assignee-principal-type", principal.kind] if principal else []
    command = shlex.join(
        [
            *("az", "role", "assignment", "create", "--role", role.name),
            *("--assignee-object-id", lacking.object_id, *kind, "--scope", lacking.scope),
        ]
    )
    return f"An assignment of <b>{text(role.name)}</b> there or above it.<pre>{text(command)}</pre>"


def _has(azure: Azure, lacking: Lacking) -> str:
    groups = azure.entra.groups_of(lacking.object_id)
    held = held_by(azure, {lacking.object_id.lower(), *(group.lower() for group in groups)})
    if not held:
        return "No assignment at all."
    return f"<ul>{''.join(f'<li>{text(one)}</li>' for one in sorted(held))}</ul>"
