"""Federated credentials: whoever bears a token that an identity trusts has what the identity has."""

from typing import Any

import pytest

from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.terminal import terminal
from tests.unit.access_report.previews import IDENTITY, State, identity, reported, state
from tests.unit.access_report.test_schema import problems

TYPE = "azure-native:managedidentity:FederatedIdentityCredential"
GITHUB = "https://token.actions.githubusercontent.com"
MAIN = "repo:acme/app:ref:refs/heads/main"
EXCHANGE = "api://AzureADTokenExchange"


def credential(
    subject: Any = MAIN, issuer: Any = GITHUB, audiences: str | tuple[str, ...] = (EXCHANGE,), **more: Any
) -> State:
    inputs: dict[str, Any] = {
        "resourceName": "id-shop",
        "resourceGroupName": "rg-shop",
        "issuer": issuer,
        "subject": subject,
        "audiences": [*audiences] if isinstance(audiences, tuple) else audiences,
        **more,
    }
    return state(TYPE, "trust", inputs)


def told(report: Report) -> list[tuple[str, str]]:
    return [(c.change.value, c.grant.sentence) for c in report.grants]


def test_who_may_sign_in_as_an_identity_is_told_in_a_sentence() -> None:
    report = reported([identity()], [identity(), credential()])
    sentence = f"GitHub workload {MAIN} ({GITHUB}) can sign in as identity app"
    assert told(report) == [("added", sentence)]
    assert reasons(report, Condition.WIDER_ACCESS) == [f"{sentence} (added)"]
    assert report.unweighed == []
    assert report.needs.roles == []
    (grant,) = document(report)["grants"]
    assert problems(document(report)) == []
    assert grant["after"]["who"] == {"kind": "GitHub workload", "name": MAIN, "objectId": GITHUB}
    assert (grant["after"]["form"], grant["after"]["dataActions"]) == ("federated credential", None)
    assert "sign in as it" in comment(report)
    assert "sign in as it" in terminal(report, color=False)


@pytest.mark.parametrize(
    ("other", "who"),
    [
        ({"subject": "repo:acme/app:pull_request"}, f"GitHub workload repo:acme/app:pull_request ({GITHUB})"),
        ({"subject": MAIN.upper()}, f"GitHub workload {MAIN.upper()} ({GITHUB})"),
        ({"issuer": "https://issuer.example"}, f"workload {MAIN} (https://issuer.example)"),
        ({"issuer": f"{GITHUB}/"}, f"GitHub workload {MAIN} ({GITHUB}/)"),
        ({"audiences": ("api://other",)}, f"GitHub workload {MAIN} ({GITHUB} for api://other)"),
        (
            {"issuer": "https://aks.example", "subject": "system:serviceaccount:shop:web"},
            "Kubernetes workload system:serviceaccount:shop:web (https://aks.example)",
        ),
    ],
)
def test_another_issuer_subject_or_audience_is_another_principal(other: dict[str, Any], who: str) -> None:
    before, after = [identity(), credential()], [identity(), credential(**other)]
    assert told(reported(before, after)) == [
        ("added", f"{who} can sign in as identity app"),
        ("removed", f"GitHub workload {MAIN} ({GITHUB}) can sign in as identity app"),
    ]


def test_the_same_subject_of_another_issuer_is_said_to_be_another_principal_under_the_same_name() -> None:
    report = reported([identity(), credential()], [identity(), credential(issuer=f"{GITHUB}/acme")])
    assert "another principal under the same name" in comment(report)


@pytest.mark.parametrize(
    "later", [{"subject": UNKNOWN}, {"issuer": UNKNOWN}, {"audiences": (UNKNOWN,)}, {"audiences": UNKNOWN}]
)
def test_what_only_the_update_will_know_of_it_counts_as_wider(later: dict[str, Any]) -> None:
    report = reported([identity(), credential()], [identity(), credential(**later)])
    assert told(report)[0] == (
        "added",
        "workload that only the update will know can sign in as identity app",
    )


def test_a_first_preview_follows_the_credential_to_the_identity_that_will_trust_it() -> None:
    first = credential(resourceName=UNKNOWN)
    first["propertyDependencies"] = {"resourceName": [IDENTITY]}
    assert told(reported([], [identity(id="", principal=UNKNOWN), first])) == [
        ("added", f"GitHub workload {MAIN} ({GITHUB}) can sign in as identity app")
    ]
    first["propertyDependencies"] = {}
    (change,) = reported([], [first]).grants
    assert str(change.grant.where) == "identity that only the update will know"


def test_an_identity_of_another_group_with_the_same_name_is_another_one() -> None:
    mine, theirs = (
        identity(),
        identity("theirs", "/subscriptions/x/other", "0b1ec700-0000-4000-8000-0000000000bb"),
    )
    mine["inputs"]["resourceGroupName"], theirs["inputs"]["resourceGroupName"] = "rg-shop", "rg-theirs"
    for group, name in (("rg-shop", "app"), ("RG-theirs", "theirs"), ("rg-none", "id-shop")):
        (change,) = reported([], [mine, theirs, credential(resourceGroupName=group)]).grants
        assert str(change.grant.where) == f"identity {name}"


def test_a_credential_that_is_made_anew_interrupts_access_and_one_that_is_given_up_stays() -> None:
    there = [identity(), credential()]
    assert [line[0] for line in told(reported(there, there, trust={"op": "replace"}))] == ["re-created"]
    assert [line[0] for line in told(reported(there, there[:1]))] == ["removed"]
    kept = credential()
    kept["retainOnDelete"] = True
    assert [line[0] for line in told(reported([identity(), kept], there[:1]))] == ["unchanged"]


def test_what_a_program_writes_for_subject_issuer_and_audience_cannot_become_markup() -> None:
    hostile = "<img src=x>|`@acme www.example.com"
    report = reported([identity()], [identity(), credential(hostile, hostile, (hostile,))])
    text = comment(report)
    assert "sign in as it" in text
    assert all(raw not in text for raw in ("<img", "www.example", "|`", "@acme"))
    assert problems(document(report)) == []
