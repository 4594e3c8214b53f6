"""The arguments of a Kubernetes workload: who it is in which cluster, and what it reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ...arguments import Arguments
from ...azure_facts.federation_limits import MOST_CREDENTIALS
from ...elsewhere import Elsewhere, read_elsewhere
from ...form import Form
from ...identity import IdentityKind
from ...links import LinkArgs, read_links
from ...links.key_vault import SecretsArgs, VaultLink
from ...links.link import Link, Variables
from ...names.containers import KUBERNETES_NAMESPACE, SERVICE_ACCOUNT
from ...placement import read_placement
from ...references import guid_form
from ...shown import entry
from ...tags import ForeignTagsArgs, read_foreign_tags
from ..declare import LateGrant, check_grants, check_late_grant
from ..host import HostChoices
from ..identity_choice import IdentityArgs, IdentityChoices, read_identity
from ..variables import Platform, problems_with
from .secret_classes import FILE, SecretDelivery, class_name

LATE_GRANT: Final = LateGrant.RESOLVES_LATER
"""The pod waits for its volume until the secrets can be read, and code asks again."""
PLATFORM: Final = Platform(
    "in a pod",
    str,
    frozenset({"AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID"}),
    injected_prefixes=("KUBERNETES_",),
)
"""Linux tells variables apart by case. The webhook of Entra Workload ID sets those that name the credential.
https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html"""
CREDENTIAL: Final = "AZURE_TOKEN_CREDENTIALS"
"""Which credential code looks for. With ManagedIdentityCredential it would be the node's.
https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables"""

ISSUER: Final = Form.matching(
    "the OIDC issuer of a cluster, as it outputs it: https://<region>.oic.prod-aks.azure.com/<tenant>/<id>/",
    r"https://[^\s/?#]+(?:/[^\s?#]*)?",
    r"(?:https://[^\s/?#]*(?:/[^\s?#]*)?)?",
)
_NO_OTHER: Final = (
    "user-assigned or existing: a pod signs in with a federated credential, which only a user-assigned "
    "identity can have"
)


class KubernetesWorkloadArgs(SecretsArgs, IdentityArgs, ForeignTagsArgs):
    """Arguments of KubernetesWorkload."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the identity in; with identity existing, the group that it is in."""
    issuer_url: pulumi.Input[str]
    """OIDC issuer of the cluster, letter by letter as the cluster outputs it."""
    namespace: pulumi.Input[str]
    """Namespace in the cluster that the pods run in. It is not made here."""
    service_account: NotRequired[str]
    """Service account that the pods run as, plain; left out, the component's name."""
    further_issuer_urls: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Issuers of further clusters that the same workload runs in, by names of your own; left out, none."""
    links: NotRequired[Mapping[str, LinkArgs]]
    """What code reaches, under names of your own, each with one target; left out, secrets alone."""
    secret_delivery: NotRequired[SecretDelivery]
    """How code gets the secrets; left out, files: the cluster keeps no copy of them."""
    container_name: NotRequired[str]
    """Name of the container in pod_template that runs the code; left out, app."""
    create_objects: NotRequired[bool]
    """Whether the objects are created, with the kubernetes provider in the options; left out, only told."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant of the vaults that secrets are read from; left out, the one that the program is signed in to."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region of the identity; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the identity; left out, none."""


@dataclass(frozen=True)
class WorkloadChoices(HostChoices):
    """The arguments, read and checked. `issuers` are by the names of the clusters, the first one without. The
    platform of a pod is no resource of Azure's, and tells nothing there.
    """

    issuers: Mapping[str, pulumi.Output[str]]
    namespace: pulumi.Output[str]
    service_account: str
    delivery: SecretDelivery
    container: str
    creates_objects: bool
    tenant_id: pulumi.Output[str] | None


def read_workload(arguments: Arguments, name: str) -> WorkloadChoices:
    """Problems are noted in `arguments`."""
    arguments.require("resource_group_name", "the resource group to create the identity in")
    arguments.require("issuer_url", ISSUER.words)
    arguments.require("namespace", KUBERNETES_NAMESPACE.words)
    identity = read_identity(arguments)
    _check_kind(arguments, identity)
    vault, others = read_links(arguments, identity.kind)
    links = [vault, *others]
    delivery = arguments.choice("secret_delivery", SecretDelivery, SecretDelivery.FILES)
    own = [identity.variables, [(CREDENTIAL, "identity")]]
    chosen = [link.variables for link in links]
    if delivery is SecretDelivery.FILES:
        chosen += [_files(link) for link in links if isinstance(link, VaultLink)]
    arguments.problems += problems_with(PLATFORM, own, chosen)
    check_late_grant(arguments, LATE_GRANT, identity, links)
    check_grants(arguments, identity, links, {})
    service_account = _read_service_account(arguments, name)
    _check_classes(arguments, service_account, links)
    return WorkloadChoices(
        component=arguments.component,
        identity=identity,
        reaches=links,
        observability=None,
        place=read_placement(arguments),
        issuers=_read_issuers(arguments),
        namespace=arguments.text("namespace", KUBERNETES_NAMESPACE) or pulumi.Output.from_input(""),
        service_account=service_account,
        delivery=delivery,
        container=_read_container(arguments),
        creates_objects=arguments.flag("create_objects", False),
        tenant_id=arguments.text("tenant_id", guid_form("the id of a tenant, a GUID")),
        elsewhere=_elsewhere(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )


def _check_kind(arguments: Arguments, identity: IdentityChoices) -> None:
    if identity.kind in (IdentityKind.SYSTEM_ASSIGNED, IdentityKind.NONE):
        step = "set identity to user-assigned, or take it out"
        arguments.refuse("identity", identity.kind.value, _NO_OTHER, step)


def _files(link: VaultLink) -> Variables:
    """Beside each variable of a secret stands the one that says in which file it is."""
    source = dict(link.variables)
    return [(f"{one}{FILE}", source[one]) for one in link.secrets]


def _read_service_account(arguments: Arguments, name: str) -> str:
    given = arguments.plain_text("service_account", name)
    if not SERVICE_ACCOUNT.holds(given):
        subject = "service_account" if arguments.has("service_account") else "the component's name"
        step = f"give service_account: {SERVICE_ACCOUNT.words}"
        arguments.refuse(subject, SERVICE_ACCOUNT.refused(given), SERVICE_ACCOUNT.words, step)
    return given


def _read_container(arguments: Arguments) -> str:
    given = arguments.plain_text("container_name", "app")
    if not KUBERNETES_NAMESPACE.holds(given):
        words = KUBERNETES_NAMESPACE.words.replace("namespace", "container")
        arguments.refuse("container_name", KUBERNETES_NAMESPACE.refused(given), words, f"give {words}")
    return given


def _read_issuers(arguments: Arguments) -> Mapping[str, pulumi.Output[str]]:
    key = "further_issuer_urls"
    further = arguments.plain_map(key, "names of clusters to their OIDC issuers")
    if len(further) >= MOST_CREDENTIALS:
        expected = (
            f"at most {MOST_CREDENTIALS - 1} besides issuer_url: an identity has at most "
            f"{MOST_CREDENTIALS} federated credentials"
        )
        step = "give the other clusters a KubernetesWorkload, and so an identity, of their own"
        arguments.refuse(key, f"{len(further)} issuers", expected, step)
    given = arguments.raw("issuer_url")
    seen = {given: "issuer_url"} if isinstance(given, str) else {}
    for name, url in further.items():
        subject = entry(key, name, further)
        if not KUBERNETES_NAMESPACE.holds(name):
            words = KUBERNETES_NAMESPACE.words.replace("the name of a namespace", "a name")
            arguments.refuse(subject, KUBERNETES_NAMESPACE.refused(name), words, "name it for its cluster")
        if isinstance(url, str) and (earlier := seen.setdefault(url, subject)) != subject:
            expected = "the issuer of another cluster"
            arguments.refuse(subject, f"the issuer in {earlier}", expected, f"take {subject} out")
    first = arguments.text("issuer_url", ISSUER)
    issuers = {} if first is None else {"": first}
    return issuers | {
        name: arguments.checked(entry(key, name, further), url, ISSUER) for name, url in further.items()
    }


def _check_classes(arguments: Arguments, service_account: str, links: Sequence[Link]) -> None:
    """Names of links that Kubernetes cannot tell apart would be one object for two vaults."""
    seen: dict[str, VaultLink] = {}
    for link in links:
        if isinstance(link, VaultLink) and link.secrets:
            earlier = seen.setdefault(class_name(service_account, link), link)
            if earlier is not link:
                subject, said = (
                    f"{earlier.source} and {link.source}",
                    "names that differ in case or signs only",
                )
                expected = (
                    "names that are two in Kubernetes, where they are written in lower case with hyphens"
                )
                arguments.refuse(subject, said, expected, "give one of the two links another name")


def _elsewhere(arguments: Arguments) -> Elsewhere:
    """The credential is written on an identity that exists, too, which takes more than attaching it."""
    given = read_elsewhere(arguments, KubernetesWorkloadArgs)
    return [("federated_identity_id" if "identity" in key else key, id) for key, id in given]
