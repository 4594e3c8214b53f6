"""Virtual machines through azure-mgmt-compute, and what runs in them through azure-identity."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.machines_stage import GROUP, IMAGE, Machines, attached, encoded
from tests.local_azure.vault_stage import refused

TOKEN = """
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import ManagedIdentityCredential
    import json, jwt
    try:
        token = ManagedIdentityCredential().get_token("https://vault.azure.net/.default").token
        print(jwt.decode(token, options={"verify_signature": False})["oid"])
    except ClientAuthenticationError:
        print("refused")
"""
WHO = """
    import base64, json, os, urllib.error, urllib.request
    asked = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net"
    address = os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] + asked
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers={"Metadata": "true"}))
        told = json.load(answer)["access_token"].split(".")[1]
        print(json.loads(base64.urlsafe_b64decode(told + "=="))["oid"])
    except urllib.error.HTTPError:
        print("refused")
"""
"""The same without a library, which takes most of a second to import."""
LOG = "#!/usr/bin/env python3\nfrom pathlib import Path\nPath('boots').open('a').write('boot ')\n"
APP = """
import os, pathlib, time
pathlib.Path(__file__).with_name("said").write_text(os.environ["COLOUR"] + os.environ["SHAPE"])
time.sleep(600)
"""
UNIT = """
[Unit]
Description=A shop
[Service]
EnvironmentFile=/etc/shop.env
Environment=SHAPE=round
ExecStart=/usr/bin/python3 /opt/shop/app.py
[Install]
WantedBy=multi-user.target
"""
SHOP = {
    "write_files": [
        {"path": "/opt/shop/app.py", "content": APP},
        {"path": "/etc/shop.env", "content": encoded("COLOUR=green\n"), "encoding": "b64"},
        {"path": "/etc/systemd/system/shop.service", "content": UNIT},
        {"path": "/var/lib/cloud/scripts/per-boot/log", "content": LOG, "permissions": "0755"},
    ],
    "runcmd": [
        ["python3", "-c", "print(open('first', 'a').write('first '))"],
        ["systemctl", "enable", "--now", "shop"],
    ],
}
SAID = """
    import pathlib, time
    said = pathlib.Path("opt/shop/said")
    while not said.exists():
        time.sleep(0.02)
    print(said.read_text(), pathlib.Path("boots").read_text(), pathlib.Path("first").read_text())
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure") / "azure")) as local:
        yield Machines(local)


@pytest.fixture(scope="module")
def plain(stage: Machines) -> str:
    """A machine that runs, whose identity comes with it; tests leave it so."""
    stage.write("vm-plain", stage.body(identity=attached(own=True), cloud_init={}))
    return "vm-plain"


def test_a_program_on_a_machine_gets_a_token_for_its_identity(stage: Machines, plain: str) -> None:
    machine = stage.compute.virtual_machines.get(GROUP, plain)
    assert stage.says(plain, TOKEN) == machine.identity.principal_id


def test_identities_come_and_go_while_a_machine_runs(stage: Machines) -> None:
    one, name = stage.user_assigned(), stage.name("vm")
    interface = stage.interface()
    stage.write(name, stage.body(interface))
    assert stage.says(name, WHO) == "refused"
    stage.write(name, stage.body(interface, identity=attached(one)))
    assert stage.says(name, WHO) == one["properties"]["principalId"]
    stage.compute.virtual_machines.begin_update(GROUP, name, {"identity": {"type": "None"}}).result()
    assert stage.says(name, WHO) == "refused"
    stage.do("delete", name)


def test_nothing_of_the_person_at_the_keyboard_reaches_a_machine(
    stage: Machines, plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "planted")
    monkeypatch.setenv("PLANTED", "planted")
    found: dict[str, str] = json.loads(
        stage.says(plain, "import json, os; print(json.dumps(dict(os.environ)))")
    )
    assert "planted" not in found.values()
    assert found["AZURE_POD_IDENTITY_AUTHORITY_HOST"].startswith("http://127.0.0.1:")
    assert not [name for name in found if name.startswith(("IDENTITY_", "MSI_", "ARM_"))]
    assert found["HOME"].endswith("/disk/root")


