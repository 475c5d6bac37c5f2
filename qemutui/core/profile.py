"""A VM as the user describes it: frozen models whose shape is the shape of the file.

The models accept what somebody is in the middle of typing; `core.check` judges it. Only a wrong
shape (a table where a text belongs) is refused, by `read`. A field that is None is not set. Keys
without a field are kept, in their order, and written back.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    ValidationError,
)
from typing_extensions import TypeAliasType

from qemutui.core import keyval
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Scalar
from qemutui.core.shape import BOOLEAN, found, shape_error
from qemutui.core.shape import ShapeError as ShapeError
from qemutui.core.shape import Words as Words
from qemutui.core.shape import dotted as dotted
from qemutui.core.table import Table as Table
from qemutui.core.table import same

FORMAT = 1
"""The newest format of a profile that this version reads and the one that it writes."""

DEFAULT_BINARY = "qemu-system-x86_64"

if TYPE_CHECKING:
    from qemutui.core.keyval import Value
else:  # pydantic resolves a recursive type by the name of an alias object only
    Value = TypeAliasType("Value", Scalar | tuple["Value", ...] | dict[str, "Value"])


class Options(Table):
    """A table that becomes one option; keys without a field are passed on in the same option."""

    __pydantic_extra__: dict[str, Value]


class Machine(Options):
    """`-machine`."""

    type: Scalar | None = None
    accel: Words | None = Field(None, description="accelerators, tried in this order")


class Cpu(Table):
    """`-cpu`."""

    model: Scalar | None = None
    features: Words | None = Field(None, description="such as +avx2, -x2apic or pmu=off")


class Memory(Options):
    """`-m`."""

    size: Scalar | None = Field(None, description="a bare number is MiB")
    slots: Scalar | None = None
    maxmem: Scalar | None = None


class Smp(Options):
    """`-smp`."""

    cpus: Scalar | None = None
    maxcpus: Scalar | None = None
    sockets: Scalar | None = None
    cores: Scalar | None = None
    threads: Scalar | None = None


class Boot(Options):
    """`-bios -kernel -initrd -dtb -append`, and `-boot` for all other keys."""

    bios: Scalar | None = None
    kernel: Scalar | None = None
    initrd: Scalar | None = None
    dtb: Scalar | None = None
    append: Scalar | None = Field(None, description="the kernel's command line")
    order: Scalar | None = Field(None, description="drive letters such as cad")
    menu: Scalar | None = None


class QmpSocket(Options):
    """`-qmp`: a monitor of the user's own."""

    type: Scalar | None = Field(None, description="unix or tcp")
    path: Scalar | None = Field(None, description="of the unix socket")
    host: Scalar | None = None
    port: Scalar | None = None
    server: Scalar | None = Field(None, description="QEMU listens; off: QEMU connects")
    wait: Scalar | None = Field(None, description="QEMU starts when a client has connected")


_SWITCH = {"type": "boolean", "default": False}


def _scalar(value: keyval.Value) -> str:
    return "" if isinstance(value, tuple | dict) else keyval.text(value)


class Item(BaseModel):
    """One device, object, netdev, …: a type, an id and properties, all in file order.

    `type` and `id` stand for QEMU's own names of these keys (`core.groups`). Keys that begin with
    an underscore are qemutui's and never reach QEMU.
    """

    # No field of its own: a key that has one would lose its place among the others.
    model_config = ConfigDict(
        frozen=True, extra="allow", defer_build=True, allow_inf_nan=False, title="Item"
    )
    __pydantic_extra__: dict[str, Value]

    @classmethod
    def of(cls, root: dict[str, keyval.Value]) -> "Item":
        """Returns an item of these keys, which are values already."""
        item = cls.model_construct()
        item.__pydantic_extra__ = root
        return item

    @property
    def root(self) -> dict[str, keyval.Value]:
        """Every key and its value, in file order. Not to be changed in place."""
        return self.__pydantic_extra__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and same(self.root, other.root)

    @property
    def type(self) -> str:
        """The type as text; empty where there is none."""
        value = self.__pydantic_extra__.get("type", "")
        return value if isinstance(value, str) else _scalar(value)

    @property
    def id(self) -> str:
        """The id as text; empty where there is none."""
        value = self.__pydantic_extra__.get("id", "")
        return value if isinstance(value, str) else _scalar(value)

    @property
    def off(self) -> bool:
        """Whether the item is kept in the file and left out of the command."""
        return self.__pydantic_extra__.get("_off") is True

    @property
    def as_json(self) -> bool:
        """Whether the item is to be written as JSON."""
        return self.__pydantic_extra__.get("_json") is True

    @property
    def properties(self) -> list[tuple[str, keyval.Value]]:
        """What QEMU gets beside type and id, in file order."""
        return [
            (key, value)
            for key, value in self.__pydantic_extra__.items()
            if key not in ("type", "id") and key[:1] != "_"
        ]

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        written: dict[str, Any] = handler.resolve_ref_schema(handler(schema))
        scalar = {"type": ["string", "number", "integer", "boolean"]}
        written["properties"] = {
            "type": {**scalar, "description": "the driver, backend or QOM type"},
            "id": {**scalar, "description": "what other options call it"},
            "_off": {**_SWITCH, "description": "kept in the file, not in the command"},
            "_json": {**_SWITCH, "description": "passed to QEMU as JSON"},
        }
        return written


