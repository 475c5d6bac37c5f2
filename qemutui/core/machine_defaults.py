"""What a machine has where the profile says nothing, of which QEMU's introspection tells nothing.

Held against 7.2 and 10.0 by starting the machines.
"""

import re
from math import prod

from qemutui.core import edit, keyval, offered
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile

_PC = ("pc-i440fx-", "pc-q35-", "isapc")
_RAM = ((("pseries-",), "512M"), ((*_PC, "microvm", "virt", "spike", "s390-ccw-virtio-"), "128M"))
"""`default_ram_size` by the beginnings of the names of machines; boards have other sizes."""
_ONE_CPU = (*_PC, "microvm", "virt", "spike", "s390-ccw-virtio-", "pseries-")
_LEVELS = ("drawers", "books", "sockets", "dies", "clusters", "modules", "cores", "threads")
_VERSION = re.compile(r".*-(\d+)\.(\d+)")
_CORES_FIRST = (6, 2)
"""The version of a machine from which on CPUs that are asked for are cores, before sockets."""


def of_table(profile: Profile, table: str, catalog: Catalog) -> dict[str, str]:
    """Returns what holds for the keys of `memory`, `smp` or `boot` that are not set."""
    found = offered.machine_of(profile, catalog)
    machine = found.name if found is not None else ""
    if table == "memory":
        size = next((size for names, size in _RAM if machine.startswith(names)), "")
        return {"size": size} if size else {}
    if table == "boot":
        return {"order": "cad", "menu": "off"} if machine.startswith(_PC) else {"menu": "off"}
    return _topology(profile, machine) if machine.startswith(_ONE_CPU) else {}


def _topology(profile: Profile, machine: str) -> dict[str, str]:
    """Completes what is set of the CPUs as `machine_parse_smp_config` does (`hw/core`)."""
    given: dict[str, int] = {}
    for key in (*_LEVELS, "cpus", "maxcpus"):
        text = keyval.scalar_text(edit.get(profile, ("smp", key)))
        if text:
            if not (text.isascii() and text.isdigit()) or not int(text):
                return {}
            given[key] = int(text)
    version = _VERSION.fullmatch(machine)
    if version and (int(version[1]), int(version[2])) < _CORES_FIRST:
        first, second = "sockets", "cores"
    else:
        first, second = "cores", "sockets"
    most = given.get("maxcpus") or given.get("cpus")
    found = {level: given.get(level, 1) for level in _LEVELS}
    free = next((level for level in (first, second, "threads") if level not in given), None)
    if most is not None and free is not None:
        others = prod(count for level, count in found.items() if level != free)
        found[free] = most // others
    found["maxcpus"] = most or prod(found.values())
    found["cpus"] = found["maxcpus"]
    return {key: str(count) for key, count in found.items() if key not in given and count}
