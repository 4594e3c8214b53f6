"""Arguments in a module of their own, which others inherit."""

from typing import NotRequired, TypedDict


class TileArgs(TypedDict):
    """Tiles."""

    tile_count: NotRequired[int]
    """Tiles; left out, none."""


class RoofArgs(TileArgs, total=False):
    """Above."""

    roof_colour: str
    """Colour of the roof; left out, red."""
