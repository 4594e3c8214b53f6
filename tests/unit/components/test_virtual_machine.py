"""VirtualMachine and VirtualMachineScaleSet: machines without a secret, whose code runs as an identity."""

import base64
import hashlib
import subprocess
from collections.abc import Callable
from email import message_from_string
from typing import Any

import pytest

from components.hosts.virtual_machines.closed_key import WORDS, public_key
from components.hosts.virtual_machines.told import lines
from components.hosts.virtual_machines.virtual_machine import _address  # pyright: ignore[reportPrivateUsage]
from local_azure.virtual_machines.cloud_init import cloud_config
from local_azure.virtual_machines.programs import variables_in
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    IDENTITY,
    PEOPLE,
    STORAGE,
    STORAGE_ENDPOINT,
    SUBNET,
    SUFFIX,
    SYSTEM_PRINCIPAL,
    VAULT,
)
from tests.unit.components.machines import decoded, machine, problems, problems_of_set, scale_set
from tests.unit.components.recorded_azure import Deployment

BLOBS: dict[str, Any] = {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT, "container": "reports"}}
CERTIFICATES: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT, "names": ["shop"]}
VM, SET = "compute:VirtualMachine", "compute:VirtualMachineScaleSet"
OWN_NAME = f"vm-shop-dev-{SUFFIX}"


def written(deployment: Deployment) -> Any:
    return deployment.one(VM).inputs


def model(deployment: Deployment) -> Any:
    """What each instance of a scale set is made of."""
    return deployment.one(SET).inputs["virtualMachineProfile"]


def test_a_machine_is_an_identity_its_grants_and_a_network_interface_and_nothing_else() -> None:
    deployment = machine(links={"reports": BLOBS})
    assert deployment.counts() == {
        "authorization:RoleAssignment": 1,
        "compute:VirtualMachine": 1,
        "managedidentity:UserAssignedIdentity": 1,
        "network:NetworkInterface": 1,
    }
    outputs = deployment.plain_outputs
    assert outputs["vm_id"] == f"{GROUP}/providers/Microsoft.Compute/virtualMachines/{OWN_NAME}"
    assert (outputs["name"], outputs["private_ip_address"]) == (OWN_NAME, "10.0.3.4")
    assert outputs["client_id"] == CLIENT
    assert outputs["environment"] == {
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        "REPORTS_CONTAINER": "reports",
        "REPORTS_ENDPOINT": STORAGE_ENDPOINT,
    }
    grant = deployment.one("authorization:RoleAssignment")
    assert deployment.waits_for(deployment.one(VM), grant)


def test_a_scale_set_is_an_identity_and_its_grants_before_any_instance() -> None:
    deployment = scale_set(links={"reports": BLOBS}, instances=3, zones=["1", "2"])
    assert deployment.counts() == {
        "authorization:RoleAssignment": 1,
        "compute:VirtualMachineScaleSet": 1,
        "managedidentity:UserAssignedIdentity": 1,
    }
    inputs = deployment.one(SET).inputs
    assert inputs["sku"] == {"capacity": 3, "name": "Standard_B2ats_v2", "tier": "Standard"}
    assert (inputs["zones"], inputs["orchestrationMode"]) == (["1", "2"], "Flexible")
    assert inputs["upgradePolicy"] == {"mode": "Automatic"}
    assert deployment.waits_for(deployment.one(SET), deployment.one("authorization:RoleAssignment"))


Inside = Callable[[Deployment], Any]
_BOTH: list[tuple[Callable[..., Deployment], Inside]] = [(machine, written), (scale_set, model)]
both = pytest.mark.parametrize(("deploy", "inside"), _BOTH, ids=["machine", "scale set"])


@both
def test_a_machine_has_no_password(deploy: Callable[..., Deployment], inside: Inside) -> None:
    profile = inside(deploy())["osProfile"]
    assert "adminPassword" not in profile
    assert profile["linuxConfiguration"]["disablePasswordAuthentication"] is True
    (key,) = profile["linuxConfiguration"]["ssh"]["publicKeys"]
    assert key == {"keyData": public_key(), "path": "/home/azureuser/.ssh/authorized_keys"}


