"""Microsoft.Compute/diskEncryptionSets: disks that are encrypted with a key of a vault."""
