"""What a vault's access policies and a role's actions say, as Azure's client gives them."""

import json
from types import SimpleNamespace as Given
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from audit.why import networks
from audit.why.network_facts import network_facts
from audit.why.permissions import Permissive
from audit.why.places import Place
from audit.why.question import Answer, Question, Step, together
from toolchain.paths import ROOT

PRINCIPAL = "0b1ec700-0000-4000-8000-00000000000a"
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"


class Known(Place):
    """A vault that Azure has answered."""

    def __init__(self, asked: Question, **properties: Any) -> None:
        self._asked = asked
        self._found = Given(properties=Given(**properties))


@pytest.mark.parametrize(
    ("words", "answer"), [(["Get"], "allowed"), (["list", "set"], "refused"), (["all"], "allowed")]
)
def test_a_policy_allows_what_its_words_stand_for(words: list[str], answer: str) -> None:
    policy = Given(object_id=PRINCIPAL.upper(), permissions=Given(secrets=words, keys=["get"]))
    asked = Question(PRINCIPAL, READ, f"{VAULT}/secrets/db")
    place = Known(asked, enable_rbac_authorization=False, access_policies=[policy])
    assert place.goes_by_policies
    assert [step.answer for step in place.by_policies()] == [Answer(answer)]


@pytest.mark.parametrize(
    ("action", "is_on_data"),
    [
        (READ, True),
        ("Microsoft.KeyVault/vaults/read", False),
        ("Microsoft.KeyVault/vaults/delete", False),
        ("Microsoft.KeyVault/vaults/keys/sign/action", True),
        ("Microsoft.Storage/storageAccounts/listKeys/action", False),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write", True),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/read", False),
        ("Microsoft.ServiceBus/namespaces/messages/send/action", True),
        ("Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery", True),
        ("Microsoft.Web/sites/restart/action", False),
        ("Microsoft.Authorization/roleAssignments/write", False),
    ],
)
def test_an_action_is_on_data_or_on_the_resource(action: str, is_on_data: bool) -> None:
    assert Question(PRINCIPAL, action, VAULT).is_on_data is is_on_data


@pytest.mark.parametrize(
    ("scope", "counts"),
    [
        ("/", True),
        ("/providers/Microsoft.Management/managementGroups/corp", True),
        ("/subscriptions/S", True),
        (VAULT.upper(), True),
        (f"{VAULT}2", False),
        (f"{VAULT}/secrets/db", True),
        (f"{VAULT}/secrets/db2", False),
    ],
)
def test_what_is_given_around_a_scope_counts_there_up_to_the_management_groups(
    scope: str, counts: bool
) -> None:
    assert Question(PRINCIPAL, READ, f"{VAULT}/secrets/db").is_in(scope) is counts


class Listed:
    """What Azure lists, whatever is asked."""

    def __init__(self, found: list[Any]) -> None:
        self._found = found

    def __call__(self, *_: Any, **__: Any) -> list[Any]:
        return self._found


class Denied(Permissive):
    """A scope of which Azure lists one deny assignment."""

    def __init__(self, asked: Question, **assignment: Any) -> None:
        listed = Given(deny_assignment_name="locked", permissions=[Given(data_actions=["*"])], **assignment)
        self._asked = asked
        self._client = Given(
            deny_assignments=Given(list_for_scope=Listed([listed])),
            role_assignments=Given(list_for_scope=Listed([])),
        )


@pytest.mark.parametrize(
    ("who", "but", "answers"),
    [
        (Given(id=PRINCIPAL.upper(), type="ServicePrincipal"), [], ["refused"]),
        (Given(id="00000000-0000-0000-0000-000000000000", type="SystemDefined"), [], ["refused"]),
        (Given(id="a-group", type="Group"), [], ["depends"]),
        (Given(id="a-group", type="Group"), [Given(id=PRINCIPAL, type="User")], []),
        (Given(id="another", type="User"), [], []),
    ],
)
def test_a_deny_assignment_of_a_group_leaves_it_open_as_nobody_sees_here_who_is_in_it(
    who: Any, but: list[Any], answers: list[str]
) -> None:
    found = Denied(Question(PRINCIPAL, READ, VAULT), principals=[who], exclude_principals=but)
    told = [step.answer.value for step in found.steps() if step.answer and step.subject == "deny assignment"]
    assert told == answers


