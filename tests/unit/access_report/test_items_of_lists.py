"""What is in a list is weighed item by item: a container's image is told, and what it costs is not."""

from typing import Any

from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import State, reported, state

API = {"name": "api", "image": "shop.azurecr.io/api:1", "resources": {"cpu": 0.5}}
LOGS = {"name": "logs", "image": "shop.azurecr.io/logs:1"}


def app(*containers: Any, **inputs: Any) -> list[State]:
    given = {"containerAppName": "ca-shop", "template": {"containers": list(containers)}, **inputs}
    return [state("azure-native:app:ContainerApp", "shop", given, id="/ca")]


def told(one: Report) -> list[tuple[str, str | None, str | None, bool]]:
    return [(e.words, e.before, e.after, e.opens) for e in one.exposures]


def test_another_image_is_told_and_another_size_is_not() -> None:
    bigger, newer = {**API, "resources": {"cpu": 2}}, {**API, "image": "stranger.io/api:1"}
    after = reported(app(API), app(newer))
    image = ("image that it runs", "shop.azurecr.io/api:1", "stranger.io/api:1", True)
    assert (told(after), after.unweighed) == ([image], [])
    assert reasons(after, Condition.CHANGED_CODE) == [
        "container app shop: image that it runs is stranger.io/api:1 instead of shop.azurecr.io/api:1"
    ]
    quiet = reported(app(API), app(bigger))
    assert (told(quiet), quiet.unweighed) == ([], [])


def test_containers_are_told_apart_by_their_names_and_their_order_says_nothing() -> None:
    newer = {**LOGS, "image": "shop.azurecr.io/logs:2"}
    assert told(reported(app(API, LOGS), app(LOGS, API))) == []
    assert told(reported(app(API, LOGS), app(newer, API))) == [
        (
            "image that it runs",
            "api: shop.azurecr.io/api:1, logs: shop.azurecr.io/logs:1",
            "api: shop.azurecr.io/api:1, logs: shop.azurecr.io/logs:2",
            True,
        )
    ]


def test_a_container_that_comes_opens_and_one_that_goes_does_not() -> None:
    both = "api: shop.azurecr.io/api:1, logs: shop.azurecr.io/logs:1"
    assert told(reported(app(API), app(API, LOGS))) == [
        ("image that it runs", "shop.azurecr.io/api:1", both, True)
    ]
    assert told(reported(app(API, LOGS), app(API))) == [
        ("image that it runs", both, "shop.azurecr.io/api:1", False)
    ]


def test_a_command_is_told_without_a_word_of_it() -> None:
    after = reported(app(API), app({**API, "command": ["run", "--password", "planted"]}))
    assert told(after) == [("program that it runs", "none", "3 given", True)]


def test_a_property_of_an_item_that_no_row_names_is_not_weighed() -> None:
    assert reported(app(API), app({**API, "letsIn": "all"})).unweighed[0].properties == [
        "template.containers[].letsIn"
    ]


def test_containers_that_only_the_update_will_know_count_as_others_and_are_not_weighed() -> None:
    after = reported(app(API), app(template={"containers": UNKNOWN}))
    assert ("image that it runs", "shop.azurecr.io/api:1", "known only by the update", True) in told(after)
    assert after.unweighed[0].properties == ["template.containers"]
    one = reported(app(API), app({**API, "image": UNKNOWN}))
    assert told(one) == [("image that it runs", "shop.azurecr.io/api:1", "known only by the update", True)]


def test_a_public_address_of_a_machines_interface_is_told_by_its_own_words() -> None:
    def machine(configuration: Any) -> list[State]:
        interface = {"name": "nic", "ipConfigurations": [{"name": "internal", **configuration}]}
        given = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
        return [state("azure-native:compute:VirtualMachine", "vm", given, id="/vm")]

    public = machine({"publicIPAddressConfiguration": {"name": "public"}})
    assert told(reported(machine({}), public)) == [("public address", "none", "1 given", True)]


def test_what_a_machine_is_told_is_told_without_a_word_of_it() -> None:
    def machine(text: str) -> list[State]:
        given = {"userData": text, "osProfile": {"customData": text}}
        return [state("azure-native:compute:VirtualMachine", "vm", given, id="/vm")]

    assert told(reported(machine("cGxhbnRlZA=="), machine("b3RoZXI="))) == [
        ("what it does when it first boots", "given", "given", True),
        ("what its code is told", "given", "given", True),
    ]


def test_what_closes_an_item_opens_it_when_it_goes_and_what_goes_with_its_item_does_not() -> None:
    def machines(interfaces: Any) -> list[State]:
        given = {"virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": interfaces}}}
        return [state("azure-native:compute:VirtualMachineScaleSet", "vms", given, id="/vms")]

    def group(container: Any) -> list[State]:
        return [state("azure-native:containerinstance:ContainerGroup", "g", {"containers": [container]})]

    bare, other = {"name": "nic"}, {"name": "other"}
    closed = {**bare, "networkSecurityGroup": {"id": "/nsg"}}
    rules = ("rules for its traffic", "1 given", "none")
    assert told(reported(machines([closed]), machines([bare]))) == [(*rules, True)]
    assert told(reported(machines([closed, other]), machines([other]))) == [(*rules, False)]
    assert told(reported(machines([bare]), machines([bare, other]))) == []
    confined = {**API, "securityContext": {"runAsUser": 1000}}
    assert told(reported(group(confined), group(API))) == [
        ("what it may do on its machine", "1 given", "none", True)
    ]


def test_a_public_address_that_an_interface_loses_opens_nothing() -> None:
    def machine(**configuration: Any) -> list[State]:
        interface = {"name": "nic", "ipConfigurations": [{"name": "internal", **configuration}]}
        given = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
        return [state("azure-native:compute:VirtualMachine", "vm", given, id="/vm")]

    public = machine(publicIPAddressConfiguration={"name": "public"})
    assert told(reported(public, machine())) == [("public address", "1 given", "none", False)]
