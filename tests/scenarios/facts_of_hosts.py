"""What is said of each change of hosts.py."""

from collections.abc import Mapping
from typing import Final

from tests.scenarios.facts import CLEAN, READS, Facts

_NO_SECRET: Final = "no value in clear looks like a secret"
_REPORTS: Final = "container reports of storage account hosts"
_WIDENED: Final = "Storage Blob Data Reader → Storage Blob Data Contributor"
FACTS: Final[Mapping[str, Facts]] = {
    "container_group_granted": Facts(
        f"2 creates, 2 updates. Grants: 1 added, 0 removed; {_NO_SECRET}.",
        grants=(("added", "identity worker", READS, "key vault hosts"),),
        conditions=("wider-access",),
    ),
    "container_group_opened": Facts(
        f"1 update. No grant changes; {CLEAN}; 2 exposures opened.",
        exposures=(
            "container group worker: where its address is Private → Public",
            "container group worker: ports that are reached none → 1 given",
        ),
        conditions=("public-exposure",),
    ),
    "container_group_role_widened": Facts(
        f"1 replacement, 1 update. Grants: 0 added, 1 widened, 0 removed; {CLEAN}.",
        grants=(("widened", "identity worker", _WIDENED, _REPORTS),),
        conditions=("wider-access",),
    ),
    "container_group_setting_in_clear": Facts(
        "1 update. No grant changes; 1 secret value now in clear.",
        secrets_in_clear=("DATABASE_PASSWORD of worker",),
        conditions=("public-exposure",),
    ),
    "container_image_changed": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened; 1 source of code changed.",
        exposures=(
            "container app api: reached from outside its environment off → on",
            "container app api: image that it runs crteam.azurecr.io/api:1 → crteam.azurecr.io/stranger:1",
        ),
        conditions=("public-exposure", "changed-code"),
    ),
    "container_secret_added": Facts(f"2 updates. No grant changes; {_NO_SECRET}."),
    "job_granted": Facts(
        f"2 creates, 2 updates. Grants: 1 added, 0 removed; {_NO_SECRET}.",
        grants=(("added", "identity nightly", READS, "key vault hosts"),),
        conditions=("wider-access",),
    ),
    "job_role_widened": Facts(
        f"1 replacement, 1 update. Grants: 0 added, 1 widened, 0 removed; {CLEAN}.",
        grants=(("widened", "identity nightly", _WIDENED, _REPORTS),),
        conditions=("wider-access",),
    ),
    "job_setting_in_clear": Facts(
        "1 update. No grant changes; 1 secret value now in clear.",
        secrets_in_clear=("DATABASE_PASSWORD of nightly",),
        conditions=("public-exposure",),
    ),
    "machine_told_otherwise": Facts(
        f"1 replacement. No grant changes; {_NO_SECRET}; 1 source of code changed.",
        exposures=("virtual machine batch: what it does when it first boots given → given",),
        conditions=("changed-code",),
    ),
}