def test_a_scope_lies_in_a_resource_a_group_and_a_subscription() -> None:
    asked = Question(PRINCIPAL, READ, f"{VAULT}/secrets/db")
    assert (asked.resource, asked.type, asked.name) == (VAULT, "microsoft.keyvault/vaults", "kv")
    assert list(asked.around()) == [
        f"{VAULT}/secrets/db",
        f"{VAULT}/secrets",
        VAULT,
        "/subscriptions/s/resourceGroups/g",
        "/subscriptions/s",
    ]
    assert asked.is_in("/subscriptions/S/resourcegroups/g")
    assert not asked.is_in("/subscriptions/s/resourceGroups/g2")
    assert not asked.is_in(f"{VAULT}/secrets/d")


@pytest.mark.parametrize(
    ("answers", "whole"),
    [
        (["allowed", None, "allowed"], "allowed"),
        (["allowed", "refused", "depends"], "refused"),
        (["allowed", "depends"], "depends"),
        ([None], "depends"),
    ],
)
def test_one_refusal_is_enough_and_what_is_not_seen_leaves_it_open(
    answers: list[str | None], whole: str
) -> None:
    steps = [Step("x", "y", Answer(one) if one else None) for one in answers]
    assert together(steps) is Answer(whole)


class Answering:
    """Resource Manager, with one server and its rules."""

    def __init__(self, *rules: tuple[str, str], public: str = "Enabled", **more: Any) -> None:
        self._rules = [{"properties": {"startIpAddress": one, "endIpAddress": last}} for one, last in rules]
        self._server = {"properties": {"publicNetworkAccess": public, **more}}
        self.following = "https://management.azure.com{}?api-version=1&%24skiptoken={}"
        """Where it says that the next page of a list is: one rule is a page."""

    def send_request(self, asked: Any) -> Given:
        url = urlsplit(str(asked.url))
        assert not url.netloc
        found: dict[str, Any] = self._server
        if url.path.lower().endswith("/firewallrules"):
            at = int(parse_qs(url.query).get("$skiptoken", ["0"])[0])
            found = {"value": self._rules[at : at + 1]}
            if at + 1 < len(self._rules):
                found["nextLink"] = self.following.format(url.path.upper(), at + 1)
        return Given(raise_for_status=lambda: None, json=lambda: found)


