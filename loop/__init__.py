"""The whole loop on a laptop: engine, program, local Azure, app, and what was proven."""
