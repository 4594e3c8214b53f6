"""What evidence asks for: a grant goes, or becomes narrower, and never more than was seen."""

import pytest

from audit.suggest.changes import Declared, Put, Take
from audit.suggest.wishes import Kind, Stays, Wish
from components import BlobAccess, QueueAccess, Role, SecretAccess
from tests.unit.audit.suggest.stage import (
    ACCOUNT,
    BLOBS,
    QUEUE_MESSAGES,
    QUEUES,
    READ_BLOB,
    READ_SECRET,
    SIGN,
    VAULT,
    WRITE_BLOB,
    Given,
    assignment,
    grant,
    host,
    wished,
)

WEB = Declared("WebApp", "web", "keyless:index:WebApp")
REPORTS, ORDERS = (f"/blobservices/default/containers/{name}" for name in ("reports", "orders"))
SECRETS, WRITER = "Key Vault Secrets User", "Storage Blob Data Contributor"


def one_of(found: list[Wish | Stays]) -> Wish:
    (wish,) = found
    assert isinstance(wish, Wish)
    return wish


def why(found: list[Wish | Stays]) -> list[str]:
    assert [one for one in found if not isinstance(one, Stays)] == []
    return [one.why for one in found if isinstance(one, Stays)]


def test_a_link_that_was_never_used_goes() -> None:
    wish = one_of(wished(host("WebApp", "web", {"reports": Given(WRITER, f"{BLOBS}reports")})))
    assert (wish.kind, wish.changes, wish.days) == (Kind.GONE, [Take(WEB, ("links", "reports"))], 30)


def test_nothing_is_proposed_of_what_was_used_to_the_full() -> None:
    used = Given(WRITER, f"{BLOBS}reports", [(READ_BLOB, REPORTS), (WRITE_BLOB, REPORTS)])
    assert wished(host("WebApp", "web", {"reports": used})) == []


@pytest.mark.parametrize("days", [29.9, 3.0])
def test_a_log_that_was_on_for_too_short_a_time_proposes_nothing(days: float) -> None:
    grants = {
        "reports": Given(WRITER, f"{BLOBS}reports"),
        "orders": Given(WRITER, f"{BLOBS}orders", [(READ_BLOB, ORDERS)]),
    }
    found = wished(host("WebApp", "web", grants), days=days)
    assert why(found) == [f"seen for {int(days)} of 30 days"]


def test_a_grant_of_a_kind_without_a_log_stays() -> None:
    found = wished(host("WebApp", "web", {"group": Given("Monitoring Metrics Publisher", ACCOUNT)}))
    assert why(found) == ["Azure has no log of its use"]


def test_a_group_of_people_keeps_what_it_has_not_used_yet() -> None:
    found = wished(host("KeyVault", "shop", {"officers-team": Given(SECRETS, VAULT, kind="Group")}))
    assert why(found) == ["people are let in, for what may come"]


@pytest.mark.parametrize(
    ("role", "done", "member"),
    [
        (WRITER, READ_BLOB, BlobAccess.READ),
        ("Storage Queue Data Contributor", f"{QUEUE_MESSAGES}/process/action", QueueAccess.RECEIVE),
        ("Storage Queue Data Contributor", f"{QUEUE_MESSAGES}/read", QueueAccess.READ),
        # It may not see queues, which whoever reads may: neither is less than the other.
        ("Storage Queue Data Message Processor", f"{QUEUE_MESSAGES}/read", None),
        ("Storage Queue Data Contributor", f"{QUEUE_MESSAGES}/write", None),
        ("Storage Queue Data Message Sender", f"{QUEUE_MESSAGES}/add/action", None),
        (WRITER, "", None),
    ],
)
def test_the_least_verb_that_allows_what_was_done_takes_the_place_of_a_wider_one(
    role: str, done: str, member: BlobAccess | QueueAccess | None
) -> None:
    blobs = role == WRITER
    scope = f"{BLOBS}reports" if blobs else f"{QUEUES}reports"
    part = REPORTS if blobs else "/queueservices/default/queues/reports"
    found = wished(host("WebApp", "web", {"reports": Given(role, scope, [(done, part)])}))
    if member is None:
        assert found == []
        return
    target = "blobs" if blobs else "queues"
    wish = one_of(found)
    assert (wish.kind, wish.changes) == (
        Kind.NARROWER, [Put(WEB, ("links", "reports", target, "access"), member)],
    )  # fmt: skip


def test_the_one_container_that_was_used_takes_the_place_of_the_account() -> None:
    used = Given(WRITER, ACCOUNT, [(READ_BLOB, REPORTS)])
    wish = one_of(wished(host("WebApp", "web", {"reports": used})))
    assert wish.changes == [
        Put(WEB, ("links", "reports", "blobs", "access"), BlobAccess.READ),
        Put(WEB, ("links", "reports", "blobs", "container"), "reports"),
    ]
    assert wish.words == "read in place of write, the container reports in place of all"


@pytest.mark.parametrize("other", [ORDERS, ""])
def test_an_account_that_is_used_in_two_containers_or_listed_stays_whole(other: str) -> None:
    uses = [(WRITE_BLOB, REPORTS), (READ_BLOB, other)]
    assert wished(host("WebApp", "web", {"reports": Given(WRITER, ACCOUNT, uses)})) == []


SIGNS = "its host signs addresses, and what others do with them is not seen here"


@pytest.mark.parametrize("uses", [[(READ_BLOB, REPORTS)], []])
def test_what_a_host_signs_for_stays_though_it_does_not_use_it_itself(uses: list[tuple[str, str]]) -> None:
    grants = {
        "reports": Given(WRITER, f"{BLOBS}reports", uses),
        "signing": Given("Storage Blob Delegator", ACCOUNT, [(SIGN, "")]),
    }
    assert why(wished(host("WebApp", "web", grants))) == [SIGNS]


