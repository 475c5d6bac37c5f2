"""Words of which QEMU takes some only, where it describes the value as a mere text."""

from collections.abc import Mapping

WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("drive", "if"): (
        "none", "ide", "scsi", "floppy", "pflash", "mtd", "sd", "virtio", "xen",
    ),
    ("drive", "media"): ("disk", "cdrom"),
    ("fsdev", "security_model"): ("passthrough", "mapped-xattr", "mapped-file", "none", "mapped"),
    ("fsdev", "writeout"): ("immediate",),
    ("fsdev", "multidevs"): ("remap", "forbid", "warn"),
}  # fmt: skip
"""By group and property (`blockdev.c`, if_name and drive_new; `fsdev/qemu-fsdev.c`,
`hw/9pfs/9p-local.c`)."""
