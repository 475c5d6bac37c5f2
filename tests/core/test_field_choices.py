"""What each kind of field can be set to, by two QEMUs and by none."""

import tomllib

import pytest

from qemutui.core import edit, field_choices
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Accelerator
from qemutui.core.check import check
from qemutui.core.choice import Choice
from qemutui.core.file_names import is_file_name, is_folder_name, is_image_name
from qemutui.core.image_format import kind_of
from qemutui.core.keyval import Path
from qemutui.core.offered import properties, property_at
from qemutui.core.profile import Profile, read
from qemutui.core.value_words import Numbers, numbers_of, size_words, unit_of
from tests.catalogs import captured

SAMPLE = """
extra = ["-chardev", "null,id=c9"]
[machine]
type = "q35"
accel = ["tcg", "xen"]
[[device]]
type = "virtio-net-pci"
id = "net0"
netdev = "n0"
[[device]]
type = "virtio-rng-pci"
[[netdev]]
type = "user"
id = "n0"
restrict = true
[[netdev]]
type = "user"
id = "off"
_off = true
[[chardev]]
type = "null"
id = "c0"
[[object]]
type = "rng-random"
id = "r0"
[[object]]
type = "iothread"
id = "io0"
[[blockdev]]
type = "raw"
id = "top"
file = "late"
[[blockdev]]
type = "null-co"
id = "late"
[[blockdev]]
type = "qcow2"
id = "deep"
file = { driver = "file", filename = "a.img" }
"""


def profile(text: str = SAMPLE) -> Profile:
    return read(tomllib.loads(text))


def offered(*path: str | int, text: str = SAMPLE, version: str = "7.2") -> dict[str, Choice]:
    found = field_choices.choices(profile(text), path, captured(version) if version else None)
    assert len({one.value for one in found}) == len(found)
    return {one.value: one for one in found}


def default(found: dict[str, Choice]) -> list[str]:
    return [one.value for one in found.values() if one.is_default]


def test_switches_and_words_say_which_is_the_default() -> None:
    event_idx = offered("device", 0, "event_idx")
    assert (list(event_idx), default(event_idx)) == (["on", "off"], ["on"])
    assert default(offered("device", 0, "disable-legacy")) == ["auto"]
    assert list(offered("device", 0, "disable-legacy")) == ["on", "off", "auto"]
    assert {"off", "auto"} <= offered("machine", "smm").keys()
    assert "relaxed" not in offered("netdev", 0, "restrict")
    assert list(offered("netdev", 0, "restrict")) == ["on", "off"]
    assert "native" in offered("blockdev", 2, "file", "aio")


def test_machines_processors_and_accelerators_say_what_they_are() -> None:
    machines = offered("machine", "type")
    assert default(machines) == ["pc"]
    assert machines["q35"].description.startswith("pc-q35-7.2, Standard PC (Q35")
    assert machines["pc-i440fx-1.4"].deprecated
    models = offered("cpu", "model")
    assert default(models) == ["qemu64"]
    assert models["host"].reason == "needs kvm"
    assert models["max"].reason == ""
    assert models["Broadwell"].reason == "without pcid, x2apic and 6 more"
    with_kvm = SAMPLE.replace('"tcg"', '"kvm"')
    assert offered("cpu", "model", text=with_kvm)["host"].reason == ""
    # What stands in the list already is not offered again, but for the row itself.
    assert list(offered("machine", "accel", 0)) == ["tcg", "kvm"]
    assert list(offered("machine", "accel", 2)) == ["kvm"]


def test_what_cannot_be_used_here_says_why() -> None:
    known = captured("7.2")
    accelerators = [["tcg", True, ""], ["kvm", False, "No /dev/kvm."]]
    here = Catalog({**known.head, "accelerators": accelerators}, b"")
    assert here.accelerators["kvm"] == Accelerator("kvm", False, "No /dev/kvm.")
    found = field_choices.choices(Profile(), ("machine", "accel", 0), here)
    assert [(one.value, one.reason) for one in found] == [("tcg", ""), ("kvm", "No /dev/kvm")]


def test_features_are_switched_as_the_target_reads_them() -> None:
    found = offered("cpu", "features", 0)
    assert found["+pcid"].reason == "tcg has no such feature"
    assert found["+avx2"].reason == found["-avx2"].reason == ""
    assert found["host-phys-bits-limit="].description == "uint8, else 0"
    arm = field_choices.choices(Profile(), ("cpu", "features", 0), captured("10.0", "aarch64"))
    assert {"pmu=off", "pmu=on"} <= {one.value for one in arm}
    assert not any(one.value.startswith("+") for one in arm)


@pytest.mark.parametrize("version", ["7.2", "10.0", ""])
def test_references_are_ids_of_the_right_kind_then_others_then_what_can_be_made(
    version: str,
) -> None:
    found = offered("device", 0, "netdev", version=version)
    names = list(found)
    assert (names[:2], names[-1]) == (["n0", "off"], "n1")
    assert set(names[2:-1]) == {"c0", "r0", "io0", "top", "late", "deep"}
    assert found["n0"] == Choice("n0", "user restrict=on")
    assert found["off"].reason == "switched off"
    assert found["c0"].reason == "a chardev, not a netdev"
    made = found["n1"]
    assert (made.description, made.creates) == ("create -netdev user,id=n1", True)
    rng = offered("device", 1, "rng", version=version)
    assert [one.value for one in rng.values() if not one.reason] == ["r0", "rng0"]
    assert rng["io0"].reason == "an iothread, not an rng object"
    console = offered("object", 0, "chardev", text=SAMPLE.replace("rng-random", "rng-egd"),
                      version=version)  # fmt: skip
    assert console["c9"].description == "in Extra, -chardev"
    fsdev = offered("device", 1, "fsdev", version=version)
    assert fsdev["n0"].reason == "a netdev, not an fsdev"