def test_q6_custom_data_is_for_the_first_boot(stage: Machines) -> None:
    name = stage.name("vm")
    stage.write(name, stage.body(cloud_init=SHOP))
    assert stage.says(name, SAID) == "greenround boot  first"
    stage.do("restart", name)
    assert stage.says(name, SAID) == "greenround boot boot  first"
    stage.do("reimage", name)
    assert stage.says(name, SAID) == "greenround boot  first"
    stage.do("delete", name)


@pytest.mark.parametrize(
    ("cloud_init", "said"),
    [
        ({"runcmd": ["apt-get install nginx"]}, "not Python"),
        ({"runcmd": [["nginx"]]}, "not Python"),
        ({"packages": ["nginx"]}, "cloud-init's packages"),
    ],
)
def test_what_only_a_real_machine_runs_is_refused_in_words(
    stage: Machines, cloud_init: dict[str, Any], said: str
) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.write("vm-strange", stage.body(cloud_init=cloud_init))
    status, _, message = refused(error)
    assert status == 501
    assert said in message
    with pytest.raises(ResourceNotFoundError):
        stage.compute.virtual_machines.get(GROUP, "vm-strange")


def test_q13_a_run_command_says_how_its_script_ended(stage: Machines, plain: str) -> None:
    printed = "os.environ['COLOUR'], os.environ['SHADE'], sys.argv[1:]"
    script = f"import os, sys; print('out', {printed}); sys.exit('err')"
    given = [{"name": "COLOUR", "value": "green"}, {"value": "round"}]
    kept = [{"name": "SHADE", "value": "planted"}]
    ended = stage.run(plain, script, parameters=given, protectedParameters=kept)
    assert (ended.execution_state, ended.exit_code) == ("Failed", 1)
    assert (ended.output, ended.error) == ("out green planted ['round']\n", "err\n")
    (asked,) = [one for one in stage.azure.store.list(under=stage.group) if one.id.endswith("/asked")]
    assert "planted" not in str({**asked.body["properties"], "instanceView": None})
    assert len(stage.run(plain, "print('x' * 10_000)").output) == 4_096
    commands = stage.compute.virtual_machine_run_commands
    assert commands.get_by_virtual_machine(GROUP, plain, "asked").instance_view is None
    shell = {"location": "westeurope", "properties": {"source": {"script": "echo hello"}}}
    commands.begin_create_or_update(GROUP, plain, "shell", shell).result()
    view = commands.get_by_virtual_machine(GROUP, plain, "shell", expand="instanceView").instance_view
    assert (view.execution_state, "#!/usr/bin/env python3" in view.error) == ("Failed", True)
    with pytest.raises(HttpResponseError) as error:
        stage.run(plain, "print()", runAsUser="somebody")
    assert refused(error)[0] == 501


def test_q13_a_machine_that_is_off_runs_nothing(stage: Machines) -> None:
    name = stage.name("vm")
    stage.write(name, stage.body(identity=attached(own=True)))
    extension = stage.compute.virtual_machine_extensions
    extension.begin_create_or_update(GROUP, name, "login", _login()).result()
    stage.do("deallocate", name)
    view = stage.compute.virtual_machines.instance_view(GROUP, name)
    assert [one.code for one in view.statuses] == ["ProvisioningState/succeeded", "PowerState/deallocated"]
    for ask in (
        lambda: stage.run(name, "print()"),
        lambda: extension.begin_delete(GROUP, name, "login").result(),
    ):
        with pytest.raises(HttpResponseError) as error:
            ask()
        assert refused(error)[:2] == (409, "OperationNotAllowed")
    stage.do("start", name)
    assert stage.says(name, "print('on')") == "on"
    stage.do("power_off", name)
    stage.do("delete", name)
    assert not [one.id for one in stage.azure.store.list(under=stage.group) if name in one.id]


