"""`python -m audit suggest`: the change of a program that takes unused grants away and narrows wide ones."""

from audit.suggest.command import main

__all__ = ["main"]
