"""With CI=true a skipped test fails the run, however it is skipped; elsewhere it does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = {
    "test_marked.py": """
import pytest

@pytest.mark.skip(reason="marked")
def test_marked(): pass

@pytest.mark.xfail
def test_expected_failure(): assert False

def test_passes(): pass
""",
    "test_called.py": """
import pytest

@pytest.fixture
def missing(): pytest.skip("no such tool")

def test_in_fixture(missing): pass

def test_in_body(): pytest.skip("not here")
""",
    "test_module.py": """
import pytest

pytest.importorskip("a_module_that_is_not_there")
""",
}


def outcome(folder: Path, *, ci: bool, options: tuple[str, ...]) -> tuple[int, str]:
    """The exit status of pytest on SUITE under this project's conftest, and its summary line."""
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    for name, text in SUITE.items():
        (folder / name).write_text(text)
    environment = {
        key: value
        for key, value in os.environ.items()
        if key != "CI" and not key.startswith("PYTEST")
    }
    if ci:
        environment["CI"] = "true"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", folder, *options],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout.strip().splitlines()[-1].split(" in ")[0]


def test_skips_pass_on_a_users_machine(tmp_path: Path) -> None:
    assert outcome(tmp_path, ci=False, options=()) == (0, "1 passed, 4 skipped, 1 xfailed")


def test_skips_fail_in_ci(tmp_path: Path) -> None:
    options = ("--continue-on-collection-errors",)
    # A skip in a mark, a fixture or a module is an error of pytest's; one in a test is a failure.
    expected = (1, "1 failed, 1 passed, 1 xfailed, 3 errors")
    assert outcome(tmp_path, ci=True, options=options) == expected


def test_a_skipped_module_fails_on_workers(tmp_path: Path) -> None:
    options = (
        "-n",
        "1",
        "--dist",
        "loadfile",
        "--ignore=test_marked.py",
        "--ignore=test_called.py",
    )
    assert outcome(tmp_path, ci=True, options=options) == (1, "1 error")
