"""Catalogs by binary: what has been asked once is kept in the cache."""

from pathlib import Path

from qemutui.core.catalog import Catalog
from qemutui.host import probe
from qemutui.host.probe import ProbeError

__all__ = ["ProbeError", "of"]


def of(binary: str, directory: Path) -> Catalog:
    """Returns what a binary offers. This may take seconds.

    `directory` is where QEMU runs: a relative path starts there.

    Raises:
        ProbeError: It may not be asked, or does not answer.
    """
    return probe.catalog_of(binary)
