"""What one QEMU binary offers: machines, CPU models, devices, objects, backends, their properties.

A catalog is read from one text, which `host.probe` makes and the cache keeps: a head, and a body
of QMP replies as QEMU gave them. The head is read at once; the properties of a type only when
they are asked for, as a QEMU has tens of thousands of them.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from qemutui.core.catalog_entries import Accelerator, Cpu, Device, Machine
from qemutui.core.property_type import Property, property_of

FORMAT = 3
"""The number of the text's format; another one is not read."""


ReadBody = Callable[[int, int], bytes]
"""Returns part of a body: from where, and how many bytes. May raise OSError."""


class CatalogError(ValueError):
    """A text is no catalog."""


def _shared(value: Any, known: dict[Any, Any]) -> Any:
    """Returns a value of JSON with tuples for lists, and each text and tuple once."""
    if isinstance(value, list):
        value = tuple([_shared(one, known) for one in value])
    elif not isinstance(value, str):
        return value
    return known.setdefault(value, value)


def _reader(body: bytes) -> ReadBody:
    return lambda start, length: body[start : start + length]


class Catalog:
    """What one QEMU offers."""

    def __init__(self, head: Mapping[str, Any], body: bytes | ReadBody) -> None:
        """Makes a catalog of a head and a body, or of what reads that.

        Raises:
            ValueError, TypeError, KeyError: The head is none.
        """
        self._head = head
        self._read_body = _reader(body) if isinstance(body, bytes) else body
        self._types: dict[str, Mapping[str, str]] = {}
        self._properties: dict[tuple[str, str], Mapping[str, Property] | None] = {}

    @classmethod
    def read(cls, text: bytes) -> "Catalog":
        """Reads the text of a catalog.

        Raises:
            CatalogError: It is none, it is damaged, or it has another format.
        """
        first, _, body = text.partition(b"\n")
        return cls.of_parts(first, len(body), body)

    @classmethod
    def of_parts(cls, first: bytes, length: int, body: bytes | ReadBody) -> "Catalog":
        """Reads a catalog of the first line of its text, and the length of what follows.

        Raises:
            CatalogError: It is none, it is damaged, or it has another format.
        """
        try:
            head = json.loads(first)
            if head["format"] != FORMAT or head["length"] != length:
                raise CatalogError("the text of a catalog is of another format, or cut off")
            known: dict[Any, Any] = {}
            catalog = cls({name: _shared(value, known) for name, value in head.items()}, body)
            _ = catalog.machines, catalog.cpus, catalog.devices, catalog.accelerators
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise CatalogError(f"this is no catalog: {error}") from error
        return catalog

    @property
    def head(self) -> Mapping[str, Any]:
        """All but the properties, as `core.catalog_text` wrote it."""
        return self._head

    @property
    def version(self) -> tuple[int, int, int]:
        """Major, minor and micro number."""
        major, minor, micro = self._head["version"]
        return major, minor, micro

    @property
    def release(self) -> str:
        """The version as people write it: `7.2.22`."""
        return ".".join(map(str, self.version))

    @property
    def package(self) -> str:
        """What the distribution calls it: `Debian 1:7.2+dfsg-7`; may be empty."""
        return str(self._head["package"])

    @property
    def target(self) -> str:
        """The architecture of the guest: `x86_64`."""
        return str(self._head["target"])

    @property
    def is_x86(self) -> bool:
        """Whether the guest is of the architecture of PCs."""
        return self.target in ("x86_64", "i386")

    @property
    def crashed(self) -> tuple[str, ...]:
        """The names of types, or the questions, on which QEMU crashed when it was asked."""
        return tuple(str(place).rpartition("/")[2] for place in self._head["crashed"])

    @property
    def note(self) -> str:
        """What is missing here, and why, as a sentence; empty if nothing is."""
        crashed = self.crashed
        if not crashed:
            problem = str(self._head["problem"])
            return f"QEMU tells names alone, no properties: {problem}." if problem else ""
        names = crashed[0] + (f" and {len(crashed) - 1} more" if len(crashed) > 1 else "")
        others = sum(one.creatable and name not in crashed for name, one in self.devices.items())
        return f"QEMU crashed on {names}; its {others} other devices are listed."

    @cached_property
    def machines(self) -> Mapping[str, Machine]:
        """The machine types by their names; aliases are in `machine`."""
        return {row[0]: Machine(*row) for row in self._head["machines"]}

    @cached_property
    def _machines_by_alias(self) -> Mapping[str, Machine]:
        return {machine.alias: machine for machine in self.machines.values() if machine.alias}

    def machine(self, name: str) -> Machine | None:
        """Returns a machine type by its name or alias; the default one for an empty name."""
        if not name:
            return next((m for m in self.machines.values() if m.is_default), None)
        return self.machines.get(name) or self._machines_by_alias.get(name)

    @cached_property
    def machine_names(self) -> tuple[str, ...]:
        """The names and aliases of machine types."""
        return (*self._machines_by_alias, *self.machines)

    @cached_property
    def cpus(self) -> Mapping[str, Cpu]:
        """The CPU models by name."""
        return {row[0]: Cpu._make((*row[:-1], tuple(row[-1]))) for row in self._head["cpus"]}

    @cached_property
    def accelerators(self) -> Mapping[str, Accelerator]:
        """The accelerators by name."""
        return {row[0]: Accelerator(*row) for row in self._head["accelerators"]}

    @cached_property
    def _all_devices(self) -> Mapping[str, Device]:
        return {row[0]: Device._make((*row[:-1], tuple(row[-1]))) for row in self._head["devices"]}

    @cached_property
    def devices(self) -> Mapping[str, Device]:
        """The device types by name, also those that cannot be added; without CPU models."""
        return {
            name: device
            for name, device in self._all_devices.items()
            if device.category != "CPU" and "cpu" not in device.parents
        }

    @cached_property
    def _devices_by_alias(self) -> Mapping[str, Device]:
        return {device.alias: device for device in self.devices.values() if device.alias}

    def device(self, name: str) -> Device | None:
        """Returns a device type by its name or alias; also the type of a CPU model."""
        return self._all_devices.get(name) or self._devices_by_alias.get(name)

    def is_object_a(self, name: str, wanted: str) -> bool:
        """Tells whether a type of object is, or is derived from, another one."""
        return name == wanted or wanted in self._head["objects"].get(name, ())

    def is_device_a(self, name: str, wanted: str) -> bool:
        """Tells whether a type of device, or its alias, is, or is derived from, another one."""
        device = self.device(name)
        return device is not None and (device.name == wanted or wanted in device.parents)

    @cached_property
    def _object_types(self) -> frozenset[str]:
        told: Mapping[str, list[str]] = self._head["objects"]
        return frozenset(told).union(*told.values())

    @cached_property
    def _device_types(self) -> frozenset[str]:
        """All that a device that can be added is."""
        found = [{name, *one.parents} for name, one in self._all_devices.items() if one.creatable]
        return frozenset().union(*found) - {"device", "object"}

    def _settled(self, told: Property) -> Property:
        """Tells links to objects, to devices and to parts of a machine apart."""
        kind, _, wanted = told.reference.partition(":")
        if kind != "object" or not self._object_types or wanted in self._object_types:
            return told
        if wanted in self._device_types:
            return told._replace(reference=f"device:{wanted}")
        return told._replace(kind="internal", reference="")

    def types(self, group: str) -> Mapping[str, str]:
        """Returns the types of a group other than `device`, each with what it is, where known.

        `group` is a name of `core.groups`, or `display`. Empty where QEMU does not tell.
        """
        if group not in self._types:
            self._types[group] = dict(self._head["types"].get(group, ()))
        return self._types[group]

    @property
    def data_folders(self) -> tuple[str, ...]:
        """Where it looks for firmware and ROMs that are named without a slash; may be empty."""
        return tuple(map(str, self._head["data_folders"]))

    @property
    def options(self) -> Mapping[str, bool]:
        """The options of the command line, without dash, and whether each takes a value."""
        found: Mapping[str, bool] = self._head["options"]
        return found

    @property
    def buses(self) -> Mapping[str, str]:
        """The types of buses, each with the type that it is derived from: `PCIE`, `PCI`."""
        found: Mapping[str, str] = self._head["buses"]
        return found

    def is_bus_a(self, bus: str, wanted: str) -> bool:
        """Tells whether a type of bus is, or is derived from, another one."""
        for _ in range(20):
            if bus == wanted:
                return True
            if bus not in self.buses:
                return False
            bus = self.buses[bus]
        return False

    def properties(self, kind: str, name: str) -> Mapping[str, Property] | None:
        """Returns the properties of a type by name, or None where QEMU has not told them.

        `kind` is `machine`, `cpu`, `accel`, `option` (a name of `query-command-line-options`) or a
        name of `core.groups`; `name` that of the type, aliases included.
        """
        key = (kind, name)
        if key not in self._properties:
            self._properties[key] = self._read_properties(kind, name)
        return self._properties[key]

    def _read_properties(self, kind: str, name: str) -> Mapping[str, Property] | None:
        if kind == "machine":
            machine = self.machine(name)
            name = machine.type_name if machine else name
        elif kind == "cpu":
            cpu = self.cpus.get(name)
            kind, name = "device", cpu.type_name if cpu else name
        elif kind == "accel":
            name = f"{name}-accel"
        elif kind == "device":
            device = self.device(name)
            name = device.name if device else name
        place = self._head["places"].get(f"{kind}/{name}")
        if place is None:
            return None
        start, length = place
        try:
            reply = json.loads(self._read_body(start, length))["return"]
            return {row["name"]: self._settled(property_of(row)) for row in reply}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            # a binary may say anything, a disk may be gone
            return None
