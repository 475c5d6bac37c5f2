"""What every test relies on: a home of its own, QEMU if there is one, a CI that skips nothing."""

import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Properties are tried as long as it takes: no test is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """Lets the collector pass over what is loaded, and run more seldom: a sixth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, alone for this test; every XDG folder of the process lies in it.

    It is not in ``tmp_path``, whose name is too long for a socket in ``XDG_RUNTIME_DIR``.
    """
    with tempfile.TemporaryDirectory(prefix="qt-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        monkeypatch.setenv("HOME", name)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        _share_catalogs(folder / "cache" / "qemutui" / "catalogs")
        yield folder


_CATALOGS = "QEMUTUI_TEST_CATALOGS"


def pytest_configure(config: pytest.Config) -> None:
    """Makes a folder where all tests, of all workers, find what a QEMU offers, asked once."""
    if not hasattr(config, "workerinput"):
        os.environ[_CATALOGS] = tempfile.mkdtemp(prefix="qt-catalogs-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the folder of `pytest_configure`."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_CATALOGS), ignore_errors=True)


def _share_catalogs(folder: Path) -> None:
    """Lets a cache of this test keep catalogs where all others do.

    A test that is about the cache itself removes this link.
    """
    folder.parent.mkdir(parents=True)
    folder.symlink_to(os.environ[_CATALOGS])


@pytest.fixture(scope="session")
def qemu() -> str:
    """The path of qemu-system-x86_64; without it the test is skipped."""
    path = shutil.which("qemu-system-x86_64")
    if path is None:
        pytest.skip("qemu-system-x86_64 is not on PATH")
    return path


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where nothing may be skipped; an expected failure is no skip."""
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"With CI=true nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report
