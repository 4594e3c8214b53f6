"""What whoever opens a pull request may call things, and what of it reaches a comment, a page, a terminal."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from access_report.document import document
from access_report.markdown import LONGEST, comment, marker
from access_report.page import page
from access_report.reading import read_preview
from access_report.report import Report, report
from access_report.safety import in_markdown, visible
from access_report.terminal import terminal
from tests.unit.access_report.previews import (
    IDENTITY_ID,
    PRINCIPAL,
    SUBSCRIPTION,
    grant,
    preview,
    reference,
    reported,
    settings,
    site,
    state,
    vault,
)

HOSTILE = [
    "</pre><script>alert(1)</script>",
    "a|b|c",
    "@team @octocat",
    "`code` **bold** [link](https://evil.example)",
    "one\n\n## two\r\n<!-- -->",
    "right‮to left⁦",
    "\x1b[2J\x1b]0;title\x07",
    '" onmouseover="alert(1)',
    "https://evil.example/?q=1",
    "<details><summary>x",
    "```mermaid\nflowchart",
]


def hostile_report(name: str) -> Report:
    identity = state(
        "azure-native:managedidentity:UserAssignedIdentity",
        name,
        {},
        id=IDENTITY_ID,
        outputs={"principalId": PRINCIPAL},
    )
    component = state(
        "keyless:index:AccessGrant", "part", {"grantedBy": name, "principalName": name, "role": name}
    )
    made = grant(name="made")
    made["parent"] = component["urn"]
    stranger = grant(name="stranger", principal="0b1ec700-0000-4000-8000-0000000000ff", kind="Group")
    stranger["parent"] = component["urn"]
    scope = grant(name="scope", scope=f"{SUBSCRIPTION}/resourceGroups/{name}")
    open_vault = state("azure-native:keyvault:Vault", f"{name}2", {"properties": {}})
    carried = settings(
        {
            name: reference("db-password"),
            "JSON": json.dumps({f"{name} PASSWORD": "hunter-two"}),
            "OPTION": f"--{name} password=hunter-two",
            "B": f"@Microsoft.KeyVault(VaultName=kv-shop;SecretName={name})",
        }
    )
    gone = state("azure-native:keyvault:Vault", f"{name}3", {"properties": {}})
    old, new = (state("keyless:index:Shop", f"{name}{number}", {}) for number in (4, 5))
    after = [identity, component, made, stranger, scope, open_vault, site(), vault(), carried, new]
    previewed = preview([gone, old], after)
    (replaced,) = (step for step in previewed["steps"] if step["urn"] == gone["urn"])
    replaced |= {"op": "replace", "newState": gone, "replaceReasons": [name]}
    return report(read_preview(previewed))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts, self.handlers, self.links = 0, list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [str(value) for name, value in attrs if name in ("href", "src", "action")]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_comment_holds_no_markup_of_a_names_own(name: str) -> None:
    text = comment(hostile_report(name))
    for tag in re.findall(r"<[^>]*>", text):
        assert tag in {
            marker("shop/dev"), "<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>",
            "<!-- -->",
        }, tag  # fmt: skip
    outside = re.sub(r"<code>.*?</code>", "", text)
    assert "@" not in outside
    assert "@" not in text
    assert "evil.example" not in outside
    assert "://" not in text
    assert text.count("```") in (0, 2)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_row_of_a_table_stays_one_row(name: str) -> None:
    rows = [line for line in comment(hostile_report(name)).splitlines() if line.startswith("| added")]
    widths = {row.count("|") for row in rows}
    assert rows
    assert widths <= {5, 6}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_runs_its_own_script_only_and_loads_nothing(name: str) -> None:
    text = page(hostile_report(name))
    elements = _Elements()
    elements.feed(text)
    assert (elements.scripts, elements.handlers, elements.links) == (1, [], [])
    assert text.count("<script>") == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_no_output_holds_a_control_character_or_a_mark_that_turns_the_writing(name: str) -> None:
    told = hostile_report(name)
    for text in (comment(told), page(told), terminal(told), json.dumps(document(told), ensure_ascii=False)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f​-‏‪-‮⁦-⁩]", text)


def test_a_name_is_shown_so_that_a_reader_sees_what_it_is() -> None:
    assert visible("a\nb‮c") == "a\\u000ab\\u202ec"
    assert in_markdown("a|@b") == "<code>a&#124;<!-- -->&#64;b</code>"
    assert len(visible("x" * 500)) == 120
    assert visible("Zürich-łódź-straße") == "Zürich-łódź-straße"
    assert visible("\u0440aypal") == "\\u0440aypal"
    assert visible("a\\u0440") == "a\\u005cu0440"
    assert in_markdown(" a  b ") == "<code>&#92;u0020a &#92;u0020b&#92;u0020</code>"
    assert in_markdown("") == "<code>(no name)</code>"


def test_a_sentence_of_several_long_names_is_told_to_its_end() -> None:
    found = document(hostile_report("x" * 100))["conditions"]["wider-access"]
    assert max(map(len, found)) > 150
    assert all(reason.endswith("(added)") for reason in found)


def _planted(value: str) -> Report:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": f'"{value}"',
    }
    before = settings({"DB": reference("db-password"), "MARK": value, "HIDDEN": "[secret]"})
    after = settings({"DB": value, "MARK": value, "HIDDEN": "[secret]", "NEW": value})
    after["inputs"]["kind"] = secret
    stored = state("azure-native:keyvault:Secret", "s", {"properties": {"value": value}, "secretName": "s"})
    exported = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    return report(
        read_preview(
            preview(
                [site(), vault(), before, exported],
                [site(), vault(), after, stored, {**exported, "outputs": {"leak": value}}],
            )
        )
    )


def test_no_value_of_a_setting_a_secret_or_an_output_is_in_any_report() -> None:
    value = "pl4nted-Value-8fQ2"
    told = _planted(value)
    assert [c.becomes_literal for c in told.settings] == [True]
    texts: list[Any] = [comment(told), page(told), terminal(told), json.dumps(document(told)), repr(told)]
    for text in texts:
        assert value not in text


def test_a_comment_of_a_thousand_apps_fits_with_grants_first_and_says_what_was_left_out() -> None:
    grants = [
        grant(name=f"grant-{n}", scope=f"{SUBSCRIPTION}/resourceGroups/rg-{n:04}", kind="Group")
        for n in range(1000)
    ]
    told = reported([], grants)
    text = comment(told, "https://example.com/run/1")
    assert len(text) <= LONGEST
    told_rows = sum(line.startswith("| added") for line in text.splitlines())
    assert told_rows > 200
    assert f"… and {1000 - told_rows} more." in text
    assert text.index("Access that changes") < text.index("… and")
    assert "Too long for a comment and left out: Whoever deploys now also has to" not in text
    assert "https://example.com/run/1" in text


def test_a_terminal_shows_as_much_of_each_table_as_can_be_read_and_counts_the_rest() -> None:
    grants = [grant(name=f"grant-{n}", scope=f"{SUBSCRIPTION}/resourceGroups/rg-{n:04}") for n in range(150)]
    lines = terminal(reported([], grants)).splitlines()
    assert sum(line.startswith("added") for line in lines) == 100
    assert "… and 50 more: the page and the JSON have all of them" in lines


def test_the_same_preview_gives_the_same_bytes() -> None:
    one, other = (hostile_report("plain") for _ in range(2))
    assert (comment(one), page(one), terminal(one)) == (comment(other), page(other), terminal(other))
    assert document(one) == document(other)


def test_a_marker_names_one_stack_and_cannot_be_ended_by_its_name() -> None:
    assert marker("shop/dev") != marker("shop/prod")
    assert marker("a --> b").count("-->") == 1


def test_a_type_in_other_letters_than_azures_is_no_type_of_azure() -> None:
    """Of such a type no place of values is known, and its name is written as every name."""
    blank = "azure-native:network:Vpn\u3164Site"
    told = comment(reported([], [state(blank, "site", {"password": "hunter-two"})]))
    assert "\u3164" not in told
    assert "1 change not weighed" in told
