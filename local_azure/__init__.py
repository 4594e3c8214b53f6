"""The embedded local Azure: a test double that refuses what Azure refuses. Nothing in `components/` knows it."""
