"""The comment on each recorded pull request, made by the real engine on a local Azure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loop.stack import EngineError
from tests.attached import AttachedEngine, ForkServers, Initialised, attached_engine
from tests.scenarios.recorded import (
    FIRST,
    LIST,
    REWRITE,
    SCENARIOS,
    Recorded,
    Shop,
    listed,
    report_file,
    shop,
)
from tests.unit.access_report.validation import problems

READS, SEES, WRITES = "Key Vault Secrets User", "Key Vault Reader", "Key Vault Secrets Officer"
JOB, ARCHIVE = "identity job", "key vault archive"
APP, SECRET = "identity shop", "secret database-password of key vault shop"
CLEAN = "no secret value in clear"

Line = tuple[str, str, str, str]
"""What becomes of a grant, who has it, with which role, where."""


@dataclass(frozen=True)
class Facts:
    """What a report has to say, and all that it says of these things."""

    headline: str
    grants: tuple[Line, ...] = ()
    """Those that change."""
    exposures: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """The values of `--fail-on` that would hold."""


ANOTHER = "it is another principal afterwards"
FACTS = {
    "another_role": Facts(
        f"1 replacement, 1 update. Grants: 1 added, 1 removed; {CLEAN}.",
        # Neither covers the other: the reader sees keys and certificates, too.
        grants=(("added", JOB, WRITES, ARCHIVE), ("removed", JOB, SEES, ARCHIVE)),
        conditions=("wider-access",),
    ),
    "app_replaced": Facts(
        f"4 replacements. No grant changes; {CLEAN}; 1 app replaced.",
        events=("app shop is replaced because of name; its code has to be delivered again",),
        conditions=("removed-protection",),
    ),
    "component_renamed": Facts(
        "15 creates, 15 deletes, 3 replacements. "
        "Grants: 1 added, 1 removed, 1 re-created (access interrupted); "
        "3 values known only by the update; 3 exposures opened; "
        "1 app deleted, 1 component perhaps renamed, 1 identity deleted, "
        "1 identity replaced, 1 key vault deleted, 1 key vault replaced, 1 resource group deleted.",
        grants=(
            ("added", "identity store", READS, "secret database-password of key vault store"),
            ("removed", APP, READS, SECRET),
            ("re-created", JOB, SEES, ARCHIVE),
        ),
        exposures=(
            "key vault store: public network access Enabled",
            "key vault store: rule for every network Allow",
            "app store: public network access Enabled",
        ),
        events=(
            "app shop is deleted",
            "component store is made anew, unless an alias says that it was called shop",
            f"identity job is replaced because of resourceGroupName; {ANOTHER}",
            "identity shop is deleted",
            "key vault archive is replaced because of resourceGroupName; "
            "its secrets stay behind in the deleted one",
            "key vault shop is deleted; its secrets go with it",
            "resource group shop is deleted; all that lies in it goes with it",
        ),
        conditions=("wider-access", "public-exposure", "removed-protection"),
    ),
    "component_renamed_with_alias": Facts(f"2 updates. No grant changes; {CLEAN}."),
    "first_deployment": Facts(
        "24 creates. Grants: 2 added, 0 removed; 3 values known only by the update; 5 exposures opened.",
        grants=(("added", JOB, SEES, ARCHIVE), ("added", APP, READS, SECRET)),
        exposures=(
            "key vault archive: public network access Enabled",
            "key vault archive: addresses let in 203.0.113.0/24",
            "key vault shop: public network access Enabled",
            "key vault shop: rule for every network Allow",
            "app shop: public network access Enabled",
        ),
        conditions=("wider-access", "public-exposure"),
    ),
    "grant_renamed": Facts(
        f"2 creates, 2 deletes. No grant changes; {CLEAN}; 1 grant that Azure will refuse."
    ),
    "identity_replaced": Facts(
        "1 delete, 2 replacements. Grants: 0 added, 0 removed, 1 re-created (access interrupted); "
        f"{CLEAN}; 1 identity replaced.",
        grants=(("re-created", JOB, SEES, ARCHIVE),),
        events=(f"identity job is replaced because of resourceName; {ANOTHER}",),
        conditions=("removed-protection",),
    ),
    "identity_switched": Facts(
        f"2 deletes, 1 replacement, 3 updates. Grants: 1 added, 1 removed; {CLEAN}; "
        "1 app with another identity, 1 identity deleted.",
        grants=(
            ("added", "system-assigned identity of shop", READS, SECRET),
            ("removed", APP, READS, SECRET),
        ),
        events=(
            "app shop runs as its system-assigned identity instead of a user-assigned identity; "
            "access interrupted until Azure honours its grants",
            "identity shop is deleted",
        ),
        conditions=("wider-access", "removed-protection"),
    ),
    "literal_setting": Facts(
        "2 deletes, 2 updates. Grants: 0 added, 1 removed; 1 secret value now in clear.",
        grants=(("removed", APP, READS, SECRET),),
        conditions=("public-exposure",),
    ),
    "new_secret": Facts(
        f"2 creates, 2 updates. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(("added", APP, READS, "secret payment-key of key vault shop"),),
        conditions=("wider-access",),
    ),
    "nothing_changed": Facts(f"no changes. No grant changes; {CLEAN}."),
    "removed_grant": Facts(
        f"2 deletes. Grants: 0 added, 1 removed; {CLEAN}.", grants=(("removed", JOB, SEES, ARCHIVE),)
    ),
    "tag_changed": Facts(
        "1 replacement (only shown), 6 updates. No grant changes; 3 values known only by the update."
    ),
    "unmanaged_access": Facts(
        f"2 deletes. Grants: 0 added, 1 removed; {CLEAN}; 1 reference without a grant.",
        grants=(("removed", APP, READS, SECRET),),
        uncovered=("DATABASE_PASSWORD of shop",),
        conditions=("reference-without-grant",),
    ),
    "vault_opened": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened.",
        exposures=("key vault archive: rule for every network Deny → Allow",),
        conditions=("public-exposure",),
    ),
    "vault_replaced": Facts(
        "2 replacements, 1 update. Grants: 0 added, 0 removed, 1 re-created (access interrupted); "
        "2 values known only by the update; 1 key vault replaced.",
        grants=(("re-created", APP, READS, SECRET),),
        events=(
            "key vault shop is replaced because of vaultName; its secrets stay behind in the deleted one",
        ),
        # Role and secret are the component's word until the update.
        conditions=("wider-access", "removed-protection"),
    ),
    "wider_scope": Facts(
        f"2 creates, 2 deletes. Grants: 0 added, 1 widened, 0 removed; {CLEAN}.",
        grants=(("widened", APP, READS, f"{SECRET} → key vault shop"),),
        conditions=("wider-access",),
    ),
}


def facts(document: Any) -> Facts:
    """The same of a report's document."""
    return Facts(
        headline=document["headline"],
        grants=tuple(_line(one) for one in document["grants"] if one["change"] != "unchanged"),
        exposures=tuple(
            f"{one['kind']} {one['name']}: {one['what']} "
            + " → ".join(value for value in (one["before"], one["after"]) if value is not None)
            for one in document["exposures"]
        ),
        events=tuple(f"{one['kind']} {one['name']} {one['what']}" for one in document["events"]),
        uncovered=tuple(
            f"{one['variable']} of {one['app']}"
            for one in document["settings"]
            if one["after"] and one["after"]["cover"] == "no grant"
        ),
        conditions=tuple(condition for condition, reasons in document["conditions"].items() if reasons),
    )


