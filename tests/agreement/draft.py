"""A profile in the making, as the data that its file would hold."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from qemutui.core.catalog import Catalog
from qemutui.core.property_type import Property
from tests.agreement.surroundings import FREE

Data = dict[str, Any]
"""What `tomllib` would read."""

GROUPS = (
    "object", "chardev", "fsdev", "blockdev", "drive", "netdev", "audiodev", "device",
)  # fmt: skip


class Draft:
    """A profile that grows; everything random in it comes from `chance`."""

    def __init__(self, chance: random.Random, catalog: Catalog) -> None:
        self.chance = chance
        self.catalog = catalog
        self.data: Data = {}
        self.json = False
        """Whether devices are written as JSON: all or none."""
        self._numbers: dict[str, int] = {}
        self._ports = list(FREE)
        self._images = ["a.img", "b.img", "c.img"]
        self._qcow2 = ["d.qcow2", "e.qcow2"]
        chance.shuffle(self._ports)

    @property
    def machine(self) -> str:
        """The name of the machine, as written; `pc` without one."""
        return str(self.data.get("machine", {}).get("type", "pc"))

    def maybe(self, likelihood: float) -> bool:
        """Tells whether to, so often."""
        return self.chance.random() < likelihood

    def number(self, kind: str) -> int:
        """Counts from 0, for each kind of thing."""
        self._numbers[kind] = self._numbers.get(kind, -1) + 1
        return self._numbers[kind]

    def port(self) -> int:
        """A port that nothing else of the profile uses."""
        return self._ports.pop()

    def image(self) -> str | None:
        """A raw disk that nothing else of the profile uses, while there are any."""
        return self._images.pop() if self._images else None

    def qcow2(self) -> str | None:
        """A disk in the format qcow2, as `image`."""
        return self._qcow2.pop() if self._qcow2 else None

    def table(self, name: str) -> Data:
        """A table of the profile, such as `machine`."""
        table: Data = self.data.setdefault(name, {})
        return table

    def extra(self, *words: str) -> None:
        """Adds arguments."""
        self.data.setdefault("extra", []).extend(words)

    def add(self, group: str, kind: str | None, name: str | None = "", /, **keys: Any) -> str:
        """Adds an item and returns its id: the given one, a new one, or none for None.

        A double underscore in a key is a dash, a triple one a dot.
        """
        item: Data = {} if kind is None else {"type": kind}
        if name == "":
            stem = {"netdev": "net", "chardev": "chr", "blockdev": "node"}.get(group, group)
            name = f"{stem}{self.number(group)}"
        if name is not None:
            item["id"] = name
        for key, value in keys.items():
            item[key.replace("___", ".").replace("__", "-")] = value
        if self.json and group == "device":
            item["_json"] = True
        self.data.setdefault(group, []).append(item)
        return name or ""

    def backend(self, group: str) -> str:
        """Adds the simplest item of a group that others can refer to, and returns its id."""
        match group:
            case "netdev":
                return self.add(group, "user")
            case "fsdev":
                return self.add(group, "local", path="share", security_model="none")
            case "audiodev":
                return self.add(group, "none")
            case "blockdev":
                return self.add(group, "null-co", **{"read-zeroes": True})
            case _:
                return self.add(group, "null")

    def disk(self) -> str:
        """Adds a disk, as a blockdev or as a drive, and returns its id."""
        style = self.chance.randrange(5)
        image = self.image() if style < 4 else None
        if style == 0 and image:
            return self.add("drive", None, file=image, format="raw", **{"if": "none"})
        if style == 1 and image:
            return self.add("blockdev", "raw", file={"driver": "file", "filename": image})
        if style == 2 and image:
            below = self.add("blockdev", "file", filename=image)
            return self.add("blockdev", "raw", file=below)
        if style == 3 and (image := self.qcow2()):
            return self.add("blockdev", "qcow2", file={"driver": "file", "filename": image})
        return self.backend("blockdev")

    def memory(self, size: str = "16M") -> str:
        """Adds memory, and returns its id."""
        kind = self.chance.choice(["memory-backend-ram", "memory-backend-memfd"])
        return self.add("object", kind, size=int(size[:-1]) << 20 if self.json else size)


def items(data: Data, groups: Iterable[str] = GROUPS) -> list[tuple[str, Data]]:
    """Every item that is not off, with its group."""
    return [(g, item) for g in groups for item in data.get(g, ()) if item.get("_off") is not True]


def properties(catalog: Catalog, group: str, item: Data) -> Mapping[str, Property]:
    """What an item can hold, beside type and id, as far as the catalog tells."""
    kind = item.get("type", "")
    known = catalog.properties(group, kind if isinstance(kind, str) else "") or {}
    return {name: p for name, p in known.items() if name not in ("type", "id", "driver")}
