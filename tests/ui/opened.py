"""The app as a test drives it: by keys, by the mouse, and by what stands on the screen."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import tomli_w
from rich.cells import cell_len
from textual import events
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout

from qemutui.core.catalog import Catalog
from qemutui.core.groups import GROUPS
from qemutui.core.profile import Profile, dump
from qemutui.ui.app import QemutuiApp, open_session
from qemutui.ui.catalogs import Answer, Ask
from qemutui.ui.screens.main import MainScreen
from qemutui.ui.session import Session
from qemutui.ui.widgets.row_list import RowList

SMALL, LARGE = (80, 24), (120, 40)
PATIENCE = 10.0
"""Seconds after which what does not happen fails the test."""

_QUIET = 6
"""Rounds of the event loop without anything to do after which nothing is under way."""
_BUSY = 200
"""Rounds after which somebody is waited for outside of the loop."""

_BUSY_FOR = 1.0
"""Seconds after which each widget is asked whether it is done."""

_CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t"}
_RAW = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

HOSTILE = (
    "[/x]",
    "[file=x]",
    "[@click=app.quit]q[/]",
    "\x1b]0;x\x07",
    "\x1b[2J",
    "\t\x01\x7f\x9b31m",
    "\u202etxt\u2066\u200f",
    "日本語テキスト" * 4,
    "e\u0301\u0308" * 9,
    "👩\u200d👩\u200d👧",
    "a\nb\r\nc\u2028d",
    "$(x) `y` 'z' \"w\" \\",
    ",,=,",
    "x" * 10_000,
)
"""Texts that a terminal would obey, that are no text of one line, or that look like markup."""


def hostile() -> str:
    """Returns a profile with a hostile text in every field, key and id."""
    texts = [text.replace("\r\n", "\r") for text in HOSTILE]
    text = "".join(texts[:-1])
    table = dict.fromkeys(texts, text)
    item = {"type": text, "id": text, "list": texts, "table": {text: texts}, **table}
    data: dict[str, Any] = {
        "name": text,
        "binary": text,
        "notes": "\n".join(texts),
        "extra": texts,
        "machine": {"type": text, "accel": texts, **table},
        "cpu": {"model": text, "features": texts, **table},
        "memory": {"size": text, "slots": text, "maxmem": text, **table},
        "smp": {"cpus": text, "dies": text},
        "boot": dict.fromkeys(("kernel", "initrd", "append", "dtb", "bios", "order"), text),
        "qmp": {"type": "unix", "path": text, "host": text, "port": text, **table},
        "fd": [{"path": text, "mode": text}, {"path": text, "mode": "r", text: text}],
        "launch": {
            "directory": text,
            "wrapper": texts,
            "powerdown": text,
            "environment": table,
        },
        "check": {"ignore": texts},
        text: table,
    }
    data |= {group.name: [item, {"id": text}, {"type": text, "_off": True}, {}] for group in GROUPS}
    return tomli_w.dumps(data)


def _is_quiet(pump: MessagePump) -> bool:
    """Whether a widget has nothing to do: it waits for a message, and there is none."""
    queue: Any = pump._message_queue
    if queue.ready_event._waiters:
        return not (queue.values or pump._pending_message or pump._next_callbacks)
    return pump._closing or pump._closed or not pump.is_running


class Opened:
    """A running app and its pilot."""

    def __init__(self, app: QemutuiApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def main(self) -> MainScreen:
        """The main screen; fails where another one is shown."""
        screen = self.app.screen
        assert isinstance(screen, MainScreen), screen
        return screen

    @property
    def profile(self) -> Profile:
        """What the screen says, half typed or not."""
        return self.main.session.profile

    @property
    def data(self) -> dict[str, object]:
        """The profile as TOML has it."""
        return dump(self.profile)

    @property
    def command(self) -> str:
        """The words of the command that is shown."""
        return " ".join(word for part in self.main.session.command for word in part.words)

    @property
    def lines(self) -> list[str]:
        """The screen."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """The screen in one text."""
        return "\n".join(self.lines)

    @property
    def row(self) -> str:
        """The line of the cursor of the list that has the focus."""
        focused = self.app.focused
        assert isinstance(focused, RowList), focused
        y = focused.region.y + focused.cursor - focused.scroll_offset.y
        return self.lines[y][focused.region.x : focused.region.right]

    @property
    def focus(self) -> str:
        """The id of what has the focus."""
        return (self.app.focused.id or "") if self.app.focused else ""

    async def pause(self, delay: float = 0) -> None:
        """Waits until no widget has anything to do any more, then for some seconds; draws.

        As `Pilot.pause`, which gives each widget a message of its own to wait for, several times
        for each key: most of the time of these tests.
        """
        deadline = time.monotonic() + _BUSY_FOR
        quiet = rounds = 0
        pumps: list[MessagePump] = []
        while quiet < _QUIET:
            # What a key or a thread brings is in no queue for the first rounds of the loop.
            await asyncio.sleep(0 if rounds < _BUSY else 0.001)
            rounds += 1
            # Who has nothing to do makes no widgets: the last look is at those there are by then.
            if not quiet or quiet == _QUIET - 1:
                pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
            quiet = quiet + 1 if all(map(_is_quiet, pumps)) else 0
            if quiet == _QUIET and rounds < _BUSY and self.app.screen._callbacks:
                # Somebody waits for what is drawn next.
                self.app.screen._on_timer_update()
                quiet = 0
            if time.monotonic() > deadline:
                await self._pause_of_pilot()
                break
        await asyncio.sleep(delay)
        self.app.screen._on_timer_update()

    async def _pause_of_pilot(self) -> None:
        """Waits until each widget has answered.

        One that is removed meanwhile never does, and the pilot waits for it in vain; a second time
        it is not there any more. An app that hangs fails the second time, too.
        """
        try:
            await self.pilot.pause(0)
        except WaitForScreenTimeout:
            await self.pilot.pause(0)

    async def until(self, condition: Callable[[], object], what: str = "it") -> None:
        """Waits until something is true; shows the screen where it never is."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not happen:\n{self.text}")
            await self.pause(0.005)

    async def until_shown(self, *texts: str) -> None:
        """Waits until all texts stand on the screen."""
        await self.until(lambda: all(text in self.text for text in texts), repr(texts))

    async def press(self, *keys: str) -> None:
        """Presses keys by Textual's names or their characters; waits until each has done its work.

        As `Pilot.press`, without its pauses of 20 ms.
        """
        for key in keys:
            self.send(key)
            await self.rest()

    def send(self, *keys: str) -> None:
        """Sends keys as a terminal does, and waits for nothing."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            event = events.Key(name, key if len(key) == 1 else _CHARACTERS.get(key))
            event.set_sender(self.app)
            assert self.app._driver is not None
            self.app._driver.send_message(event)

    async def type(self, text: str) -> None:
        """Types a text into what has the focus, all at once."""
        self.send(*text)
        await self.rest()

    async def rest(self) -> None:
        """Waits until no key is on its way, and all is drawn."""
        await self.pause()
        await self.until(lambda: self.app._typing is None or self.app._typing.done(), "a key's end")
        # What was drawn may have made something, which is drawn, too; and a worker may wait for a
        # file, which has a moment to come.
        for _ in range(3):
            works = any(worker.is_running for worker in self.app.workers)
            await self.pause(0.005 if works else 0)

    async def paste(self, text: str) -> None:
        """Pastes, as a terminal in bracketed mode does."""
        self.app.post_message(events.Paste(text))
        await self.rest()

    async def click(self, text: str, within: str = "", at: int = 0) -> None:
        """Clicks on a text of the screen, or of the widget with an id."""
        widget = self.app.screen.query_one(f"#{within}") if within else self.app.screen
        region = widget.region
        for y in range(region.y, region.bottom):
            line = self.lines[y]
            found = line.find(text)
            while found >= 0:
                x = cell_len(line[:found])
                if region.x <= x < region.right:
                    await self.pilot.click(offset=(x + at, y))
                    await self.rest()
                    return
                found = line.find(text, found + 1)
        raise AssertionError(f"{text!r} is not shown:\n{self.text}")

    async def go_to(self, *path: str | int) -> None:
        """Goes to a field, as a problem or a token does."""
        self.main.go_to(path)
        await self.rest()
        assert self.main.properties.path == path or self.focus == "items", self.text

    async def resize(self, width: int, height: int) -> None:
        """Gives the terminal another size."""
        with suppress(WaitForScreenTimeout):
            await self.pilot.resize_terminal(width, height)
        await self.pause(0.02)

    def raw(self) -> set[str]:
        """Returns each control character that reaches the terminal, and what moves its cursor."""
        return {found for line in self.lines for found in _RAW.findall(line)}

    async def checked(self) -> None:
        """Waits until the findings are those of the profile on the screen."""
        from qemutui.core.check import check

        def is_checked() -> bool:
            facts = self.main._facts
            if facts is None:
                return False
            return self.main.marks.findings == check(self.profile, facts, self.main.catalog)

        await self.until(is_checked, "a check")


@asynccontextmanager
async def opened(
    profile: Path | Session | None,
    size: tuple[int, int] = SMALL,
    *,
    placed: bool = False,
    catalog: Catalog | None = None,
    ask: Ask | None = None,
) -> AsyncIterator[Opened]:
    """Opens the app on a file, on a session, or on the library.

    A profile is shown from its first section on; `placed`: where the app opens it. Every QEMU
    offers what `catalog` says, or answers what `ask` does; without either nobody knows.
    """
    session = open_session(profile) if isinstance(profile, Path) else profile
    app = QemutuiApp(session, ask or (lambda *_: Answer(catalog)))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        screen = Opened(app, pilot)
        if isinstance(app.screen, MainScreen):
            main = app.screen
            await screen.until(lambda: main.is_placed, "a place")
            if not placed:
                main.go_to_section(0)
                main.enter_sections()
            await screen.rest()
        yield screen
        for run in app.runs:
            # No VM outlives its test, whatever the test left behind.
            if run.is_alive and run.running is not None:
                import signal

                run.running.send(signal.SIGKILL)
                async with asyncio.timeout(PATIENCE):
                    await run.running.ended()
