"""`local-azure.internal` answers whoever has the credential of this start, and no page in a browser."""

import ssl
import stat
import subprocess
from pathlib import Path

import httpx
import pytest

from local_azure.constants import DEVELOPER, VAULT_OFFICERS
from local_azure.control_credential import HEADER_FILE, ControlAuth, NoCredentialError, read
from local_azure.server import LocalAzure
from tests.local_azure.raw_client import answer_on, head_of, line_to
from tests.patience import PATIENCE
from tests.proofs import CURL

CONTROL = "https://local-azure.internal"
MEMBERS = f"{CONTROL}/groups/{VAULT_OFFICERS.object_id}/members"
REQUESTS = [
    ("GET", "/status"),
    ("GET", "/log"),
    ("GET", "/leftovers"),
    ("POST", "/clock/advance"),
    ("POST", "/propagation"),
    ("POST", "/site-writes"),
    ("POST", "/dns"),
    ("DELETE", "/dns"),
    ("GET", "/nothing"),
]


def officers(cloud: LocalAzure) -> bool:
    return VAULT_OFFICERS.object_id in cloud.azure.entra.groups_of(DEVELOPER.object_id)


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer", "Basic Og=="])
def test_the_refused_developer_is_made_an_officer_by_nobody_without_the_credential(
    local_azure: LocalAzure, given: str | None
) -> None:
    headers = {"Authorization": given} if given else {}
    body = {"object_id": DEVELOPER.object_id}
    answer = httpx.post(MEMBERS, json=body, headers=headers, timeout=PATIENCE)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    word = "wrong" if given == "Bearer wrong" else "missing"
    assert answer.json()["error"]["message"] == (
        f"The credential of the control side is {word}: send the header in control.header of the state "
        "folder, with curl as --header @.keyless/azure/control.header"
    )
    assert not officers(local_azure)
    entry = local_azure.azure.journal.entries()[-1]
    assert (entry["host"], entry["status"], entry["decision"]) == (
        "local-azure.internal", 401, "refused: Unauthorized",
    )  # fmt: skip


def test_with_the_credential_it_does_what_it_is_told(local_azure: LocalAzure) -> None:
    body = {"object_id": DEVELOPER.object_id}
    auth = ControlAuth(local_azure.azure.state)
    assert httpx.post(MEMBERS, json=body, auth=auth, timeout=PATIENCE).status_code == 204
    assert officers(local_azure)


@pytest.mark.usefixtures("local_azure")
@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_each_request_asks_for_it_also_one_that_only_reads(method: str, path: str) -> None:
    assert httpx.request(method, CONTROL + path, timeout=PATIENCE).status_code == 401


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://local-azure.internal", "https://local-azure.internal.evil"],
)
def test_a_page_in_a_browser_reaches_nothing_even_with_the_credential(
    local_azure: LocalAzure, origin: str
) -> None:
    auth = ControlAuth(local_azure.azure.state)
    headers = {"Origin": origin}
    answer = httpx.get(f"{CONTROL}/status", headers=headers, auth=auth, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Forbidden")


@pytest.mark.parametrize("host", ["local-azure.internal:8080", "local-azure.internal.evil.example"])
def test_a_name_that_was_made_to_lead_here_is_answered_by_nobody(local_azure: LocalAzure, host: str) -> None:
    signed = f"Authorization: Bearer {read(local_azure.azure.state)}"
    with line_to(local_azure, "local-azure.internal") as line:
        line.sendall(head_of(host, signed, target="/status", method="GET"))
        assert answer_on(line)[0] == 404


def test_a_page_of_another_site_reaches_nothing_on_the_plain_listener(local_azure: LocalAzure) -> None:
    port = local_azure.portal_url.rpartition(":")[2]
    for host, status in ((f"127.0.0.1:{port}", 200), (f"localhost:{port}", 200), ("127.0.0.1:1", 404)):
        answer = httpx.get(local_azure.portal_url, headers={"Host": host}, timeout=PATIENCE)
        assert answer.status_code == status
    for path in ("/", "/msi/token?api-version=2019-08-01&resource=x"):
        foreign = {"Origin": "https://evil.example"}
        answer = httpx.get(local_azure.portal_url + path, headers=foreign, timeout=PATIENCE)
        assert answer.status_code == 403
    own = {"Origin": local_azure.portal_url}
    assert httpx.get(local_azure.portal_url, headers=own, timeout=PATIENCE).status_code == 200


def test_each_start_draws_another_one_into_a_file_of_its_owner_alone(local_azure: LocalAzure) -> None:
    state = local_azure.azure.state
    first = read(state)
    assert len(first) >= 43
    assert stat.S_IMODE((state / HEADER_FILE).stat().st_mode) == 0o600
    local_azure.stop()
    with LocalAzure(state) as again:
        assert read(state) != first
        proxy = again.proxy_url
        trust = ssl.create_default_context(cafile=again.addresses.authority)
        old = {"Authorization": f"Bearer {first}"}
        with httpx.Client(proxy=proxy, verify=trust, timeout=PATIENCE) as client:
            assert client.get(f"{CONTROL}/status", headers=old).status_code == 401
            assert client.get(f"{CONTROL}/status", auth=ControlAuth(state)).status_code == 200


def test_a_local_azure_of_an_earlier_version_has_none_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoCredentialError, match=r"control\.header is not there.*stop it with `python -m"):
        read(tmp_path)


