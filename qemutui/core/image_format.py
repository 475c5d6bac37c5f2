"""Tells what a file is by its first bytes; images as QEMU does (`*_probe` in `block/`)."""

PROBED = 1024
"""How many bytes are looked at."""

FOOTER = 512
"""How many bytes are looked at at the end."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"QED\0", "qed"),
    (0, b"KDMV", "vmdk"),
    (0, b"COWD", "vmdk"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"conectix", "vpc"),
    (0, b"LUKS\xba\xbe", "luks"),
    (0, b"WithoutFreeSpace", "parallels"),
    (0, b"WithouFreSpacExt", "parallels"),
    (0, b"Bochs Virtual HD Image", "bochs"),
    (0x40, b"\x7f\x10\xda\xbe", "vdi"),
)
KNOWN = frozenset({"qcow", "qcow2", *(name for _, _, name in _SIGNATURES)} - {"vpc", "vmdk"})
"""The formats that an image surely has not where its first bytes do not say so. A `vpc` of fixed
size says it at its end; a `vmdk` may begin with text."""


def excluded(start: bytes, end: bytes) -> tuple[str, ...]:
    """Returns the formats, of those not in `KNOWN`, that an image surely has not.

    Args:
        start: Its first bytes.
        end: Its last `FOOTER` bytes.
    """
    found = []
    # A descriptor is text (block/vmdk.c, vmdk_open).
    kind = format_of(start)
    if kind != "vmdk" and (kind or start[:1] in (b"", b"\0")):
        found.append("vmdk")
    if b"conectix" not in (start[:8], end[:8]):  # block/vpc.c, vpc_open
        found.append("vpc")
    return tuple(found)


def format_of(start: bytes) -> str:
    """Returns the driver for an image that begins so; empty for none in particular: raw."""
    if start[:4] == b"QFI\xfb" and len(start) >= 8:
        return "qcow" if int.from_bytes(start[4:8], "big") < 2 else "qcow2"
    return _signed(start, _SIGNATURES)


def _signed(start: bytes, signatures: tuple[tuple[int, bytes, str], ...]) -> str:
    for place, signature, name in signatures:
        if start[place : place + len(signature)] == signature:
            return name
    return ""


_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x7fELF", "ELF"),
    (0, b"\xd0\x0d\xfe\xed", "device tree"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"070701", "cpio"),
    (0x202, b"HdrS", "bzImage"),
)


def kind_of(start: bytes) -> str:
    """Returns what a file is that begins so, images and others; empty where nothing says it."""
    return _signed(start, _OTHERS) or format_of(start)


def change_of_opening(start: bytes) -> str:
    """Returns why QEMU writes into an image that begins so when it opens it; empty if it does not.

    Other formats are written when the guest writes.
    """
    kind = format_of(start)
    if kind == "qcow2" and int.from_bytes(start[4:8], "big") >= 3:
        # The fields of the header: `docs/interop/qcow2.txt`.
        if int.from_bytes(start[72:80], "big") & 1:
            return "it is in use or was not closed properly, and QEMU would repair it"
        if int.from_bytes(start[88:96], "big"):
            return "it has bitmaps or other extensions that QEMU would mark as in use"
    if kind == "qed" and int.from_bytes(start[16:24], "little") & 2:
        return "it is in use or was not closed properly, and QEMU would repair it"
    if kind == "parallels":
        return "QEMU would mark it as in use"
    return ""
