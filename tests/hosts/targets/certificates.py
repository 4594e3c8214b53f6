"""Key Vault: certificates."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import CertificateAccess, KeyVault
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Key Vault: certificates"
    docs = "docs/guides/keys-and-certificates.md"
    said = "a certificate of CN=probe"
    refusal = r"Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = KeyVault("certificates", {"resource_group_name": given.group.name})
        return made.certificates_link(access=CertificateAccess.WRITE), {"name": made.name}


TARGET = _Target()
