"""The embedded local Azure: a test double that refuses what Azure refuses, unknown to `components/`."""
