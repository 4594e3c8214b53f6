"""What `pulumi config` does to a stack's configuration, for the commands that a refusal prints."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from tests.unit.program.declared import GUID, TEAM, TEAM_IDENTITY, TEAM_VAULT

ANSWERED = {
    "az account show --query tenantId --output tsv": GUID,
    "az account show --query id --output tsv": GUID,
    "az ad group show --group a --query id --output tsv": GUID,
    "az ad group show --group 'all staff' --query id --output tsv": GUID,
    "az identity show --resource-group <group> --name <name> --query id --output tsv": TEAM_IDENTITY,
    "az keyvault show --name <vault> --query id --output tsv": TEAM_VAULT["vaultId"],
    "az keyvault show --name <vault> --query properties.vaultUri --output tsv": TEAM_VAULT["vaultEndpoint"],
    "az monitor log-analytics workspace show --resource-group <group> --workspace-name <name> --query id "
    "--output tsv": f"{TEAM}/Microsoft.OperationalInsights/workspaces/log-team",
}
"""What these print in the shell of somebody who put in the names of what there is."""
REPLACED = {
    "<www.contoso.com>": "www.contoso.com",
    "<runtime>": "node-22",
    "<region>": "westeurope",
    "<secret-name>": "a-secret",
    "<text>": "a text",
    "<NAME>": "ANOTHER",
    "<name>": "t0",
}
"""What a reader writes in the place of what stands in angle brackets."""


def after(command: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration after a command line of `pulumi config set` and `rm`, each for the stack dev."""
    changed: dict[str, Any] = json.loads(json.dumps(configuration))
    for one in re.split(r" && (?=pulumi config )", command):
        _apply(one, changed, configuration)
    return changed


def _apply(command: str, configuration: dict[str, Any], refused: Mapping[str, Any]) -> None:
    """`refused` is the configuration that the command was printed for, in whose order entries are counted."""
    printed = re.findall(r'"\$\((.*)\)"', command, re.DOTALL)
    words = shlex.split(re.sub(r'"\$\((.*)\)"', "PRINTED", command, flags=re.DOTALL))
    pulumi, config, verb, *rest = words
    assert (pulumi, config) == ("pulumi", "config")
    at = rest.index("--stack")
    assert rest[at + 1] == "dev"
    del rest[at : at + 2]
    by_path = rest[0] == "--path"
    key, *value = rest[1:] if by_path else rest
    of, name = _keys(key, refused) if by_path else (configuration, key)
    of = configuration.setdefault(of, {}) if isinstance(of, str) else of
    if verb == "rm":
        assert value == []
        assert of.pop(name, None) is not None, f"nothing to remove: {command}"
        return
    assert verb == "set"
    given = value[-1]
    assert value in ([given], ["--", given])
    assert len(value) == 2 or not given.startswith("-")
    of[name] = _stored(_printed(printed[0], refused) if given == "PRINTED" else given, by_path)


def _keys(path: str, refused: Mapping[str, Any]) -> tuple[str, str]:
    """https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration"""
    found = re.fullmatch(r'(\w+)(?:\.([^.\["]+)|\["((?:[^"\\]|\\")*)"\])', path.replace("<name>", "t0"))
    assert found is not None, path
    entry = found[2] if found[3] is None else found[3].replace('\\"', '"')
    if place := re.fullmatch(r"<entry ([0-9]+) by name>", entry):
        entry = sorted(refused[found[1]])[int(place[1]) - 1]
    return found[1], REPLACED.get(entry, entry)


def _printed(command: str, configuration: Mapping[str, Any]) -> str:
    if not command.startswith("pulumi config get --path "):
        return ANSWERED[command]
    _, _, _, _, path, *stack = shlex.split(command)
    assert stack == ["--stack", "dev"]
    of, name = _keys(path, configuration)
    value = configuration[of][name]
    return value if isinstance(value, str) else json.dumps(value)


def _stored(text: str, by_path: bool) -> Any:
    """By path the command line takes numbers and switches for such; without it, all is text."""
    text = REPLACED.get(text, text)
    if by_path and (text in ("true", "false") or re.fullmatch(r"0|-?[1-9][0-9]*", text)):
        return json.loads(text)
    return text
