"""Of a first preview of any of our components the report leaves nothing to be read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from components import AccessReview, KubernetesCluster, KubernetesWorkload, LogsIngestion
from tests.unit.access_report.previews import State, reported, state
from tests.unit.components import kubernetes_clusters, kubernetes_workloads
from tests.unit.components import test_access_review as reviews
from tests.unit.components import test_logs_ingestion as ingestion
from tests.unit.components.recorded_azure import deploy_component
from tests.unit.policy.judged import Given
from tests.unit.policy.test_our_components import COMPONENTS, PREVIEWS, Mode, given

ALL: Final[Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]]] = {
    **COMPONENTS,
    "cluster": (KubernetesCluster, kubernetes_clusters.LEAST),
    "ingestion": (LogsIngestion, ingestion.LEAST),
    "review": (AccessReview, reviews.LEAST),
    "workload": (KubernetesWorkload, kubernetes_workloads.LEAST),
}


def _state(one: Given) -> State:
    is_component = one.type.startswith("keyless")
    made = state(one.token, one.name, one.props, custom=not is_component)
    return {**made, "urn": one.urn, "parent": one.parent.urn if one.parent else ""}


@pytest.mark.parametrize("mode", PREVIEWS)
@pytest.mark.parametrize("case", ALL)
def test_nothing_that_a_component_makes_is_left_unweighed(case: str, mode: Mode) -> None:
    component, args = ALL[case]
    made = [one for one in given(deploy_component(component, args, mode)) if not one.is_read]
    told = reported([], [_state(one) for one in made])
    assert told.counts == [("create", len(made))]
    assert [(one.type, one.name, one.properties) for one in told.unweighed] == []
