"""The repeated options of QEMU, one row each.

In QEMU's own schema `object-add`, `blockdev-add` and `netdev_add` are a type, an id and
properties. One `Item`, one form and one writer serve all of them; what differs stands here.
"""

from typing import Literal, NamedTuple

Lists = Literal["repeat", "index", "no"]
"""How key=value writes a list: the key repeated, `key.0,key.1`, or not at all."""


class Group(NamedTuple):
    """One repeated option of QEMU."""

    name: str
    """The table's name in a profile, and the field of `Profile`."""
    option: str
    """The option, with its dash."""
    title: str
    """What the screen calls the section that lists it."""
    noun: str
    """One item, in a sentence."""
    type_key: str
    """QEMU's own name of the key that a profile calls `type`; empty where there is none."""
    id_key: str
    """QEMU's own name of the key that a profile calls `id`."""
    bare_type: bool
    """Whether key=value begins with the bare type (an implied first key)."""
    json: bool
    """Whether the option takes JSON (`system/vl.c`: an argument that begins with a brace)."""
    keyval: bool
    """Whether `util/keyval.c` reads it (else `util/qemu-option.c`): its bare first value can hold
    no comma."""
    lists: Lists
    tables: bool
    """Whether key=value writes a table as dotted keys; tried on 7.2."""
    boxed: bool
    """Whether JSON wants each text of a list as `{"str": …}` (`qapi/common.json`, String)."""
    example: str
    """A type that exists everywhere, for a fix that creates an item and for an empty form."""
    new_id: str
    """What the first item is called until somebody calls it otherwise."""


GROUPS: tuple[Group, ...] = (
    Group("object", "-object", "Objects", "object", "qom-type", "id",
          True, True, False, "repeat", False, False, "memory-backend-ram", "obj0"),
    Group("chardev", "-chardev", "Char devices", "chardev", "backend", "id",
          True, False, False, "repeat", True, False, "null", "char0"),
    Group("fsdev", "-fsdev", "Shares", "fsdev", "fsdriver", "id",
          True, False, False, "repeat", True, False, "local", "fs0"),
    Group("blockdev", "-blockdev", "Storage", "blockdev", "driver", "node-name",
          False, True, True, "index", True, False, "null-co", "disk0"),
    Group("drive", "-drive", "Storage", "drive", "", "id",
          False, False, False, "index", True, False, "", "drive0"),
    Group("netdev", "-netdev", "Networks", "netdev", "type", "id",
          True, True, False, "repeat", True, True, "user", "n0"),
    Group("audiodev", "-audiodev", "Audio", "audiodev", "driver", "id",
          True, True, True, "index", True, False, "none", "audio0"),
    Group("tpmdev", "-tpmdev", "TPM", "tpmdev", "type", "id",
          True, False, False, "repeat", True, False, "emulator", "tpm0"),
    Group("device", "-device", "Devices", "device", "driver", "id",
          True, True, False, "no", False, False, "virtio-rng-pci", "dev0"),
)  # fmt: skip
"""Every group, in the order of the command: backends before the devices that refer to them."""

BY_NAME: dict[str, Group] = {group.name: group for group in GROUPS}