def test_q7_what_a_machine_is_made_of_never_changes(stage: Machines, plain: str) -> None:
    interface, own = _interface(stage, plain), attached(own=True)
    image = {"imageReference": {**IMAGE, "sku": "minimal"}, "osDisk": {"createOption": "FromImage"}}
    other: list[dict[str, Any]] = [
        {"cloud_init": {"timezone": "UTC"}},
        {"storageProfile": image},
        {"osProfile": {"adminUsername": "somebody"}},
    ]
    for changes in other:
        body = stage.body(interface, identity=own, **changes)
        with pytest.raises(HttpResponseError) as error:
            stage.write(plain, body)
        assert refused(error)[:2] == (409, "PropertyChangeNotAllowed")
    # A size is another one while it runs.
    stage.write(plain, stage.body(interface, identity=own, hardwareProfile={"vmSize": "Standard_B2s"}))
    assert stage.compute.virtual_machines.get(GROUP, plain).hardware_profile.vm_size == "Standard_B2s"


def test_q7_encryption_at_host_changes_on_a_deallocated_machine(stage: Machines) -> None:
    name, interface = stage.name("vm"), stage.interface()
    stage.write(name, stage.body(interface))
    encrypted = stage.body(interface, securityProfile={"encryptionAtHost": True})
    with pytest.raises(HttpResponseError) as error:
        stage.write(name, encrypted)
    assert refused(error)[:2] == (409, "OperationNotAllowed")
    stage.do("deallocate", name)
    assert stage.write(name, encrypted).security_profile.encryption_at_host is True
    stage.do("delete", name)


def test_q8_a_machine_without_a_way_in_is_refused(stage: Machines) -> None:
    profile = {
        "adminUsername": "azureuser", "computerName": "machine",
        "linuxConfiguration": {"disablePasswordAuthentication": True},
    }  # fmt: skip
    with pytest.raises(HttpResponseError) as error:
        stage.write("vm-closed", stage.body(osProfile=profile))
    assert refused(error)[:2] == (400, "InvalidParameter")
    assert "must be enabled in Linux profile" in refused(error)[2]


def test_q9_a_network_interface_is_one_machines(stage: Machines, plain: str) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.write("vm-thief", stage.body(_interface(stage, plain)))
    assert refused(error)[:2] == (400, "NicInUse")
    missing = f"{stage.group}/providers/Microsoft.Network/networkInterfaces/nic-none"
    with pytest.raises(HttpResponseError) as error:
        stage.write("vm-thief", stage.body(missing))
    assert refused(error)[:2] == (400, "InvalidResourceReference")


def test_q9_what_a_machine_has_is_not_deleted(stage: Machines, plain: str) -> None:
    disk = stage.compute.virtual_machines.get(GROUP, plain).storage_profile.os_disk.managed_disk.id
    assert stage.arm("DELETE", _interface(stage, plain)).status == 400
    assert stage.arm("DELETE", disk).status == 409
    assert stage.exists(disk)


