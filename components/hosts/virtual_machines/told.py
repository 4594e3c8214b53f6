"""How code on a machine is told: a file of variables, written anew at each boot from the user data.

Custom data is fixed when a machine is made, and user data is not. So custom data holds the program that
writes the file, and user data the lines. Everything on the machine reads both: neither has a secret.
https://learn.microsoft.com/azure/virtual-machines/user-data
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Final, cast

import pulumi

from ...links.link import Told, Variables
from ..without_references import plain

FILE: Final = "/etc/keyless.env"
CREDENTIAL: Final = "AZURE_TOKEN_CREDENTIALS"
"""Says to code that it is on a machine with an identity: no other credential is tried, and the metadata
service is waited for. https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables"""
_SAFE: Final = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
_LARGEST: Final = 65_535
"""Bytes of custom or user data, before Base64."""
_BOUNDARY: Final = "===============keyless=="

_WRITES_FILE: Final = """
import base64, os, time, urllib.request
at = os.environ.get("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://169.254.169.254")
path = "/metadata/instance/compute/userData?api-version=2021-01-01&format=text"
ask = urllib.request.Request(at + path, headers={"Metadata": "true"})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for wait in (1, 2, 4, 8, 16, 0):
    try:
        said = base64.b64decode(opener.open(ask, timeout=5).read())
        break
    except OSError:
        if not wait:
            raise
        time.sleep(wait)
with open("etc/keyless.env.new", "wb") as file:
    file.write(said)
os.replace("etc/keyless.env.new", "etc/keyless.env")
""".strip()
"""Run by cloud-init in the root folder, before the network is said to be there."""


def variables_told(has_identity: bool) -> Variables:
    """What code is told besides what identity and links say."""
    return [(CREDENTIAL, "identity")] if has_identity else []


def user_data(
    told: Mapping[str, Told], has_identity: bool
) -> tuple[pulumi.Output[str], pulumi.Output[Mapping[str, str]]]:
    """The lines of the file as a machine's user data, in Base64, and the same variables by name."""
    known = plain(told)
    if has_identity:
        known[CREDENTIAL] = pulumi.Output.from_input("ManagedIdentityCredential")
    all_known: pulumi.Input[Mapping[str, str]] = cast(pulumi.Input[Mapping[str, str]], known)
    variables = pulumi.Output.from_input(all_known)
    return variables.apply(lambda all: _encoded(lines(all))), variables


def lines(variables: Mapping[str, str]) -> str:
    """As systemd reads an EnvironmentFile, and a shell the same."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(variables.items()))


def custom_data(cloud_init: str | None) -> str:
    """What cloud-init does: at each boot it writes the file, and at the first one what the caller says."""
    own = "#cloud-config\n" + json.dumps({"bootcmd": [["python3", "-c", _WRITES_FILE]]}, indent=1)
    return _encoded(own if cloud_init is None else _both(own, cloud_init))


def is_too_large(cloud_init: str) -> bool:
    return len(base64.b64decode(custom_data(cloud_init))) > _LARGEST


def _both(own: str, given: str) -> str:
    """Two parts, whose lists cloud-init puts one behind the other.
    https://cloudinit.readthedocs.io/en/latest/reference/merging.html
    """
    merge = "Merge-Type: list(append)+dict(no_replace,recurse_list)+str()"
    parts = [(own, "text/cloud-config"), (given, _kind(given))]
    told = [
        f'--{_BOUNDARY}\nContent-Type: {kind}; charset="utf-8"\nMIME-Version: 1.0\n'
        f"Content-Transfer-Encoding: base64\n{merge}\n\n{_encoded(text)}\n"
        for text, kind in parts
    ]
    head = f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\nMIME-Version: 1.0\n\n'
    return f"{head}{''.join(told)}--{_BOUNDARY}--\n"


def _kind(text: str) -> str:
    return "text/cloud-config" if text.startswith("#cloud-config") else "text/x-shellscript"


def _quoted(value: str) -> str:
    if _SAFE.fullmatch(value):
        return value
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
