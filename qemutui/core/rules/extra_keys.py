"""Options of `extra` that are read by keys: keys, words and numbers that QEMU refuses there.

What -display, -accel, -smbios and -acpitable take differs between versions; all that one of 5.0 to
10.1 takes is no fault, unless the catalog tells more.
"""

from collections.abc import Iterator, Mapping

from qemutui.core import keyval, options
from qemutui.core.catalog import Catalog
from qemutui.core.finding import Problem
from qemutui.core.groups import BY_NAME
from qemutui.core.profile import Item
from qemutui.core.property_fault import fault
from qemutui.core.rules import needs, offered_properties, offered_types
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject, entry_of
from qemutui.core.rules.words import quoted

_LISTS: Mapping[str, tuple[str, str]] = {
    "add-fd": ("add-fd", ""),
    "fw_cfg": ("fw_cfg", "name"),
    "option-rom": ("option-rom", "romfile"),
    "sandbox": ("sandbox", "enable"),
    "spice": ("spice", ""),
    "trace": ("trace", "enable"),
    "vnc": ("vnc", "vnc"),
}
"""Options with the list of keys that the catalog has for them, and the key of a bare value."""

_SWITCH = (*keyval.TRUE, *keyval.FALSE)
_GL = ("on", "off", "core", "es")
_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("sandbox", "obsolete"): ("allow", "deny"),
    ("sandbox", "elevateprivileges"): ("allow", "deny", "children"),
    ("sandbox", "spawn"): ("allow", "deny"),
    ("sandbox", "resourcecontrol"): ("allow", "deny"),
    ("mon", "mode"): ("readline", "control"),
    ("vnc", "share"): ("ignore", "allow-exclusive", "force-shared"),
    ("icount", "rr"): ("record", "replay"),
    ("compat", "deprecated-input"): ("accept", "reject", "crash"),
    ("compat", "unstable-input"): ("accept", "reject", "crash"),
    ("compat", "deprecated-output"): ("accept", "hide"),
    ("compat", "unstable-output"): ("accept", "hide"),
}
"""Words that every version takes, and no others."""

_DISPLAYS: Mapping[str, tuple[str, ...]] = {
    "curses": ("charset",),
    "dbus": ("rendernode", "addr", "p2p", "audiodev"),
    "egl-headless": ("rendernode",),
    "gtk": ("grab-on-hover", "zoom-to-fit", "show-tabs", "show-menubar", "keep-aspect-ratio",
            "scale", "grab-mod"),
    "none": (),
    "sdl": ("grab-mod", "alt_grab", "ctrl_grab"),
    "spice-app": (),
}  # fmt: skip
_ALL_DISPLAYS = frozenset({"type", "full-screen", "window-close", "show-cursor", "gl"})
"""`qapi/ui.json`, DisplayOptions."""

_SMBIOS: Mapping[int, frozenset[str]] = {
    0: frozenset({"vendor", "version", "date", "release", "uefi", "vm"}),
    4: frozenset({"sock_pfx", "manufacturer", "version", "serial", "asset", "part", "max-speed",
                  "current-speed", "processor-id", "processor-family"}),
    8: frozenset({"internal_reference", "external_reference", "connector_type", "port_type"}),
    11: frozenset({"value", "path"}),
    17: frozenset({"loc_pfx", "bank", "manufacturer", "serial", "asset", "part", "speed"}),
    41: frozenset({"designation", "kind", "instance", "pcidev"}),
}  # fmt: skip
_SMBIOS_TYPES = frozenset({*_SMBIOS, 1, 2, 3, 9})
"""`hw/smbios/smbios.c`; type 9 came with 9.0."""
_ACPI = frozenset({"sig", "rev", "oem_id", "oem_table_id", "oem_rev", "asl_compiler_id",
                   "asl_compiler_rev", "file", "data"})  # fmt: skip
"""`qapi/acpi.json`, AcpiTableOptions."""

Fault = tuple[str, str]
"""A key, empty for the whole, and a sentence."""


def refused(subject: Subject) -> Iterator[Problem]:
    """Keys, words and numbers of options that QEMU refuses."""
    catalog = subject.catalog
    for option in subject.options:
        if option.size != 2 or option.value.startswith("{") or _asks(option):
            continue
        for key, message in _faults(option, catalog):
            about = f"{key}: " if key else ""
            yield Problem("error", place(subject, option), about + message)


def _asks(option: options.Option) -> bool:
    return any(key in ("help", "?") or value in ("help", "?")
               for key, value in options.pairs(option.value, "x"))  # fmt: skip