def test_an_account_that_is_signed_for_keeps_its_verb_though_it_only_reads_itself() -> None:
    uses = [(READ_BLOB, REPORTS), (SIGN, "")]
    assert why(wished(host("WebApp", "web", {"reports": Given(WRITER, ACCOUNT, uses)}))) == [SIGNS]


def test_who_could_sign_and_never_did_gets_the_verb_that_it_uses() -> None:
    grants = {
        "reports": Given(WRITER, f"{BLOBS}reports", [(READ_BLOB, REPORTS)]),
        "signing": Given("Storage Blob Delegator", ACCOUNT),
    }
    wish, shared = wished(host("WebApp", "web", grants))
    assert isinstance(wish, Wish)
    assert wish.changes == [Put(WEB, ("links", "reports", "blobs", "access"), BlobAccess.READ)]
    assert isinstance(shared, Stays)
    assert shared.why == "links that sign share it: write read for sign-read, write for sign-write"


SHORT = {"secrets": {"A": "alpha", "B": "Beta", "C": "gamma"}, "links": {}}
LINKED = {"secrets": {}, "links": {"main": {"A": "alpha", "B": "Beta", "C": "gamma"}}}


@pytest.mark.parametrize(("key", "inputs", "path"), [
    ("vault", SHORT, ()), ("main", LINKED, ("links", "main", "key_vault")),
])  # fmt: skip
def test_exactly_the_secrets_that_were_read_take_the_place_of_the_vault(
    key: str, inputs: dict[str, object], path: tuple[str, ...]
) -> None:
    uses = [(READ_SECRET, "/secrets/alpha"), (READ_SECRET, "/secrets/beta")]
    wish = one_of(wished(host("WebApp", "web", {key: Given(SECRETS, VAULT, uses)}, inputs)))
    assert (wish.kind, wish.changes) == (Kind.NARROWER, [
        Take(WEB, (*path, "secrets", "C")), Put(WEB, (*path, "secret_access"), SecretAccess.SECRET),
    ])  # fmt: skip


def test_a_vault_whose_secrets_are_listed_stays_whole() -> None:
    uses = [(READ_SECRET, "/secrets/alpha"), (READ_SECRET, "")]
    assert wished(host("WebApp", "web", {"vault": Given(SECRETS, VAULT, uses)}, SHORT)) == []


def test_a_vault_of_which_more_is_read_than_is_named_stays_whole_and_says_so() -> None:
    uses = [(READ_SECRET, "/secrets/alpha"), (READ_SECRET, "/secrets/other")]
    found = wished(host("WebApp", "web", {"vault": Given(SECRETS, VAULT, uses)}, SHORT))
    assert why(found) == ["it reads other besides, which its secrets do not name"]


@pytest.mark.parametrize(("begins", "inputs", "path"), [
    ("secret", SHORT, ("secrets",)), ("main", LINKED, ("links", "main", "key_vault", "secrets")),
])  # fmt: skip
def test_the_one_secret_of_three_that_was_never_read_goes_and_the_others_stay(
    begins: str, inputs: dict[str, object], path: tuple[str, ...]
) -> None:
    grants = {
        f"{begins}-{secret}": Given(SECRETS, f"{VAULT}/secrets/{secret}",
                                    [(READ_SECRET, f"/secrets/{secret}")] * (secret != "beta"))
        for secret in ("alpha", "beta", "gamma")
    }  # fmt: skip
    wish = one_of(wished(host("WebApp", "web", grants, inputs)))
    assert (wish.kind, wish.changes) == (Kind.GONE, [Take(WEB, (*path, "B"))])


def test_a_link_to_secrets_of_which_none_was_read_goes_whole() -> None:
    grants = {f"main-{secret}": Given(SECRETS, f"{VAULT}/secrets/{secret}") for secret in ("alpha", "beta")}
    inputs = {"secrets": {}, "links": {"main": {"A": "alpha", "B": "Beta"}}}
    wish = one_of(wished(host("WebApp", "web", grants, inputs)))
    assert (wish.changes, len(wish.of)) == ([Take(WEB, ("links", "main"))], 2)


def test_what_a_trigger_needs_besides_stays_with_the_link_and_goes_with_it() -> None:
    part = "/queueservices/default/queues/orders"
    receives = Given("Storage Queue Data Message Processor", f"{QUEUES}orders",
                     [(f"{QUEUE_MESSAGES}/process/action", part)])  # fmt: skip
    looks = Given("Storage Queue Data Reader", f"{QUEUES}orders")
    found = wished(host("FunctionApp", "worker", {"orders": receives, "orders-trigger": looks}))
    assert why(found) == ["the other grant of its link is used"]
    unused = Given(receives.role, receives.scope)
    wish = one_of(wished(host("FunctionApp", "worker", {"orders": unused, "orders-trigger": looks})))
    assert ([change.path for change in wish.changes], len(wish.of)) == ([("links", "orders")], 2)


def test_a_grant_that_is_declared_by_itself_goes_or_gets_a_lesser_role() -> None:
    gone = one_of(wished(grant("robot", Given(WRITER, ACCOUNT))))
    assert gone.changes == [Take(Declared("AccessGrant", "robot", "keyless:index:AccessGrant"), ())]
    own = one_of(wished([assignment("robot", Given(WRITER, ACCOUNT))]))
    assert [change.of.kind for change in own.changes] == ["RoleAssignment"]
    used = Given(WRITER, ACCOUNT, [(READ_BLOB, "")])
    narrower = one_of(wished(grant("robot", used)))
    assert [change.value for change in narrower.changes if isinstance(change, Put)] == [
        Role.STORAGE_BLOB_DATA_READER
    ]
