"""The one version of what others import: the wheel, the plugin package and its schema."""

from typing import Final

VERSION: Final = "0.1.0"
"""Semantic: a changed default, name or type token is a major version (docs/guides/importing.md)."""
