"""What a catalog has lists of, beside mere names: machines, CPU models, accelerators, devices."""

from typing import NamedTuple


class Machine(NamedTuple):
    """A machine type, of `query-machines`."""

    name: str
    type_name: str
    """Its QOM type: `pc-q35-7.2-machine`."""
    description: str = ""
    alias: str = ""
    """Another name, which newer versions of QEMU give to a newer machine: `q35`."""
    is_default: bool = False
    max_cpus: int = 0
    """0 where QEMU does not say."""
    deprecated: bool = False
    default_cpu: str = ""
    """A CPU model."""
    default_ram_id: str = ""


class Cpu(NamedTuple):
    """A CPU model, of `query-cpu-definitions`."""

    name: str
    type_name: str
    """Its QOM type: `max-x86_64-cpu`."""
    description: str = ""
    alias_of: str = ""
    deprecated: bool = False
    unavailable: tuple[str, ...] = ()
    """The features that keep it from running here; QEMU answers for its usual accelerator."""


class Accelerator(NamedTuple):
    """An accelerator."""

    name: str
    usable: bool = True
    reason: str = ""
    """Why it is not usable here: `No /dev/kvm.`"""


class Device(NamedTuple):
    """A device type."""

    name: str
    category: str = ""
    """As `-device help` groups it: `Network`."""
    bus: str = ""
    """The type of bus that it needs: `PCI`; empty for none, or where QEMU does not say."""
    alias: str = ""
    description: str = ""
    creatable: bool = True
    """Whether `-device help` lists it; others are parts of machines and of other devices."""
    parents: tuple[str, ...] = ()
    """The QOM types it is derived from, the nearest first."""
