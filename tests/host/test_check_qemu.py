"""Errors of `check` held against QEMU: what it takes gets none, what gets one it refuses."""

import socket
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from qemutui.core.argv import build, words
from qemutui.core.catalog import Catalog
from qemutui.core.check import check
from qemutui.core.facts import NO_FACTS
from qemutui.core.profile import Profile, read
from qemutui.host import boards, catalogs
from qemutui.host.facts import gather, launch_directory
from tests.core import check_cases, limit_cases, offered_cases, option_cases
from tests.core.check_cases import BRIDGE, NET, RNG, USER, Case, Quiet, devices, item

EXAMPLES = Path(__file__).parents[2] / "qemutui" / "examples"

# qemutui itself cannot carry these out; QEMU never sees them.
OURS = {"passed-file", "powerdown", "monitor", "environment", "nul", "json"}
# Errors of rules whose cases differ in nothing that matters to QEMU.
ENOUGH = {
    "No iothread has this id.",
    "No audiodev has this id.",
    "No tpmdev has this id.",
    "Another device has this id.",
    "Empty; this is what is executed.",
}

REFUSED = [
    case
    for case in (*check_cases.CASES, *offered_cases.CASES, *limit_cases.CASES, *option_cases.CASES)
    if case.severity == "error"
    and case.rule not in OURS
    and case.catalog != "10.0"
    and case.message not in ENOUGH
    and case.facts == NO_FACTS
]

NULL = item("null-co", "a")
CHARDEV = item("null", "c")
MEMORY = item("memory-backend-ram", "m", size="128M")

