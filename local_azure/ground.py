"""What every service stands on: where things are kept, what time it is, who there is and who may do what."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from local_azure.authorization.authorizer import Authorizer
from local_azure.clock import Clock
from local_azure.entra.directory import Entra
from local_azure.journal import Journal
from local_azure.older_store import OLD_KEY_FILE, seal_older
from local_azure.private_files import private_folder
from local_azure.store import Store, StoreNotReadableError
from local_azure.store_seal import Seal
from local_azure.trail import Trail


@dataclass(frozen=True)
class Ground:
    """Handed down to everything; it knows no service. `state` is the folder that holds everything."""

    state: Path
    store: Store
    clock: Clock
    journal: Journal
    entra: Entra
    authorizer: Authorizer
    trail: Trail

    @staticmethod
    def laid(state: Path) -> "Ground":
        """The ground of a local Azure in `state`, which is created when it is missing. Raises
        StoreNotReadableError."""
        private_folder(state)
        seal = Seal.of(state)
        database = state / "azure.db"
        try:
            seal_older(database, seal, state / OLD_KEY_FILE)
            store = Store(database, seal)
        except sqlite3.OperationalError:  # such as a full disk, which mends itself
            raise
        except sqlite3.DatabaseError as error:
            raise StoreNotReadableError(
                f"{database} is damaged ({error}), as a power cut may leave it. Expected one that SQLite can"
                f" read: remove {state} and all that was deployed there"
            ) from error
        clock = Clock(store)
        return Ground(
            state=state,
            store=store,
            clock=clock,
            journal=Journal(store, clock),
            entra=Entra(state, store, clock),
            authorizer=Authorizer(store, clock),
            trail=Trail(),
        )
