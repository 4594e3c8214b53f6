"""Names of registries, of what runs containers, and of what is in a cluster."""

from dataclasses import replace
from typing import Final

from ..form import Form
from .rule import NameRule

REGISTRY: Final = NameRule(
    "cr", 50, r"[0-9A-Za-z]{5,}", "5 to 50 letters and digits", r"[0-9A-Za-z]*", hyphens=False
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"""
REPOSITORY: Final = NameRule(
    "",
    255,
    r"[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*(?:/[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*)*",
    "1 to 255 lower-case letters and digits, with ._- and / between them, as in shop/web",
    r"(?:[0-9a-z][0-9a-z._/-]*)?",
)
"""Never derived. https://distribution.github.io/distribution/spec/api/#overview"""
CONTAINER_GROUP: Final = NameRule(
    "ci",
    63,
    r"(?!.*--)[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
    "1 to 63 lower-case letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z](?:-?[0-9a-z])*-?)?",
)
CONTAINER_NAME: Final = CONTAINER_GROUP.form
"""Of one container in a group."""
CONTAINER_VARIABLE: Final = Form.matching(
    "1 to 63 letters, digits and underscores, not starting with a digit or ending with an underscore",
    r"(?=.{1,63}$)[A-Za-z_](?:[0-9A-Za-z_]*[0-9A-Za-z])?",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
"""https://learn.microsoft.com/azure/container-instances/container-instances-troubleshooting#naming-conventions"""
CONTAINER_APP: Final = NameRule(
    "ca",
    32,
    r"(?!.*--)[a-z][0-9a-z-]*[0-9a-z]",
    "2 to 32 lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[a-z](?:-?[0-9a-z])*-?)?",
)
CONTAINER_JOB: Final = replace(CONTAINER_APP, abbreviation="caj")
CONTAINER_ENVIRONMENT: Final = NameRule(
    "cae",
    60,
    r"(?!.*--)[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]",
    "2 to 60 letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
CLUSTER: Final = NameRule(
    "aks",
    63,
    r"[0-9A-Za-z](?:[0-9A-Za-z_-]*[0-9A-Za-z])?",
    "1 to 63 letters, digits, - and _, starting and ending with a letter or digit",
    r"(?:[0-9A-Za-z][0-9A-Za-z_-]*)?",
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerservice"""
KUBERNETES_NAMESPACE: Final = Form.matching(
    "the name of a namespace: 1 to 63 lower-case letters, digits and hyphens, not starting or ending with a "
    "hyphen",
    r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""
SERVICE_ACCOUNT: Final = Form.matching(
    "the name of a service account: 1 to 200 lower-case letters, digits, hyphens and periods, each part "
    "between periods starting and ending with a letter or digit",
    r"(?=.{1,200}$)[0-9a-z](?:[0-9a-z-]*[0-9a-z])?(?:\.[0-9a-z](?:[0-9a-z-]*[0-9a-z])?)*",
    r"(?:[0-9a-z][0-9a-z.-]*)?",
)
"""Kubernetes takes 253; ours are what the names of further objects begin with.
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names"""
