"""The plugin package: started by the engine in this folder, as a script."""

import importlib
import importlib.util
import sys
from pathlib import Path

from pulumi.provider import main

FOLDER = Path(__file__).resolve().parent


def imported(name: str) -> None:
    """Import this folder as the package `name`, whatever the folder is called where it was put.

    A folder that the engine fetched carries a version in its name, which no `import` could spell.
    """
    spec = importlib.util.spec_from_file_location(
        name, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    # A script's own folder comes first, and its modules would be found a second time, under bare names.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != FOLDER]
    imported("keyless_azure")
    main(importlib.import_module("keyless_azure.served").ServedComponents(), sys.argv[1:])
