"""What is decided when a Cosmos DB account or a container is made: refused before the update, where Azure
would refuse it in the middle of one.
"""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from ..errors import ConfigurationError, Give, Problem, Step
from ..hooks import Check

_CONTINUOUS: Final = "Continuous"


def account_check(component: str) -> Check:
    """https://learn.microsoft.com/azure/cosmos-db/serverless and
    https://learn.microsoft.com/azure/cosmos-db/migrate-continuous-backup
    """

    def check(hook: pulumi.ResourceHookArgs) -> None:
        old, new = hook.old_inputs or {}, hook.new_inputs or {}
        problems: list[Problem] = []
        if bool(old.get("capabilities")) != bool(new.get("capabilities")):
            was = "serverless" if old.get("capabilities") else "one with throughput"
            back = "take max_throughput out" if was == "serverless" else "give max_throughput"
            expected = f"{was}, as the account was made"
            steps = (
                Step(f"{back} again", (Give("max_throughput"),)),
                Step("make another account beside this one, and move the data"),
            )
            problems.append(Problem("max_throughput", "a change", expected, steps))
        if _backup(old) == _CONTINUOUS != _backup(new):
            expected = "a continuous backup, which Azure takes back from no account"
            step = Step("give continuous-7-days", (Give("backup", "continuous-7-days"),))
            problems.append(Problem("backup", "periodic, after a continuous one", expected, (step,)))
        if problems:
            raise ConfigurationError(component, problems)

    return check


def container_check(component: str, subject: str) -> Check:
    """https://github.com/pulumi/pulumi-azure-native/issues/562"""

    def check(hook: pulumi.ResourceHookArgs) -> None:
        before, after = (_paths(inputs or {}) for inputs in (hook.old_inputs, hook.new_inputs))
        if before and before != after:
            expected = f"{','.join(before)}, which the container was made with: Azure never changes it"
            step = "write it again, or give the container another name and move the items"
            given = "another partition key"
            raise ConfigurationError(component, [Problem(subject, given, expected, step)])

    return check


def _backup(inputs: Mapping[str, Any]) -> str:
    policy: Any = inputs.get("backupPolicy") or {}
    return str(policy.get("type"))


def _paths(inputs: Mapping[str, Any]) -> list[str]:
    resource: Any = inputs.get("resource") or {}
    key: Any = resource.get("partitionKey") or {}
    return list(key.get("paths") or ())
