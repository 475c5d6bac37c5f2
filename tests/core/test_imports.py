"""The core is light and pure: what it loads is seen in a process of its own."""

import pkgutil
import subprocess
import sys

import qemutui.core

HEAVY = ["textual", "rich", "click", "asyncio", "subprocess", "platformdirs", "tomli_w", "tomllib"]
PROGRAM = """
import importlib, sys
for name in {modules}:
    importlib.import_module(name)
print(*(name for name in {heavy} if name in sys.modules))
"""


def loaded(modules: list[str], heavy: list[str]) -> str:
    """Which of the heavy modules the others load."""
    program = PROGRAM.format(modules=modules, heavy=heavy)
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_core_loads_nothing_heavy() -> None:
    names = [
        module.name for module in pkgutil.walk_packages(qemutui.core.__path__, "qemutui.core.")
    ]
    assert "qemutui.core.argv" in names
    assert loaded(names, HEAVY) == ""


def test_command_is_built_without_json() -> None:
    assert loaded(["qemutui.core.argv", "qemutui.core.profile"], ["json"]) == ""


def test_a_heavy_module_would_be_seen() -> None:
    assert loaded(["asyncio"], HEAVY) == "asyncio subprocess"
