"""The commands of a newcomer, whatever the shell is set to."""

import os
import subprocess

from toolchain.paths import ROOT

MAKEFILE = """include Makefile
what-a-recipe-gets:
	@echo "[$$PYTHONDONTWRITEBYTECODE]"
"""


def test_a_shell_that_keeps_no_bytecode_does_not_make_every_run_compile_azure_native() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "-f", "-", "what-a-recipe-gets"],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        input=MAKEFILE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert said.stdout == "[]\n"
