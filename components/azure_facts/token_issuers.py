"""Who signs the tokens that an identity may trust, and what is called by them.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations,
https://docs.github.com/actions/reference/security/oidc and
https://learn.microsoft.com/azure/aks/workload-identity-overview
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from .data import read


def usual_audience() -> str:
    """For whom a token is that Entra exchanges in the public cloud."""
    return str(_data()["audience"])


def workload(issuer: str, subject: str) -> str:
    """What bears a token of this issuer and subject, in words."""
    for row in _data()["workloads"]:
        begins = (issuer, row["issuer"]) if "issuer" in row else (subject, row["subject"])
        if begins[0].startswith(begins[1]):
            return str(row["word"])
    return "workload"


@cache
def _data() -> Mapping[str, Any]:
    return read("token_issuers")
