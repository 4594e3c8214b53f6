"""Cosmos DB's own roles, and the rights of keys."""

from components.azure_facts.actions import covered, named_by
from components.azure_facts.data_roles import cosmos_role, rights_of_key
from components.azure_facts.roles import role_named

READER, CONTRIBUTOR = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2))


def test_the_two_roles_of_every_cosmos_db_account_are_known_and_the_second_allows_more() -> None:
    reader, contributor = cosmos_role(READER), cosmos_role(CONTRIBUTOR)
    assert reader is not None
    assert contributor is not None
    assert reader.name == "Cosmos DB Built-in Data Reader"
    more = [named_by(block, data=True) for block in contributor.permissions]
    less = [named_by(block, data=True) for block in reader.permissions]
    assert all(covered(action, more) for block in reader.permissions for action in block.data_actions)
    assert not all(
        covered(action, less) for block in contributor.permissions for action in block.data_actions
    )
    assert cosmos_role("00000000-0000-0000-0000-000000000003") is None


def test_a_key_has_the_actions_of_azures_own_roles_for_its_rights() -> None:
    sends = role_named("Azure Service Bus Data Sender")
    rights = rights_of_key("servicebus", ["Send"])
    assert sends is not None
    assert rights is not None
    assert rights.data_actions == sends.permissions[0].data_actions
    assert rights_of_key("eventhub", ["Listen", "manage"]) is not None
    assert rights_of_key("eventhub", ["Levitate"]) is None
    assert rights_of_key("relay", ["Listen"]) is None
