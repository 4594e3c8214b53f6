"""A workload in a Kubernetes cluster as a host: a service account whose pods run as an identity."""

from collections.abc import Mapping, Sequence
from typing import cast

import pulumi
from pulumi_azure_native import authorization, managedidentity

from ...choices import read_once
from ...contract import KUBERNETES_WORKLOAD as TOKEN
from ...links.key_vault import VaultLink
from ...links.link import SecretRef, Told
from ...unknowns import once_there
from ..host import Host
from .created import check_provider, create_objects
from .federation import federate, subject_of
from .manifests import POD_LABELS, Manifests
from .objects import text_of
from .secret_classes import SecretClass, class_name, secret_class
from .workload_arguments import CREDENTIAL, KubernetesWorkloadArgs, WorkloadChoices, read_workload

_CREDENTIAL: str = "WorkloadIdentityCredential"


class KubernetesWorkload(Host):
    """A workload in a Kubernetes cluster that reaches its secrets and its data with an identity of Azure's.

    Pods of one service account in one namespace sign in with the token that the cluster gives them, which
    Entra exchanges for one of the identity. The cluster has to have an OIDC issuer and Entra Workload ID. The
    objects for it are told as manifests, or created, with a kubernetes provider.
    Source: https://learn.microsoft.com/azure/aks/workload-identity-overview
    """

    credential_id: pulumi.Output[str]
    """Resource id of the federated credential that lets the service account of issuer_url in."""
    name: pulumi.Output[str]
    """Name of the service account."""
    namespace: pulumi.Output[str]
    """Namespace of the service account."""
    subject: pulumi.Output[str]
    """What the tokens of the service account call it: system:serviceaccount:<namespace>:<name>."""
    pod_labels: pulumi.Output[Mapping[str, str]]
    """Labels that each pod has to have: without them nothing is injected, and the node's identity answers."""
    environment: pulumi.Output[Mapping[str, str]]
    """Environment variables that code needs, none of them secret, by name."""
    service_account_manifest: pulumi.Output[str]
    """The service account, as YAML."""
    config_map_manifest: pulumi.Output[str]
    """The environment as a ConfigMap, as YAML."""
    secret_provider_manifests: pulumi.Output[str]
    """A SecretProviderClass for each vault that secrets are read from, as YAML; empty where there is none."""
    manifests: pulumi.Output[str]
    """All objects as one YAML text, given out when the pods may start."""
    pod_template: pulumi.Output[str]
    """What a template of pods needs of all this, as YAML, to be merged into it."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity that the pods run as."""
    principal_id: pulumi.Output[str | None]
    """Object id of the identity, given out when its grants exist."""
    client_id: pulumi.Output[str | None]
    """Client id of the identity, given out when its grants exist."""

    def __init__(
        self, name: str, args: KubernetesWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once(
            "KubernetesWorkload",
            name,
            args,
            KubernetesWorkloadArgs,
            lambda arguments: read_workload(arguments, name),
        )
        super().__init__(TOKEN, name, choices, opts)
        if self.is_looked_up:
            return
        if choices.creates_objects:
            check_provider(choices.component, self)
        self.namespace = choices.namespace
        self.subject = choices.namespace.apply(lambda known: subject_of(known, choices.service_account))
        self.declare_between(lambda: self._federated(choices), tell=lambda _, told: self._tell(choices, told))
        self._give_out(choices)
        self.finished(choices.elsewhere)

    def _federated(self, choices: WorkloadChoices) -> managedidentity.FederatedIdentityCredential:
        main = self.runs_as.ids.identity_id
        assert main is not None
        identities = {"": main, **choices.identity.further}
        self.credentials = federate(self, self.called, identities, choices.issuers, self.subject)
        return self.credentials[0]

    def _tell(self, choices: WorkloadChoices, told: Mapping[str, Told]) -> None:
        """All that the cluster and the code are told, once the pods may start."""
        plain = {key: value for key, value in told.items() if not isinstance(value, SecretRef)}
        plain[CREDENTIAL] = pulumi.Output.from_input(_CREDENTIAL)
        with_secrets = [
            one for one in choices.reaches if isinstance(one, VaultLink) and one.secrets and one.endpoint
        ]
        names = [class_name(choices.service_account, one) for one in with_secrets]
        known = pulumi.Output.all(
            client_id=self.runs_as.ids.client_id,
            endpoints=[one.endpoint for one in with_secrets],
            namespace=choices.namespace,
            plain=plain,
            tenant_id=self._tenant(choices) if with_secrets else "",
        )
        secrets = [dict(one.secrets) for one in with_secrets]
        self._manifests = known.apply(lambda all: _manifests(choices, names, secrets, all))
        self.objects = (
            create_objects(
                self, self.called, choices.service_account, names, self._manifests, [*self._before_pods()]
            )
            if choices.creates_objects
            else []
        )

    def _tenant(self, choices: WorkloadChoices) -> pulumi.Output[str]:
        if choices.tenant_id is not None:
            return choices.tenant_id
        return authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=self)).tenant_id

    def _before_pods(self) -> list[pulumi.Resource]:
        return [*self.credentials, *self.runs_as.grants]

    def _give_out(self, choices: WorkloadChoices) -> None:
        all = self._manifests
        self.credential_id = self.credentials[0].id
        self.name = pulumi.Output.from_input(choices.service_account)
        self.pod_labels = pulumi.Output.from_input(dict(POD_LABELS))
        self.environment = all.apply(lambda known: known.told)
        self.service_account_manifest = all.apply(lambda known: text_of([known.service_account_object()]))
        self.config_map_manifest = all.apply(lambda known: text_of([known.config_map()]))
        self.secret_provider_manifests = all.apply(
            lambda known: text_of(known.secret_provider_classes()) if known.classes else ""
        )
        self.manifests = once_there(all.apply(lambda known: known.text()), self._before_pods())
        self.pod_template = all.apply(lambda known: known.pod_template())


def _manifests(
    choices: WorkloadChoices,
    names: Sequence[str],
    secrets: Sequence[Mapping[str, str]],
    known: Mapping[str, object],
) -> Manifests:
    endpoints = cast(Sequence[str], known["endpoints"])
    classes: list[SecretClass] = [
        secret_class(name, endpoint, entries)
        for name, endpoint, entries in zip(names, endpoints, secrets, strict=True)
    ]
    return Manifests(
        namespace=cast(str, known["namespace"]),
        service_account=choices.service_account,
        client_id=cast(str, known["client_id"]),
        tenant_id=cast(str, known["tenant_id"]),
        environment=cast(Mapping[str, str], known["plain"]),
        classes=classes,
        delivery=choices.delivery,
        container=choices.container,
    )
