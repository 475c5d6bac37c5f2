"""The terminal that every test of the screens has: one with true colour and UTF-8."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets what the themes are chosen by, and shows a failure of the app as it is."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("QEMUTUI_DEBUG", "1")
    for name in ("LC_ALL", "LC_CTYPE", "NO_COLOR", "QEMUTUI_THEME", "TMUX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a profile into a folder of this test."""

    def written(text: str, name: str = "vm.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return written
