"""The apps that run: one process for each site, with exactly the site's settings."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from local_azure.app_service.attached_identities import attached_identities
from local_azure.app_service.environment import platform_variables
from local_azure.app_service.not_started import NotStartedError
from local_azure.app_service.reference_cache import ReferenceCache
from local_azure.app_service.runner import (
    NO_APP,
    detect_command,
    functions_command,
    shell_command,
)
from local_azure.app_service.site_config import config_of, variables_of
from local_azure.app_service.site_names import host_label
from local_azure.app_service.site_state import is_function_app
from local_azure.ground import Ground
from local_azure.private_files import private_folder
from local_azure.serving_program import ServingProgram, essential_environment, free_port
from local_azure.store import Resource

RuntimeStatus = Literal["RuntimeStarting", "RuntimeSuccessful", "RuntimeFailed"]
"""How Resource Manager calls the state of what was deployed."""


@dataclass(frozen=True)
class _Run:
    """One run of a site's app; `header` is the secret of this run's identity endpoint, kept nowhere else."""

    site_id: str
    process: ServingProgram
    header: str | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.process.port}"


class RunningApps:
    """Starts and stops apps, one at a time; what it tells may be asked from any thread."""

    def __init__(self, ground: Ground, references: ReferenceCache) -> None:
        self._ground = ground
        self._references = references
        self._ports = ground.store.documents("ports")
        self._runs: dict[str, _Run] = {}
        self._sites_by_header: dict[str, str] = {}
        self._refused: dict[str, NotStartedError] = {}
        self._starts: Counter[str] = Counter()

    def start(
        self, site: Resource, content: Path, identity_base_url: str, client_environment: Mapping[str, str]
    ) -> None:
        """Run `content` as the site's app; the earlier run was stopped."""
        name, store = host_label(site.id), self._ground.store
        home, log = self._ground.state / "home" / name, self._log(site)
        private_folder(home)
        with store.lock:
            settings = self._references.environment(site.id, site.body, variables_of(store, site.id))
            port = free_port((self._ports.get(site.id) or {}).get("port"))
            self._ports.put(site.id, {"port": port})
        header = str(uuid.uuid4()).upper() if attached_identities(site.body) else None
        command = self._command(site, content, port)
        if command is None:
            log.write_text(NO_APP)
            return
        environment = {
            **essential_environment(home),
            **client_environment,
            **settings,
            **platform_variables(site, port, f"{identity_base_url}/msi/token", header),
        }
        if header:  # known before the program is, which may ask at once
            self._sites_by_header[header] = site.id
        process = ServingProgram(command, content, environment, log, port)
        self._runs[site.id.lower()] = _Run(site.id, process, header)
        self._starts[site.id.lower()] += 1

    def refuse(self, site: Resource, reason: NotStartedError) -> None:
        """There is nothing that could be started: the log says so, and `why_not` does."""
        self._refused[site.id.lower()] = reason
        self._log(site).write_text(f"{reason}\n")

    def stop(self, site_id: str) -> None:
        """End the site's app, if it runs, and forget why it did not."""
        self._refused.pop(site_id.lower(), None)
        run = self._runs.pop(site_id.lower(), None)
        if run:
            run.process.stop()
            self._sites_by_header.pop(run.header or "", None)

    def stop_all(self) -> None:
        for run in self._runs.values():
            run.process.end()
        for site_id in list(self._runs):
            self.stop(site_id)

    def forget(self, site_id: str) -> None:
        """Drop what is stored of a site, inside the transaction that deletes it."""
        self._ports.delete(site_id)

    def answering(self, site_id: str, seconds: float) -> str | None:
        """The loopback address of a site's app, as soon as it answers; None when it does not in time."""
        run = self._runs.get(site_id.lower())
        return run.address if run and run.process.wait_until_ready(seconds) else None

    def status(self, site_id: str) -> RuntimeStatus:
        """Whether a site's app answers, may still do so, or does not run."""
        run = self._runs.get(site_id.lower())
        if run is None or not run.process.is_alive():
            return "RuntimeFailed"
        return "RuntimeSuccessful" if run.process.is_ready() else "RuntimeStarting"

    def why_not(self, site_id: str) -> NotStartedError | None:
        return self._refused.get(site_id.lower())

    def sites_by_header(self) -> dict[str, str]:
        """The site of each run, by the secret of the run's identity endpoint."""
        return dict(self._sites_by_header)

    def browser_addresses(self) -> dict[str, str]:
        """A plain loopback address for each app that runs, by the first part of its host name."""
        return {host_label(run.site_id): run.address for run in list(self._runs.values())}

    def starts(self, site_id: str) -> int:
        """How often the app of a site was started by this process."""
        return self._starts[site_id.lower()]

    def _command(self, site: Resource, content: Path, port: int) -> list[str] | None:
        if is_function_app(site.body):
            return functions_command(content, port)
        line = config_of(self._ground.store, site.id).get("appCommandLine")
        return shell_command(line) if line else detect_command(content, port)

    def _log(self, site: Resource) -> Path:
        log = self._ground.state / "logs" / f"{host_label(site.id)}.log"
        private_folder(log.parent)
        return log