def answered_by(
    server: Answering, action: str, scope: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> Step:
    def client(*_: object, **__: object) -> Answering:
        return server

    monkeypatch.setattr(networks, "ResourceManagementClient", client)
    (step,) = networks.network(cast(Any, None), Question(PRINCIPAL, action, scope, address))
    return step


@pytest.mark.parametrize(
    ("server", "address", "words"),
    [
        (Answering(("192.0.2.1", "192.0.2.9")), "192.0.2.9", "192.0.2.9 is in 192.0.2.1-192.0.2.9"),
        (Answering(("192.0.2.1", "192.0.2.9")), "192.0.2.10", "no rule lets 192.0.2.10 in"),
        (Answering(), "192.0.2.9", "no rule lets 192.0.2.9 in"),
        (Answering(("0.0.0.0", "0.0.0.0")), "192.0.2.9", "no rule lets 192.0.2.9 in, unless it is a"),
        (Answering(("0.0.0.0", "0.0.0.1"), public="Disabled"), "192.0.2.9", "public access is disabled:"),
        (Answering(("192.0.2.1", "192.0.2.9")), "", "closed but for 1 ranges of addresses"),
    ],
)
def test_a_server_of_databases_says_who_may_log_in_and_refuses_nothing_of_resource_managers(
    server: Answering, address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql"
    step = answered_by(server, "Microsoft.Sql/servers/read", scope, address, monkeypatch)
    assert step.answer is None
    assert step.words.startswith(f"for whoever logs in: {words}")


SERVER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql"
MANY = [(f"192.0.2.{number}", f"192.0.2.{number}") for number in range(1, 8)]


def test_a_list_of_rules_is_read_to_its_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(address: str) -> str:
        return answered_by(Answering(*MANY), "Microsoft.Sql/servers/read", SERVER, address, monkeypatch).words

    assert asked("192.0.2.7") == "for whoever logs in: 192.0.2.7 is in 192.0.2.7-192.0.2.7"
    assert asked("192.0.2.8") == "for whoever logs in: no rule lets 192.0.2.8 in"
    assert asked("").startswith("for whoever logs in: closed but for 7 ranges")


@pytest.mark.parametrize(
    "following", ["https://management.azure.com/elsewhere?{}{}", "https://management.azure.com{}?page=same"]
)
def test_a_next_page_that_is_not_one_of_the_list_is_not_followed(
    following: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Answering(*MANY)
    server.following = following
    step = answered_by(server, "Microsoft.Sql/servers/read", SERVER, "192.0.2.7", monkeypatch)
    assert (step.answer, step.words) == (
        None,
        f"for whoever logs in: could not be read: the next page of {SERVER}/firewallRules is said to be "
        "somewhere else",
    )


EVERY_KIND = ["ServerConnection", "ClientConnection", "RESTAPI", "Trace"]


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ({"defaultAction": "Deny", "publicNetwork": {"allow": EVERY_KIND}}, Answer.ALLOWED),
        ({"defaultAction": "Deny", "publicNetwork": {"allow": EVERY_KIND[:3]}}, Answer.ALLOWED),
        ({"defaultAction": "Deny", "publicNetwork": {"allow": EVERY_KIND[:1]}}, Answer.DEPENDS),
        ({"defaultAction": "Deny"}, Answer.DEPENDS),
        ({"defaultAction": "Allow", "publicNetwork": {"deny": ["RESTAPI"]}}, Answer.DEPENDS),
        (None, Answer.ALLOWED),
    ],
)
def test_a_live_connection_whose_public_network_is_closed_to_a_kind_of_requests_depends(
    rules: Any, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = "Microsoft.SignalRService/SignalR/hub/send/action"
    scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.SignalRService/SignalR/live"
    service = Answering(networkACLs=rules)
    assert answered_by(service, action, scope, "192.0.2.9", monkeypatch).answer is answer


def test_what_a_network_security_perimeter_decides_depends(monkeypatch: pytest.MonkeyPatch) -> None:
    step = answered_by(Answering(public="SecuredByPerimeter"), READ, VAULT, "192.0.2.9", monkeypatch)
    assert (step.answer, step.words) == (Answer.DEPENDS, "a network security perimeter decides")


def test_a_change_of_a_resource_is_not_behind_its_firewall() -> None:
    asked = Question(PRINCIPAL, "Microsoft.KeyVault/vaults/delete", VAULT, "192.0.2.9")
    assert list(networks.network(cast(Any, None), asked)) == []


def test_every_type_whose_network_the_access_report_weighs_is_in_the_table() -> None:
    rows = (ROOT / "access_report" / "weighing" / "types").glob("*.json")
    weighed = {
        name for file in rows for name, one in json.loads(file.read_text()).items() if _has_ranges(one)
    }
    known = {"keyvault", "storage", "containerregistry", "cognitiveservices", "cosmosdb", "search"}
    assert {name.partition(":")[0] for name in weighed} - {"network", "web"} <= known | {
        "eventgrid", "servicebus", "eventhub",
    }  # fmt: skip
    assert len(network_facts()) == 15


def _has_ranges(one: dict[str, Any]) -> bool:
    return any(path.endswith("pRules") for path in one.get("weighed", {}))
