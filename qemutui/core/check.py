"""Judges a profile: small rules, one function each, that say what is wrong and how to mend it.

An error is what QEMU refuses, or what qemutui cannot pass to it; all else is a warning or a hint.
The rules were held against QEMU 7.2.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from qemutui.core.argv import words_of
from qemutui.core.catalog import Catalog
from qemutui.core.facts import NO_FACTS, Facts, item_files
from qemutui.core.finding import Finding, Fix, Problem, Severity
from qemutui.core.groups import BY_NAME, GROUPS, Group
from qemutui.core.profile import Item, Profile
from qemutui.core.rules import (
    buses,
    deprecated,
    device_limits,
    drive_limits,
    drive_places,
    extra,
    extra_devices,
    extra_keys,
    extra_network,
    extra_sums,
    extra_words,
    files,
    host,
    ids,
    images,
    known_limits,
    launch,
    memory_room,
    needs,
    network_parts,
    node_limits,
    offered,
    offered_cpu,
    offered_extra,
    offered_machine,
    offered_needs,
    offered_options,
    offered_types,
    pc_limits,
    references,
    shape,
    sharing,
    sockets,
    stdio,
    topology,
    values,
)
from qemutui.core.rules.expansion import not_expanded, suspects
from qemutui.core.rules.links import item_references, machine_references
from qemutui.core.rules.subject import Entry, Rule, Scan, Subject, entry_of, names_of

__all__ = ["RULES", "Checker", "Facts", "Finding", "Fix", "Severity", "check"]


def _all(*rules: Callable[[Subject], Iterable[Problem]]) -> Callable[[Subject], Iterable[Problem]]:
    return lambda subject: chain.from_iterable(rule(subject) for rule in rules)


_TABLE = (
    Rule("duplicate-id", "an id that another one of its kind has",
         _all(ids.duplicate, known_limits.reserved_id)),
    Rule("missing-id", "an item without the id that QEMU wants", ids.no_id),
    Rule("bad-id", "an id that QEMU refuses", ids.bad_id),
    Rule("missing-type", "an item without a type", item=ids.no_type),
    Rule("missing-key", "a key without which QEMU refuses an item",
         _all(offered.needs_in_extra, offered_needs.sound),
         lambda entry: chain(needs.needed(entry), known_limits.address_parts(entry)),
         offered=lambda entry, catalog: chain(
             offered_needs.needed(entry, catalog), device_limits.needed(entry, catalog))),
    Rule("unknown-type", "a type that this QEMU does not have",
         offered.types_in_extra, offered=offered_types.unknown),
    Rule("unknown-property", "a property that this QEMU does not have",
         _all(offered_machine.unknown_key, offered.properties_in_extra, offered_extra.unknown_key),
         offered=offered.unknown_property),
    Rule("bad-value", "a value that is not what the property takes",
         _all(offered_machine.bad_value, offered_machine.limits, offered.values_in_extra,
              offered_extra.bad_value,  extra_words.character_device, extra_words.number,
              extra_words.incomplete, extra_devices.addresses, extra_keys.refused,
              extra_network.refused, extra_sums.refused, pc_limits.narrow_cpu,
              known_limits.machine_values),
         lambda entry: chain(known_limits.refused_value(entry), device_limits.refused_item(entry),
                             drive_limits.refused(entry), network_parts.refused(entry)),
         offered=lambda entry, catalog: chain(
             offered.bad_value(entry, catalog), device_limits.refused_device(entry, catalog),
             node_limits.refused(entry, catalog))),
    Rule("unknown-machine", "a machine type that this QEMU does not have",
         offered_machine.unknown_machine),
    Rule("too-many-cpus", "more processors than the machine takes", offered_machine.too_many_cpus),
    Rule("unknown-cpu", "a CPU model that this QEMU does not have", offered_cpu.unknown_model),
    Rule("unknown-feature", "a CPU feature that this QEMU does not have",
         offered_cpu.unknown_feature),
    Rule("cpu-needs-kvm", "the host's own CPU without an accelerator for it",
         offered_cpu.needs_kvm),
    Rule("accelerator", "an accelerator that this QEMU or computer does not have",
         offered_cpu.accelerator),
    Rule("deprecated", "what a later QEMU will not have", deprecated.of_whole,
         offered=deprecated.of_item),
    Rule("empty", "what is empty and may not be, or is not passed", needs.empty, needs.empty_item),
    Rule("empty-drive", "a drive without a file, where QEMU wants one", needs.medium),
    Rule("dangling-reference", "a reference to what is not there",
         _all(references.dangling, extra_devices.dangling)),
    Rule("wrong-kind", "a reference to something of another kind", references.wrong_kind),
    Rule("switched-off", "a reference to what is switched off", references.switched_off),
    Rule("used-twice", "a backend that another item has already", sharing.used_twice),
    Rule("one-of-a-kind", "a second device where a machine has one",
         _all(known_limits.one_balloon, known_limits.one_of_a_kind,
              known_limits.same_bootindex)),
    Rule("order", "an item before what it is built upon", references.order),
    Rule("size", "a size that QEMU cannot read", values.size, values.item_size,
         ("object",)),
    Rule("switch", "a switch that is neither on nor off", values.switch, values.item_switch,
         ("chardev", "object", "netdev", "drive")),
    Rule("number", "a number that QEMU cannot read", values.number),
    Rule("topology", "sockets, cores and threads that do not multiply, or that are not there",
         _all(topology.topology, pc_limits.dies)),
    Rule("memory-limits", "memory that cannot grow as is said, or be what its backend is",
         _all(values.memory_limits, pc_limits.slots, pc_limits.backend_size,
              pc_limits.firmware_size, pc_limits.address_space, device_limits.memory_blocks,
              memory_room.room,
              memory_room.obtainable)),
    Rule("boot-order", "a letter that is no drive",
         _all(values.boot_order, extra_words.boot_order, pc_limits.boot_once)),
    Rule("kernel", "append or initrd without a kernel", launch.kernel),
    Rule("cpu-model", "CPU features without a model", shape.cpu_model),
    Rule("cpu-comma", "a comma in a CPU feature", shape.cpu_comma),
    Rule("name-key", "a key of name that QEMU refuses", shape.name_key),
    Rule("qmp-type", "a QMP socket without a type that QEMU knows", sockets.qmp_type),
    Rule("socket-address", "a socket without an address, or with a useless one",
         sockets.qmp_address, sockets.socket_address, ("chardev",)),
    Rule("socket-path", "the path of a socket that is too long",
         sockets.qmp_path, sockets.socket_path, ("chardev",)),
    Rule("socket-wait", "a socket that QEMU waits for, or a wait without server",
         sockets.qmp_wait, sockets.socket_wait, ("chardev",)),
    Rule("qmp-open", "a QMP port that others can reach", sockets.qmp_open),
    Rule("stdio", "two users of standard input and output", stdio.one_user),
    Rule("drive-type", "a drive with a type", item=ids.drive_with_type, groups=("drive",)),
    Rule("json", "what only JSON could say, where there is none",
         shape.table_keys, shape.json_refused,
         ("chardev", "fsdev", "drive", "tpmdev")),
    Rule("mixed-json", "devices as JSON among others", shape.mixed_json),
    Rule("accel", "-accel beside the accelerators of machine", extra.accel),
    Rule("again", "an argument that replaces or repeats a field", extra.again),
    Rule("unknown-option", "an option that this QEMU does not have, or that none is known to",
         offered_options.unknown),
    Rule("missing-value", "an option at the end without its value", extra.no_value),
    Rule("file", "a file that is not there, or not what is needed", files.missing),
    Rule("image-format", "an image of another format than is said", images.image_format),
    Rule("image-in-use", "an image that another process uses, or another disk",
         _all(images.image_in_use, images.one_writer)),
    Rule("read-only", "a read-only image in a disk that QEMU has not read-only",
         images.read_only_disk),
    Rule("port", "a port that is taken", host.port),
    Rule("no-listener", "a port to which QEMU would connect in vain", host.nobody_listens),
    Rule("socket-in-use", "a socket that another process listens at", host.socket_in_use),
    Rule("memory", "more memory than is free", host.memory),
    Rule("not-expanded", "~ and $HOME, which QEMU does not expand", not_expanded),
    Rule("passed-file", "a passed file without path or with a bad mode", launch.passed_file),
    Rule("powerdown", "a time to power down that is no number", launch.powerdown),
    Rule("monitor", "a monitor switch that is neither on nor off", launch.monitor),
    Rule("environment", "a name that no variable can have", launch.environment),
    Rule("no-bus", "a device without a bus for it, or the name of none",
         _all(buses.no_bus, known_limits.drive_interface, device_limits.xen_platform)),
    Rule("wrong-bus", "a device on a bus of another type", buses.wrong_bus),
    Rule("full-bus", "a device on a bus without room", buses.full_bus),
    Rule("drive-place", "a drive in a place that is taken, or not there", drive_places.places),
    Rule("busy-slot", "a place on a bus that is taken, or not there", buses.busy_slot),
    Rule("nul", "a NUL in what is passed on", shape.nul, shape.item_nul),
    Rule("unknown-key", "a key or table without a meaning", shape.unknown, shape.item_unknown),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _TABLE}
"""Every rule by its name, which `[check] ignore` takes."""

RULES["unknown-rule"] = Rule(
    "unknown-rule", "a name in [check] ignore that no rule has",
    lambda subject: shape.silenced(subject, RULES),
)  # fmt: skip

_ITEM_RULES = {
    group.name: [
        (rule.name, rule.item)
        for rule in RULES.values()
        if rule.item is not None and group.name in (rule.groups or BY_NAME)
    ]
    for group in GROUPS
}
_OFFERED_RULES = {
    group.name: [
        (rule.name, rule.offered)
        for rule in RULES.values()
        if rule.offered is not None and group.name in (rule.groups or BY_NAME)
    ]
    for group in GROUPS
}
_MENDABLE = frozenset({"unknown-type", "unknown-property", "bad-value"})
"""Rules whose findings at an item `-set` may mend."""

_RANKS = {"error": 0, "warning": 1, "hint": 2}
_SECTIONS = (
    "name", "binary", "machine", "cpu", "memory", "smp", "boot", "qmp", "device", "object",
    "netdev", "blockdev", "drive", "chardev", "fsdev", "audiodev", "tpmdev", "fd", "launch",
    "extra", "check",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_SECTIONS)}


def _scan(group: Group, item: Item, index: int, catalog: Catalog | None) -> Scan:
    entry = entry_of(group, item, index)
    problems = [
        (name, problem) for name, function in _ITEM_RULES[group.name] for problem in function(entry)
    ]
    if catalog is not None:
        problems += (
            (name, problem)
            for name, function in _OFFERED_RULES[group.name]
            for problem in function(entry, catalog)
        )
    return Scan(
        entry,
        tuple(names_of(entry)),
        tuple(item_references(entry, catalog)),
        tuple(item_files(group, item, index)),
        tuple(suspects(entry.path, item.root)),
        tuple(problems),
    )


def _place(finding: Finding) -> tuple[int, int, int]:
    index = finding.path[1] if len(finding.path) > 1 else 0
    place = _PLACES.get(str(finding.path[0]), len(_PLACES))
    return (_RANKS[finding.severity], place, index if isinstance(index, int) else 0)


class Checker:
    """Judges profiles one after the other, and looks anew only at the items that are new.

    An item is frozen, so that the same object in the same place has the same findings of its own.
    """

    def __init__(self) -> None:
        self._known: dict[str, list[Scan | None]] = {}
        self._catalog: Catalog | None = None

    def check(
        self, profile: Profile, facts: Facts = NO_FACTS, catalog: Catalog | None = None
    ) -> tuple[Finding, ...]:
        """As the function `check`."""
        if catalog is not self._catalog:
            self._known, self._catalog = {}, catalog
        self._known = {
            group.name: self._scans(group, profile.items(group.name)) for group in GROUPS
        }
        scans = [scan for scans in self._known.values() for scan in scans if scan is not None]
        subject = Subject(profile, facts, scans, machine_references(profile), catalog)
        ignored = frozenset(words_of(profile.check.ignore))
        found = [
            Finding(problem.severity, name, *problem[1:])
            for name, problem in _problems(subject)
            if name not in ignored
        ]
        return tuple(sorted(found, key=_place))

    def _scans(self, group: Group, items: tuple[Item, ...]) -> list[Scan | None]:
        """Returns what is known of each item; None for one that is off."""
        before = self._known.get(group.name, [])
        scans: list[Scan | None] = []
        for index, item in enumerate(items):
            known = before[index] if index < len(before) else None
            if item.off:
                known = None
            elif known is None or known.entry.item is not item:
                known = _scan(group, item, index, self._catalog)
            scans.append(known)
        return scans


def _problems(subject: Subject) -> Iterator[tuple[str, Problem]]:
    unsure = _MENDABLE if subject.has_option("set") else frozenset()
    if subject.has_option("readconfig", "set"):
        unsure |= {"missing-key"}
    given = [option.value for option in subject.options if option.name == "global"]
    for scan in subject.scans:
        if unsure:
            yield from (found for found in scan.problems if found[0] not in unsure)
        elif given:
            yield from (
                found
                for found in scan.problems
                if found[0] != "missing-key" or not _may_be_given(scan.entry, found[1], given)
            )
        else:
            yield from scan.problems
    for rule in RULES.values():
        if rule.whole is not None:
            for problem in rule.whole(subject):
                yield rule.name, problem


def _may_be_given(entry: Entry, problem: Problem, given: list[str]) -> bool:
    """Tells whether one of the values of `-global` may be what an item lacks."""
    key = str(problem.path[-1]).replace("_", "-")
    return any(
        entry.type.startswith(value.partition(".")[0])
        or entry.type in value
        or key in value.replace("_", "-")
        or " or " in problem.message
        for value in given
    )


def check(
    profile: Profile, facts: Facts = NO_FACTS, catalog: Catalog | None = None
) -> tuple[Finding, ...]:
    """Returns the findings of a profile, errors first, then in the order of the screen.

    `facts` is what the host found about the files that the profile names; without them no file is
    judged. `catalog` is what the profile's QEMU offers; without it no name is judged that only
    that QEMU knows. Items that are off are not judged, and are not there for those that refer to
    them.
    """
    return Checker().check(profile, facts, catalog)
