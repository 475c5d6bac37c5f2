"""What holds where a profile says nothing, held against the real QEMU."""

from typing import Any

import pytest

from qemutui.core import accelerators, machine_defaults
from qemutui.core.catalog import Catalog
from qemutui.core.profile import read
from tests.asking import query, replies
from tests.catalogs import captured


def words(smp: dict[str, int]) -> str:
    return ",".join(f"{key}={value}" for key, value in smp.items())


@pytest.mark.parametrize("machine", ["q35", "pc-i440fx-6.1"])
@pytest.mark.parametrize(
    "smp",
    [
        {},
        {"cpus": 4},
        {"cpus": 2, "maxcpus": 8, "threads": 2},
        {"cores": 3},
        {"sockets": 2, "cores": 2},
        {"cpus": 8, "sockets": 2},
        {"cpus": 8, "cores": 2, "dies": 2},
        {"maxcpus": 6, "sockets": 1, "cores": 3},
    ],
    ids=words,
)
def test_cpus_are_completed_as_qemu_does(qemu: str, machine: str, smp: dict[str, int]) -> None:
    command = [qemu, "-machine", f"{machine},accel=tcg", *(["-smp", words(smp)] if smp else [])]
    asked = query("qom-get", path="/machine", property="smp")
    size = query("query-memory-size-summary")
    (there, memory), _ = replies(command, asked, size)
    profile = read({"machine": {"type": machine}, "smp": smp})
    found = machine_defaults.of_table(profile, "smp", captured("7.2"))
    for key in ("cpus", "maxcpus", "sockets", "dies", "cores", "threads"):
        assert found.get(key, str(smp.get(key))) == str(there[key]), (key, there)
    told = machine_defaults.of_table(profile, "memory", captured("7.2"))
    assert told == {"size": f"{memory['base-memory'] >> 20}M"}


def test_nothing_is_said_of_what_is_not_known() -> None:
    for data in ({"machine": {"type": "vendor"}}, {"smp": {"cpus": "many"}}, {"smp": {"cores": 0}}):
        assert machine_defaults.of_table(read(data), "smp", captured("7.2")) == {}
    assert (
        machine_defaults.of_table(read({"machine": {"type": "x"}}), "memory", captured("7.2")) == {}
    )


def without_kvm(reason: str) -> Catalog:
    known = captured("7.2")
    return Catalog({**known.head, "accelerators": [["tcg", True, ""], ["kvm", False, reason]]}, b"")


@pytest.mark.parametrize(
    ("data", "used", "problem"),
    [
        ({}, "tcg", ""),
        ({"machine": {"accel": "tcg"}}, "tcg", ""),
        (
            {"machine": {"accel": ["kvm", "tcg"]}},
            "tcg",
            "No /dev/kvm; QEMU will use tcg, which is slower.",
        ),
        (
            {"machine": {"accel": "kvm:tcg"}},
            "tcg",
            "No /dev/kvm; QEMU will use tcg, which is slower.",
        ),
        ({"machine": {"accel": "kvm"}}, "", "No /dev/kvm."),
        ({"extra": ["-enable-kvm"]}, "", "No /dev/kvm."),
        ({"extra": ["-accel", "tcg,thread=multi"]}, "tcg", ""),
        ({"machine": {"accel": "kvm"}, "extra": ["-machine", "accel=tcg"]}, "tcg", ""),
        ({"machine": {"accel": "tcg"}, "extra": ["--enable-kvm"]}, "", "No /dev/kvm."),
        ({"binary": "qemu-kvm"}, "tcg", "No /dev/kvm; QEMU will use tcg, which is slower."),
    ],
)
def test_the_accelerator_is_the_first_that_is_usable(
    data: dict[str, Any], used: str, problem: str
) -> None:
    catalog = without_kvm("No /dev/kvm.")
    assert accelerators.used(read(data), catalog) == used
    assert accelerators.problem(read(data), catalog) == problem


def test_who_is_not_in_the_group_is_told_so() -> None:
    reason = "/dev/kvm is there, but you are not in group kvm."
    profile = read({"machine": {"accel": "kvm:tcg"}})
    assert accelerators.problem(profile, without_kvm(reason)) == reason
    assert accelerators.used(profile, captured("7.2")) == "kvm"
