"""What the screen knows of the buses of a machine: asked again when the machine is another."""

from pathlib import Path

from qemutui.core.finding import Finding
from qemutui.host import catalogs
from tests.ui.opened import Opened, opened

PROFILE = """
extra = ["-nodefaults"]

[machine]
type = "isapc"

[[device]]
type = "ide-cd"

[[device]]
type = "qemu-xhci"
"""


def of_buses(one: Opened) -> list[Finding]:
    return [finding for finding in one.main.marks.findings if finding.rule == "no-bus"]


async def test_another_machine_is_asked_for_its_buses(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(PROFILE)
    async with opened(path, catalog=catalogs.of(qemu, tmp_path)) as one:
        await one.until(lambda: len(of_buses(one)) == 1, "what the machine lacks")
        assert of_buses(one)[0].message == "Needs a PCI bus; none is there."
        await one.go_to("machine", "type")
        await one.press("enter", "ctrl+u", *"pc", "enter")
        await one.until(lambda: not of_buses(one), "another machine")
        await one.press("u")
        await one.until(lambda: len(of_buses(one)) == 1, "the first machine")


async def test_the_buses_of_the_machine_are_offered(qemu: str, tmp_path: Path) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(PROFILE)
    async with opened(path, catalog=catalogs.of(qemu, tmp_path)) as one:
        await one.until(lambda: len(of_buses(one)) == 1, "what the machine lacks")
        await one.go_to("device", 0, "type")
        await one.press("/", *"bus", "enter", "enter", "down")
        assert "ide.0  an IDE bus of the machine" in one.text
        assert "-device ide-cd,bus=ide." in one.command
