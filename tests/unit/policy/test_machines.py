"""Rules on virtual machines and scale sets."""

from typing import Any

import pytest

from policy.rules.machines import RULES
from tests.unit.components.machines import machine as our_machine
from tests.unit.components.machines import scale_set as our_scale_set
from tests.unit.policy.judged import UNKNOWN, Given, findings, judge
from tests.unit.policy.test_our_components import given

PASSWORD, ADDRESS = "machine-no-password", "machine-no-public-address"
ENCRYPTED, SIGNED = "machine-encrypted-at-host", "machine-trusted-launch"
TAKES = "takes a password: disablePasswordAuthentication is not true."
IN_CLEAR = "are not encrypted on its host: encryptionAtHost is not true."
UNSIGNED = "boots what nobody signed"
UEFI = {"secureBootEnabled": True, "vTpmEnabled": True}


def linux(off: Any) -> dict[str, Any]:
    return {"osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": off}}}


def security(**given: Any) -> dict[str, Any]:
    return {"securityProfile": given}


def machine(inputs: dict[str, Any]) -> Given:
    return Given("compute:VirtualMachine", "vm", inputs)


def scale_set(inputs: dict[str, Any]) -> Given:
    return Given("compute:VirtualMachineScaleSet", "set", {"virtualMachineProfile": inputs})


def interface(address: Any) -> Given:
    return Given("network:NetworkInterface", "nic", {"ipConfigurations": [{}, {"publicIPAddress": address}]})


def made_with(address: Any) -> dict[str, Any]:
    """A machine, or the model of instances, that makes its network interfaces itself."""
    one = {"ipConfigurations": [{"publicIPAddressConfiguration": address}]}
    return {"networkProfile": {"networkInterfaceConfigurations": [one]}}


PUBLIC = {"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip"}


@pytest.mark.parametrize(
    ("rule", "wrong", "says"),
    [
        (PASSWORD, machine(linux(False)), f"virtual machine vm {TAKES}"),
        (PASSWORD, machine({"osProfile": {"adminUsername": "a"}}), f"virtual machine vm {TAKES}"),
        (PASSWORD, scale_set(linux(None)), f"scale set set {TAKES}"),
        (ADDRESS, interface(PUBLIC), "network interface nic has a public address."),
        (ADDRESS, interface({"id": UNKNOWN}), "network interface nic has a public address."),
        (ADDRESS, machine(made_with({"name": "p"})), "virtual machine vm has a public address."),
        (ADDRESS, scale_set(made_with({"name": "p"})), "scale set set has a public address."),
        (ENCRYPTED, machine({}), f"disks of virtual machine vm {IN_CLEAR}"),
        (ENCRYPTED, machine(security(encryptionAtHost=False)), f"disks of virtual machine vm {IN_CLEAR}"),
        (ENCRYPTED, scale_set({}), f"disks of scale set set {IN_CLEAR}"),
        (SIGNED, machine({}), f"virtual machine vm {UNSIGNED}: securityType is not TrustedLaunch."),
        (
            SIGNED,
            scale_set(security(securityType="Standard", uefiSettings=UEFI)),
            f"scale set set {UNSIGNED}: securityType is not TrustedLaunch.",
        ),
        (
            SIGNED,
            machine(security(securityType="TrustedLaunch", uefiSettings={**UEFI, "vTpmEnabled": False})),
            f"virtual machine vm {UNSIGNED}: vTpmEnabled is not true.",
        ),
        (
            SIGNED,
            machine(security(securityType="TrustedLaunch", uefiSettings={"vTpmEnabled": True})),
            f"virtual machine vm {UNSIGNED}: secureBootEnabled is not true.",
        ),
    ],
)
def test_a_machine_that_is_open_or_boots_anything_is_refused(rule: str, wrong: Given, says: str) -> None:
    assert findings(rule, wrong) == [says]


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        (PASSWORD, machine(linux(True))),
        (PASSWORD, scale_set(linux(True))),
        (PASSWORD, machine(linux(UNKNOWN))),
        (PASSWORD, machine({"osProfile": UNKNOWN})),
        # A disk that was set up before, and three ways to say that it is Windows, which has a password.
        (PASSWORD, machine({})),
        (PASSWORD, machine({"osProfile": {"windowsConfiguration": {}}})),
        (PASSWORD, machine({"osProfile": {}, "storageProfile": {"osDisk": {"osType": "Windows"}}})),
        (
            PASSWORD,
            scale_set(
                {
                    "osProfile": {"adminUsername": "a"},
                    "storageProfile": {"imageReference": {"publisher": "MicrosoftWindowsServer"}},
                }
            ),
        ),
        (ADDRESS, interface(None)),
        (ADDRESS, interface(UNKNOWN)),
        (ADDRESS, machine(made_with(None))),
        (ADDRESS, scale_set({"networkProfile": UNKNOWN})),
        (ENCRYPTED, machine(security(encryptionAtHost=True))),
        (ENCRYPTED, scale_set(security(encryptionAtHost=UNKNOWN))),
        (SIGNED, machine(security(securityType="TrustedLaunch", uefiSettings=UEFI))),
        (SIGNED, scale_set(security(securityType="ConfidentialVM", uefiSettings=UEFI))),
        (SIGNED, machine(security(securityType=UNKNOWN))),
        (SIGNED, machine(security(securityType="TrustedLaunch", uefiSettings=UNKNOWN))),
    ],
)
def test_a_machine_that_nobody_gets_into_from_afar_passes(rule: str, right: Given) -> None:
    assert judge(rule, right) == []


@pytest.mark.parametrize("deploy", [our_machine, our_scale_set])
def test_a_machine_of_ours_passes_them_all(deploy: Any) -> None:
    resources = given(deploy("first preview"))
    assert [judge(rule.id, *resources) for rule in RULES] == [[]] * 4


@pytest.mark.parametrize("deploy", [our_machine, our_scale_set])
def test_a_password_in_what_a_machine_does_first_is_found_in_its_base64(deploy: Any) -> None:
    rule, planted = "setting-no-secret-in-clear", "planted" + "-value"
    told = f"#cloud-config\nwrite_files:\n- path: /etc/db\n  content: 'DB_PASSWORD={planted}'\n"
    (message,) = findings(rule, *given(deploy(cloud_init=told)))
    assert message.startswith("property customData of shop looks like a secret in clear")
    assert planted not in message
    assert judge(rule, *given(deploy(cloud_init=told.replace("DB_PASSWORD", "DB_HOST")))) == []