ACCEPTED: dict[str, dict[str, Any]] = {
    "ids of different kinds": devices(
        item("virtio-net-pci", "a", netdev="a"),
        netdev=[item("user", "a")], chardev=[item("null", "a")], blockdev=[NULL],
    ),
    "audio backends of one strange id": {
        "audiodev": [item("none", "9 x"), item("none", "9 x")]
    },
    "a drive by the name of its node": devices(
        item("virtio-blk-pci", drive="z"),
        drive=[item(None, "d", driver="null-co", **{"if": "none", "node-name": "z"})],
    ),
    "a drive by the name that QEMU gives it": devices(
        item("virtio-blk-pci", drive="none0"),
        drive=[item(None, None, driver="null-co", **{"if": "none"})],
    ),
    "an iothread by its path": devices(
        item("virtio-blk-pci", drive="a", iothread="/objects/i"),
        blockdev=[NULL], object=[item("iothread", "i")],
    ),
    "backends from extra": devices(
        NET, extra=["-netdev", "user,id=n0", "-chardev", "null,id=c"],
    ),
    "empty references": devices(item("isa-serial", chardev=""), item("ide-cd", drive="")),
    "buses of the machine and of devices": devices(
        BRIDGE, item("virtio-rng-pci", bus="b", addr="1"), item("virtio-rng-pci", bus="pci.0"),
        item("virtio-serial-pci", "s"), item("virtconsole", bus="s.0", chardev="c"),
        chardev=[CHARDEV],
    ),
    "devices as JSON on a bridge that comes later": devices(
        item("virtio-rng-pci", bus="b", addr="1", _json=True), BRIDGE
    ),
    "two features in one": {"cpu": {"model": "max", "features": ["pmu=off,+avx"]}},
    "nodes upon nodes": {
        "blockdev": [NULL, item("raw", "b", file="a"),
                     item("raw", "c", file={"driver": "raw", "file": {"driver": "null-co"}}),
                     item("quorum", "q", vote__threshold=1, children=["b"])]
    },
    "filters": {
        "netdev": [USER], "chardev": [CHARDEV, item("null", "d")],
        "object": [item("filter-mirror", "f", netdev="n0", outdev="c"),
                   item("rng-egd", "r", chardev="d")],
    },
    "a hub and a mux": {
        "netdev": [USER, item("hubport", "h", hubid=0, netdev="n0")],
        "chardev": [CHARDEV, item("mux", "m", chardev="c")],
    },
    "memory of an object": {
        "machine": {"memory-backend": "m"}, "memory": {"size": "128M"}, "object": [MEMORY],
    },
    "sizes of every kind": {
        "memory": {"size": " 0.5g", "slots": "0x2", "maxmem": "1.5G"},
        "object": [item("memory-backend-ram", "m", size="1.5M", share="y"),
                   item("memory-backend-ram", "n", size=4096, _json=True)],
    },
    "levels left out": {"smp": {"cpus": 4, "maxcpus": 6, "sockets": 2}},
    "dies": {"smp": {"cpus": 4, "cores": 2, "dies": 2}},
    "zero processors, deprecated": {"smp": {"cpus": 2, "threads": 0}},
    "switches": {"boot": {"menu": "y", "order": "cad"}, "machine": {"usb": "n", "smm": "auto"}},
    "a name in parts": {"name": {"guest": "a=b,c", "debug-threads": True}},
    "an abstract socket, and a port": {
        "chardev": [item("socket", "c", path="@", abstract=True, server=True, wait=False)],
        "qmp": {"type": "tcp", "host": "127.0.0.1", "port": 0, "server": True, "wait": False},
    },
    "a socket of 108 bytes": {
        "chardev": [item("socket", "c", path="x" * 108, server=True, wait=False)]
    },
    "a socket without an address": {
        "chardev": [item("socket", "c", server=True, wait=False)]
    },
    "values mended by a later option": {
        "smp": {"cpus": 6, "cores": 4}, "cpu": {"features": ["+avx"]},
        "machine": {"memory-backend": "nope"}, "object": [MEMORY], "memory": {"size": "128M"},
        "extra": ["-smp", "cores=3", "-cpu", "max", "-machine", "memory-backend=m"],
    },
    "a monitor to nowhere": {"qmp": {"type": "null"}},
    "wait where it means nothing": {"chardev": [item("null", "c", server=True)]},
    "a share that no device opens": {
        "fsdev": [item("local", "f", path="/not/there", security_model="none")]
    },
    "options that merge": {
        "machine": {"type": "pc"}, "memory": {"size": "128M"}, "smp": {"cpus": 2},
        "extra": ["-machine", "smm=off", "-m", "slots=2,maxmem=1G", "--smp", "cores=2"],
    },
    "graphics off, and stdio free": {
        "chardev": [item("stdio", "c")], "extra": ["-nodefaults", "-nographic"]
    },
    "a serial port on stdio": {"extra": ["-nographic", "-serial", "mon:stdio"]},
    "ids under QEMU's own names": {
        "blockdev": [{"driver": "null-co", "node-name": "a"}], "device": [{"driver": "VGA"}]
    },
    "CPU features as one text": {"cpu": {"model": "max", "features": "+avx,-smep"}},
    "octal numbers": {"smp": {"cpus": "010", "cores": "010"},
                      "memory": {"size": "128M", "slots": "010", "maxmem": "1G"}},
    "drives that may be empty": {
        "drive": [item(**{"if": "none"}), item(**{"if": "floppy"}), item(media="cdrom"),
                  item(driver="null-co"), item(**{"if": "virtio", "file.driver": "null-co"})]
    },
    "a path and a port": {
        "qmp": {"type": "unix", "path": "q", "port": 1, "server": True, "wait": False},
        "chardev": [item("socket", "c", path="c", port=1, server=True, wait=False)],
    },
    "an empty secret": {"object": [item("secret", "s", data="")]},
    "a log": {"chardev": [item("file", "c", path="log")]},
    "a machine without slots": {"machine": {"type": "none"},
                                "memory": {"slots": -1, "maxmem": "4G"}},
    "what a drive is in JSON": {"drive": [
        item(file='json:{"driver":"null-co"}', **{"if": "none"}),
        item(file="json:{}", **{"if": "none", "file.driver": "null-co"})]},
    "nodes that are shared, and empty": {
        "blockdev": [item("null-co", "n", force__share=True, read__only=True),
                     item("raw", "r", file={"driver": "null-co"})],
        "object": [item("iothread", "i", poll__max__ns=0),
                   item("rng-random", "r", filename="/dev/urandom")]},
    "whole options": {"extra": ["-global", "VGA.edid=off", "-incoming", "defer", "-virtfs",
                                "local,path=.,security_model=none,mount_tag=t", "-monitor",
                                "unix:monitor,server=on,wait=off", "-smbios", "type=3,sku=x"]},
    "everything off": devices({**RNG, "_off": True}, {**RNG, "_off": True}),
}  # fmt: skip


