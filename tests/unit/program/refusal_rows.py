"""How the tables of refusals are written."""

from typing import Any

Refused = tuple[str, dict[str, Any], str, str, str, list[tuple[str, str]]]
"""What it is, the configuration, the subject, what is given and expected, and each step with its command."""


def put(key: str, value: str) -> str:
    return f"pulumi config set {key} {value} --stack dev"


def put_in(path: str, value: str) -> str:
    return f"pulumi config set --path {path} {value} --stack dev"


def out(key: str) -> str:
    return f"pulumi config rm {key} --stack dev"


def out_of(path: str) -> str:
    return f"pulumi config rm --path {path} --stack dev"


def move(path: str, to: str) -> str:
    value = f'"$(pulumi config get --path {path} --stack dev)"'
    return f"pulumi config set --path {to} --stack dev -- {value} && {out_of(path)}"
