"""Runs of a real QEMU, watched and stopped through the private monitor."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from qemutui.core import ending
from qemutui.core.events import (
    Answered,
    Exited,
    MonitorBack,
    MonitorLost,
    StatusChanged,
    Stepped,
    Watched,
)
from qemutui.core.guest import RUNNING, Status, sentence
from qemutui.host import runs, sockets, turns, watch
from qemutui.host.ladder import Ladder
from qemutui.host.monitor import MonitorError
from qemutui.host.process import Running, attach, start
from qemutui.host.record import load
from qemutui.host.spawn import Launch
from qemutui.host.watch import Watch
from tests.host import boot_sectors
from tests.host.programs import Programs

PATIENCE = 30.0


def launched(programs: Programs, qemu: str, *options: str) -> Running:
    socket = sockets.choose("vm")
    chardev = f"socket,id=m,path={socket},server=on,wait=off"
    argv = (qemu, *options, "-chardev", chardev, "-mon", "chardev=m,mode=control")
    launch = Launch(argv, programs.folder, monitor=str(socket))
    return start(launch, runs.create(launch, None, "vm"))


def guest(programs: Programs, qemu: str, code: bytes, *options: str) -> Running:
    image = boot_sectors.write(programs.folder, code)
    return launched(programs, qemu, *boot_sectors.options(image), *options)


class Reports:
    """What a watch reports, read one after the other."""

    def __init__(self, watch: Watch, reports: AsyncIterator[Watched]) -> None:
        self.watch = watch
        self._reports = reports

    async def until(self, *kinds: type[object]) -> Watched:
        async with asyncio.timeout(PATIENCE):
            async for report in self._reports:
                if isinstance(report, kinds):
                    return report
        raise AssertionError(f"none of {kinds}")


@asynccontextmanager
async def watched(running: Running) -> AsyncIterator[Reports]:
    watch = Watch(running)
    async with aclosing(watch.reports()) as reports:
        yield Reports(watch, reports)


def said(running: Running, end: Exited) -> str:
    return ending.words(runs.ending(load(running.record.id)), end.seconds).sentence


@pytest.mark.parametrize(
    ("code", "options", "sentence"),
    [
        (boot_sectors.SHUTS_DOWN, (), "The guest powered off."),
        (boot_sectors.RESETS, ("-no-reboot",), "The guest reset (-no-reboot)."),
        (
            boot_sectors.EXITS_WITH_33,
            ("-device", "isa-debug-exit"),
            "Status 33: isa-debug-exit value 16.",
        ),
        (
            boot_sectors.PANICS,
            ("-device", "pvpanic", "-action", "panic=shutdown"),
            "The guest panicked.",
        ),
    ],
)
async def test_how_a_guest_ends(
    programs: Programs, qemu: str, code: bytes, options: tuple[str, ...], sentence: str
) -> None:
    options = tuple(one + ",iobase=0xf4" if "debug" in one else one for one in options)
    running = guest(programs, qemu, code, *options)
    async with watched(running) as reports:
        end = await reports.until(Exited)
    assert isinstance(end, Exited)
    assert said(running, end) == sentence
    assert not Path(running.record.monitor).exists()


@pytest.mark.parametrize(
    ("code", "options", "words"),
    [
        (boot_sectors.PANICS, ("-device", "pvpanic", "-action", "panic=pause"),
         "The guest panicked."),
        (
            boot_sectors.READS_A_DISK,
            (
                "-blockdev", "driver=null-co,node-name=n,size=1048576,read-zeroes=on",
                "-blockdev", "driver=blkdebug,node-name=d,image=n,inject-error.0.event=none,"
                "inject-error.0.iotype=read,inject-error.0.sector=0",
                "-device", "ide-hd,drive=d,rerror=stop",
            ),
            "Paused: disk error.",
        ),
        (boot_sectors.SHUTS_DOWN, ("-no-shutdown",),
         "The guest has shut down; QEMU stays (-no-shutdown)."),
    ],
)  # fmt: skip
async def test_why_a_guest_is_paused(
    programs: Programs, qemu: str, code: bytes, options: tuple[str, ...], words: str
) -> None:
    async with watched(guest(programs, qemu, code, *options)) as reports:
        while True:
            report = await reports.until(Answered, StatusChanged)
            assert isinstance(report, Answered | StatusChanged)
            if not report.status.running:
                break
        assert sentence(report.status) == words


async def test_paused_and_resumed_by_somebody_else(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(running) as reports:
        answered = await reports.until(Answered)
        assert answered == Answered(RUNNING)
        # Another program has a turn at the monitor meanwhile.
        async with turns.session(running.record.monitor) as monitor:
            await monitor.execute("stop")
        changed = await reports.until(StatusChanged)
        assert changed == StatusChanged(Status("paused", False))
        async with reports.watch.session() as monitor:
            await monitor.execute("cont")
        assert await reports.until(StatusChanged) == StatusChanged(RUNNING)


@pytest.fixture
def quick_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has who waits for a monitor ask for a turn more often than it would."""
    monkeypatch.setattr(watch, "_TURN_AFTER", 0.5)