def test_a_network_interface_is_in_a_subnet_of_nobodys(stage: Machines) -> None:
    id = f"{stage.group}/providers/Microsoft.Network/networkInterfaces/nic-wrong"

    def status(subnet: str) -> int:
        one = {"name": "one", "properties": {"subnet": {"id": subnet}}}
        body = {"location": "westeurope", "properties": {"ipConfigurations": [one]}}
        return stage.arm("PUT", id, body).status

    assert status(f"{stage.subnet}-none") == 400
    given = {"addressPrefix": "10.0.9.0/24"}
    delegated = {"name": "x", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    sites = stage.subnet.replace("snet-machines", "snet-sites")
    assert stage.arm("PUT", sites, {"properties": {**given, "delegations": [delegated]}}).status == 201
    assert status(sites) == 400


def test_q10_a_disk_goes_with_its_machine_where_it_says_so(stage: Machines) -> None:
    for option, stays in (("Delete", False), ("Detach", True)):
        name, interface = stage.name("vm"), stage.interface()
        body = stage.body(interface)
        body["properties"]["storageProfile"]["osDisk"]["deleteOption"] = option
        body["properties"]["networkProfile"]["networkInterfaces"][0]["properties"]["deleteOption"] = option
        disk = stage.write(name, body).storage_profile.os_disk.managed_disk.id
        assert stage.exists(disk)
        stage.do("delete", name)
        assert (stage.exists(disk), stage.exists(interface)) == (stays, stays)
    assert stage.arm("DELETE", interface).status == 200


def test_q11_user_data_changes_while_a_machine_runs(stage: Machines) -> None:
    name, interface = stage.name("vm"), stage.interface()
    read = """
        import os, urllib.request
        address = os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] + "/metadata/instance/compute/userData"
        address += "?api-version=2021-01-01&format=text"
        asked = urllib.request.Request(address, headers={"Metadata": "true"})
        print(urllib.request.urlopen(asked).read().decode())
    """
    stage.write(name, stage.body(interface, userData=encoded("one")))
    assert stage.says(name, read) == encoded("one")
    marker = stage.says(name, "open('still-here', 'w').write('x'); print('x')")
    stage.write(name, stage.body(interface, userData=encoded("two")))
    assert stage.says(name, read) == encoded("two")
    assert stage.says(name, "print(open('still-here').read())") == marker
    machines = stage.compute.virtual_machines
    assert machines.get(GROUP, name).user_data is None
    assert machines.get(GROUP, name, expand="userData").user_data == encoded("two")
    stage.do("delete", name)


def test_what_only_the_machine_may_read_is_not_answered(stage: Machines) -> None:
    body = stage.body(cloud_init=SHOP)
    name = stage.name("vm")
    written = stage.write(name, body)
    assert (written.os_profile.custom_data, written.os_profile.admin_username) == (None, "azureuser")
    # What a client read it may send back.
    stage.compute.virtual_machines.begin_create_or_update(GROUP, name, written).result()
    stage.do("reimage", name)
    assert stage.says(name, SAID).startswith("greenround")
    stage.do("delete", name)


def test_q12_signing_in_with_entra_needs_an_identity_of_the_machines_own(stage: Machines, plain: str) -> None:
    name, extensions = stage.name("vm"), stage.compute.virtual_machine_extensions
    stage.write(name, stage.body(identity=attached(stage.user_assigned())))
    with pytest.raises(HttpResponseError) as error:
        extensions.begin_create_or_update(GROUP, name, "login", _login()).result()
    assert refused(error)[:2] == (409, "VMExtensionProvisioningError")
    made = extensions.begin_create_or_update(GROUP, plain, "login", _login()).result()
    assert made.provisioning_state == "Succeeded"
    other = {"location": "westeurope", "properties": {"publisher": "Contoso", "type": "Agent"}}
    with pytest.raises(HttpResponseError) as error:
        extensions.begin_create_or_update(GROUP, plain, "other", other).result()
    assert refused(error)[0] == 501
    stage.do("delete", name)


def test_a_machines_own_identity_goes_with_it_and_no_other_can_use_it(stage: Machines) -> None:
    """R19."""
    name = stage.name("vm")
    principal = stage.write(name, stage.body(identity=attached(own=True))).identity.principal_id
    assert stage.azure.entra.principal(principal)
    stage.do("delete", name)
    assert stage.azure.entra.principal(principal) is None
    again = stage.write(name, stage.body(identity=attached(own=True))).identity.principal_id
    assert again != principal
    assert stage.says(name, WHO) == again
    stage.do("delete", name)


def test_a_machines_calls_come_from_its_subnet(stage: Machines, plain: str) -> None:
    """N7."""
    principal = stage.compute.virtual_machines.get(GROUP, plain).identity.principal_id
    assert [one.subnet_id for one in stage.azure.services.origins(principal)] == [stage.subnet]


def test_a_machine_runs_again_when_the_local_azure_does(tmp_path: Path) -> None:
    state = begun(tmp_path / "azure")
    with LocalAzure(state) as local:
        stage = Machines(local)
        stage.write("vm-kept", stage.body(cloud_init={"write_files": [{"path": "/kept", "content": "x"}]}))
    with LocalAzure(state) as local:
        stage = Machines(local)
        stage.settle()
        assert stage.says("vm-kept", "print(open('kept').read())") == "x"


def _interface(stage: Machines, name: str) -> str:
    profile = stage.compute.virtual_machines.get(GROUP, name).network_profile
    return str(profile.network_interfaces[0].id)


def _login() -> dict[str, Any]:
    properties = {
        "publisher": "Microsoft.Azure.ActiveDirectory",
        "type": "AADSSHLoginForLinux",
        "typeHandlerVersion": "1.0",
        "autoUpgradeMinorVersion": True,
    }
    return {"location": "westeurope", "properties": properties}
