"""Two runs after each other: an argument is given, and then it is taken out. What an engine and Azure make of
it, without either: both runs on mocks, the merge of the local Azure's rule A27, and the hooks' own question.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi

from components import ConfigurationError
from components.errors import Give, Problem
from components.hosts.app_service.site_changes import kept_of, lost_of_site
from components.taken_out import Kept, lost
from components.targets.retention import PURGE_PROTECTION
from components.targets.storage_network import KEPT as OF_STORAGE
from components.targets.vault_network import KEPT as OF_VAULTS
from local_azure.app_service.written_properties import merged
from local_azure.plugins.table import ROWS
from tests.unit.components.recorded_azure import Deployment, Recorded, deploy_component

Args = Mapping[str, Any]
Inputs = Mapping[str, Any]

KEEPERS: Final[Mapping[str, Sequence[Kept]]] = {
    "azure-native:keyvault:Vault": (OF_VAULTS, PURGE_PROTECTION),
    "azure-native:storage:StorageAccount": (OF_STORAGE,),
    "azure-native:web:AppServicePlan": (),
    "azure-native:web:WebApp": kept_of(None),
    "azure-native:web:WebAppSlot": kept_of(None),
}
"""The types of which a write may keep what it leaves out, to what a hook refuses. A write of any other type
says all that there is of the resource, or names nothing that an argument may leave out."""
AS_NEVER_GIVEN: Final[Mapping[str, object]] = {
    "networkRuleSet": {"bypass": "AzureServices", "defaultAction": "Allow"},
    "properties.networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow"},
    "siteConfig.ipSecurityRestrictionsDefaultAction": "Allow",
    "siteConfig.scmIpSecurityRestrictionsUseMain": True,
    "siteConfig.minTlsCipherSuite": "TLS_RSA_WITH_AES_128_CBC_SHA",
}
"""What Azure has where nothing is said, as far as that is not empty, 0 or false. The deployment site without
rules of its own is as open as the site is, whether it uses the site's or not."""
NOT_KEPT: Final = {
    "tags": "Azure drops each tag that a write leaves out",
    "location": "where it is left out, the provider gives the group's, or what it was",
    "properties.createMode": "what is asked for in one write",
    "zoneRedundant": "a write of a plan states all but its size, as far as is known",
}
"""What is not merged, to why."""
GONE: Final = {
    ("azure-native:web:WebAppApplicationSettings", "properties"): "a write of settings is all of them",
    ("azure-native:web:WebAppHostNameBinding", "thumbprint"): "sslState says Disabled beside it",
}
"""What is gone when a write leaves it out, by type and input, to why."""
NOT_DELETED: Final = {
    "azure-native:keyvault:Key": "a vault keeps what it made: docs/guides/keys-and-certificates.md",
    "azure-native:keyvault:Secret": "a vault keeps what was drawn: docs/guides/changes.md",
}
"""What stays in Azure by decision when it is taken out, to why."""


@dataclass(frozen=True)
class Pair:
    """One resource in a run with the argument and in one without it, as the engine's hooks see it."""

    before: Recorded
    after: Recorded
    has_own_plan: bool

    @property
    def new(self) -> Inputs:
        """The inputs of the second run, what is ignored left as it was."""
        return _ignoring(self.after.ignore_changes, self.before.inputs, self.after.inputs)

    @property
    def ignored(self) -> list[str]:
        """The paths that changed and stay."""
        old, new = self.before.inputs, self.after.inputs
        return [path for path in self.after.ignore_changes if _at(path, old) not in (None, _at(path, new))]

    @property
    def missing(self) -> list[str]:
        """The paths that the first run sent and the second one does not."""
        return list(_missing(self.before.inputs, self.new))

    @property
    def problems(self) -> list[Problem]:
        return self.refused(self.before.inputs, self.new)

    def refused(self, old: Inputs, new: Inputs) -> list[Problem]:
        """What the hook of the resource says of an update."""
        type_ = self.before.type
        hook = pulumi.ResourceHookArgs("", "", "", type_, new_inputs=new, old_inputs=old)
        if type_.startswith("azure-native:web:WebApp"):
            of_own_plan = self.has_own_plan and type_ == "azure-native:web:WebApp"
            return lost_of_site("B1" if of_own_plan else None, hook)
        return lost(KEEPERS[type_], hook)


