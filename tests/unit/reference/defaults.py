"""Every default that is stated, by resource type: a new property needs a line in the file of its type.

Slots repeat all of a web app's (`test_all_hardening_is_repeated_for_a_slot`); a function app is as closed.
"""

from collections.abc import Mapping
from typing import Final

from tests.unit.reference.defaults_of_caches_and_registries import OF_CACHES_AND_REGISTRIES
from tests.unit.reference.defaults_of_clusters import OF_CLUSTERS
from tests.unit.reference.defaults_of_containers import OF_CONTAINERS
from tests.unit.reference.defaults_of_cosmos import OF_COSMOS
from tests.unit.reference.defaults_of_databases import OF_DATABASES
from tests.unit.reference.defaults_of_events import OF_EVENTS
from tests.unit.reference.defaults_of_logs import OF_LOGS
from tests.unit.reference.defaults_of_machines import OF_MACHINES
from tests.unit.reference.defaults_of_messaging import OF_MESSAGING
from tests.unit.reference.defaults_of_services import OF_SERVICES
from tests.unit.reference.defaults_of_sites import OF_SITES
from tests.unit.reference.defaults_of_storage import OF_STORAGE
from tests.unit.reference.defaults_of_vaults import OF_VAULTS
from tests.unit.reference.stated import Stated

STATED: Final[Mapping[str, Stated]] = {
    **OF_SITES,
    **OF_VAULTS,
    **OF_STORAGE,
    **OF_MESSAGING,
    **OF_COSMOS,
    **OF_SERVICES,
    **OF_DATABASES,
    **OF_CACHES_AND_REGISTRIES,
    **OF_EVENTS,
    **OF_CONTAINERS,
    **OF_MACHINES,
    **OF_CLUSTERS,
    **OF_LOGS,
}
