"""What is read out of the answers of QEMU, of several versions and architectures."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from qemutui.core import catalog_text, help_backends
from qemutui.core.catalog import Catalog, CatalogError
from qemutui.core.option_help import takes_value
from qemutui.core.property_type import Property, property_of
from tests.catalogs import DATA, answers, captured

CAPTURED = sorted(path.name.removesuffix(".json.xz") for path in DATA.glob("[0-9]*.xz"))


def properties(catalog: Catalog, kind: str, name: str) -> Mapping[str, Property]:
    """The properties of a type that has some."""
    found = catalog.properties(kind, name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", CAPTURED)
def test_everything_has_properties_of_a_known_kind(name: str) -> None:
    version, _, target = name.partition("-")
    catalog = captured(version, target)
    assert catalog.target == target
    assert catalog.release.startswith(version)
    kinds = {
        "device": [*catalog.devices],
        "machine": [*catalog.machine_names],
        "cpu": [*catalog.cpus],
        "accel": [*catalog.accelerators],
    } | {
        group: [*catalog.types(group)]
        for group in ("object", "netdev", "chardev", "blockdev", "fsdev", "audiodev", "tpmdev")
    }
    for kind, names in kinds.items():
        assert names
        for one in names:
            told = catalog.properties(kind, one)
            assert (told is None) == (one in catalog.crashed), (kind, one)
            for told_one in (told or {}).values():
                assert (told_one.kind == "enum") == bool(
                    told_one.values and told_one.kind != "auto"
                )
                assert (told_one.kind == "reference") == bool(told_one.reference)


@pytest.mark.parametrize("version", ["7.2", "10.0"])
def test_backends(version: str) -> None:
    catalog = captured(version)
    file = properties(catalog, "chardev", "file")
    assert (file["path"].required, file["append"].kind, file["mux"].kind) == (True, "bool", "bool")
    socket = properties(catalog, "chardev", "socket")
    assert {"path", "port", "fd", "telnet", "tn3270", "tls-creds"} <= socket.keys()
    assert not any(one.required for one in socket.values())
    assert socket["tls-creds"].reference == "object:tls-creds"
    assert properties(catalog, "chardev", "mux")["chardev"].reference == "chardev"
    local = properties(catalog, "fsdev", "local")
    assert local["security_model"].values[-1] == "none"
    assert local["security_model"].required
    assert "throttling.bps-total-max-length" in local
    assert properties(catalog, "tpmdev", "emulator")["chardev"].reference == "chardev"
    audio = properties(catalog, "audiodev", "wav")
    assert (audio["path"].kind, audio["out.frequency"].kind) == ("text", "int")
    assert set(audio["in.format"].values) == {"u8", "s8", "u16", "s16", "u32", "s32", "f32"}
    assert properties(catalog, "drive", "")["cache"].values == (
        "writethrough", "writeback", "none", "directsync", "unsafe", "off",
    )  # fmt: skip
    assert {"none", "curses", "vnc"} <= catalog.types("display").keys()
    assert {"fdb", "hdd", "h", "m", "S"} <= catalog.options.keys()


def test_what_versions_do_not_share() -> None:
    old, new = captured("7.2"), captured("10.0")
    assert old.types("fsdev").keys() - new.types("fsdev").keys() == {"proxy"}
    assert old.types("chardev").keys() - new.types("chardev").keys() >= {"tty", "parport"}
    assert "no-hpet" in old.options.keys() - new.options.keys()
    assert properties(new, "netdev", "stream")["reconnect"].deprecated
    assert old.note == (
        "QEMU crashed on virtio-gpu-gl-pci and 1 more; its 254 other devices are listed."
    )
    assert new.note == ""
    assert new.machine("pc") == new.machines["pc-i440fx-10.0"] == new.machine("")
    assert new.machines["pc-i440fx-2.4"].deprecated


def test_links_say_what_they_refer_to() -> None:
    catalog = captured("7.2")
    assert properties(catalog, "device", "virtio-rng-pci")["rng"].reference == "object:rng-backend"
    assert catalog.is_object_a("rng-random", "rng-backend")
    assert not catalog.is_object_a("iothread", "rng-backend")
    assert properties(catalog, "device", "nvme")["subsys"].reference == "device:nvme-subsys"
    assert properties(catalog, "device", "isa-ipmi-bt")["bmc"].reference == "device:ipmi-bmc"
    assert catalog.is_device_a("ipmi-bmc-sim", "ipmi-bmc")
    assert properties(catalog, "device", "vmmouse")["i8042"].kind == "internal"
    arm = captured("10.0", "aarch64")
    assert properties(arm, "device", "xlnx.apu-ctrl")["cpu0"].kind == "internal"


def test_cpu_models_whose_types_are_not_told() -> None:
    catalog = captured("7.2", "riscv64")
    assert catalog.cpus["rv64"].type_name == "rv64-riscv-cpu"
    assert "zba" in properties(catalog, "cpu", "rv64")
    assert "zba" in properties(catalog, "cpu", "x-rv128")  # QEMU aborts on it but in its help


def test_the_type_of_a_cpu_model_is_a_device_that_is_not_listed() -> None:
    catalog = captured("7.2")
    assert "qemu64-x86_64-cpu" not in catalog.devices
    assert catalog.device("qemu64-x86_64-cpu") is not None


@pytest.mark.parametrize(
    ("written", "description", "words"),
    [
        ("on|off|split", "Configure KVM", ("on", "off", "split")),
        ("string", "Set the type. Valid values are none and smmuv3", ("none", "smmuv3")),
        ("string", "Valid values are 2, 3, 4, host and max", ("2", "3", "4", "host", "max")),
        ("string", "Valid values are none, aplic, and imsic.", ("none", "aplic", "imsic")),
        ("string", "Valid values are BRAM (default) and QSPI.", ()),
        ("string", "Valid value should be between 0 and 7.", ()),
        ("LostTickPolicy", "", ("discard", "delay", "slew")),
        ("LostTickPolicy", "Policy (discard/merge)", ("discard", "merge")),
    ],
)
def test_words(written: str, description: str, words: tuple[str, ...]) -> None:
    told = property_of({"name": "x", "type": written, "description": description})
    assert told.values == words


def test_help_of_backends() -> None:
    text = (
        "-chardev socket,id=id[,host=host],port=port[,to=to][,mux=on|off]\n"
        "         [,gl=on|core|off] (tcp)\n"
        "-chardev socket,id=id,path=path[,listen=[host]:port] (unix)\n"
        "                words about it, such as a=b\n"
    )
    (rows,) = help_backends.backends(text)["chardev"].values()
    told = {row["name"]: (row["required"], row["type"]) for row in rows}
    assert told == {
        "host": (False, "str"), "port": (False, "str"), "to": (False, "str"),
        "mux": (False, "bool"), "gl": (False, "enum"), "path": (False, "str"),
        "listen": (False, "str"),
    }  # fmt: skip
    assert takes_value("-fda/-fdb file  use it\n-h or -help     help\n") == {
        "fda": True, "fdb": True, "h": False, "help": False,
    }  # fmt: skip


ODD: list[Any] = [None, 1, "x", [], {}, [[1]], [None], [{}], [{"name": None}], {"arch": []},
                  [{"name": "x", "parent": {}}], [{"option": 1, "parameters": 3}],
                  [{"name": "object-add", "arg-type": "0"}]]  # fmt: skip


DEEP = b'{"return": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
"""More lists in each other than a reader can go down."""


@pytest.mark.parametrize("name", [name for name, _, _ in catalog_text.QUERIES])
def test_odd_answers_are_refused_or_read(name: str) -> None:
    told = answers("7.2")
    few = {key: told.replies[key] for key in ("version", "machines", "objects")}
    texts = [json.dumps({"return": odd}).encode() for odd in ODD]
    for text in [*texts, b"", b"{", b'{"return"', b"\xff", b'{"return": NaN}', DEEP]:
        odd = told._replace(replies={**few, name: text}, properties={})
        with suppress(ValueError):
            catalog_text.questions(odd.replies, odd.help)
            walk(Catalog.read(catalog_text.write(odd)))


def walk(catalog: Catalog) -> None:
    """Asks a catalog for what it has."""
    catalog.machine("")
    for group in ("object", "netdev", "display"):
        for name in catalog.types(group):
            catalog.properties(group, name)
    for device in catalog.devices:
        catalog.properties("device", device)


def test_odd_properties_are_no_properties() -> None:
    told = answers("7.2")
    texts = [json.dumps({"return": odd}).encode() for odd in ODD] + [b"{", DEEP]
    for text in texts:
        odd = told._replace(properties={"device/e1000": text})
        catalog = Catalog.read(catalog_text.write(odd))
        assert not catalog.properties("device", "e1000")


def test_odd_texts_are_no_catalogs() -> None:
    whole = catalog_text.write(answers("7.2"))
    for text in (b"", b"{}", b"\n", whole[:-1], whole + b"\n", b"[" * 100_000):
        with pytest.raises(CatalogError):
            Catalog.read(text)
