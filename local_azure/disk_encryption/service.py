"""Disk encryption sets as a service of their own beside machines."""

from local_azure.disk_encryption.sets import DiskEncryptionSet
from local_azure.ground import Ground
from local_azure.service import Service


class DiskEncryption(Service):
    """Sets, which disks name."""

    def __init__(self, ground: Ground) -> None:
        self.types = (DiskEncryptionSet(ground),)
