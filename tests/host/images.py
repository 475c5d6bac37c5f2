"""Disk images made by hand: qemu-img may not be installed."""

import struct
from pathlib import Path

_CLUSTER = 1 << 16


def qcow2(path: Path, size: int = 1 << 20) -> None:
    """Writes an empty qcow2 image (`docs/interop/qcow2.rst`): header, refcounts, table L1."""
    table, block, level1 = (number * _CLUSTER for number in (1, 2, 3))
    header = b"QFI\xfb" + struct.pack(
        ">IQIIQIIQQIIQ", 3, 0, 0, 16, size, 0, 1, level1, table, 1, 0, 0
    )
    header += struct.pack(">QQQII", 0, 0, 0, 4, 104)
    content = bytearray(4 * _CLUSTER)
    content[: len(header)] = header
    content[table : table + 8] = struct.pack(">Q", block)
    content[block : block + 8] = struct.pack(">4H", 1, 1, 1, 1)
    path.write_bytes(content)
