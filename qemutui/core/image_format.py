"""What a file is, by its first bytes."""

HEAD = 0x206
"""How many bytes are needed."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"QFI\xfb\x00\x00\x00\x01", "qcow"),
    (b"QFI\xfb", "qcow2"),
    (b"KDMV", "vmdk"),
    (b"COWD", "vmdk"),
    (b"vhdxfile", "vhdx"),
    (b"conectix", "vpc"),
    (b"QED\x00", "qed"),
    (b"LUKS\xba\xbe", "luks"),
    (b"WithoutFreeSpace", "parallels"),
    (b"WithouFreSpacExt", "parallels"),
    (b"\x7fELF", "ELF"),
    (b"\xd0\x0d\xfe\xed", "device tree"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"070701", "cpio"),
)
"""Beginnings of files, the names of images as QEMU's drivers have them (`block/*.c`, _probe)."""
_VDI = (0x40, b"\x7f\x10\xda\xbe")
_BZIMAGE = (0x202, b"HdrS")


def format_of(head: bytes) -> str:
    """Returns what a file is that begins so; empty where nothing says it, as in a raw image."""
    for beginning, name in _BEGINNINGS:
        if head.startswith(beginning):
            return name
    for (at, sign), name in ((_VDI, "vdi"), (_BZIMAGE, "bzImage")):
        if head[at : at + len(sign)] == sign:
            return name
    return ""
