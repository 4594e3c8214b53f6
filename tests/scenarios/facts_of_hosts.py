"""What is said of each change of hosts.py."""

from collections.abc import Mapping
from typing import Final

from tests.scenarios.facts import CLEAN, Facts

_NO_SECRET: Final = "no value in clear looks like a secret"
FACTS: Final[Mapping[str, Facts]] = {
    "container_image_changed": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened; 1 source of code changed.",
        exposures=(
            "container app api: reached from outside its environment off → on",
            "container app api: image that it runs crteam.azurecr.io/api:1 → crteam.azurecr.io/stranger:1",
        ),
        conditions=("public-exposure", "changed-code"),
    ),
    "container_secret_added": Facts(f"2 updates. No grant changes; {_NO_SECRET}."),
    "machine_told_otherwise": Facts(
        f"1 replacement. No grant changes; {_NO_SECRET}; 1 source of code changed.",
        exposures=("virtual machine batch: what it does when it first boots given → given",),
        conditions=("changed-code",),
    ),
}
