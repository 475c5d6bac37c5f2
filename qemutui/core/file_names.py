"""Which fields of a profile are names of files or folders."""

from qemutui.core.keyval import Path
from qemutui.core.property_type import Property

_FIELDS = frozenset(
    {("boot", "kernel"), ("boot", "initrd"), ("boot", "dtb"), ("boot", "bios"),
     ("qmp", "path"), ("launch", "directory"), ("machine", "firmware"), ("machine", "dumpdtb")}
)  # fmt: skip
_KEYS = frozenset(
    {"file", "filename", "path", "mem-path", "romfile", "dir", "logfile", "helper", "script",
     "downscript", "evdev", "sysfsdev", "smb", "tftp", "smbdir"}
)  # fmt: skip
_FOLDERS = frozenset({"dir", "smb", "tftp", "smbdir", "directory"})
_IMAGES = frozenset({"file", "filename"})


def is_file_name(path: Path, known: Property | None) -> bool:
    """Tells whether the value at a path names a file or a folder."""
    if known is not None and known.kind != "text":
        return False
    if path in _FIELDS or (len(path) > 2 and path[0] == "fd" and path[-1] == "path"):
        return True
    in_item = len(path) > 2 and path[0] not in ("fd", "launch", "extra", "cpu", "machine")
    # A drive names its file; in a node `file` is another node.
    is_node = path[0] == "blockdev" and path[-1] == "file"
    return in_item and path[-1] in _KEYS and not is_node


def is_folder_name(path: Path) -> bool:
    """Tells whether a field that names a file names a folder."""
    return path[-1] in _FOLDERS or (path[0] == "fsdev" and path[-1] == "path")


def is_image_name(path: Path) -> bool:
    """Tells whether a field that names a file names the image of a disk."""
    return path[0] in ("drive", "blockdev") and path[-1] in _IMAGES
