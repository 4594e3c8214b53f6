"""One file for each thing in Azure that an identity can be let into."""
