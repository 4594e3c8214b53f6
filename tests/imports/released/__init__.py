"""Programs of consumers, and the states that released versions made of them."""

from pathlib import Path

STATES = Path(__file__).parent / "states"
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
"""They import `keyless_azure`, which is not installed here; a test checks their types with the wheel."""
