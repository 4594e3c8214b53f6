"""The `pulumi config` commands that carry out what is to be done next."""

import re
from collections.abc import Callable, Mapping
from shlex import quote
from typing import Final

import pulumi

from components.errors import Change, Give, Rename, Step, TakeOut

_GROUP: Final = "az ad group show --group {} --query id --output tsv"
_FOUND_BY: Final[Mapping[str, str]] = {
    "diagnosticsWorkspaceId": "az monitor log-analytics workspace show --resource-group <group>"
    " --workspace-name <name> --query id --output tsv",
    "identityId": "az identity show --resource-group <group> --name <name> --query id --output tsv",
    "secretOfficers": _GROUP,
    "secretReaders": _GROUP,
    "subscriptionId": "az account show --query id --output tsv",
    "tenantId": "az account show --query tenantId --output tsv",
    "vaultEndpoint": "az keyvault show --name <vault> --query properties.vaultUri --output tsv",
    "vaultId": "az keyvault show --name <vault> --query id --output tsv",
}
"""What prints a value that only Azure or Entra knows; the braces are for an entry's name."""
_TO_REPLACE: Final[Mapping[str, str]] = {
    "customDomain": "<www.contoso.com>",
    "location": "<region>",
    "runtime": "<runtime>",
    "secrets": "<secret-name>",
}
"""What stands for a value that the reader chooses."""


def step(words: str, *changes: Change) -> Step:
    """A step with its command. The subjects of `changes` are keys: `location`, `tags[team]`."""
    return Step(words, command=command(*changes))


def in_quotes(key: str, entry: str | None = None) -> Step:
    """A step that has a text stored as one, whatever it looks like."""
    path = quote(key) if entry is None else f"--path {_path(key, entry)}"
    set_it = f"pulumi config set {path} --type string <text> --stack {quote(pulumi.get_stack())}"
    return Step("write it in quotes", command=set_it)


def removed(*keys: str) -> Step:
    """A step that takes keys of any namespace out."""
    return Step(
        "take it out" if len(keys) == 1 else "take them out", command=" && ".join(map(_removal, keys))
    )


def moved(key: str, to: str) -> Step:
    """A step that gives the value of a key of any namespace to a key of this project."""
    stack = f"--stack {quote(pulumi.get_stack())}"
    value = f'-- "$(pulumi config get {quote(key)} {stack})"'
    return Step(f"write {to}", command=f"pulumi config set {to} {stack} {value} && {_removal(key)}")


def _removal(key: str) -> str:
    return f"pulumi config rm {quote(key)} --stack {quote(pulumi.get_stack())}"


def command(*changes: Change, spelt: Callable[[str], str] = str) -> str:
    """What a shell runs; `spelt` is the key for the subject of a change, without its entry."""
    return " && ".join(_of(change, spelt) for change in changes)


def subject_and_entry(subject: str) -> tuple[str, str | None]:
    """`tags[team]` is the entry team of tags."""
    found = re.fullmatch(r"(\w+)\[(.*)\]", subject, re.DOTALL)
    return (found[1], found[2]) if found else (subject, None)


def _of(change: Change, spelt: Callable[[str], str]) -> str:
    subject, entry = subject_and_entry(change.subject)
    key, stack = spelt(subject), f"--stack {quote(pulumi.get_stack())}"
    path = quote(key) if entry is None else f"--path {_path(key, entry)}"
    match change:
        case TakeOut():
            return f"pulumi config rm {path} {stack}"
        case Rename(name=name):
            # The value is read where it stands: no message repeats it, and `--` lets it begin with a hyphen.
            value = f'-- "$(pulumi config get {path} {stack})"'
            to = f"--path {_path(key, name)}"
            return f"pulumi config set {to} {stack} {value} && pulumi config rm {path} {stack}"
        case Give(value=value):
            if value is not None and value.startswith("-"):
                return f"pulumi config set {path} {stack} -- {quote(value)}"
            given = _unknown(key, entry) if value is None else quote(value)
            return f"pulumi config set {path} {given} {stack}"


def _path(key: str, entry: str) -> str:
    """https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration"""
    if re.fullmatch(r"[\w-]+|<[^<>]*>", entry):
        return quote(f"{key}.{entry}")
    escaped = entry.replace('"', '\\"')
    return quote(f'{key}["{escaped}"]')


def _unknown(key: str, entry: str | None) -> str:
    """In angle brackets what the reader replaces, or what prints the value."""
    if key in _FOUND_BY:
        return f'"$({_FOUND_BY[key].format(quote(entry or ""))})"'
    return _TO_REPLACE.get(key, "<text>")
