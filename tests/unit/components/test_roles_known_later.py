"""A role that is known only when something else exists: links that then need the same are refused by name."""

from typing import Any

import pytest

from components import ConfigurationError, WorkloadAccess
from tests.unit.components.answering_azure import PRINCIPAL, STORAGE
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component


def workload(**links: Any) -> Deployment:
    return deploy_component(WorkloadAccess, {"principal_id": PRINCIPAL, "links": links}, "up")


def test_a_role_that_shows_later_is_weighed_then(caplog: pytest.LogCaptureFixture) -> None:
    links = {
        name: {"role": {"id": STORAGE, "role": role}}
        for name, role in (("one", Later("Reader")), ("other", "acdd72a7-3385-48ef-bd42-f606fba81ae7"))
    }
    with pytest.raises(ConfigurationError, match=r"links\[one\]\.role and links\[other\]\.role"):
        workload(**links)
    links["other"] = {"role": {"id": STORAGE, "role": "Storage Queue Data Reader"}}
    assert {one.name for one in workload(**links).all("RoleAssignment")} == {"shop-one", "shop-other"}
    assert "Calling __str__ on an Output" not in caplog.text
