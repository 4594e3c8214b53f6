"""What a write of a site leaves out, or says null of, stays as it was (A27)."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.app_service_stage import GROUP, Json, Stage
from tests.local_azure.arm import Arm

RULES = [{"name": "office", "ipAddress": "203.0.113.0/24", "action": "Allow", "priority": 100}]
WRITTEN: Json = {
    "httpsOnly": True,
    "keyVaultReferenceIdentity": "SystemAssigned",
    "outboundVnetRouting": {"allTraffic": True},
    "publicNetworkAccess": "Disabled",
    "siteConfig": {
        "alwaysOn": True,
        "appCommandLine": "python app.py",
        "healthCheckPath": "/healthz",
        "ipSecurityRestrictions": RULES,
    },
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


@pytest.fixture(scope="module")
def subnet(stage: Stage) -> str:
    group = f"/subscriptions/{stage.subscription}/resourceGroups/{GROUP}"
    return f"{networks.network(Arm(stage.local.azure), group)}/subnets/{networks.SITES}"


class Site:
    """A site whose every property was written once."""

    def __init__(self, stage: Stage, subnet: str, slot: str | None) -> None:
        self._stage = stage
        name, self._plan = stage.name("app"), stage.plan("S1")
        self._path = stage.id("Microsoft.Web/sites", name)
        if slot:
            self._put({})
            self._path += f"/slots/{slot}"
        self._put({**WRITTEN, "virtualNetworkSubnetId": subnet})

    def _put(self, properties: Json) -> None:
        body = {"location": "westeurope", "properties": {"serverFarmId": self._plan, **properties}}
        self._stage.arm("PUT", self._path, body)

    def put(self, **properties: Any) -> None:
        self._put(properties)

    def patch(self, **properties: Any) -> None:
        self._stage.arm("PATCH", self._path, {"properties": properties})

    def shown(self) -> Json:
        """The properties that a GET answers, those of its configuration among them."""
        found = self._stage.arm("GET", self._path)["properties"]
        config = self._stage.arm("GET", f"{self._path}/config/web")["properties"]
        kept = {**WRITTEN, "virtualNetworkSubnetId": None}
        return {key: found.get(key) for key in kept if key != "siteConfig"} | {
            key: config.get(key) for key in WRITTEN["siteConfig"]
        }


@pytest.fixture(params=[None, "staging"], ids=["site", "slot"])
def site(stage: Stage, subnet: str, request: pytest.FixtureRequest) -> Site:
    return Site(stage, subnet, request.param)


def test_a27_what_a_write_leaves_out_stays(site: Site, subnet: str) -> None:
    before = site.shown()
    assert before["virtualNetworkSubnetId"] == subnet
    assert (before["healthCheckPath"], before["ipSecurityRestrictions"]) == ("/healthz", RULES)
    site.put()
    assert site.shown() == before
    site.put(siteConfig={}, outboundVnetRouting={})
    assert site.shown() == before


def test_a27_null_changes_nothing_whether_it_is_put_or_patched(site: Site) -> None:
    before = site.shown()
    nothing: Json = dict.fromkeys((*WRITTEN, "virtualNetworkSubnetId"))
    nothing["siteConfig"] = dict.fromkeys(WRITTEN["siteConfig"])
    nothing["outboundVnetRouting"] = {"allTraffic": None}
    for write in (site.put, site.patch):
        write(**nothing)
        assert site.shown() == before


def test_a27_what_a_write_says_changes_and_the_rest_of_an_object_stays(site: Site) -> None:
    before = site.shown()
    site.put(outboundVnetRouting={"imagePullTraffic": True}, siteConfig={"healthCheckPath": "/alive"})
    routing = {"allTraffic": True, "imagePullTraffic": True}
    assert site.shown() == {**before, "outboundVnetRouting": routing, "healthCheckPath": "/alive"}


def test_a27_an_empty_text_and_an_empty_list_clear(site: Site) -> None:
    before = site.shown()
    site.put(
        virtualNetworkSubnetId="",
        keyVaultReferenceIdentity="",
        siteConfig={"healthCheckPath": "", "appCommandLine": "", "ipSecurityRestrictions": []},
    )
    cleared = {"virtualNetworkSubnetId": "", "keyVaultReferenceIdentity": "", "healthCheckPath": ""}
    assert site.shown() == {**before, **cleared, "appCommandLine": "", "ipSecurityRestrictions": []}
