"""What a QEMU offers, printed."""

import json
import re
from pathlib import Path

import pexpect
import pytest

from qemutui.cli import cataloging
from qemutui.core import catalog_listing
from tests.catalogs import captured
from tests.cli.command import COMMAND, PATIENCE, environment, qemutui
from tests.host.fake_qemu import program, sick


def test_lists(qemu: str) -> None:
    done = qemutui("catalog")
    assert done.returncode == 0
    assert done.stdout.startswith("qemu-system-x86_64: QEMU ")
    counts = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.MULTILINE))
    assert counts.keys() == set(catalog_listing.CATEGORIES)
    for name in ("devices", "machine", "netdev"):
        lines = qemutui("catalog", qemu, name).stdout.splitlines()
        assert str(len(lines)) == counts[catalog_listing.category(name)]
    told = json.loads(qemutui("catalog", "--json").stdout)
    assert {"version", "target", "machines", "devices"} <= told.keys()
    assert len(told["machines"]) == int(counts["machines"])


def test_everything_about_a_name(qemu: str) -> None:
    done = qemutui("catalog", "virtio-net")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [re.split(r"  +", line.strip()) for line in done.stdout.splitlines()]
    assert lines[0] == ["device virtio-net-pci"]
    assert ["bus", "PCI"] in lines
    assert ["netdev", "id of netdev", "ID of a netdev to use as a backend"] in lines
    (told,) = json.loads(qemutui("catalog", "--json", "virtio-net").stdout)
    assert (told["kind"], told["alias"]) == ("device", "virtio-net")
    assert any(one["name"] == "mac" for one in told["properties"])
    both = qemutui("catalog", "socket").stdout
    assert {"chardev socket", "netdev socket"} <= set(both.splitlines())


def test_a_name_that_is_not_there(qemu: str) -> None:
    done = qemutui("catalog", "virtio-nett")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has no “virtio-nett”. Near it: “virtio-net”, “virtio-net-pci”, " in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("a", "b"), ("./a", "b", "c"), ("--no-such",)])
def test_wrong_usage(words: tuple[str, ...]) -> None:
    done = qemutui("catalog", *words)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_a_binary_that_is_not_trusted(tmp_path: Path) -> None:
    sick(tmp_path, "sick")
    refused = qemutui("catalog", "./qemu-system-x86_64", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "qemutui: ./qemu-system-x86_64 is not on PATH and was not run. "
        "--allow allows it, from now on.\n"
    )
    done = qemutui("catalog", "./qemu-system-x86_64", "--allow", "devices", cwd=tmp_path)
    assert done.stdout.split() == [
        "good",
        "Misc",
        "PCI",
        "other",
        "Misc",
        "PCI",
        "sick",
        "Misc",
        "PCI",
    ]
    assert done.stderr == "qemutui: QEMU crashed on sick; its 2 other devices are listed.\n"
    untold = qemutui("catalog", "./qemu-system-x86_64", "sick", cwd=tmp_path)
    assert "The properties of sick are unknown: QEMU crashed on them." in untold.stderr


def test_a_hostile_binary_reaches_the_terminal_harmless(tmp_path: Path) -> None:
    lines = "\\n".join(
        f'name "a{end}", bus \x1b[31m{end}, desc "\x1b]0;title\x07\u202e"' for end in "xy"
    )
    program(tmp_path, f"#!/bin/sh\n[ $1 = -device ] && printf 'Misc devices:\\n{lines}\\n'\n")
    for words in (("devices",), ("ax",), ()):
        done = qemutui("catalog", "--allow", "./qemu-system-x86_64", *words, cwd=tmp_path)
        assert done.returncode == 0
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", done.stdout + done.stderr)
    assert "␛[31mx" in qemutui("catalog", "./qemu-system-x86_64", "ax", cwd=tmp_path).stdout


@pytest.mark.parametrize(("width", "fits"), [(100, True), (60, False)])
def test_descriptions_are_cut_for_a_terminal_but_no_values(
    qemu: str, width: int, *, fits: bool
) -> None:
    qemutui("catalog")
    child = pexpect.spawn(
        COMMAND[0], [*COMMAND[1:], "catalog", "virtio-net-pci"],
        env=environment(COLUMNS=str(width)), encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    child.expect(pexpect.EOF)
    lines = (child.before or "").splitlines()
    assert (max(map(len, lines)) == width) is fits
    assert next(line for line in lines if line.startswith("    addr ")).endswith("…") is fits
    assert any(line.split() == ["x-txtimer", "uint32", "150000"] for line in lines)


def test_completion(qemu: str, monkeypatch: pytest.MonkeyPatch) -> None:
    qemutui("catalog")
    assert {"virtio-net-pci", "machines", "qemu-system-x86_64"} <= {*cataloging.known_words([])}
    assert "machines" in cataloging.known_words(["qemu-system-x86_64"])
    assert cataloging.known_words(["qemu-system-x86_64", "x"]) == []
    monkeypatch.setenv("PATH", "/nowhere")
    assert set(cataloging.known_words([])) == set(catalog_listing.CATEGORIES)


def test_every_name_is_found() -> None:
    catalog = captured("10.0")
    for name in catalog_listing.names(catalog):
        found = catalog_listing.find(catalog, name)
        assert found, name
        for one in found:
            assert (
                one.properties is None or catalog_listing.property_rows(one.properties) is not None
            )
            json.dumps(catalog_listing.plain(one))
    for name in catalog_listing.CATEGORIES:
        rows = catalog_listing.table(catalog, name)
        assert len(rows) <= len(catalog_listing.plain_list(catalog, name))
