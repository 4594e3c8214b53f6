"""The last requests, by who sent them."""

from collections.abc import Sequence
from typing import Final

from local_azure.http import JsonObject
from local_azure.page.markup import section, table, text

_NOBODY: Final = "nobody who was recognised"
_COLUMNS: Final = ("Time", "Status", "Decision", "Request")
SHOWN: Final = 200


def by_caller(entries: Sequence[JsonObject]) -> str:
    """Entries of the journal, oldest first: a caller with the newest request stands first, and is open when
    one of theirs was refused. A client that is told to sign in, and nobody yet, is no news."""
    callers: dict[str, list[JsonObject]] = {}
    for entry in reversed(entries):
        callers.setdefault(entry["principal"] or _NOBODY, []).append(entry)
    if not callers:
        return section("The last requests", "<p>None yet.</p>", "requests")
    body = "".join(_caller(name, requests) for name, requests in callers.items())
    return section(f"The last {len(entries)} requests, by caller", body, "requests")


def _caller(name: str, requests: Sequence[JsonObject]) -> str:
    refused = sum(_kind(one) == "refused" for one in requests)
    failed = sum(_kind(one) == "failed" for one in requests)
    counts = [f"{len(requests)} request{'s' * (len(requests) != 1)}"]
    counts += [f"{refused} refused"] * bool(refused) + [f"{failed} failed"] * bool(failed)
    summary = f'<b>{text(name)}</b> <span class="kind">{", ".join(counts)}</span>'
    rows = [(_kind(one), _cells(one)) for one in requests]
    opened = " open" * bool(refused and name != _NOBODY)
    return f"<details{opened}><summary>{summary}</summary>{table(_COLUMNS, rows)}</details>"


def _kind(entry: JsonObject) -> str:
    return entry["decision"].partition(":")[0]


def _cells(entry: JsonObject) -> Sequence[str]:
    time = entry["time"].replace("T", " ").partition("+")[0]
    request = f"{entry['method']} {entry['host']}{entry['path']}"
    return text(time), str(entry["status"]), text(entry["decision"]), text(request)
