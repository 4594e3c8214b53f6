"""What is opened or closed, weakened, switched, replaced or deleted; and what can fail a pipeline."""

from typing import Any

import pytest

from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.weighing import weighings
from tests.unit.access_report.previews import (
    APP,
    IDENTITY_ID,
    SITE_CONFIG,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    state,
    vault,
)

ALLOWED = state("azure-native:web:WebAppScmAllowed", "app", {"allow": False})


def _lines(told: Report) -> list[tuple[str, str | None, str | None, bool]]:
    return [(e.words, e.before, e.after, e.opens) for e in told.exposures]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            vault(publicNetworkAccess="Disabled"),
            vault(publicNetworkAccess="Enabled"),
            ("public network access", "Disabled", "Enabled", True),
        ),
        (
            vault(publicNetworkAccess="Enabled"),
            vault(publicNetworkAccess="Disabled"),
            ("public network access", "Enabled", "Disabled", False),
        ),
        (
            vault(networkAcls={"defaultAction": "Deny"}),
            vault(networkAcls={"defaultAction": "Allow"}),
            ("rule for every network", "Deny", "Allow", True),
        ),
        (
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}),
            vault(
                networkAcls={
                    "defaultAction": "Deny",
                    "ipRules": [{"value": "203.0.113.0/24"}, {"value": "198.51.100.7"}],
                }
            ),
            ("addresses let in", "203.0.113.0/24", "198.51.100.7, 203.0.113.0/24", True),
        ),
        (
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.0.0/16"}]}),
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}),
            ("addresses let in", "203.0.0.0/16", "203.0.113.0/24", False),
        ),
        (
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}),
            vault(networkAcls={"defaultAction": "Deny", "ipRules": []}),
            ("addresses let in", "203.0.113.0/24", "none", False),
        ),
        (
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}),
            vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "198.51.100.0/24"}]}),
            ("addresses let in", "203.0.113.0/24", "198.51.100.0/24", True),
        ),
        (vault(), vault(enableRbacAuthorization=False), ("access by roles only", "on", "off", True)),
        (vault(), vault(enablePurgeProtection=None), ("purge protection", "on", "off", True)),
        (
            vault(softDeleteRetentionInDays=90),
            vault(softDeleteRetentionInDays=7),
            ("retention in days", "90", "7", True),
        ),
        (site(), site(httpsOnly=False), ("HTTPS only", "on", "off", True)),
        (
            site(),
            site(siteConfig={**SITE_CONFIG, "minTlsVersion": "1.0"}),
            ("lowest TLS version", "1.2", "1.0", True),
        ),
        (
            site(),
            site(siteConfig={**SITE_CONFIG, "minTlsVersion": "1.3"}),
            ("lowest TLS version", "1.2", "1.3", False),
        ),
        (
            site(),
            site(siteConfig={**SITE_CONFIG, "ftpsState": "AllAllowed"}),
            ("FTP", "Disabled", "AllAllowed", True),
        ),
        (
            ALLOWED,
            {**ALLOWED, "inputs": {"allow": True}},
            ("user name and password for deployment", "off", "on", True),
        ),
    ],
)
def test_a_changed_setting_is_told_with_both_values(
    before: State, after: State, line: tuple[str, str, str, bool]
) -> None:
    assert _lines(reported([before], [after])) == [line]


def test_taking_the_hardening_away_leaves_azures_own_default_which_is_told() -> None:
    told = reported([ALLOWED], [{**ALLOWED, "inputs": {"kind": "app"}}])
    assert _lines(told) == [("user name and password for deployment", "off", "on", True)]


LATER = "known only by the update"


def test_what_stays_and_what_has_no_effect_is_not_told() -> None:
    assert _lines(reported([vault()], [vault()])) == []
    everybody = vault(networkAcls={"defaultAction": "Allow", "ipRules": [{"value": "203.0.113.0/24"}]})
    assert _lines(reported([everybody], [vault(networkAcls={"defaultAction": "Allow", "ipRules": []})])) == []


@pytest.mark.parametrize("rules", [UNKNOWN, [{"value": UNKNOWN}]])
def test_what_only_the_update_will_know_counts_as_opened(rules: Any) -> None:
    known = vault(networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]})
    later = vault(networkAcls={"defaultAction": "Deny", "ipRules": rules})
    assert _lines(reported([known], [later])) == [("addresses let in", "203.0.113.0/24", LATER, True)]
    assert _lines(reported([vault()], [vault(publicNetworkAccess=UNKNOWN)])) == [
        ("public network access", "Enabled", LATER, True)
    ]


def test_a_switch_that_is_kept_secret_and_changes_counts_as_opened() -> None:
    secret = vault(publicNetworkAccess="[secret]")
    changed = {"op": "update", "diffReasons": ["properties.publicNetworkAccess"]}
    told = ("public network access", "kept secret", "kept secret", True)
    assert _lines(reported([secret], [secret], vault=changed)) == [told]
    assert _lines(reported([secret], [secret], vault={"op": "update", "diffReasons": ["tags"]})) == []


def test_a_new_resource_is_told_where_it_is_open_only() -> None:
    closed = vault(publicNetworkAccess="Disabled", networkAcls={"defaultAction": "Deny"})
    assert _lines(reported([], [closed])) == []
    assert ("public network access", None, "Enabled", True) in _lines(reported([], [vault()]))


