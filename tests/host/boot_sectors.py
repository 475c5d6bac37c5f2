"""Guests of a few bytes, each of which does one thing to its machine. Source: x86 real mode."""

from pathlib import Path

SHUTS_DOWN = bytes.fromhex("ba0406 b80020 ef")
"""Writes SLP_EN to the power management port, which SeaBIOS puts at 0x600 (PIIX4)."""
RESETS = bytes.fromhex("b0fe e664")
"""Pulses the reset line through the keyboard controller."""
EXITS_WITH_33 = bytes.fromhex("baf400 b010 ee")
"""Writes 16 to `isa-debug-exit` at its `iobase`, 0xf4."""
PANICS = bytes.fromhex("ba0505 b001 ee")
"""Writes to `pvpanic`."""
READS_A_DISK = bytes.fromhex("b80102 b90100 ba8000 bb0080 cd13")
"""Reads the first sector of the first hard disk through the BIOS."""
WAITS = b""

_HALTS = bytes.fromhex("fb f4 ebfc")


def write(folder: Path, code: bytes) -> str:
    """Writes the image of a floppy that runs `code` and then waits for ever; returns its path."""
    path = folder / "boot.img"
    path.write_bytes((code + _HALTS).ljust(510, b"\0") + b"\x55\xaa")
    return str(path)


def options(image: str) -> tuple[str, ...]:
    """The options of a PC that boots from an image, and has nothing else."""
    drive = f"file={image},format=raw,if=floppy,readonly=on"
    machine = ("-machine", "pc,accel=tcg", "-m", "16M", "-nodefaults", "-display", "none")
    return (*machine, "-boot", "a", "-drive", drive)
