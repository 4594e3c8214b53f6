"""What container apps, jobs and environments are called, and where apps answer."""

import hashlib
import re
from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.http import JsonObject
from local_azure.store import Resource, Store

ENVIRONMENTS: Final = "Microsoft.App/managedEnvironments"
APPS: Final = "Microsoft.App/containerApps"
REVISIONS: Final = f"{APPS}/revisions"
JOBS: Final = "Microsoft.App/jobs"
EXECUTIONS: Final = f"{JOBS}/executions"
SUFFIX: Final = ".azurecontainerapps.io"
NAME: Final = re.compile(r"(?!.*--)[a-z][a-z0-9-]{0,30}[a-z0-9]")


def domain_of(environment_id: str, location: str) -> str:
    """What the hosts of an environment's apps end with: a label that Azure makes, and the region."""
    label = hashlib.sha256(environment_id.lower().encode()).hexdigest()[:8]
    return f"env-{label}.{location}{SUFFIX}"


def app_at(store: Store, host: str) -> Resource | None:
    """The app behind `<app>.<domain>`, or behind `<app>.internal.<domain>`, which leads there from inside."""
    return next((one for one in store.list(type=APPS) if host_of(one.body) == host), None)


def host_of(body: JsonObject) -> str | None:
    """Where an app answers; None without ingress."""
    found = section(section(properties_of(body), "configuration"), "ingress").get("fqdn")
    return None if found is None else str(found)
