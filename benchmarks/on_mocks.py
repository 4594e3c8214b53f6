"""One figure on Pulumi mocks, in a process of its own: `python -m benchmarks.on_mocks CASE APPS`."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks

from benchmarks.cases import CASES, declare
from toolchain.paths import ROOT


@dataclass(frozen=True)
class Figure:
    """For each registered resource: milliseconds of processor time (nothing here waits), and kilobytes by
    which the process grew.
    """

    milliseconds: float
    kilobytes: float


class Azure(Mocks):
    """Answers what the outputs need."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, object]]:
        ids = {"principalId": "00000000-0000-4000-8000-00000000000a", "clientId": "c"}
        scope = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers"
        inputs: dict[str, Any] = vars(args)["inputs"]
        extra: dict[str, object] = {**ids, "name": args.name, "result": "abc123", "defaultHostName": "h"}
        if args.typ.endswith(":Vault"):
            extra["properties"] = {**inputs["properties"], "vaultUri": "https://kv.vault.azure.net/"}
        if args.typ.endswith(":WebApp"):  # a list going in, a map coming out
            extra["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {}}
        return f"{scope}/Microsoft.KeyVault/vaults/{args.name}", {**inputs, **extra}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        assert args.token == "azure-native:authorization:getClientConfig"
        id = "00000000-0000-4000-8000-000000000002"
        return {"tenantId": id, "subscriptionId": id}, []


def measure(case: str, apps: int) -> Figure:
    """The figure of one process."""
    command = [sys.executable, "-m", "benchmarks.on_mocks", case, str(apps)]
    answer = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    return Figure(**json.loads(answer))


def main(case: str, apps: int) -> None:
    set_mocks(Azure(), project="benchmark", stack="bench", preview=False)
    runtime: Any = pulumi.runtime
    program = runtime.test(lambda: declare(case, apps))
    registered = apps * CASES[case].resources
    grown, began = _kilobytes(), time.process_time()
    program()
    seconds = time.process_time() - began
    print(json.dumps({
        "milliseconds": seconds * 1000 / registered,
        "kilobytes": (_kilobytes() - grown) / registered,
    }))  # fmt: skip


def _kilobytes() -> float:
    """The memory that this process holds now; where the system does not tell, the most that it has held."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