def test_no_environment_and_no_page_tells_it(local_azure: LocalAzure) -> None:
    credential = read(local_azure.azure.state)
    shown = [str(local_azure.environment()), httpx.get(local_azure.portal_url, timeout=PATIENCE).text]
    auth = ControlAuth(local_azure.azure.state)
    shown += [httpx.get(CONTROL + path, auth=auth, timeout=PATIENCE).text for path in ("/status", "/log")]
    assert not [text for text in shown if credential in text]


@pytest.mark.needs(CURL)
def test_a_person_reaches_it_with_curl_and_writes_it_into_no_command(local_azure: LocalAzure) -> None:
    header = f"@{local_azure.azure.state / HEADER_FILE}"
    command = ["curl", "--silent", "--fail", "--header", header, f"{CONTROL}/status"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f'"proxy":"{local_azure.proxy_url}"' in told


@pytest.mark.parametrize("path", ["/clock/advance", "/propagation", "/site-writes"])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"seconds": -1}', "`seconds` is a number from 0 to 3153600000, not -1."),
        ('{"seconds": 3153600001}', "`seconds` is a number from 0 to 3153600000, not 3153600001."),
        ('{"seconds": 1e999}', "`seconds` is a number from 0 to 3153600000, not inf."),
        ('{"seconds": true}', "`seconds` is a number from 0 to 3153600000, not True."),
        ('{"seconds": NaN}', "The body is no JSON object: NaN is no number in JSON"),
        ('{"seconds": ' + "[" * 100_000, "The body is no JSON object: nested too deeply"),
    ],
    ids=["negative", "too large", "infinite", "a truth", "no number", "deep"],
)
def test_a_time_that_no_clock_shows_is_refused_and_the_clock_goes_on(
    local_azure: LocalAzure, path: str, body: str, told: str
) -> None:
    auth = ControlAuth(local_azure.azure.state)
    answer = httpx.post(f"{CONTROL}{path}", content=body, auth=auth, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, told)
    assert httpx.get(f"{CONTROL}/status", auth=auth, timeout=PATIENCE).status_code == 200


def test_a_count_that_is_none_asks_for_the_last_hundred(local_azure: LocalAzure) -> None:
    auth = ControlAuth(local_azure.azure.state)
    for number in range(101):
        local_azure.azure.journal.record("h", "GET", f"/{number}", 200, None, "allowed")
    for last, count in (("9" * 5_000, 100), ("²", 100), ("", 100), ("2", 2), ("999999", 101)):
        answer = httpx.get(f"{CONTROL}/log", params={"last": last}, auth=auth, timeout=PATIENCE)
        assert (answer.status_code, len(answer.json()["entries"])) == (200, count), last
