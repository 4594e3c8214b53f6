"""What was printed in a terminal, as a picture that moves: an SVG without a script, for light and dark pages.

Lines come from the top, and scroll when the terminal is full: a curtain (`k`) hides those that are still to
come. Whoever asks for less motion sees the end.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

_CONTROL: Final = re.compile(
    r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]"
)
_COLOURS: Final = {
    1: "e06c75", 2: "7ec77a", 3: "d8b365", 4: "6cb0f5", 5: "c792ea", 6: "56c7d6", 7: "d7dce6", 8: "8b95a7",
}  # fmt: skip
"""Of the palette's numbers, in hexadecimal: readable on the dark ground of the picture."""
_GROUND, _INK, _EDGE = "#161b26", "#d7dce6", "#39445a"
_ROW, _COLUMN, _SIDE = 18, 7.83, 16
_LONGEST_PAUSE: Final = 1.2
_AT_THE_END: Final = 6.0
"""Seconds, as all here."""


@dataclass(frozen=True)
class Style:
    """How text looks: a colour in hexadecimal, or none."""

    colour: str = ""
    bold: bool = False
    dim: bool = False

    def css(self) -> str:
        parts = [f"fill:#{self.colour}"] * bool(self.colour)
        parts += ["font-weight:bold"] * self.bold + ["opacity:.7"] * self.dim
        return ";".join(parts)


@dataclass
class Line:
    """One line: when it was whole, and its pieces."""

    second: float = 0
    pieces: list[tuple[Style, str]] = field(default_factory=list[tuple[Style, str]])

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pieces)


def lines_of(events: Sequence[tuple[float, str]]) -> list[Line]:
    """The lines that the events print, in order. What a carriage return begins anew replaces its line."""
    found, line, style, returned = [Line()], 0, Style(), False
    for second, printed in events:
        for text, control in _parts(printed):
            if control is not None:
                style = _styled(style, control)
            for piece in re.findall(r"\n|\r|[^\n\r]+", text):
                if piece == "\n":
                    found.append(Line(second))
                    line, returned = line + 1, False
                elif piece == "\r":
                    returned = True
                else:
                    if returned:
                        found[line].pieces.clear()
                        returned = False
                    found[line].pieces.append((style, piece))
                    found[line].second = second
    while found and not found[-1].text.strip():
        found.pop()
    return found


def _parts(printed: str) -> Iterator[tuple[str, str | None]]:
    """Text, and the numbers of a control that follows it where that sets a style."""
    at = 0
    for control in _CONTROL.finditer(printed):
        yield printed[at : control.start()], None
        if control[2] == "m":
            yield "", control[1]
        at = control.end()
    yield printed[at:], None


def _styled(style: Style, numbers: str) -> Style:
    """https://en.wikipedia.org/wiki/ANSI_escape_code#SGR_(Select_Graphic_Rendition)_parameters"""
    given = [int(number or 0) for number in numbers.split(";")]
    colour, bold, dim = style.colour, style.bold, style.dim
    while given:
        number = given.pop(0)
        if number == 0:
            colour, bold, dim = "", False, False
        elif number in (1, 2, 22):
            bold, dim = number == 1, number == 2
        elif 30 <= number <= 37 or 90 <= number <= 97:
            colour = _COLOURS.get(8 if number == 90 else number % 10, "")
        elif number == 39:
            colour = ""
        elif number in (38, 48) and given[:1] == [5]:
            colour = _COLOURS.get(given[1] % 8, colour) if number == 38 and len(given) > 1 else colour
            del given[:2]
        elif number in (38, 48) and given[:1] == [2]:
            del given[:4]
    return Style(colour, bold, dim)


def drawn(title: str, events: Sequence[tuple[float, str]], rows: int, columns: int) -> str:
    """The picture. Pauses are cut short, and it begins again after its end has been seen for a while."""
    lines = [part for line in lines_of(events) for part in _folded(line, columns)]
    width, height = round(columns * _COLUMN + 2 * _SIDE), rows * _ROW + 2 * _SIDE
    moments = _moments(lines)
    whole = (moments[-1] if moments else 0) + _AT_THE_END
    shown = [
        (100 * moment / whole, number + 1)
        for number, moment in enumerate(moments)
        if number + 1 == len(moments) or moments[number + 1] > moment
    ]
    style = (
        f"text{{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:{_INK};white-space:pre}}"
        f"{_moved('l', whole, [(at, min(0, rows - count)) for at, count in shown])}"
        f"{_moved('k', whole, shown)}"
        "@media(prefers-reduced-motion:reduce){#l,#k{animation:none}}"
    )
    body = "\n".join(_text(number, line) for number, line in enumerate(lines) if line.text.strip())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
        f"<title>{escape(title)}</title><style>{style}</style>"
        f'<clipPath id="c"><rect x="{_SIDE}" y="{_SIDE}" width="{width - 2 * _SIDE}" height="{rows * _ROW}"/>'
        f'</clipPath><rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="10" fill="{_GROUND}" '
        f'stroke="{_EDGE}"/><g clip-path="url(#c)"><g id="l">\n{body}\n'
        f'<rect id="k" x="{_SIDE}" y="{_SIDE}" width="{width - 2 * _SIDE}" height="{rows * _ROW}" '
        f'fill="{_GROUND}"/></g></g></svg>\n'
    )


def _moved(id: str, whole: float, steps: Sequence[tuple[float, int]]) -> str:
    """How an element is moved down: at each percentage of the time by so many rows, in the end as at last."""
    frames = "".join(f"{at:.2f}%{{transform:translateY({count * _ROW}px)}}" for at, count in steps)
    end = f"transform:translateY({steps[-1][1] * _ROW if steps else 0}px)"
    again = f"animation:{id} {whole:.1f}s steps(1,end) infinite"
    return f"@keyframes {id}{{{frames}100%{{{end}}}}}#{id}{{{end};{again}}}"


def _moments(lines: Sequence[Line]) -> list[float]:
    """When each line is shown."""
    found: list[float] = []
    shown = last = 0.0
    for line in lines:
        shown += min(max(line.second - last, 0), _LONGEST_PAUSE)
        last = max(line.second, last)
        found.append(shown)
    return found


def _folded(line: Line, columns: int) -> Iterator[Line]:
    """The line as a terminal of so many columns shows it."""
    folded, left = Line(line.second), columns
    for style, text in line.pieces:
        while text:
            if not left:
                yield folded
                folded, left = Line(line.second), columns
            folded.pieces.append((style, text[:left]))
            text, left = text[left:], left - len(text[:left])
    yield folded


def _text(number: int, line: Line) -> str:
    spans = "".join(
        f'<tspan style="{css}">{escape(text, quote=False)}</tspan>'
        if (css := style.css())
        else escape(text, quote=False)
        for style, text in line.pieces
    )
    return f'<text x="{_SIDE}" y="{_SIDE + number * _ROW + 13}" xml:space="preserve">{spans}</text>'
