"""Whether a site runs: what stop and start change, and what a restart of one that is stopped does not.

https://learn.microsoft.com/rest/api/appservice/web-apps/stop and …/start, …/restart
"""

from typing import Final

from local_azure.http import JsonObject
from local_azure.rules import Rule

RUNNING: Final = "Running"
STOPPED: Final = "Stopped"

RULES: Final = [
    Rule(
        "A31",
        "behaviour",
        "A site that is stopped answers no call, to its app or to the platform's own page: 403.",
        held_by="a31_a_stopped_site_runs_nothing_until_it_is_started",
        source="https://learn.microsoft.com/troubleshoot/azure/app-service/web-apps-http-errors",
    ),
    Rule(
        "A31",
        "assumed",
        "A site that is stopped stays so when it is written, given settings or code, or restarted.",
        held_by="a31_a_stopped_site_stays_stopped_whatever_is_written",
    ),
]


def state_of(site: JsonObject | None) -> str:
    """`Running` or `Stopped`, from a site's body; a new one runs."""
    properties: JsonObject = (site or {}).get("properties") or {}
    return str(properties.get("state") or RUNNING)


def is_stopped(site: JsonObject) -> bool:
    return state_of(site) == STOPPED


def with_state(site: JsonObject, state: str) -> JsonObject:
    """The body of a site that was stopped or started."""
    return {**site, "properties": {**site["properties"], "state": state}}


def is_function_app(site: JsonObject) -> bool:
    """Whether the Functions host is what a site runs, by its kind."""
    return "functionapp" in str(site.get("kind") or "").lower().split(",")
