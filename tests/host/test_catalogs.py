"""The cache of catalogs."""

from pathlib import Path

import pytest

from qemutui.host import catalogs, paths
from tests.catalogs import captured


@pytest.fixture
def own(home: Path) -> Path:
    """A cache of this test alone."""
    folder = paths.cache() / "catalogs"
    folder.unlink()
    return folder


def test_what_is_known_is_not_asked_again(qemu: str, own: Path) -> None:
    assert catalogs.cached(qemu, Path("/")) is None
    first = catalogs.of(qemu, Path("/"))
    assert [path.is_file() for path in own.iterdir()] == [True]
    again = catalogs.cached("qemu-system-x86_64", Path("/nowhere"))
    assert again is not None
    assert again.head == first.head
    assert again.properties("device", "virtio-net-pci") == first.properties(
        "device", "virtio-net-pci"
    )


@pytest.mark.parametrize("version", ["7.2", "10.0"])
def test_captured_replies_are_a_catalog(version: str) -> None:
    catalog = captured(version)
    assert catalog.release.startswith(version)
    assert "mac" in (catalog.properties("device", "virtio-net-pci") or {})
