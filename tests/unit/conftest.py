"""What the unit tests of one process share."""

import gc


def pytest_collectstart() -> None:
    """Hardly anything is thrown away until all is collected, and each search goes through every import."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of every later search for garbage.

    It is all in use to the end, and more than 130 000 objects. A deployment on mocks makes so much garbage
    that a quarter of its time went into looking at the rest. What is left is looked at less often, too:
    deployments that tests share stay to the end as well.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()
