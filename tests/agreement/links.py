"""Mistakes in references and ids, what is missing; and changes that do nothing."""

from typing import Any

from tests.agreement.draft import Data, items
from tests.agreement.mutation import Subject, kind
from tests.agreement.values import typo

_REFERENCES = frozenset(
    ["netdev", "drive", "chardev", "fsdev", "audiodev", "iothread", "memdev", "rng",
     "cryptodev", "bmc", "canbus0", "subsys", "file", "memory-backend", "throttle-group",
     "backing"]
)  # fmt: skip


def _references(s: Subject) -> list[tuple[str, Data, str]]:
    found = [
        (group, item, key)
        for group, item in items(s.data)
        for key, value in item.items()
        if key in _REFERENCES and isinstance(value, str) and group != "drive"
    ]
    machine = s.data.get("machine", {})
    return found + [("machine", machine, "memory-backend")] * ("memory-backend" in machine)


@kind("dangling reference")
def dangling(s: Subject) -> Any:
    found = _references(s)
    if not found:
        return False
    _, item, key = s.chance.choice(found)
    item[key] = s.chance.choice([typo(item[key], s.chance), "nothing", item[key].upper(), "0"])
    return True


@kind("reference to a new thing that is not there")
def reference_added(s: Subject) -> Any:
    """Adds a device that refers to what nobody made."""
    s.data.setdefault("device", []).append(
        s.chance.choice(
            [{"type": "virtio-net-pci", "netdev": "net9"},
            {"type": "virtio-blk-pci", "drive": "hd9"},
             {"type": "isa-serial", "chardev": "c9"},
             {"type": "virtio-9p-pci", "fsdev": "f9", "mount_tag": "m"},
             {"type": "intel-hda", "bus": "pci.9"}, {"type": "virtio-rng-pci", "rng": "r9"},
             {"type": "scsi-hd", "drive": "hd9"},
             {"type": "e1000", "netdev": "net9", "id": "e9"},
             {"type": "pc-dimm", "memdev": "mem9"}, {"type": "tpm-tis", "tpmdev": "tpm9"},
             {"type": "virtserialport", "chardev": "c9"}, {"type": "AC97", "audiodev": "snd9"},
             {"type": "virtio-scsi-pci", "iothread": "io9"},
             {"type": "nvme", "drive": "n9", "serial": "x"}]
        )
    )  # fmt: skip


@kind("reference of the wrong kind")
def wrong_kind(s: Subject) -> Any:
    found = _references(s)
    others = [item["id"] for _, item in items(s.data) if item.get("id")]
    if not found or not others:
        return False
    _, item, key = s.chance.choice(found)
    item[key] = s.chance.choice(others)
    return True


@kind("backend used twice")
def used_twice(s: Subject) -> Any:
    found = [(group, item) for group, item, key in _references(s) if group == "device"]
    if not found:
        return False
    _, item = s.chance.choice(found)
    other = {key: value for key, value in item.items() if key not in ("id", "addr", "bus")}
    s.data["device"].append(other)
    return True


@kind("duplicate id")
def duplicate(s: Subject) -> Any:
    named = [(group, item) for group, item in items(s.data) if item.get("id")]
    if not named:
        return False
    group, item = s.chance.choice(named)
    same = [other for _, other in items(s.data, (group,)) if other is not item]
    if same and s.chance.random() < 0.7:
        s.chance.choice(same)["id"] = item["id"]
    else:
        s.data[group].append(dict(item))
    return True


@kind("bad id")
def bad_id(s: Subject) -> Any:
    picked = s.item()
    if picked is None:
        return False
    picked[1]["id"] = s.chance.choice(
        [
            "1st",
            "a b",
            "net/0",
            "ä",
            "_x",
            "a:b",
            "-x",
            "a,b",
            "a=b",
            "#block1",
            "a" * 40,
            "A-1",
            "a.b",
        ]
    )
    return True


@kind("no id")
def no_id(s: Subject) -> Any:
    named = [item for _, item in items(s.data) if item.get("id")]
    if not named:
        return False
    del s.chance.choice(named)["id"]
    return True


@kind("no type")
def no_type(s: Subject) -> Any:
    found = [item for group, item in items(s.data) if "type" in item]
    if not found:
        return False
    item = s.chance.choice(found)
    if s.chance.random() < 0.5:
        del item["type"]
    else:
        item["type"] = ""
    return True


@kind("missing property")
def missing(s: Subject) -> Any:
    found = [
        (item, key)
        for _, item in items(s.data)
        for key in item
        if key not in ("type", "id", "_json")
    ]
    if not found:
        return False
    item, key = s.chance.choice(found)
    if s.chance.random() < 0.8:
        del item[key]
    else:
        item[key] = ""
    return True


@kind("bare new item")
def bare(s: Subject) -> Any:
    """Adds an item without anything but its type, as one does before filling it in."""
    group = s.chance.choice(
        ["device", "device", "object", "netdev", "chardev", "blockdev", "fsdev"]
    )
    if group == "device":
        names = [d.name for d in s.catalog.devices.values() if d.creatable]
    else:
        names = list(s.catalog.types(group))
    if not names:
        return False
    s.data.setdefault(group, []).append({"type": s.chance.choice(names), "id": "new"})
    return True


@kind("item removed")
def removed(s: Subject) -> Any:
    picked = s.item()
    if picked is None:
        return False
    group, item = picked
    if s.chance.random() < 0.5:
        item["_off"] = True
    else:
        s.data[group] = [other for other in s.data[group] if other is not item]
    return True


@kind("order of items")
def order(s: Subject) -> Any:
    groups = [group for group in ("device", "blockdev", "object") if len(s.data.get(group, ())) > 1]
    if not groups:
        return False
    s.data[s.chance.choice(groups)].reverse()
    return True


@kind("harmless")
def harmless(s: Subject) -> Any:
    """Says the same otherwise, or adds what does nothing."""
    match s.chance.randrange(9):
        case 0:
            s.data["notes"] = "A, b = c"
        case 1:
            s.data.setdefault("device", []).append({"type": "nonsense", "_off": True})
        case 2:
            picked = s.item()
            if picked is None:
                return False
            old, new = picked[1].get("id"), "renamed-1"
            if not old:
                return False
            picked[1]["id"] = new
            for _, item, key in _references(s):
                if item[key] == old:
                    item[key] = new
        case 3:
            s.data["name"] = "comma, equals and ümlaut"
        case 4:
            s.data.setdefault("device", []).append({"type": "virtio-balloon-pci", "id": "new.1-x"})
        case 5:
            s.data.setdefault("object", []).append({"type": "secret", "id": "s.1", "data": "a,b=c"})
        case 6:
            s.data.setdefault("chardev", []).append(
                {"type": "file", "id": "c1", "path": "a,b=c.log"}
            )
        case 7:
            s.data.setdefault("extra", []).append("-nodefaults")
        case _:
            s.data["memory"] = {"size": s.chance.choice(["0x80", "128m", "131072K", " 128M"])}
    return True
