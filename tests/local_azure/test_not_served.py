"""What Azure has and the local one has not is said in the local one's own name, never in Azure's words."""

import pytest

from local_azure.azure import Azure
from local_azure.discovery import found_services
from tests.local_azure.arm import Arm, refusal

UNSERVED = [(type_, what) for service in found_services() for type_, what in sorted(service.unserved.items())]


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Azure:
    return Azure(tmp_path_factory.mktemp("azure"))


@pytest.mark.parametrize(("type_", "what"), UNSERVED, ids=[type_ for type_, _ in UNSERVED])
def test_what_is_not_served_is_said_for_the_list_for_one_and_for_what_is_below(
    azure: Azure, type_: str, what: str
) -> None:
    arm = Arm(azure)
    namespace, *names = type_.split("/")
    above = "/".join(f"{name}/one" for name in names[:-1])
    list_ = f"/resourceGroups/rg-one/providers/{namespace}/{above}/{names[-1]}"
    for path in (list_, f"{list_}/one", f"{list_}/one/below/one", f"{list_.upper()}/ONE"):
        status, code, message = refusal(arm("GET", path, api_version="2024-01-01"))
        assert (status, code) == (501, "NotServedByLocalAzure")
        assert message.startswith(f"The local Azure does not serve {what}. This is no answer of Azure's")


def test_nothing_is_served_and_said_not_to_be(azure: Azure) -> None:
    assert len(UNSERVED) > 80
    assert [type_ for type_, _ in UNSERVED if type_.lower() in azure.services.types] == []


def test_a_type_that_azure_does_not_have_is_refused_as_azure_does(azure: Azure) -> None:
    arm = Arm(azure)
    path = f"{arm.group()}/providers/Microsoft.Web/sites/one/gardens/one"
    assert refusal(arm("GET", path, api_version="2024-01-01"))[:2] == (404, "InvalidResourceType")