@both
def test_a_machine_boots_signed_systems_only_and_is_encrypted_at_host(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    secure = {"secureBootEnabled": True, "vTpmEnabled": True}
    assert inside(deploy())["securityProfile"] == {
        "encryptionAtHost": True, "securityType": "TrustedLaunch", "uefiSettings": secure,
    }  # fmt: skip
    without = inside(deploy(encryption_at_host=False, trusted_launch=False)).get("securityProfile", {})
    assert without == {}


@pytest.mark.parametrize("deploy", [machine, scale_set])
def test_a_machine_has_no_public_address(deploy: Callable[..., Deployment]) -> None:
    assert "publicIPAddress" not in str([dict(one.inputs) for one in deploy().resources])


@both
def test_azure_patches_a_machine_and_keeps_its_boot_log_where_nobody_has_a_key(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    found = inside(deploy())
    assert found["osProfile"]["linuxConfiguration"]["patchSettings"] == {
        "assessmentMode": "AutomaticByPlatform", "patchMode": "AutomaticByPlatform",
    }  # fmt: skip
    assert found["diagnosticsProfile"] == {"bootDiagnostics": {"enabled": True}}
    found = inside(deploy(automatic_patching=False, boot_diagnostics=False))
    assert found["osProfile"]["linuxConfiguration"]["patchSettings"]["patchMode"] == "ImageDefault"
    assert found["diagnosticsProfile"] == {"bootDiagnostics": {"enabled": False}}


@both
def test_azure_is_not_asked_to_patch_an_image_that_it_does_not_know(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    own = f"{GROUP}/providers/Microsoft.Compute/images/mine"
    for given in ({}, {"automatic_patching": False}):
        found = inside(deploy(image=own, **given))["osProfile"]["linuxConfiguration"]["patchSettings"]
        assert found == {"assessmentMode": "ImageDefault", "patchMode": "ImageDefault"}


@both
def test_a_disk_goes_with_its_machine_and_is_of_the_kind_that_was_asked_for(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    storage = inside(deploy())["storageProfile"]
    assert storage["imageReference"] == {
        "offer": "ubuntu-24_04-lts", "publisher": "Canonical", "sku": "server", "version": "latest",
    }  # fmt: skip
    assert storage["osDisk"] == {
        "caching": "ReadWrite",
        "createOption": "FromImage",
        "deleteOption": "Delete",
        "managedDisk": {"storageAccountType": "StandardSSD_LRS"},
    }
    encryption = f"{GROUP}/providers/Microsoft.Compute/diskEncryptionSets/des-team"
    own = f"{GROUP}/providers/Microsoft.Compute/images/mine"
    chosen = deploy(
        image=own, os_disk_type="premium-ssd-zones", os_disk_size_gb=64, disk_encryption_set_id=encryption
    )
    storage = inside(chosen)["storageProfile"]
    assert storage["imageReference"] == {"id": own}
    assert storage["osDisk"]["diskSizeGB"] == 64
    assert storage["osDisk"]["managedDisk"] == {
        "diskEncryptionSet": {"id": encryption}, "storageAccountType": "Premium_ZRS",
    }  # fmt: skip


@both
def test_what_code_is_told_is_user_data_and_no_part_of_what_a_machine_is_made_of(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    found = inside(deploy(links={"reports": BLOBS}))
    assert decoded(found["userData"]) == (
        f"AZURE_CLIENT_ID={CLIENT}\nAZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential\n"
        f"REPORTS_CONTAINER=reports\nREPORTS_ENDPOINT={STORAGE_ENDPOINT}\n"
    )
    assert found["osProfile"]["customData"] == inside(deploy())["osProfile"]["customData"]
    assert CLIENT not in decoded(found["osProfile"]["customData"])


@both
def test_a_secret_is_told_by_its_address_and_read_by_code(
    deploy: Callable[..., Deployment], inside: Inside
) -> None:
    link = {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB_PASSWORD": "db"}}}
    told = variables_in(decoded(inside(deploy(links={"main": link}))["userData"]))
    assert told["DB_PASSWORD_URI"] == f"{ENDPOINT}secrets/db"
    assert told["MAIN_ENDPOINT"] == ENDPOINT
    assert "DB_PASSWORD" not in told


@pytest.mark.parametrize(
    "value",
    ["plain", "two words", 'a "quoted" $one', "back\\slash", "#hash", "it's", "", "two\nlines=x", "ends\\"],
)
def test_a_line_of_the_file_is_read_as_it_was_meant(value: str) -> None:
    assert variables_in(lines({"NAME": value, "OTHER": "x"})) == {"NAME": value, "OTHER": "x"}
    said = ["sh", "-c", f'{lines({"NAME": value})}printf %s "$NAME"']
    assert subprocess.run(said, check=True, capture_output=True, text=True).stdout == value


def test_cloud_init_does_what_the_caller_says_after_the_file_is_written() -> None:
    given = "#cloud-config\nruncmd: [[systemctl, enable, --now, shop]]\nbootcmd: [[python3, -V]]\n"
    own = cloud_config(written(machine())["osProfile"]["customData"])
    assert [one[:2] for one in own.each_boot] == [["python3", "-c"]]
    both = cloud_config(written(machine(cloud_init=given))["osProfile"]["customData"])
    assert both.each_boot == [*own.each_boot, ["python3", "-V"]]
    assert both.commands == [["systemctl", "enable", "--now", "shop"]]
    script = decoded(written(machine(cloud_init="#!/bin/sh\necho hello\n"))["osProfile"]["customData"])
    kinds = [part.get_content_type() for part in message_from_string(script).walk()]
    assert kinds == ["multipart/mixed", "text/cloud-config", "text/x-shellscript"]


def test_the_key_of_a_machine_without_one_is_a_point_whose_other_half_nobody_has() -> None:
    kind, encoded, _ = public_key().split(" ")
    blob = base64.b64decode(encoded)
    point = hashlib.sha256(WORDS.encode()).digest()
    assert (kind, blob[-32:], len(blob)) == ("ssh-ed25519", point, 51)
    # RFC 8032, 5.1.3: there is an x for this y.
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    y = int.from_bytes(point, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    assert y < p
    assert pow(square, (p - 1) // 2, p) == 1


def test_people_sign_in_with_entra_and_the_identity_for_that_may_do_nothing() -> None:
    deployment = machine(login_users={"on-call": PEOPLE}, login_administrators={"owners": PEOPLE})
    assert written(deployment)["identity"]["type"] == "SystemAssigned, UserAssigned"
    extension = deployment.one("compute:VirtualMachineExtension")
    assert extension.inputs["publisher"] == "Microsoft.Azure.ActiveDirectory"
    assert extension.inputs["type"] == "AADSSHLoginForLinux"
    grants = deployment.all("authorization:RoleAssignment")
    assert {one.inputs["principalId"] for one in grants} == {PEOPLE}
    said = deployment.plain_outputs["access"]
    assert [one.partition(" may ")[0] for one in said] == [
        "Members of group on-call",
        "Members of group owners",
    ]
    assert [
        "(Virtual Machine User Login)" in said[0],
        "(Virtual Machine Administrator Login)" in said[1],
    ] == [True] * 2
    assert not machine().all("compute:VirtualMachineExtension")


def test_certificates_come_by_the_extension_that_asks_as_the_identity_of_the_machine() -> None:
    deployment = machine(certificates=CERTIFICATES)
    extension = deployment.one("compute:VirtualMachineExtension")
    settings = extension.inputs["settings"]
    assert settings["secretsManagementSettings"]["observedCertificates"] == [
        {
            "url": f"{ENDPOINT}secrets/shop",
            "certificateStoreLocation": "/var/lib/waagent/Microsoft.Azure.KeyVault.Store",
        }
    ]
    assert settings["authenticationSettings"]["msiClientId"] == CLIENT
    grant = deployment.one("authorization:RoleAssignment")
    assert grant.inputs["scope"] == VAULT
    assert grant.inputs["roleDefinitionId"].endswith("4633458b-17de-408a-b874-0445c86b69e6")
    assert deployment.waits_for(extension, grant)
    own = machine(certificates=CERTIFICATES, identity="system-assigned")
    settings = own.one("compute:VirtualMachineExtension").inputs["settings"]
    assert "msiClientId" not in settings["authenticationSettings"]
    profile = model(scale_set(certificates=CERTIFICATES))["extensionProfile"]["extensions"]
    assert [one["type"] for one in profile] == ["KeyVaultForLinux"]


@pytest.mark.parametrize(
    ("args", "type_", "ids"),
    [
        ({}, "UserAssigned", 1),
        ({"identity": "system-assigned"}, "SystemAssigned", 0),
        ({"identity": "none"}, "None", 0),
        ({"identity": "existing", "identity_id": IDENTITY}, "UserAssigned", 1),
        ({"further_identity_ids": {"audit": IDENTITY}}, "UserAssigned", 2),
        ({"identity": "system-assigned", "further_identity_ids": {"audit": IDENTITY}},
         "SystemAssigned, UserAssigned", 1),
        ({"identity": "none", "login_users": {"on-call": PEOPLE}}, "SystemAssigned", 0),
    ],
)  # fmt: skip
def test_a_machine_says_which_identities_it_has(args: dict[str, Any], type_: str, ids: int) -> None:
    found = written(machine(**args))["identity"]
    assert (found["type"], len(found.get("userAssignedIdentities") or {})) == (type_, ids)


def test_a_system_assigned_identity_is_let_in_once_the_machine_is_there() -> None:
    deployment = machine(identity="system-assigned", links={"reports": BLOBS})
    grant = deployment.one("authorization:RoleAssignment")
    assert grant.inputs["principalId"] == SYSTEM_PRINCIPAL
    assert deployment.plain_outputs["principal_id"] == SYSTEM_PRINCIPAL
    assert "AZURE_CLIENT_ID" not in decoded(written(deployment)["userData"])


def test_what_azure_refuses_to_change_replaces_the_machine_and_what_code_is_told_does_not() -> None:
    made = machine().one(VM)
    assert set(made.replace_on_changes) == {
        "osProfile.adminUsername",
        "osProfile.computerName",
        "osProfile.customData",
        "osProfile.linuxConfiguration.ssh",
        "securityProfile.securityType",
        "storageProfile.imageReference",
        "storageProfile.osDisk.managedDisk.diskEncryptionSet",
    }
    assert made.delete_before_replace is True


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"admin_password": "x"}, "admin_password"),
        ({"public_ip": True}, "public_ip"),
        ({"secrets": {"DB": "db"}}, "secrets"),
        ({"user_data": "x"}, "user_data"),
        ({"diagnostics_workspace_id": "x"}, "diagnostics_workspace_id"),
        ({"cloud_init": "apt-get install"}, "cloud_init"),
        ({"cloud_init": "#cloud-config\n" + "x" * 60_000}, "cloud_init"),
        ({"image": "ubuntu"}, "image"),
        ({"image": "/a/image", "automatic_patching": True}, "automatic_patching and image"),
        ({"size": "big"}, "size"),
        ({"admin_username": "root"}, "admin_username"),
        ({"ssh_public_key": "-----BEGIN OPENSSH PRIVATE KEY-----"}, "ssh_public_key"),
        ({"os_disk_size_gb": 5}, "os_disk_size_gb"),
        ({"zone": "4"}, "zone"),
        ({"subnet_id": SUBNET.rpartition("/subnets/")[0]}, "subnet_id"),
        ({"identity": "none", "links": {"reports": BLOBS}}, "identity and links[reports].blobs"),
        ({"identity": "none", "certificates": CERTIFICATES}, "identity and certificates"),
        ({"certificates": {**CERTIFICATES, "names": ["a b"]}}, "certificates.names[0]"),
    ],
)
def test_what_a_machine_cannot_have_is_refused_by_name(args: dict[str, Any], subject: str) -> None:
    assert [said[0] for said in problems(**args)] == [subject]


def test_a_private_key_is_refused_and_not_repeated() -> None:
    (problem,) = problems(ssh_public_key="-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk")
    assert "b3BlbnNzaC1rZXk" not in str(problem)


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"identity": "system-assigned"}, "identity"),
        ({"login_users": {"on-call": PEOPLE}}, "login_users"),
        ({"instances": 1_001}, "instances"),
        ({"zones": ["1", "1"]}, "zones[1]"),
        ({"upgrade_mode": "rolling"}, "upgrade_mode"),
    ],
)
def test_what_a_scale_set_cannot_have_is_refused_by_name(args: dict[str, Any], subject: str) -> None:
    assert [said[0] for said in problems_of_set(**args)] == [subject]


