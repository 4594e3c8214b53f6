"""A container group by the real engine: what changes it in place, and what makes it anew."""

import json
from pathlib import Path

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.engine.test_container_apps import image_of
from toolchain.paths import ROOT

SLEEPS = "import time\ntime.sleep(60)\n"
PROGRAM = (
    f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
"""
    + """
import pulumi
from pulumi_azure_native import resources
from components import ContainerGroup

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
shop = ContainerGroup(
    "shop",
    {
        "resource_group_name": group.name,
        "containers": {
            name: {"image": config.require("image"), "cpu": config.get_float("cpu") or 0.5}
            for name in config.require("containers").split(",")
        },
        "container_registry_id": config.require("registry"),
        "settings": {"LEVEL": config.get("level") or "1"},
    },
)
pulumi.export("id", shop.group_id)
"""
)
TYPE = "azure-native:containerinstance:ContainerGroup"


class Groups(Loop):
    """A stack with one group."""

    def planned(self, **configuration: str | None) -> str:
        """What a run with that configuration, which stays, would do with the group."""
        self.stack.write_configuration(configuration)
        steps = json.loads(self.stack.preview("--json"))["steps"]
        of_group = [one["op"] for one in steps if f"{TYPE}::" in one["urn"]]
        return next((one for one in of_group if one in ("update", "replace")), "same")


def test_a_group_is_replaced_for_other_containers_or_more_cores_and_not_for_what_code_is_told(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    registry, image = image_of(cloud, SLEEPS)
    given = {"keyless:image": image, "keyless:registry": registry, "keyless:containers": "report,web"}
    loop = given_program(Groups, engine, cloud, tmp_path, PROGRAM, given)
    loop.up()
    assert loop.planned() == "same"
    assert loop.planned(level="2") == "update"
    assert loop.planned(level=None, cpu="1.0") == "replace"
    assert loop.planned(cpu=None, containers="report") == "replace"
    assert loop.planned(containers="audit,report,web") == "replace"
    loop.up(containers="audit,report,web")
    (made,) = cloud.azure.store.list(type="Microsoft.ContainerInstance/containerGroups")
    assert [one["name"] for one in made.body["properties"]["containers"]] == ["audit", "report", "web"]
    loop.stack.preview("--expect-no-changes")
