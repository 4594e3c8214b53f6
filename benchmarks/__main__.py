"""`make bench`: time for each registered resource, with our components and without, in one run.

Each figure is taken in a process of its own, and the median of the rounds is printed. Times differ from
machine to machine; the ratios are what counts.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks

from benchmarks.raw_app import raw_app, raw_app_with_empty_components
from components import KeylessWebApp
from toolchain.paths import ROOT

ROUNDS = 5
IMPORTS = {
    "SDK modules": "import pulumi_random; from pulumi_azure_native import authorization, keyvault, "
    "managedidentity, resources, web",
    "components": "import components",
}


class Azure(Mocks):
    """Answers what the outputs need, and counts."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, object]]:
        ids = {"principalId": "00000000-0000-4000-8000-00000000000a", "clientId": "c"}
        scope = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers"
        inputs: dict[str, Any] = vars(args)["inputs"]
        properties = {**inputs.get("properties", {}), "vaultUri": "https://kv.vault.azure.net/"}
        extra: dict[str, object] = {**ids, "name": args.name, "result": "abc123", "defaultHostName": "h"}
        if args.typ.endswith(":Vault"):
            extra["properties"] = properties
        if args.typ.endswith(":WebApp"):  # a list going in, a map coming out
            extra["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {}}
        return f"{scope}/{VAULT_TYPE}/{args.name}", {**inputs, **extra}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        assert args.token == "azure-native:authorization:getClientConfig"
        return {"tenantId": "00000000-0000-4000-8000-000000000002"}, []


VAULT_TYPE = "Microsoft.KeyVault/vaults"


def keyless_app(name: str) -> None:
    KeylessWebApp(name, {"secrets": {"PASSWORD": "password"}})


CASES: dict[str, tuple[Callable[[str], None], int]] = {
    "raw": (raw_app, 10),
    "raw + empty components": (raw_app_with_empty_components, 15),
    "our components": (keyless_app, 15),
}


def register(case: str, apps: int) -> float:
    """Milliseconds for each registered resource."""
    build, resources = CASES[case]
    set_mocks(Azure(), project="benchmark", stack="bench", preview=False)

    def program() -> None:
        for number in range(apps):
            build(f"app{number}")

    runtime: Any = pulumi.runtime
    run_to_the_end = runtime.test(program)
    began = time.perf_counter()
    run_to_the_end()
    return (time.perf_counter() - began) * 1000 / (apps * resources)


def measured(*arguments: str) -> float:
    """The figure that a process of its own prints."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return float(subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout)


def import_time(statement: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True)
    return (time.perf_counter() - began) * 1000


def median(figure: Callable[[], float]) -> float:
    return statistics.median(figure() for _ in range(ROUNDS))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--apps", type=int, default=1)
    given = parser.parse_args()
    if given.case:
        print(register(given.case, given.apps))
        return
    print(f"{'on mocks, median of ' + str(ROUNDS):34}{'apps':>6}{'ms/resource':>13}{'to raw':>9}")
    for apps in (1, 20, 100):
        figures = {
            case: median(lambda case=case, apps=apps: measured("--case", case, "--apps", str(apps)))
            for case in CASES
        }
        for case, figure in figures.items():
            print(f"{case:34}{apps:>6}{figure:>13.2f}{figure / figures['raw']:>8.2f}×")
    imports = {
        name: median(lambda statement=statement: import_time(statement))
        for name, statement in IMPORTS.items()
    }
    for name, figure in imports.items():
        print(f"{'import ' + name:34}{'':>6}{figure:>11.0f}ms{figure / imports['SDK modules']:>8.2f}×")


if __name__ == "__main__":
    main()
