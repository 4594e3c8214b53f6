"""What is claimed to be fast, measured side by side in one run: `make bench`."""