def test_nodes_come_before_what_is_built_upon_them() -> None:
    found = offered("blockdev", 0, "file", version="")
    assert "top" not in found
    assert found["late"].reason == "comes later; QEMU needs it before"
    made = found["disk0"]
    there = edit.apply(edit.set_value(profile(), ("blockdev", 0, "file"), "disk0"), made.edits)
    assert [item.id for item in there.blockdev][:2] == ["disk0", "top"]


@pytest.mark.parametrize(
    "path",
    [("device", 0, "netdev"), ("device", 1, "rng"), ("device", 0, "chardev"),
     ("device", 0, "drive"), ("device", 0, "iothread"), ("machine", "memory-backend"),
     ("device", 0, "fsdev"),
     ("device", 0, "tpmdev"), ("device", 0, "audiodev"), ("chardev", 0, "chardev")],
)  # fmt: skip
def test_what_is_created_is_what_was_missing(path: Path) -> None:
    here = profile(SAMPLE.replace('type = "null"\nid = "c0"', 'type = "mux"\nid = "c0"'))
    made = field_choices.choices(here, path, None)[-1]
    assert made.creates
    there = edit.apply(edit.set_value(here, path, made.value), made.edits)
    rules = {
        one.rule for one in check(there) if one.rule.endswith(("-reference", "reference-kind"))
    }
    was = {one.rule for one in check(here) if one.rule.endswith(("-reference", "reference-kind"))}
    assert rules <= was


def test_nothing_is_offered_for_what_nobody_knows() -> None:
    for path in [
        ("name",),
        ("device", 0, "x"),
        ("device", 0, "id"),
        ("machine", "x"),
        ("extra", 0),
        ("device", 0),
        ("memory", "size"),
        ("device", 0, "mac"),
    ]:
        assert offered(*path) == {}
    for path in [
        ("machine", "type"),
        ("cpu", "model"),
        ("machine", "accel", 0),
        ("cpu", "features", 0),
        ("device", 0, "type"),
        ("device", 0, "mq"),
    ]:
        assert offered(*path, version="") == {}
    assert list(offered("machine", "smm", version="")) == ["on", "off", "auto"]


def test_every_property_of_every_device_has_an_offer_or_none() -> None:
    """None raises, whatever its kind."""
    known = captured("7.2")
    for name in known.devices:
        here = Profile(device=(edit.new_item(type=name),))
        for key in properties(known, "device", here.device[0]):
            path = ("device", 0, key)
            found = field_choices.choices(here, path, known)
            one = property_at(here, path, known)
            assert one is not None
            numbers_of(here, path, one, known)
            assert one.kind not in ("bool", "auto", "enum") or found


def test_types_are_those_that_can_be_added() -> None:
    assert offered("device", 0, "type")["virtio-net-pci"].description == "Network device"
    assert "user" in offered("netdev", 0, "type")
    assert offered("drive", 0, "type") == {}


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        (("memory", "size"), "1.5G", "= 1 610 612 736 bytes · 1.5 GiB"),
        (("memory", "size"), "512", "= 536 870 912 bytes · 512 MiB"),
        (("memory", "maxmem"), "512", "= 512 bytes"),
        (("object", 0, "size"), "1000000000", "= 1 000 000 000 bytes · about 953.67 MiB"),
        (("memory", "size"), "1GiB", ""),
        (("memory", "size"), "", ""),
        (("object", 0, "limits", "iops-total"), "4", ""),
    ],
)
def test_a_size_is_said_in_bytes(path: Path, text: str, words: str) -> None:
    found = size_words(path, text, unit_of(path, None) or "b")
    assert (found[0] if found else "") == words


def test_numbers_say_their_range_and_are_counted() -> None:
    known = captured("7.2")
    here = profile()

    def numbers(*path: str | int) -> Numbers:
        found = numbers_of(here, path, property_at(here, path, known), known)
        assert found is not None
        return found

    assert numbers("smp", "cpus").words == "1–288"
    assert numbers("device", 0, "vectors").words == "0–4294967295"
    assert numbers("device", 0, "host_mtu").words == "0–65535"
    assert numbers("qmp", "port").stepped("", 1) == "1"
    assert numbers("smp", "cpus").stepped("", 1) == "2"
    assert numbers("smp", "cpus").stepped("1", -1) == "1"
    assert numbers("device", 0, "host_mtu").stepped("65535", 1) == "65535"
    assert numbers("device", 0, "host_mtu").stepped("0x0f", 1) == "0x10"
    assert numbers("device", 0, "host_mtu").stepped("x", 1) is None
    assert Numbers(-1 << 63, (1 << 64) - 1).words == "-2^63–2^64-1"
    assert Numbers(-8, 7).stepped("-8", 1) == "-7"
    assert numbers_of(here, ("device", 0, "mac"), None, known) is None


def test_paths_are_known_by_their_names() -> None:
    assert is_file_name(("boot", "kernel"), None)
    assert is_file_name(("drive", 0, "file"), None) and is_image_name(("drive", 0, "file"))
    assert not is_file_name(("blockdev", 0, "file"), None)
    assert is_file_name(("blockdev", 2, "file", "filename"), None)
    assert is_folder_name(("fsdev", 0, "path")) and not is_file_name(("name",), None)
    assert kind_of(b"QFI\xfb\0\0\0\3") == "qcow2"
    assert kind_of(b"\0" * 0x202 + b"HdrS") == "bzImage"
    assert kind_of(b"") == ""
