"""A closed storage account: who gets through to its blobs, by Microsoft's own client (I9)."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.entra.directory import Principal
from local_azure.origins import PERSON_ADDRESS
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.networks import ENDPOINTS, SITES
from tests.local_azure.storage_stage import CONTAINER, StorageStage, account_body, outcome, words_of
from tests.local_azure.vault_stage import GROUP, refused

DENY = {"defaultAction": "Deny", "bypass": "AzureServices"}


class Closed(StorageStage):
    """A network, a site in it that may write blobs, and a person who may, too."""

    def __init__(self, local: LocalAzure) -> None:
        super().__init__(local)
        self.network = networks.network(self.arm, self.group, service_endpoint="Microsoft.Storage")
        self.subnet = f"{self.network}/subnets/{SITES}"
        stage = Stage(local)
        site = stage.site(
            stage.name("app"),
            serverFarmId=stage.plan(),
            identity={"type": "SystemAssigned"},
            virtualNetworkSubnetId=self.subnet,
            outboundVnetRouting={"allTraffic": True},
        )
        principal = self.azure.entra.principal(site.identity.principal_id)
        assert principal
        self.app, self.colleague = principal, self.identity()

    def closed(self, public: str = "Enabled", **acls: Any) -> str:
        """An account with these rules, in which site and person may write; its name."""
        account = self.account(publicNetworkAccess=public, networkAcls={**DENY, **acls})
        self.storage.queue.create(GROUP, account, QUEUE, {})
        for who in (self.app, self.colleague):
            self.grant(self.account_id(account), "Storage Blob Data Contributor", who.object_id)
            self.grant(self.account_id(account), "Storage Queue Data Contributor", who.object_id)
        return account

    def connect(self, account: str, service: str) -> None:
        """A private endpoint of the account's service in the network, with its DNS zone."""
        target = self.account_id(account)
        endpoint = f"{self.group}/providers/Microsoft.Network/privateEndpoints/pep-{account}-{service}"
        subnet = f"{self.network}/subnets/{ENDPOINTS}"
        body = networks.private_endpoint_body(subnet, target, service)
        assert self.arm("PUT", endpoint, body).status in (200, 201)
        name = f"privatelink.{service}.core.windows.net"
        networks.zone_group(self.arm, endpoint, networks.zone(self.arm, self.group, self.network, name))

    def outcome(self, account: str, who: Principal) -> object:
        """What becomes of a blob that is written and read: what is in it, or how it is refused."""
        blob = self.as_(account, who).get_blob_client(CONTAINER, "report")
        try:
            blob.upload_blob(b"one", overwrite=True)
            return blob.download_blob().readall()
        except HttpResponseError as error:
            return words_of(error)

    def sent(self, account: str, who: Principal) -> object:
        """What becomes of a message that is put into a queue."""
        queue = self.queues(account, self.holder(who)).get_queue_client(QUEUE)
        return outcome(lambda: queue.send_message("one"))

    def asked(self, account: str, who: Principal) -> dict[str, object]:
        """What becomes of the smallest question to tables and to files."""
        tables = self.tables(account, self.holder(who)).get_table_client("Orders")
        share = self.files(account, self.holder(who)).get_share_client("exports")
        return {
            "table": outcome(lambda: list(tables.list_entities())),
            "file": outcome(lambda: list(share.list_directories_and_files())),
        }


REFUSED = (403, "AuthorizationFailure")
QUEUE = "orders"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Closed(local)


def test_i9_an_account_that_is_closed_answers_whom_its_rules_name_and_nobody_else(stage: Closed) -> None:
    nobody = stage.closed()
    assert [stage.outcome(nobody, who) for who in (stage.app, stage.colleague)] == [REFUSED, REFUSED]
    apps = stage.closed(virtualNetworkRules=[{"id": stage.subnet, "action": "Allow"}])
    assert [stage.outcome(apps, who) for who in (stage.app, stage.colleague)] == [b"one", REFUSED]
    people = stage.closed(ipRules=[{"value": PERSON_ADDRESS, "action": "Allow"}])
    assert [stage.outcome(people, who) for who in (stage.app, stage.colleague)] == [REFUSED, b"one"]


def test_i9_rules_open_nothing_where_there_is_no_public_address(stage: Closed) -> None:
    account = stage.closed("Disabled", ipRules=[{"value": PERSON_ADDRESS}])
    assert stage.outcome(account, stage.colleague) == REFUSED


def test_i9_a_private_endpoint_leads_to_the_service_that_it_is_for(stage: Closed) -> None:
    account = stage.closed("Disabled")
    stage.connect(account, "queue")
    assert stage.outcome(account, stage.app) == REFUSED
    assert [stage.sent(account, who) for who in (stage.app, stage.colleague)] == ["done", REFUSED]
    let_in = (403, "AuthorizationPermissionMismatch")  # past the network, without a role
    assert stage.asked(account, stage.app) == {"table": REFUSED, "file": REFUSED}
    for service, expected in (("file", (REFUSED, let_in)), ("table", (let_in, let_in))):
        stage.connect(account, service)
        assert tuple(stage.asked(account, stage.app).values()) == expected
    assert stage.asked(account, stage.colleague) == {"table": REFUSED, "file": REFUSED}
    stage.connect(account, "blob")
    assert [stage.outcome(account, who) for who in (stage.app, stage.colleague)] == [b"one", REFUSED]


def test_i9_a_closed_account_says_no_before_it_asks_who_calls(stage: Closed) -> None:
    account = stage.closed()
    with stage.http() as client:
        answer = client.get(f"https://{account}.blob.core.windows.net/{CONTAINER}/report")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthorizationFailure")


def test_i9_containers_are_made_in_a_closed_account_through_resource_manager(stage: Closed) -> None:
    """`closed` has made one; the account's own firewall is for its data."""
    assert [one.name for one in stage.storage.blob_containers.list(GROUP, stage.closed())] == [CONTAINER]


def _refused(stage: Closed, **acls: Any) -> tuple[int, str]:
    body = account_body(networkAcls={**DENY, **acls})
    with pytest.raises(HttpResponseError) as error:
        stage.storage.storage_accounts.begin_create(GROUP, "strefused", body).result()
    return refused(error)[:2]


@pytest.mark.parametrize(
    "value", ["203.0.113.8/31", "203.0.113.9/32", "10.0.0.0/8", "2001:db8::/32", "office"]
)
def test_i9_an_address_rule_of_an_account_takes_no_range_of_two(stage: Closed, value: str) -> None:
    assert _refused(stage, ipRules=[{"value": value}]) == (400, "InvalidValuesForRequestParameters")


def test_i9_a_rule_of_an_account_for_a_subnet_needs_the_service_endpoint(stage: Closed) -> None:
    other = f"{stage.network}/subnets/{ENDPOINTS}"
    expected = (400, "SubnetsHaveNoServiceEndpointsConfigured")
    assert _refused(stage, virtualNetworkRules=[{"id": other}]) == expected