def _faults(option: options.Option, catalog: Catalog | None) -> Iterator[Fault]:
    name = option.name
    implied = _LISTS[name][1] if name in _LISTS else {"mon": "chardev", "icount": "shift"}.get(name)
    pairs = options.pairs(option.value, implied or "")
    # Without a sandbox nobody looks at the rest.
    off = name == "sandbox" and dict(pairs).get("enable") in keyval.FALSE
    for key, value in pairs:
        words = _WORDS.get((name, key))
        if words is not None and value not in words and not off:
            yield key, f"QEMU takes no {quoted(value)} here."
    if catalog is None:
        return
    if name in _LISTS:
        yield from _of_list(name, pairs, catalog)
    elif name == "accel":
        yield from _accelerator(option, catalog)
    elif name == "display":
        yield from _display(option, catalog)
    elif name == "smbios":
        yield from _smbios(dict(pairs), catalog)
    elif name == "vga" and catalog.target in ("x86_64", "i386"):
        if option.value.partition(",")[0] in ("xenfb", "tcx", "cg3"):
            yield "", f"A PC has no card {quoted(option.value)}."
    elif name == "virtfs":
        yield from _share(dict(options.pairs(option.value, "fsdriver")), catalog)
    elif name == "acpitable":
        yield from _acpi(dict(options.pairs(option.value, "data")))


def _of_list(name: str, pairs: list[tuple[str, str]], catalog: Catalog) -> Iterator[Fault]:
    known = catalog.properties("option", _LISTS[name][0])
    for key, value in pairs if known else ():
        prop = (known or {}).get(key)
        if key == "id" or (name, key) == ("sandbox", "enable"):
            continue
        if prop is None:
            yield key, f"-{name} of QEMU {catalog.release} has no such key."
        elif prop is not None and prop.kind in ("bool", "int"):
            found = fault(prop, value)
            if found is not None:
                yield key, found.message


def _accelerator(option: options.Option, catalog: Catalog) -> Iterator[Fault]:
    pairs = options.pairs(option.value, "accel")
    kind = dict(pairs).get("accel", "")
    known = catalog.properties("accel", kind)
    for key, value in pairs if known else ():
        prop = (known or {}).get(key)
        if key == "accel":
            continue
        if prop is None:
            yield key, f"The accelerator {kind} of QEMU {catalog.release} has no such key."
        elif (kind, key) == ("tcg", "thread") and value not in ("single", "multi"):
            yield key, "This is single or multi."
        elif prop.kind in ("bool", "int"):
            found = fault(prop, value)
            if found is not None:
                yield key, found.message


def _display(option: options.Option, catalog: Catalog) -> Iterator[Fault]:
    pairs = options.pairs(option.value, "type")
    kinds = tuple(catalog.types("display"))
    kind = dict(pairs).get("type", "")
    if not kinds or "vnc" in dict(pairs) or kind == "vnc" or kind in ("default", "cocoa"):
        return
    if kind not in kinds:
        known = kind in ("gtk", "sdl", "egl-headless", "curses", "spice-app", "dbus")
        what = "is not built or installed with" if known else "is no display of"
        yield "", f"{quoted(kind)} {what} QEMU {catalog.release}."
        return
    for key, value in pairs if kind in _DISPLAYS else ():
        if key not in _ALL_DISPLAYS and key.partition(".")[0] not in _DISPLAYS[kind]:
            yield key, f"The display {kind} has no such key."
        elif key == "gl" and value not in _GL:
            yield key, "This is on, off, core or es."
        elif key in ("full-screen", "window-close", "show-cursor") and value not in _SWITCH:
            yield key, f"This is on or off; QEMU reads no {quoted(value)}."


def _smbios(pairs: dict[str, str], catalog: Catalog) -> Iterator[Fault]:
    if "file" in pairs:
        return
    if "type" not in pairs:
        yield "", "-smbios needs a type or a file."
        return
    kind = keyval.number(pairs["type"])
    if kind is None:
        yield "type", f"This is a whole number, not {quoted(pairs['type'])}."
        return
    if kind not in _SMBIOS_TYPES or (kind == 9 and catalog.version < (9, 0, 0)):
        yield "type", f"QEMU {catalog.release} builds no table of this type."
        return
    for key, value in pairs.items():
        if key != "type" and kind in _SMBIOS and key not in _SMBIOS[kind]:
            yield key, "This type of -smbios has no such key."
        elif kind in (4, 17) and key.endswith("speed"):
            count = keyval.number(value)
            if count is None or (kind == 4 and not 0 <= count <= 65535):
                yield key, "This is a whole number to 65535."


def _acpi(pairs: dict[str, str]) -> Iterator[Fault]:
    for key in pairs:
        if key not in _ACPI:
            yield key, "-acpitable has no such key."
    if not {"data", "file"} & pairs.keys():
        yield "", "-acpitable needs data or a file."


def _share(pairs: dict[str, str], catalog: Catalog) -> Iterator[Fault]:
    root = {key: value for key, value in pairs.items() if key not in ("fsdriver", "mount_tag")}
    item = Item.of({"type": pairs.get("fsdriver", ""), "id": "x", **root})
    entry = entry_of(BY_NAME["fsdev"], item, 0)
    for problem in (
        *offered_types.unknown(entry, catalog),
        *offered_properties.unknown(entry, catalog),
        *offered_properties.bad_value(entry, catalog),
        *needs.needed(entry),
    ):
        yield str(problem.path[-1]), problem.message