def test_a_deployer_joins_the_subnet_and_reads_the_disk_encryption_set_of_another_group() -> None:
    subnet = SUBNET.replace("rg-team", "rg-network")
    encryption = f"{GROUP.replace('rg-team', 'rg-keys')}/providers/Microsoft.Compute/diskEncryptionSets/des"
    contract = machine(subnet_id=subnet, disk_encryption_set_id=encryption).outputs["deployer_contract"]
    assert f"Network Contributor on {subnet} (joins the app to it)" in contract["roles"]
    assert f"Reader on {encryption} (has disks encrypted with its key)" in contract["roles"]
    assert "Microsoft.Compute" in contract["resource_providers"]


def test_extensions_come_one_at_a_time() -> None:
    deployment = machine(certificates=CERTIFICATES, login_users={"on-call": PEOPLE})
    login, vault = deployment.all("compute:VirtualMachineExtension")
    assert (login.inputs["type"], vault.inputs["type"]) == ("AADSSHLoginForLinux", "KeyVaultForLinux")
    assert deployment.waits_for(vault, login)


def test_a_grant_that_lands_late_does_not_fail_the_machine_that_reads_certificates() -> None:
    extension = machine(certificates=CERTIFICATES).one("compute:VirtualMachineExtension")
    assert extension.inputs["settings"]["secretsManagementSettings"]["requireInitialSync"] is False