def test_everything_watched_has_words_of_its_own_in_its_type() -> None:
    for type_, weighing in weighings().items():
        words = [row.what for row in weighing.weighed]
        assert sorted(words) == sorted(set(words)), type_


def test_replaced_and_deleted_vaults_and_identities_are_flagged() -> None:
    told = reported(
        [vault(), identity()], [vault()], vault={"op": "replace", "replaceReasons": ["vaultName"]}
    )
    assert [(e.kind, e.name, e.text) for e in told.events] == [
        ("identity", "app", "is deleted"),
        (
            "key vault",
            "vault",
            "is replaced because of vaultName; its secrets stay behind in the deleted one",
        ),
    ]


def test_an_identity_that_is_switched_is_said_in_words() -> None:
    told = reported([site()], [site(identity={"type": "SystemAssigned"})])
    words = "runs as its system-assigned identity instead of a user-assigned identity"
    interrupted = f"{words}; access interrupted until Azure honours its grants"
    assert [(e.name, e.text) for e in told.events] == [("app", interrupted)]
    both = reported([site()], [site(identity={"type": "SystemAssigned, UserAssigned"})])
    words = "runs as its system-assigned and a user-assigned identity instead of a user-assigned identity"
    assert [e.text for e in both.events] == [words]
    off = reported([site()], [site(identity={"type": "None"})])
    assert [(e.text, e.takes_away) for e in off.events] == [
        ("runs as nobody instead of a user-assigned identity", True)
    ]


def test_a_lock_and_the_engines_protection_are_missed_when_they_go() -> None:
    lock = state("azure-native:authorization:ManagementLockByScope", "keep", {"level": "CanNotDelete"})
    kept = {**vault(), "protect": True}
    told = reported([kept, lock], [vault()])
    assert [(e.name, e.words) for e in told.events] == [
        ("keep", "a lock is taken away"),
        ("vault", "the engine's protection is taken away"),
    ]


ONE = settings({"DB": reference("db-password")})


@pytest.mark.parametrize(
    ("condition", "before", "after", "why"),
    [
        (
            Condition.WIDER_ACCESS,
            APP,
            [*APP, grant()],
            "identity app gets Key Vault Secrets User on key vault vault (added)",
        ),
        (
            Condition.PUBLIC_EXPOSURE,
            [site()],
            [site(httpsOnly=False)],
            "app app: HTTPS only is off instead of on",
        ),
        (
            Condition.PUBLIC_EXPOSURE,
            [*APP, grant(), ONE],
            [*APP, grant(), settings({"DB": "x"})],
            "app: setting DB is a value in clear, no reference",
        ),
        (
            Condition.REMOVED_PROTECTION,
            [vault()],
            [vault(enablePurgeProtection=None)],
            "key vault vault: purge protection is off instead of on",
        ),
        (
            Condition.REMOVED_PROTECTION,
            [vault()],
            [],
            "key vault vault is deleted; its secrets go with it",
        ),
        (
            Condition.REFERENCE_WITHOUT_GRANT,
            [*APP, grant(), ONE],
            [*APP, ONE],
            "app: nobody may read db-password in vault for DB",
        ),
    ],
)
def test_each_condition_says_why_it_holds(
    condition: Condition, before: list[State], after: list[State], why: str
) -> None:
    assert reasons(reported(before, after), condition) == [why]
    for other in Condition:
        assert reasons(reported(after, after), other) == [] or (
            other is condition is Condition.REFERENCE_WITHOUT_GRANT
        )


def test_giving_up_an_identity_for_another_takes_nothing_away() -> None:
    told = reported([site()], [site(identity={"type": "SystemAssigned"})])
    assert reasons(told, Condition.REMOVED_PROTECTION) == []
    assert IDENTITY_ID


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("Disabled", "Enabled", ("Disabled", "Enabled", True)),
        ("Disabled", None, ("Disabled", "none", True)),
        ("Enabled", "Disabled", ("Enabled", "Disabled", False)),
        (None, "Disabled", ("none", "Disabled", False)),
        ("Disabled", UNKNOWN, ("Disabled", "known only by the update", True)),
    ],
)
def test_signed_addresses_that_start_a_logic_app_again_are_an_exposure(
    before: str | None, after: str | None, line: tuple[str, str, bool]
) -> None:
    def workflow(said: str | None) -> State:
        policy = {} if said is None else {"triggers": {"sasAuthenticationPolicy": {"state": said}}}
        return state("azure-native:logic:Workflow", "sync", {"accessControl": policy})

    told = reported([workflow(before)], [workflow(after)])
    assert [(e.before, e.after, e.opens) for e in told.exposures] == [line]
    assert told.exposures[0].words == "whether whoever has a signed address starts it"
    assert told.unweighed == []
    assert bool(reasons(told, Condition.PUBLIC_EXPOSURE)) == line[2]
    assert reported([], [workflow(None)]).exposures == []
    assert [e.opens for e in reported([], [workflow("Enabled")]).exposures] == [True]


def test_what_is_open_already_is_not_opened_by_a_program_that_begins_to_read_it() -> None:
    closed, theirs = ({**vault(publicNetworkAccess=now), "external": True} for now in ("Disabled", "Enabled"))
    told = reported([], [theirs], vault={"op": "read"})
    assert told.exposures == []
    assert reasons(told, Condition.PUBLIC_EXPOSURE) == []
    # Its owner opened it since, on which this program relies.
    since = reported([closed], [theirs], vault={"op": "read"})
    assert _lines(since) == [("public network access", "Disabled", "Enabled", True)]
