"""Why somebody is let in or refused: what decides it in Azure as it is now, in the order in which it does."""

from audit.why.command_line import main

__all__ = ["main"]