def test_what_azure_refuses_to_change_replaces_a_scale_set_and_its_interfaces_go_with_instances() -> None:
    made = scale_set().one(SET)
    assert set(made.replace_on_changes) == {
        "virtualMachineProfile.osProfile.adminUsername",
        "virtualMachineProfile.securityProfile.securityType",
    }
    profile = made.inputs["virtualMachineProfile"]["networkProfile"]
    (interface,) = profile["networkInterfaceConfigurations"]
    assert interface["deleteOption"] == "Delete"


def test_a_variable_that_leads_code_to_another_place_for_tokens_is_refused() -> None:
    (problem,) = problems(links={"identity": BLOBS})
    assert "IDENTITY_ENDPOINT" in str(problem)


def test_certificates_without_a_name_are_none() -> None:
    assert problems(certificates={"id": VAULT, "endpoint": ENDPOINT, "names": []}) == [
        (
            "certificates.names",
            "none",
            "at least one certificate",
            "name the certificates, or take certificates out",
        )
    ]


@pytest.mark.parametrize("configurations", [None, []])
def test_an_interface_that_azure_answers_without_an_address_has_none(
    configurations: list[Any] | None,
) -> None:
    assert _address(configurations) is None


def test_the_size_of_a_disk_that_is_none_may_be_left_to_the_image() -> None:
    assert problems(os_disk_size_gb="large") == [
        (
            "os_disk_size_gb",
            "a text of 5 characters",
            "a whole number from 30 to 4095",
            "write 30; or leave os_disk_size_gb out for the image's",
        )
    ]