def accepts(qemu: str, profile: Profile, directory: Path) -> tuple[bool, str]:
    """Starts QEMU paused and tells whether it came up; it quits by itself as soon as it has."""
    command = words(build(profile))[1:]
    if "-nographic" not in command:
        command = ["-nodefaults", *command]
    if profile.machine.accel is None:
        command += ["-machine", "accel=tcg"]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b'{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n')
        command += ["-S", "-display", "none", "-mon", "chardev=probe,mode=control"]
        command += ["-chardev", f"socket,id=probe,fd={theirs.fileno()}"]
        ended = subprocess.run(
            [qemu, *command], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            capture_output=True, cwd=directory, timeout=30, check=False,
        )  # fmt: skip
    return ended.returncode == 0, ended.stderr.decode(errors="replace")


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.rule}-{case.message}")
def test_qemu_refuses_what_is_an_error(qemu: str, case: Case, tmp_path: Path) -> None:
    assert not accepts(qemu, read(case.data), tmp_path)[0]


@pytest.fixture(scope="session")
def catalog(qemu: str) -> Catalog:
    """What the installed QEMU offers."""
    return catalogs.of(qemu, Path("/"))


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in (*offered_cases.QUIET, *limit_cases.QUIET, *option_cases.QUIET)
        if case.facts == NO_FACTS and case.catalog != "10.0"
    ],
    ids=lambda case: f"{case.rule}-{case.data}"[:70],
)
def test_qemu_accepts_a_near_miss(qemu: str, catalog: Catalog, case: Quiet, tmp_path: Path) -> None:
    profile = read(case.data)
    assert [f.message for f in check(profile, catalog=catalog) if f.severity == "error"] == []
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted, said


@pytest.mark.parametrize("name", ACCEPTED)
def test_no_error_where_qemu_accepts(
    qemu: str, catalog: Catalog, name: str, tmp_path: Path
) -> None:
    profile = read(ACCEPTED[name])
    facts = gather(profile, tmp_path)
    assert [f.message for f in check(profile, facts, catalog) if f.severity == "error"] == []
    accepted, said = accepts(qemu, profile, tmp_path)
    assert accepted, said


@pytest.mark.parametrize(
    ("machine", "bus", "word"),
    [("q35", "c", "accepted"), ("q35", "d", "There is no bus “d”."),
     ("isapc", "c", "needs a PCI bus")],
)  # fmt: skip
def test_what_a_config_file_says_is_judged(
    qemu: str, catalog: Catalog, machine: str, bus: str, word: str, tmp_path: Path
) -> None:
    text = '[device "c"]\n  driver = "pcie-root-port"\n'
    (tmp_path / "c.cfg").write_text(text)
    extra = ["-nodefaults", "-readconfig", "c.cfg", "-device", f"edu,bus={bus}"]
    profile = read({"machine": {"type": machine, "accel": "tcg"}, "extra": extra})
    facts = gather(profile, tmp_path)
    facts = facts._replace(board=boards.of(profile, tmp_path, catalog))
    errors = [f.message for f in check(profile, facts, catalog) if f.severity == "error"]
    accepted, said = accepts(qemu, profile, tmp_path)
    if word == "accepted":
        assert (accepted, errors) == (True, []), said
    else:
        assert not accepted
        assert any(word.lower() in error.lower() for error in errors), errors


def test_the_examples_have_no_findings_of_their_own() -> None:
    for path in EXAMPLES.glob("*/profile.toml"):
        profile = read(tomllib.loads(path.read_text()))
        assert check(profile) == (), path
        missing = check(profile, gather(profile, launch_directory(profile, path.parent)))
        assert {finding.rule for finding in missing} <= {"file"}
