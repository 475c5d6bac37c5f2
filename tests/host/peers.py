"""A peer that speaks as a script says, on a unix socket: for what no QEMU can be made to do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

GREETING = {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 22}, "package": ""},
                    "capabilities": ["oob"]}}  # fmt: skip


class Peer:
    """One client's connection, from the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._left = ""

    async def send(self, *messages: dict[str, Any] | bytes) -> None:
        for message in messages:
            data = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\r\n"
            self._writer.write(data)
        await self._writer.drain()

    async def command(self) -> dict[str, Any]:
        """The next command; qemu.qmp sends no line ends, so that they come as a stream of JSON."""
        while True:
            self._left = self._left.lstrip()
            try:
                found, end = json.JSONDecoder().raw_decode(self._left)
            except json.JSONDecodeError:
                data = await self._reader.read(65536)
                if not data:
                    raise EOFError from None
                self._left += data.decode()
                continue
            self._left = self._left[end:]
            command: dict[str, Any] = found
            return command

    async def answer(self, value: object) -> dict[str, Any]:
        """Reads a command and returns `value` for it."""
        command = await self.command()
        await self.send({"return": value} | {key: command[key] for key in command if key == "id"})
        return command

    async def greet(self) -> None:
        """Greets, and agrees to the capabilities."""
        await self.send(GREETING)
        await self.answer({})


Script = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def listening(path: Path, script: Script) -> AsyncIterator[None]:
    """Plays a script to whoever connects; what it fails with, fails the test."""
    failures: list[BaseException] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(Peer(reader, writer))
        except (EOFError, ConnectionError):
            pass  # the client has left
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            writer.close()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield
    finally:
        server.close()
        assert not failures, failures