class PassedFd(Table):
    """A file that is opened for QEMU and passed to it, from descriptor 3 on."""

    path: Scalar | None = None
    mode: Scalar | None = Field(None, description="r, w, r+ or a; r without one")

    @property
    def off(self) -> bool:
        """Whether it keeps its number and opens `/dev/null` instead."""
        return self.others.get("_off") is True

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        written: dict[str, Any] = handler.resolve_ref_schema(handler(schema))
        written["properties"]["_off"] = {
            **_SWITCH,
            "description": "keeps its number, opens /dev/null",
        }
        return written


class Launch(Table):
    """How QEMU is run."""

    monitor: Scalar = Field(True, description="add a private QMP monitor")
    wrapper: Words | None = Field(None, description="goes before the binary")
    directory: Scalar | None = Field(None, description="where QEMU runs; else the profile's folder")
    powerdown: Scalar = Field(20, description="seconds before the next step of stopping")
    environment: dict[str, Scalar] = Field(default_factory=dict, description="added to our own")


class Check(Table):
    """What `core.check` is to leave out."""

    ignore: Words | None = Field(None, description="names of rules")


class Profile(Table):
    """One VM."""

    format: StrictInt = FORMAT
    name: Scalar | dict[str, Scalar] | None = None
    binary: Scalar | None = None
    notes: Scalar | None = None
    extra: Words | None = Field(None, description="arguments without a field, word for word")
    machine: Machine = Field(default_factory=Machine)
    cpu: Cpu = Field(default_factory=Cpu)
    memory: Memory = Field(default_factory=Memory)
    smp: Smp = Field(default_factory=Smp)
    boot: Boot = Field(default_factory=Boot)
    qmp: QmpSocket = Field(default_factory=QmpSocket)
    object: tuple[Item, ...] = ()
    chardev: tuple[Item, ...] = ()
    fsdev: tuple[Item, ...] = ()
    blockdev: tuple[Item, ...] = ()
    drive: tuple[Item, ...] = ()
    netdev: tuple[Item, ...] = ()
    audiodev: tuple[Item, ...] = ()
    tpmdev: tuple[Item, ...] = ()
    device: tuple[Item, ...] = ()
    fd: tuple[PassedFd, ...] = ()
    launch: Launch = Field(default_factory=Launch)
    check: Check = Field(default_factory=Check)

    def items(self, group: str) -> tuple[Item, ...]:
        """Returns the items of a group, by its name in `core.groups`."""
        items: tuple[Item, ...] = getattr(self, group)
        return items


_SINGLE = {"type": "text", "id": "text", "_off": BOOLEAN, "_json": BOOLEAN}
"""The keys of an item that take one value only, and what it is."""


def _check_items(profile: Profile, group: str) -> None:
    for index, item in enumerate(getattr(profile, group)):
        keys: Mapping[str, Any] = item.root if isinstance(item, Item) else item.others
        for key, expected in _SINGLE.items():
            value = keys.get(key, False)
            if not isinstance(value, bool if expected == BOOLEAN else bool | int | float | str):
                raise ShapeError((group, index, key), found(value), expected)


def _keep_order(table: Table, data: Mapping[str, Any]) -> None:
    table._order = tuple(data)
    for name in type(table).model_fields:
        value = getattr(table, name)
        if isinstance(value, Table) and name in data:
            _keep_order(value, data[name])


def read(data: Mapping[str, Any]) -> Profile:
    """Returns the profile that parsed TOML stands for.

    Raises:
        ShapeError: A value has the wrong shape, such as a table where a text belongs.
    """
    try:
        profile = Profile.model_validate(data)
    except ValidationError as error:
        raise shape_error(error, data, Profile) from None
    for group in (*BY_NAME, "fd"):
        _check_items(profile, group)
    _keep_order(profile, data)
    for passed, table in zip(profile.fd, data.get("fd", ()), strict=True):
        _keep_order(passed, table)
    return profile


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return dump(value)
    if isinstance(value, Item):
        return _plain(value.root)
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if isinstance(value, dict):
        return {key: _plain(element) for key, element in value.items()}
    return value


def dump(table: Table) -> dict[str, Any]:
    """Returns what a profile (or a table of one) says, as `tomllib` would give it.

    Fields that were never set are left out, as are those that are None.
    """
    return {key: _plain(value) for key, value in table.written.items()}
