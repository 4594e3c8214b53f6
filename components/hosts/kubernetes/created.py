"""The objects of a workload created in the cluster, for who has a kubernetes provider for it.

The package for that is large and few need it, so it is imported when an object is created and not before.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pulumi

from ...errors import ConfigurationError, Problem
from .manifests import Manifests, config_map_name
from .objects import Object

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

_PACKAGE: Final = "pulumi-kubernetes"
_A_TYPE: Final = "kubernetes:core/v1:ServiceAccount"


def check_provider(component: str, workload: pulumi.ComponentResource) -> None:
    """Raises ConfigurationError where the objects would be created with whatever the machine is signed in
    to, or the package for it is missing.
    """
    problem = None
    if workload.get_provider(_A_TYPE) is None:
        step = "give providers=[kubernetes.Provider(...)] in the options, or take create_objects out"
        expected = (
            "a kubernetes provider in the component's options: another would be of the machine's own cluster"
        )
        problem = Problem("create_objects", "true, without one", expected, step)
    else:
        try:
            import pulumi_kubernetes  # noqa: F401  # pyright: ignore[reportUnusedImport]
        except ImportError:
            step = f"install it with `pip install {_PACKAGE}`, or take create_objects out"
            expected = f"the Python package {_PACKAGE}, which creates them"
            problem = Problem("create_objects", "true, without a package for it", expected, step)
    if problem is not None:
        raise ConfigurationError(component, [problem])


def create_objects(
    workload: pulumi.ComponentResource,
    name: str,
    service_account: str,
    classes: Sequence[str],
    manifests: pulumi.Output[Manifests],
    after: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    """Service account, environment and the classes of these names, in this order. `after` is what has to be
    there before a pod starts.
    """
    from pulumi_kubernetes.apiextensions import CustomResource
    from pulumi_kubernetes.core.v1 import ConfigMap, ServiceAccount

    opts = pulumi.ResourceOptions(parent=workload, depends_on=list(after))
    identified = manifests.apply(lambda all: all.service_account_object())
    account = ServiceAccount(
        name,
        automount_service_account_token=False,
        metadata=_metadata(service_account, identified, identified.apply(_annotations)),
        opts=opts,
    )
    told = ConfigMap(
        f"{name}-environment",
        data=manifests.apply(lambda all: all.told),
        metadata=_metadata(config_map_name(service_account), manifests.apply(lambda all: all.config_map())),
        opts=opts,
    )
    made: list[pulumi.Resource] = [account, told]
    for number, one in enumerate(classes):
        object = manifests.apply(lambda all, at=number: all.secret_provider_classes()[at])
        made.append(
            CustomResource(
                f"{name}-{one.removeprefix(f'{service_account}-')}",
                api_version="secrets-store.csi.x-k8s.io/v1",
                kind="SecretProviderClass",
                metadata=_metadata(one, object),
                spec=object.apply(_spec),
                opts=opts,
            )
        )
    return made


def _metadata(
    name: str, object: pulumi.Output[Object], annotations: pulumi.Output[Mapping[str, str]] | None = None
) -> "ObjectMetaArgs":
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

    return ObjectMetaArgs(
        annotations=annotations,
        labels=object.apply(_labels),
        name=name,
        namespace=object.apply(lambda known: known.namespace),
    )


def _annotations(object: Object) -> Mapping[str, str]:
    return dict(object.annotations or {})


def _labels(object: Object) -> Mapping[str, str]:
    return dict(object.labels)


def _spec(object: Object) -> object:
    return object.content["spec"]
