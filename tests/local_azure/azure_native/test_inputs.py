"""What is left out is filled in before anything is compared: names, locations, what is required."""

import re

from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.wire import UNKNOWN, decode, encode
from tests.local_azure.azure_native.resources import (
    GROUP,
    IN_GROUP,
    SITE,
    VAULT,
)
from tests.local_azure.plugin_client import Plugin
from tests.local_azure.recorded_azure import RecordedAzure


def test_a_missing_name_is_drawn_once_and_kept(plugin: Plugin) -> None:
    first, _ = plugin.check(GROUP, {"location": "westeurope"})
    assert re.fullmatch(r"it[0-9a-f]{8}", first["resourceGroupName"])
    assert first["azureApiVersion"] == "2024-03-01"
    again, _ = plugin.check(GROUP, {"location": "westeurope"}, olds=first)
    assert again == first


def test_a_missing_location_is_the_resource_group_s(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[IN_GROUP.lower()] = {"location": "northeurope"}
    news = {"resourceGroupName": "rg", "name": "app"}
    for _ in range(2):
        inputs, failures = plugin.check(SITE, news)
        assert (inputs["location"], failures) == ("northeurope", [])
    assert azure.requests == [f"GET {IN_GROUP}?api-version=2024-03-01"]
    inputs, _ = plugin.check(SITE, {**news, "resourceGroupName": UNKNOWN})
    assert inputs["location"] is UNKNOWN


def test_what_is_required_and_missing_is_named(plugin: Plugin) -> None:
    _, failures = plugin.check(VAULT, {"resourceGroupName": "gone"})
    assert failures == ["missing required property 'location'", "missing required property 'properties'"]


def test_a_stack_s_own_naming_scheme_is_followed(plugin: Plugin) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    for mode in (options.PROPOSE, options.ENFORCE):
        request = provider_pb2.CheckRequest(
            urn=GROUP,
            news=encode({"location": "westeurope"}),
            autonaming=options(proposed_name="as-proposed", mode=mode),
        )
        assert decode(plugin.stub.Check(request).inputs)["resourceGroupName"] == "as-proposed"
    request = provider_pb2.CheckRequest(
        urn=GROUP, news=encode({"location": "westeurope"}), autonaming=options(mode=options.DISABLE)
    )
    reasons = [failure.reason for failure in plugin.stub.Check(request).failures]
    assert reasons == ["missing required property 'resourceGroupName'"]
