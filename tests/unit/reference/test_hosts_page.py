"""The matrix of hosts and targets shows what ran, and nothing that did not."""

import pytest

from tests.hosts.held import RESOURCES, SENTENCES
from tests.hosts.results import HostResult, results
from tests.hosts.row import Host, host, hosts, target, targets
from tests.unit.reference import hosts_page
from tests.unit.reference.hosts_page import CANNOT, FAILS, HOLDS, NOT_RUN
from tests.unit.reference.node_ids import missing
from toolchain.paths import ROOT


def cells(page: str) -> list[str]:
    lines = [line for line in page.splitlines() if line.startswith("| [")][: len(targets())]
    return [cell.strip() for line in lines for cell in line.strip("|").split("|")[1:]]


def test_a_cell_holds_fails_or_has_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = hosts()
    one, other, *_ = targets()
    found: dict[str, HostResult] = {first: {"on": "2026-11-30", "cells": {one: [], other: ["let in: no"]}}}
    monkeypatch.setattr(hosts_page, "results", lambda: found)
    shown = cells(hosts_page.hosts_page())
    assert len(shown) == len(hosts()) * len(targets())
    assert (shown.count(HOLDS), shown.count(FAILS)) == (1, 1)
    cannot = sum(len(host(on).unreachable) for on in hosts())
    assert shown.count(CANNOT) == cannot
    assert shown.count(NOT_RUN) == len(shown) - 2 - cannot
    assert (shown[0], shown[len(hosts())]) == (HOLDS, FAILS)


def test_what_is_kept_is_of_hosts_and_targets_that_are_there_and_none_of_it_failed() -> None:
    kept = results()
    assert set(kept) <= set(hosts())
    assert [name for one in kept.values() for name in one["cells"] if name not in targets()] == []
    assert [wrong for one in kept.values() for wrong in one["cells"].values() if wrong] == []


def test_a_target_that_a_host_cannot_reach_stands_there_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on, to = hosts()[0], targets()[0]
    monkeypatch.setattr(Host, "unreachable", {to: "it speaks another language"}, raising=True)
    page = hosts_page.hosts_page()
    others = [own for own in hosts() if "unreachable" not in vars(type(host(own)))]
    assert cells(page)[: len(hosts())].count(CANNOT) == len(others)
    assert f"- {host(on).name}, {target(to).name}: it speaks another language." in page


def test_every_test_that_holds_a_sentence_exists_and_so_does_its_page() -> None:
    for one in (*RESOURCES, *SENTENCES):
        assert missing(one.held_by) == ""
        page, _, heading = one.docs.partition("#")
        headings = [line for line in (ROOT / page).read_text().splitlines() if line.startswith("#")]
        anchors = {line.lstrip("# ").lower().replace(":", "").replace(" ", "-") for line in headings}
        assert not heading or heading in anchors, one.docs


def test_the_page_says_of_each_host_and_kind_of_identity_whether_it_goes_or_why_not() -> None:
    page = hosts_page.hosts_page().partition("## Which identity each can have")[2].partition("\n## ")[0]
    lines = [line for line in page.splitlines() if line.startswith("| [")]
    assert len(lines) == len(hosts())
    for on, line in zip(hosts(), lines, strict=True):
        shown = [cell.strip() for cell in line.strip("|").split("|")[1:]]
        assert shown[0] == HOLDS
        assert all(one in (HOLDS, "alone") or len(one) > len("alone; else ") for one in shown), on
