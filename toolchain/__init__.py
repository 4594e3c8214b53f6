"""What a checkout needs before anything else can run: a virtual environment, and the Pulumi engine.

Only the standard library is used here, because this runs before anything is installed.
"""

# ruff: noqa: UP032, UP036 (in the words of old Pythons, because it is they that read this)

import sys

if sys.version_info < (3, 11):
    raise SystemExit(
        "Python 3.11 or newer is needed, this is Python {}.{} ({}). Install one from "
        "https://www.python.org/downloads/ and start again with it: python3.11 -m toolchain".format(
            sys.version_info[0], sys.version_info[1], sys.executable
        )
    )
