"""What a hook says of an argument that was taken out, and of what it says nothing."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pytest

from components import WebApp
from components.errors import ConfigurationError
from components.hosts.app_service.site_changes import kept_of
from components.taken_out import refuse_taken_out
from tests.unit.components import answering_azure as azure
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.target_arguments import GROUP
from tests.unit.components.two_runs import updated


def _hook(old: Mapping[str, Any], new: Mapping[str, Any]) -> pulumi.ResourceHookArgs:
    return pulumi.ResourceHookArgs("", "", "", "azure-native:web:WebApp", new_inputs=new, old_inputs=old)


def test_the_refusal_says_what_was_taken_out_and_what_takes_it_back() -> None:
    check = refuse_taken_out("WebApp 'web'", kept_of("B1"))
    old = {"siteConfig": {"healthCheckPath": "/health", "alwaysOn": True}}
    with pytest.raises(ConfigurationError) as refused:
        check(_hook(old, {"siteConfig": {"alwaysOn": True}}))
    assert str(refused.value).splitlines() == [
        "WebApp 'web' has one problem:",
        "  1. health_check_path",
        "     given     nothing, where an earlier run, an import or somebody by hand gave something",
        "     expected  a value that keeps it or takes it back: Azure keeps what a write leaves out",
        "     next      to take it back, give health_check_path an empty text for one run; after that it can "
        "be left out",
        "     or        to keep what is there, say it in health_check_path",
    ]


def test_what_no_value_takes_back_is_said_from_then_on() -> None:
    def scale(**triggers: Any) -> dict[str, Any]:
        return {"functionAppConfig": {"scaleAndConcurrency": {"instanceMemoryMB": 512, **triggers}}}

    check, said = (
        refuse_taken_out("FunctionApp 'jobs'", kept_of("FC1")),
        scale(triggers={"http": {"perInstanceConcurrency": 8}}),
    )
    with pytest.raises(ConfigurationError) as refused:
        check(_hook(said, scale()))
    page = "https://learn.microsoft.com/azure/azure-functions/functions-concurrency#http-trigger-concurrency"
    assert str(refused.value).splitlines() == [
        "FunctionApp 'jobs' has one problem:",
        "  1. http_concurrency",
        "     given     nothing, where an earlier run, an import or somebody by hand gave something",
        "     expected  a value: Azure keeps what a write leaves out, and none of its values says that it is "
        "left out",
        "     next      to keep what is there, say it in http_concurrency",
        "     or        to have what Azure takes by itself, say that in http_concurrency: "
        f"{page} has it by memory and language",
    ]
    check(_hook(said, scale(triggers={"http": {"perInstanceConcurrency": 4}})))
    check(_hook(scale(triggers=None), scale()))  # what Azure answers where nobody said anything


@pytest.mark.parametrize("new", ["", "/alive", pulumi.output.Unknown()])
def test_what_is_still_said_is_not_refused_known_or_not(new: object) -> None:
    check = refuse_taken_out("WebApp 'web'", kept_of("B1"))
    check(_hook({"siteConfig": {"healthCheckPath": "/health"}}, {"siteConfig": {"healthCheckPath": new}}))


ANSWERED: Final[Mapping[str, Any]] = {
    "endToEndEncryptionEnabled": False,
    "siteConfig": {
        "acrUseManagedIdentityCreds": False,
        "appCommandLine": "",
        "ipSecurityRestrictions": [
            {"action": "Allow", "ipAddress": "Any", "name": "Allow all", "priority": 2147483647}
        ],
        "minTlsCipherSuite": "TLS_RSA_WITH_AES_128_CBC_SHA",
    },
}
"""What Azure answers of a site about which nobody said anything: the old inputs after `pulumi import`."""


def test_an_imported_site_that_nobody_gave_anything_is_not_refused() -> None:
    refuse_taken_out("WebApp 'web'", kept_of(None))(_hook(ANSWERED, {"siteConfig": {}}))


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "Allow", "ipAddress": "203.0.113.0/24", "name": "office"},
        {"action": "Deny", "ipAddress": "Any", "name": "Deny all"},
        {"action": "Allow", "vnetSubnetResourceId": azure.SUBNET, "name": "apps"},
    ],
)
def test_a_rule_that_lets_in_less_than_everybody_is_not_lost_without_a_word(rule: dict[str, Any]) -> None:
    everybody = ANSWERED["siteConfig"]["ipSecurityRestrictions"]
    old = {"siteConfig": {"ipSecurityRestrictions": [rule, *everybody]}}
    with pytest.raises(ConfigurationError, match="allowed_ip_ranges"):
        refuse_taken_out("WebApp 'web'", kept_of(None))(_hook(old, {"siteConfig": {}}))


def test_a_command_is_taken_back_on_windows_too_where_none_can_be_given() -> None:
    windows = {**GROUP, "os": "windows", "runtime": "node-22", "startup_command": ""}
    config = deploy_component(WebApp, windows, "up").one("web:WebApp").inputs["siteConfig"]
    assert config["appCommandLine"] == ""
    with pytest.raises(ConfigurationError, match="os and startup_command"):
        deploy_component(WebApp, {**windows, "startup_command": "node app.js"}, "up")


@pytest.mark.parametrize("argument", ["container_registry_id", "subnet_id"])
def test_an_empty_id_that_is_known_later_is_refused_as_a_grant_on_it_would_be_on_everything(
    argument: str,
) -> None:
    args = {**GROUP, "container_image": "team.azurecr.io/shop:1", argument: Later("")}
    with pytest.raises(ConfigurationError, match=argument):
        deploy_component(WebApp, args, "up")


def test_a_version_of_java_beside_another_language_is_refused() -> None:
    windows = {**GROUP, "os": "windows"}
    before = deploy_component(WebApp, {**windows, "runtime": "java-17"}, "up")
    after = deploy_component(WebApp, {**windows, "runtime": "node-22"}, "up")
    (problem,) = [problem for pair in updated(before, after) for problem in pair.problems]
    assert problem.subject == "runtime"
    (step,) = problem.steps
    assert step.command.endswith("""--generic-configurations '{"javaVersion": ""}'""")
