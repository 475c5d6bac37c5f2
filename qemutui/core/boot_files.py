"""What a PC's loader refuses of kernels and firmware (`hw/i386/x86.c` and `x86-common.c`)."""

HEADER = 8192
"""How many bytes of a kernel are looked at, as QEMU does."""

_MULTIBOOT = (0x1BADB002).to_bytes(4, "little")
_SECTOR = 512


def kernel_fault(start: bytes, size: int) -> str:
    """Returns what is wrong with a kernel of so many bytes that begins so; empty where nothing is.

    What is neither Linux nor ELF nor multiboot is taken for a very old Linux, whose header says
    how many sectors come before the kernel: only where the file has no more, QEMU refuses it.
    """
    if start[:4] == b"\x7fELF" or start[0x202:0x206] == b"HdrS" or _MULTIBOOT in start:
        return ""
    sectors = start[0x1F1] if len(start) > 0x1F1 else 0xFF
    return "no kernel" if ((sectors or 4) + 1) * _SECTOR > size else ""


def firmware_fault(size: int) -> str:
    """Returns what is wrong with firmware of so many bytes; empty where nothing is."""
    return "" if size and size % 0x10000 == 0 else "no firmware: its size is no multiple of 64 KiB"
