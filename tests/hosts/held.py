"""What is held by tests of their own: resources that have an identity and run no code of ours, and the
mission's sentences."""

from dataclasses import dataclass
from typing import Final

_ANY: Final = (
    "tests/engine/test_any_resource.py::test_whatever_has_a_principal_is_let_in_made_again_and_leaves_nothing"
)
_PAGE: Final = "docs/guides/any-resource.md"
_MISSION: Final = "tests/engine/test_mission.py::test_"
_MACHINES: Final = "tests/engine/test_machines.py::test_"


@dataclass(frozen=True)
class Held:
    """`held_by` is the id of a test. `docs` is a page and, where it has one, a heading of it."""

    what: str
    docs: str
    held_by: str


RESOURCES: Final = (
    Held("Static site", f"{_PAGE}#static-sites", _ANY),
    Held("Automation account", f"{_PAGE}#automation-accounts", _ANY),
    Held("Data factory", f"{_PAGE}#data-factory", _ANY),
    Held("API Management", f"{_PAGE}#api-management", _ANY),
    Held("AI Foundry project or agent", f"{_PAGE}#ai-foundry-projects-and-agents", _ANY),
    Held(
        "Machine that Azure Arc connects",
        f"{_PAGE}#machines-that-azure-arc-connects",
        _ANY,
    ),
    Held("System topic of Event Grid", f"{_PAGE}#system-topics-of-event-grid", _ANY),
)
"""Let in by WorkloadAccess, whatever the target."""

SENTENCES: Final = (
    Held(
        "An identity is switched on, off and to another kind at any time, on every host that can have "
        "several",
        "docs/guides/switching-identity.md",
        "tests/engine/test_every_host.py::test_a_host_keeps_what_every_host_promises",
    ),
    Held(
        "A system-assigned identity is deleted with its resource, and usable by no other",
        "docs/guides/switching-identity.md",
        f"{_MISSION}a_system_assigned_identity_is_deleted_with_its_resource_and_usable_by_no_other",
    ),
    Held(
        "A user-assigned identity is let in before any host exists, is on several at once, and is kept while "
        "hosts are recycled",
        "docs/guides/sharing.md#one-identity-for-several-apps",
        f"{_MISSION}a_user_assigned_identity_is_let_in_before_any_host_on_several_at_once_and_kept_as_they_are_recycled",
    ),
    Held(
        "Every instance of a scale set is replaced, and keeps its access",
        "docs/guides/virtual-machines.md",
        f"{_MACHINES}instances_that_are_recycled_keep_access_with_a_user_assigned_identity",
    ),
    Held(
        "An application on a machine is migrated: hard-coded credentials out, the same two lines in",
        "docs/guides/virtual-machines.md",
        f"{_MACHINES}an_application_is_migrated_hard_coded_credentials_out_and_the_same_two_lines_in",
    ),
    Held(
        "Developer and host run the same code",
        "docs/guides/local-development.md",
        f"{_MISSION}a_user_assigned_identity_is_let_in_before_any_host_on_several_at_once_and_kept_as_they_are_recycled",
    ),
)
