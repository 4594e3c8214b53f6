"""What cloud-init does at a machine's first boot, of which a part is done here: files are written, and Python
programs and services are started.

https://cloudinit.readthedocs.io/en/latest/reference/modules.html
"""

import base64
import binascii
import email
from dataclasses import dataclass, field
from typing import Any, Final, cast

import yaml

from local_azure.errors import Refusal, not_served
from local_azure.rules import Rule
from local_azure.virtual_machines.programs import is_run_here

_BEGINS: Final = "#cloud-config"
_MIME: Final = "content-type: multipart/"
_DONE: Final = frozenset({"bootcmd", "write_files", "runcmd"})
_IGNORED: Final = frozenset({"package_update", "package_upgrade", "package_reboot_if_required", "timezone"})
"""Keys that change nothing of what a Python program sees here."""


@dataclass(frozen=True)
class WrittenFile:
    """One of `write_files`."""

    path: str
    content: bytes
    mode: int


@dataclass(frozen=True)
class CloudConfig:
    """All parts of what a machine was given, in their order."""

    files: list[WrittenFile] = field(default_factory=list[WrittenFile])
    commands: list[list[str]] = field(default_factory=list[list[str]])
    each_boot: list[list[str]] = field(default_factory=list[list[str]])
    """`bootcmd`, which runs before everything else."""


def cloud_config(given: str | None) -> CloudConfig:
    """Of `osProfile.customData` as it was written. Raises Refusal 400 for what is no Base64, and 501 for
    what only a real machine does."""
    config = CloudConfig()
    for part in _parts(_decoded(given)) if given else ():
        _read(part, config)
    return config


def _decoded(given: str) -> str:
    try:
        content = base64.b64decode(given, validate=True)
        if len(content) > 65_535:
            raise Refusal(400, "InvalidParameter", "Custom data must be at most 65535 bytes.")
        return content.decode()
    except (binascii.Error, UnicodeDecodeError):
        text = "Custom data in OSProfile must be in Base64 encoding and at most 87380 characters."
        raise Refusal(400, "InvalidParameter", text) from None


def _parts(text: str) -> list[str]:
    if not text.lower().startswith(_MIME):
        return [text]
    message = email.message_from_string(text)
    found = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return [part.decode() for part in found if isinstance(part, bytes)]


def _read(part: str, config: CloudConfig) -> None:
    if not part.startswith(_BEGINS):
        raise not_served("cloud-init's scripts and includes; here it reads #cloud-config")
    read: Any = yaml.safe_load(part) or {}
    if not isinstance(read, dict):
        raise not_served("cloud-init's #cloud-config that is no map")
    given = cast(dict[str, Any], read)
    for key in given:
        if key not in _DONE | _IGNORED:
            raise not_served(
                f"cloud-init's {key} on a virtual machine; here it does bootcmd, write_files and runcmd"
            )
    config.files.extend(_file(one) for one in given.get("write_files") or ())
    config.each_boot.extend(_command(one) for one in given.get("bootcmd") or ())
    config.commands.extend(_command(one) for one in given.get("runcmd") or ())


def _file(given: dict[str, Any]) -> WrittenFile:
    content, encoding = given.get("content") or "", given.get("encoding") or "text/plain"
    if encoding in ("b64", "base64"):
        raw = base64.b64decode(content)
    elif encoding == "text/plain":
        raw = str(content).encode()
    else:
        raise not_served(f"cloud-init's encoding {encoding}")
    return WrittenFile(str(given["path"]), raw, int(str(given.get("permissions") or "0644"), 8))


def _command(given: object) -> list[str]:
    command = [str(one) for one in cast(list[object], given)] if isinstance(given, list) else []
    if not is_run_here(command):
        said = command[0] if command else "a line for a shell"
        raise not_served(
            f"a program that is not Python on a virtual machine ({said}); here cloud-init's commands are "
            "lists that begin with python3 or systemctl"
        )
    return command


RULES: Final = [
    Rule(
        "Q6",
        "behaviour",
        "At its first boot a machine does what its custom data says; at a later one it does not.",
        held_by="q6_custom_data_is_for_the_first_boot",
        source="https://learn.microsoft.com/azure/virtual-machines/custom-data",
    ),
]
