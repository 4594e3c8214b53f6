"""One file for each thing in Azure that can hold an identity."""
