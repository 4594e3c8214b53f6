"""What a person sees: a line for each step, for each grant, and for each thing proven."""

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console


class Terminal:
    """Plain text without colours or boxes when the output is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=True)

    def step(self, text: str) -> None:
        self._console.print(f"[bold cyan]▸[/] {_plain(text)}")

    def done(self, text: str) -> None:
        self._console.print(f"[bold green]✓[/] {_plain(text)}")

    def failed(self, text: str) -> None:
        self._console.print(f"[bold red]✗[/] {_plain(text)}")

    def note(self, text: str) -> None:
        self._console.print(f"  {_plain(text)}")

    def heading(self, text: str) -> None:
        self._console.print(f"\n[bold]{_plain(text)}[/]")

    def access(self, sentences: Iterable[str]) -> None:
        """Who can reach what, one line for each grant."""
        for sentence in sentences:
            self.note(f"• {sentence}")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
