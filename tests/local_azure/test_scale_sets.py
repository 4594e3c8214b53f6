"""Scale sets in flexible orchestration, through azure-mgmt-compute."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.machines_stage import GROUP, Machines, attached, encoded
from tests.local_azure.test_machines import WHO
from tests.local_azure.vault_stage import refused

FILE = {"write_files": [{"path": "/said", "content": "one"}]}
OTHER = {"write_files": [{"path": "/said", "content": "two"}]}
SAID = "print(open('said').read())"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure") / "azure")) as local:
        yield Machines(local)


def test_every_instance_runs_as_the_identities_of_the_scale_set(stage: Machines) -> None:
    one, name = stage.user_assigned(), stage.name("vmss")
    stage.scale_set(name, 2, identity=attached(one))
    instances = stage.instances(name)
    assert len(instances) == 2
    for instance in instances:
        assert stage.says(instance, WHO) == one["properties"]["principalId"]
    stage.compute.virtual_machine_scale_sets.begin_delete(GROUP, name).result()
    stage.settle()
    assert [one.id for one in stage.azure.store.list(under=stage.group) if name in one.id] == []
    assert [one.id for one in stage.azure.store.list(under=stage.group) if "/nic-" in one.id] == []


def test_q14_a_flexible_scale_set_has_no_identity_of_its_own(stage: Machines) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.scale_set("vmss-own", 1, identity=attached(own=True))
    assert refused(error)[:2] == (400, "InvalidParameter")
    assert (
        stage.arm("GET", f"{stage.group}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-own").status
        == 404
    )


@pytest.mark.parametrize(("mode", "follows"), [("Automatic", True), ("Manual", False)])
def test_q15_instances_follow_the_model_as_the_upgrade_mode_says(
    stage: Machines, mode: str, follows: bool
) -> None:
    old, new, name = stage.user_assigned(), stage.user_assigned(), stage.name("vmss")
    stage.scale_set(name, 1, mode=mode, identity=attached(old), cloud_init=FILE)
    (instance,) = stage.instances(name)
    stage.scale_set(name, 1, mode=mode, identity=attached(new), cloud_init=OTHER, userData=encoded("x"))
    expected = (new if follows else old)["properties"]["principalId"]
    assert stage.instances(name) == [instance]
    assert stage.says(instance, WHO) == expected
    assert stage.says(instance, SAID) == ("two" if follows else "one")
    asked = {"instanceIds": [instance]}
    stage.compute.virtual_machine_scale_sets.begin_update_instances(GROUP, name, asked).result()
    stage.settle()
    assert stage.says(instance, WHO) == new["properties"]["principalId"]
    assert stage.says(instance, SAID) == "two"


def test_q16_a_deleted_instance_is_one_less_of_the_capacity(stage: Machines) -> None:
    name, scale_sets = stage.name("vmss"), stage.compute.virtual_machine_scale_sets
    stage.scale_set(name, 3)
    first, second, third = stage.instances(name)
    stage.do("delete", first)
    assert (scale_sets.get(GROUP, name).sku.capacity, stage.instances(name)) == (2, [second, third])
    scale_sets.begin_delete_instances(GROUP, name, {"instanceIds": [second]}).result()
    assert (scale_sets.get(GROUP, name).sku.capacity, stage.instances(name)) == (1, [third])
    scale_sets.begin_update(GROUP, name, {"sku": {"capacity": 2}}).result()
    assert third in stage.instances(name)
    assert len(stage.instances(name)) == 2


def test_all_instances_are_switched_at_once(stage: Machines) -> None:
    name, scale_sets = stage.name("vmss"), stage.compute.virtual_machine_scale_sets
    stage.scale_set(name, 1, cloud_init=FILE)
    (instance,) = stage.instances(name)
    stage.says(instance, "print(open('said', 'w').write('changed'))")
    scale_sets.begin_restart(GROUP, name).result()
    assert stage.says(instance, SAID) == "changed"
    scale_sets.begin_reimage(GROUP, name).result()
    assert stage.says(instance, SAID) == "one"
    scale_sets.begin_deallocate(GROUP, name).result()
    stage.settle()
    assert _power(stage, instance) == "PowerState/deallocated"
    scale_sets.begin_start(GROUP, name).result()
    assert stage.says(instance, SAID) == "one"


def _power(stage: Machines, name: str) -> str:
    return str(stage.compute.virtual_machines.instance_view(GROUP, name).statuses[-1].code)
