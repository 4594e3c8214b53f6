"""Rules on sites, apps and slots alike."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.policy.apps import site
from tests.unit.policy.judged import UNKNOWN, Given, finding, findings, judge

CONFIG = {"ftpsState": "Disabled", "minTlsVersion": "1.2", "scmMinTlsVersion": "1.3"}


def switches(of: Given, *, allow: Any = False) -> list[Given]:
    """FTP and deployment, as azure-native has them: Azure's answers name no site."""
    slot = {"slot": of.props["slot"]} if "slot" in of.props else {}
    return [
        Given(
            f"web:WebApp{switch}Allowed{'Slot' if slot else ''}",
            of.name,
            {"allow": allow, "name": of.props["name"], **slot},
            answers={"name": switch.lower(), "slot": None},
        )
        for switch in ("Ftp", "Scm")
    ]


@pytest.mark.parametrize("slot", ["", "stage"])
def test_a_hardened_site_breaks_no_rule(slot: str) -> None:
    app = site(slot, siteConfig=CONFIG)
    for rule in ("site-https-only", "site-tls-floor", "site-no-ftp", "site-no-basic-publishing"):
        assert judge(rule, app, *switches(app)) == []


@pytest.mark.parametrize("slot", ["", "stage"])
@pytest.mark.parametrize("value", [False, None])
def test_a_site_that_answers_over_http_is_refused(slot: str, value: Any) -> None:
    says = f"site {slot or 'app'} answers without encryption."
    assert finding("site-https-only", site(slot, httpsOnly=value)) == says


def test_an_old_tls_version_is_refused_for_the_site_and_for_its_deployment_site() -> None:
    old = site(siteConfig={**CONFIG, "minTlsVersion": "1.0", "scmMinTlsVersion": "1.1"})
    assert findings("site-tls-floor", old) == [
        "site app accepts a TLS version below 1.2 for itself.",
        "site app accepts a TLS version below 1.2 for its deployment site.",
    ]
    assert findings("site-tls-floor", site("stage", siteConfig={"minTlsVersion": "1.2"})) == [
        "site stage says no lowest TLS version for its deployment site."
    ]


@pytest.mark.parametrize("value", ["FtpsOnly", "AllAllowed", None])
def test_a_site_that_takes_files_by_ftp_is_refused(value: str | None) -> None:
    for slot in ("", "stage"):
        opened = site(slot, siteConfig={**CONFIG, "ftpsState": value})
        assert finding("site-no-ftp", opened) == f"site {slot or 'app'} accepts files by FTP."


@pytest.mark.parametrize("value", [None, "FtpsOnly"])
def test_on_flex_consumption_which_has_no_ftp_only_a_word_for_it_is_refused(value: str | None) -> None:
    config = {key: said for key, said in CONFIG.items() if key != "ftpsState"}
    if value is not None:
        config["ftpsState"] = value
    flex = site(siteConfig=config, functionAppConfig={"runtime": {"name": "python", "version": "3.12"}})
    assert bool(judge("site-no-ftp", flex)) is (value is not None)
    assert judge("site-tls-floor", flex) == []


def test_publishing_credentials_are_refused_for_the_app_and_for_each_slot() -> None:
    app, slot = site(), site("stage")
    assert findings("site-no-basic-publishing", app, slot, *switches(app)) == [
        "site stage takes a user name and a password for FTP: it has no WebAppFtpAllowedSlot.",
        "site stage takes a user name and a password for deployment: it has no WebAppScmAllowedSlot.",
    ]
    assert judge("site-no-basic-publishing", app, slot, *switches(app), *switches(slot)) == []
    assert findings("site-no-basic-publishing", app, *switches(app, allow=True)) == [
        "site app takes a user name and a password for FTP.",
        "site app takes a user name and a password for deployment.",
    ]


def test_switches_of_one_slot_do_not_close_another() -> None:
    first, second = site("first"), site("second")
    found = judge("site-no-basic-publishing", first, second, *switches(first))
    assert {name for name, _ in found} == {"second"}
    assert len(found) == 2


def test_a_preview_goes_by_what_a_switch_is_made_from_and_is_silent_where_it_cannot_tell() -> None:
    app = site(name=UNKNOWN)
    unknown = [replace(one, props={"allow": False, "name": UNKNOWN}, answers={}) for one in switches(app)]
    followed = [replace(one, follows={"name": [app]}) for one in unknown]
    assert judge("site-no-basic-publishing", app, *followed) == []
    opened = [replace(one, props={"allow": True, "name": UNKNOWN}) for one in followed]
    assert len(judge("site-no-basic-publishing", app, *opened)) == 2
    assert judge("site-no-basic-publishing", app, *unknown) == []
    assert judge("site-tls-floor", site(siteConfig=UNKNOWN)) == []


@pytest.mark.parametrize("slot", ["", "Slot"])
@pytest.mark.parametrize(
    ("rule", "given", "says"),
    [
        ("site-tls-floor", {"minTlsVersion": "1.0"}, "site app accepts a TLS version below 1.2 for itself."),
        ("site-no-ftp", {"ftpsState": "AllAllowed"}, "site app accepts files by FTP."),
        (
            "site-no-remote-debugging",
            {"remoteDebuggingEnabled": True},
            "remoteDebuggingEnabled of site app is true.",
        ),
        ("cors-named-origins", {"cors": {"allowedOrigins": ["*"]}}, "cors of app lets in the origin *."),
        (
            "network-not-everybody",
            {"scmIpSecurityRestrictions": [{"ipAddress": "0.0.0.0/0", "action": "Allow"}]},
            "scmIpSecurityRestrictions of app let in 100% of all addresses, by 0.0.0.0/0.",
        ),
    ],
)
def test_what_opens_a_site_is_refused_in_its_configuration_too_which_need_not_say_all(
    slot: str, rule: str, given: dict[str, Any], says: str
) -> None:
    """Packages of one version have the configuration as a resource of its own."""
    token = f"azure-native_web_v20240401:web:WebAppConfiguration{slot}"
    assert finding(rule, Given(token, "app", {"name": "app-shop", **given})) == says
    assert judge(rule, Given(token, "app", {"name": "app-shop", "alwaysOn": True})) == []
