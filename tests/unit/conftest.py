"""What the unit tests of one process share."""

import gc


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of every later search for garbage.

    A process has a million objects before its first test, all of them in use to the end; each full search looks at
    every one. Deployments on mocks make so much garbage that a third of their time went into looking at the rest.
    """
    gc.collect()
    gc.freeze()