def updated(before: Deployment, after: Deployment) -> list[Pair]:
    """What is there in both runs, is not replaced in between, and may keep what a write leaves out."""
    olds = {one.urn: one for one in before.resources}
    own_plan = bool(after.all("AppServicePlan"))
    kept = [one for one in after.resources if one.urn in olds and one.type in KEEPERS]
    pairs = [Pair(olds[one.urn], one, own_plan) for one in kept]
    return [pair for pair in pairs if not (pair.before.is_read or _is_replaced(pair))]


def unsaid(before: Deployment, after: Deployment) -> list[str]:
    """What stays of resources whose type is not among those that keep something: what a write of them leaves
    out, and what is gone from the program but not from Azure.
    """
    news = {one.urn: one for one in after.resources}
    found: list[str] = []
    for old in before.resources:
        new = news.get(old.urn)
        if new is None:
            found += [old.type] if old.retain_on_delete and old.type not in NOT_DELETED else []
        elif old.type in ROWS and old.type not in KEEPERS:
            pair = Pair(old, new, has_own_plan=False)
            left_out = [] if old.is_read or _is_replaced(pair) else pair.missing
            paths = [path for path in left_out if path.partition(".")[0] not in NOT_KEPT]
            found += [
                f"{old.type} {path}" for path in paths if (old.type, path.partition(".")[0]) not in GONE
            ]
    return found


def neutral(problem: Problem) -> dict[str, Any]:
    """The arguments that the first way out of a refusal says to give."""
    known: dict[str | None, Any] = {None: {}, "false": False}
    changes = [change for change in problem.steps[0].changes if isinstance(change, Give)]
    return {change.subject: known.get(change.value, change.value) for change in changes}


def remains(inputs: Inputs) -> Inputs:
    """What is there in Azure, without what is there in any case."""

    def kept(value: Inputs, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, item in value.items():
            below = f"{path}{name}"
            whole = kept(cast(Inputs, item), f"{below}.") if isinstance(item, Mapping) else item
            if whole and below not in NOT_KEPT and whole != AS_NEVER_GIVEN.get(below):
                found[name] = whole
        return found

    return kept(inputs, "")


def written(*runs: Inputs) -> Inputs:
    """What Azure has after these writes, one after another."""
    found: dict[str, Any] = {}
    for run in runs:
        found = merged(found, dict(run))
    return found


def without(
    component: Callable[..., pulumi.Resource], given: Args, argument: str, least: Args
) -> dict[str, Any] | None:
    """Arguments without one: what it is given with, or else `least`; None where it is required."""
    left = {name: value for name, value in given.items() if name != argument}
    for args in (left, {name: value for name, value in least.items() if name != argument}):
        try:
            deploy_component(component, args, "up")
        except ConfigurationError:
            continue
        return args
    return None


def _is_replaced(pair: Pair) -> bool:
    keys = ROWS[pair.before.type].replace_keys
    return any(pair.before.inputs.get(key) != pair.new.get(key) for key in keys)


def _ignoring(paths: tuple[str, ...], old: Inputs, new: Inputs) -> Inputs:
    found: dict[str, Any] = dict(new)
    for path in paths:
        name, _, rest = path.partition(".")
        if rest and isinstance(found.get(name), Mapping):
            found[name] = _ignoring((rest,), cast(Inputs, old.get(name) or {}), cast(Inputs, found[name]))
        elif name in old:
            found[name] = old[name]
        else:
            found.pop(name, None)
    return found


def _at(path: str, inputs: Inputs) -> Any:
    found: Any = inputs
    for name in path.split("."):
        found = cast(Inputs, found).get(name) if isinstance(found, Mapping) else None
    return found


def _missing(old: Inputs, new: Inputs, path: str = "") -> Iterator[str]:
    for name, value in old.items():
        below, after = f"{path}{name}", new.get(name)
        if isinstance(value, Mapping) and isinstance(after, Mapping):
            yield from _missing(cast(Inputs, value), cast(Inputs, after), f"{below}.")
        elif value is not None and after is None:
            yield below