def _line(changed: Any) -> Line:
    moments = [moment for moment in (changed["before"], changed["after"]) if moment]
    (who,) = {f"{moment['who']['kind']} {moment['who']['name']}" for moment in moments}
    roles = dict.fromkeys(moment["role"] for moment in moments)
    places = dict.fromkeys(_place(moment) for moment in moments)
    return changed["change"], who, " → ".join(roles), " → ".join(places)


def _place(grant: Any) -> str:
    where = grant["where"]
    within = f" of {where['within']['kind']} {where['within']['name']}" if where["within"] else ""
    return f"{where['kind']} {where['name']}{within}"


@pytest.fixture(scope="module")
def deployed(engine_folder: Path, fork_servers: ForkServers, initialised: Initialised) -> Iterator[Shop]:
    with attached_engine(engine_folder, fork_servers, initialised) as engine, shop(engine) as deployed:
        deployed.deploy()
        yield deployed


def test_every_scenario_says_what_its_report_has_to_say() -> None:
    assert set(FACTS) == set(SCENARIOS)


def test_the_list_of_scenarios_shows_each_change_with_the_first_line_of_its_report() -> None:
    assert LIST.read_text() == listed(), f"run {REWRITE}"


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != FIRST])
def test_the_report_on_a_pull_request_is_the_recorded_one(deployed: Shop, scenario: str) -> None:
    _check(scenario, deployed.preview(scenario))


def test_the_report_on_a_first_deployment_is_the_recorded_one(engine: AttachedEngine) -> None:
    with shop(engine) as empty:
        _check(FIRST, empty.preview(FIRST))


def _check(scenario: str, recorded: Recorded) -> None:
    assert problems(recorded.document) == []
    assert facts(recorded.document) == FACTS[scenario]
    assert recorded.comment == report_file(scenario).read_text(), f"if it is meant, run {REWRITE} and read it"


def test_what_is_only_shown_is_not_done_and_what_is_said_to_be_refused_is(engine: AttachedEngine) -> None:
    with shop(engine) as updated:
        updated.deploy()
        assert "replace" not in updated.update("tag_changed")
        with pytest.raises(EngineError, match="cannot create already existing resource"):
            updated.update("grant_renamed")
