"""What a monitor must bear, told by a peer that misbehaves; and the real one's long answers."""

import asyncio
from pathlib import Path

import pytest

from qemutui.core.events import MonitorEvent
from qemutui.core.guest import Status
from qemutui.host.monitor import Monitor, MonitorError, NoMonitorError
from tests.host.peers import GREETING, Peer, listening

PATIENCE = 20.0
STOP = {"event": "STOP", "timestamp": {"seconds": 7, "microseconds": 250001}}


async def connected(path: Path) -> Monitor:
    monitor = Monitor()
    await monitor.connect(path)
    return monitor


async def first_events(monitor: Monitor, count: int) -> list[MonitorEvent]:
    events: list[MonitorEvent] = []
    async with asyncio.timeout(PATIENCE):
        async for event in monitor.events():
            events.append(event)
            if len(events) == count:
                break
    return events


async def test_events_before_the_greeting_and_the_agreement_are_kept(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.send(STOP, GREETING, {"event": "RESUME"})
        await peer.answer({})
        await peer.answer({"status": "running", "running": True})

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        assert await monitor.status() == Status("running", True)
        events = await first_events(monitor, 2)
        await monitor.close()
    # Microseconds are microseconds; an event without a time has none.
    assert events == [MonitorEvent("STOP", {}, 7.250001), MonitorEvent("RESUME", {}, 0.0)]


async def test_answers_are_matched_by_id_and_may_be_long(home: Path) -> None:
    long = "x" * 3_000_000

    async def script(peer: Peer) -> None:
        await peer.greet()
        first, second = await peer.command(), await peer.command()
        await peer.send({"return": 0, "id": "nobody's"})
        await peer.send({"return": {"to": second["execute"]}, "id": second["id"]})
        await peer.send({"return": {"to": first["execute"], "long": long}, "id": first["id"]})

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        one, other = await asyncio.gather(monitor.execute("one"), monitor.execute("other"))
        await monitor.close()
    assert one == {"to": "one", "long": long}
    assert other == {"to": "other"}


async def test_a_reader_of_events_who_does_not_read_holds_up_nothing(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        for number in range(20_000):
            await peer.send({"event": "RTC_CHANGE", "data": {"offset": number}})
        await peer.answer({"status": "running", "running": True})

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        assert await monitor.execute("query-status", patience=PATIENCE)
        events = await first_events(monitor, 1)
        await monitor.close()
    # The last ones are kept, and only so many.
    assert events[0].data == {"offset": 20_000 - 4096}


async def test_an_error_is_in_the_words_of_qemu(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        command = await peer.command()
        error = {"class": "GenericError", "desc": "Device 'x' [/x] not found"}
        await peer.send({"error": error, "id": command["id"]})
        await peer.answer("still here")

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        with pytest.raises(MonitorError, match=r"^Device 'x' \[/x\] not found$"):
            await monitor.execute("device_del")
        assert await monitor.execute("next") == "still here"
        await monitor.close()


async def test_what_is_no_json_is_passed_over(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        await peer.send(b"not json\r\n", b"[1, 2]\r\n", b"\xff\xfe\r\n", {"unheard": "of"})
        await peer.answer(5)

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        assert await monitor.execute("x") == 5
        await monitor.close()


async def test_an_answer_that_does_not_come_costs_only_its_own_time(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        slow = await peer.command()
        await peer.answer("second")
        await peer.send({"return": "late", "id": slow["id"]})
        await peer.answer("third")

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        with pytest.raises(MonitorError, match=r"has not answered slow in 0\.05 s"):
            await monitor.execute("slow", patience=0.05)
        assert await monitor.execute("second") == "second"
        assert await monitor.execute("third") == "third"
        await monitor.close()


async def test_a_connection_that_breaks_ends_waiting_and_reading(home: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        await peer.command()
        await peer.send(STOP)

    async with listening(home / "m", script):
        monitor = await connected(home / "m")
        with pytest.raises(NoMonitorError):
            await monitor.execute("quit", patience=PATIENCE)
        events = [event.name async for event in monitor.events()]
        assert events == ["STOP"]
        with pytest.raises(NoMonitorError):
            await monitor.status()
        await asyncio.gather(monitor.close(), monitor.close())


@pytest.mark.parametrize("greeting", [None, b"hello\r\n", {"return": {}}, {"QMP": {}}])
async def test_what_does_not_greet_is_no_monitor(
    home: Path, greeting: dict[str, object] | bytes | None
) -> None:
    async def script(peer: Peer) -> None:
        if greeting is not None:
            await peer.send(greeting)
        await peer.command()

    async with listening(home / "m", script):
        monitor = Monitor()
        with pytest.raises(NoMonitorError):
            await monitor.connect(home / "m")
        await monitor.close()
    with pytest.raises(NoMonitorError, match="cannot be reached"):
        await Monitor().connect(home / "nowhere")