@pytest.mark.usefixtures("quick_turns")
async def test_two_programs_watch_one_run(programs: Programs, qemu: str) -> None:
    mine = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(mine) as one:
        assert await one.until(Answered, MonitorLost) == Answered(RUNNING)
        found = attach(load(mine.record.id))
        assert found is not None
        async with watched(found) as two:
            assert await two.until(Answered, MonitorLost) == Answered(RUNNING)
            for who, command, status in (
                (one, "stop", Status("paused", False)),
                (two, "cont", RUNNING),
                (two, "stop", Status("paused", False)),
            ):
                async with who.watch.session() as monitor:
                    await monitor.execute(command)
                for each in (one, two):
                    report = await each.until(StatusChanged, MonitorLost)
                    assert report == StatusChanged(status)


async def test_the_ladder_asks_then_tells_then_signals(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(running) as reports:
        await reports.until(Answered)
        steps = Ladder(running, reports.watch.session, 0.05).climb()
        assert [await anext(steps), await anext(steps)] == [Stepped(1, 0.05), Stepped(2, 5.0)]
        assert isinstance(await anext(steps), Exited)
        end = await reports.until(Exited)
    assert isinstance(end, Exited)
    assert (end.status, said(running, end)) == (0, "QEMU quit.")


async def test_a_paused_guest_is_not_asked(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS, "-S")
    async with watched(running) as reports:
        assert await reports.until(Answered) == Answered(Status("prelaunch", False))
        steps = Ladder(running, reports.watch.session, PATIENCE).climb()
        assert await anext(steps) == Stepped(2, 5.0)
        await reports.until(Exited)


async def test_a_qemu_that_hangs_is_signalled(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(running) as reports:
        await reports.until(Answered)
        os.kill(running.pid, signal.SIGSTOP)
        ladder = Ladder(running, reports.watch.session, PATIENCE)
        seen = []
        async for step in ladder.climb():
            seen.append(step)
            ladder.harder()
        assert [step.step for step in seen if isinstance(step, Stepped)] == [3, 4]
        end = await reports.until(Exited)
    assert isinstance(end, Exited)
    assert (end.signal, said(running, end)) == (9, "Ended by SIGKILL.")


async def test_sigterm_from_outside_and_a_crash(programs: Programs, qemu: str) -> None:
    for number, words in [
        (signal.SIGTERM, "Ended by SIGTERM from outside."),
        (signal.SIGKILL, "Killed by signal 9, not by qemutui. Out of memory?"),
    ]:
        running = guest(programs, qemu, boot_sectors.WAITS)
        async with watched(running) as reports:
            await reports.until(Answered)
            os.kill(running.pid, number)
            end = await reports.until(Exited)
        assert isinstance(end, Exited)
        assert said(running, end) == words


async def test_a_refused_command_never_answers(programs: Programs, qemu: str) -> None:
    running = launched(programs, qemu, "-machine", "pc,accel=tcg", "-device", "nope")
    async with watched(running) as reports:
        first = await anext(reports._reports)
    assert isinstance(first, Exited)
    assert first.status == 1


async def test_a_run_found_again_tells_its_state_and_how_it_ends(
    programs: Programs, qemu: str
) -> None:
    mine = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(mine) as reports:
        await reports.until(Answered)
        async with reports.watch.session() as monitor:
            await monitor.execute("stop")
    found = attach(load(mine.record.id))
    assert found is not None
    async with watched(found) as reports:
        assert await reports.until(Answered) == Answered(Status("paused", False))
        async with reports.watch.session() as monitor:
            await monitor.execute("cont")
            await monitor.execute("quit")
        await asyncio.to_thread(os.waitpid, mine.pid, 0)
        end = await reports.until(Exited)
    assert isinstance(end, Exited)
    assert said(found, end) == "Told to quit over QMP."


async def test_a_monitor_that_goes_away_and_comes_back(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS)
    path = Path(running.record.monitor)
    hidden = path.with_name("hidden")
    async with watched(running) as reports:
        await reports.until(Answered)
        path.rename(hidden)
        assert reports.watch.monitor is not None
        await reports.watch.monitor.close()
        assert isinstance(await reports.until(MonitorLost), MonitorLost)
        with pytest.raises(MonitorError):
            async with reports.watch.session():
                pass
        hidden.rename(path)
        assert await reports.until(MonitorBack) == MonitorBack(RUNNING)
        running.send(signal.SIGKILL)
        await reports.until(Exited)


@pytest.mark.usefixtures("quick_turns")
async def test_two_watch_one_run_and_know_the_same(programs: Programs, qemu: str) -> None:
    running = guest(programs, qemu, boot_sectors.WAITS)
    async with watched(running) as one:
        assert await one.until(Answered) == Answered(RUNNING)
        found = attach(running.record)
        assert found is not None
        async with watched(found) as two:
            assert await two.until(Answered, MonitorLost) == Answered(RUNNING)
            async with two.watch.session() as monitor:
                await monitor.execute("stop")
            for reports in (one, two):
                changed = await reports.until(StatusChanged, MonitorLost)
                assert changed == StatusChanged(Status("paused", False))
            async with two.watch.session() as monitor:
                await monitor.execute("cont")
            ladder = Ladder(found, two.watch.session, 0.0)
            steps = [step.step async for step in ladder.climb() if isinstance(step, Stepped)]
            assert steps == [1, 2]
            for reports in (one, two):
                end = await reports.until(Exited, MonitorLost)
                assert isinstance(end, Exited)
