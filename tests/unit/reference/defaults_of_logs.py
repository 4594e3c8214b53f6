"""Defaults of the workspace and the alerts of an access review."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_azure_native import operationalinsights

from components import AccessReview
from tests.unit.components.answering_azure import VAULT
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_TEST: Final = "test_access_review.py::test"
_OF_A_VAULT: Final[Mapping[str, Any]] = {**IN_GROUP, "resources": {"main": {"id": VAULT}}}

OF_LOGS: Final[Mapping[str, Stated]] = {
    "operationalinsights:Workspace": Stated(
        AccessReview,
        _OF_A_VAULT,
        lambda: operationalinsights.Workspace("bare", resource_group_name="rg", workspace_name="bare"),
        {
            "features.disableLocalAuth": Decision(
                "No key writes rows; a token and a role are asked for.",
                f"{_TEST}_a_workspace_takes_tokens_only_and_keeps_rows_for_ninety_days",
            ),
            "retentionInDays": Decision(
                "Evidence of a quarter: 90 days.",
                f"{_TEST}_a_workspace_takes_tokens_only_and_keeps_rows_for_ninety_days",
                ("retention_days",),
            ),
        },
        names("sku.name workspaceName"),
    ),
}
