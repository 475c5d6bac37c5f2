"""Starts commands of the corpus as they were and as they come out, and compares what QEMU does.

As a script it takes the whole corpus, or the named lines of it, and prints a table; the status is 1
if any of them does otherwise: python -m tests.host.same_behaviour [ID… | --random COUNT SEED]

Both commands are changed alike, by word: absolute paths are made relative to an empty folder, KVM
becomes TCG, a tap that is passed becomes a user network, memory is neither locked nor filled
beforehand, no daemon is made. Files that QEMU misses are made, so that more of a command is
reached. The guest never runs. The script has a network of its own, where `unshare` can make one.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from qemutui.core.argv import build, words
from qemutui.core.parse import parse
from tests.core.command_lines import CORPUS
from tests.core.qemu_reading import options

PATIENCE = 20.0
"""Seconds until a QEMU that neither answers nor ends counts as one that waits."""

_ROUNDS = 12
"""How many files are made for one command at most."""

QUERIES: tuple[dict[str, Any], ...] = (
    {"execute": "query-block"},
    {"execute": "query-chardev"},
    *(
        {"execute": "qom-list", "arguments": {"path": f"/machine/{where}"}}
        for where in ("peripheral", "peripheral-anon")
    ),
    {"execute": "query-name"},
    {"execute": "query-memory-size-summary"},
    {"execute": "query-named-block-nodes"},
    *(
        {"execute": "human-monitor-command", "arguments": {"command-line": command}}
        for command in ("info qtree", "info network", "info usernet", "info roms")
    ),
)

_REPLACED = (
    (r"^--?enable-kvm$", "-machine\0accel=tcg"),  # the same key of the same table
    (r"\bkvm\b(?=:|,|$)", "tcg"),
    (r"^host\b", "max"),
    (r"mem-lock=on", "mem-lock=off"),
    (r"prealloc=(on|yes|true)", "prealloc=off"),
    (r'"prealloc": ?true', '"prealloc":false'),
    # An absolute path, but not the rest of a longer word, and no device.
    (r"(?<![\w/.?*])/(?!dev/|/)(?:[\w.+@%-]+/)*(?=[\w.+@%-])", "./"),
)
_DROPPED = {"-daemonize", "--daemonize", "-mem-prealloc", "--mem-prealloc"}

# A kernel that a PC loads: a multiboot header with the addresses to load to.
_HEADER = (0x1BADB002, 0x10000, 2**32 - 0x1BADB002 - 0x10000, 0x100000, 0x100000, 0, 0, 0x100020)
KERNEL = b"".join(word.to_bytes(4, "little") for word in _HEADER).ljust(4096, b"\xf4")


class Behaviour(NamedTuple):
    """What one QEMU did."""

    status: int | None
    """How it ended by itself; None where it answered its monitor, or waited."""
    said: tuple[str, ...]
    """Its standard error, by line; an option is called by its name and number."""
    replies: tuple[Any, ...]
    """What its monitor answered; nothing where it did not."""


def _without_descriptors(word: str) -> str:
    """A tap whose descriptors nobody passes becomes a network of QEMU's own."""
    if word.startswith("{") and '"tap"' in word:
        word = re.sub(r'"(?:fds?|vhost|vhostfds?)": ?(?:"[^"]*"|true|false),?', "", word)
        word = re.sub(r",\s*}$", "}", word).replace('"tap"', '"user"')
    elif re.match("tap,.*fds?=", word):
        word = re.sub(r",(?:fds?|vhost|vhostfds?)=[^,]*", "", word).replace("tap", "user", 1)
    return word


def adapted(argv: Sequence[str]) -> list[str]:
    """The command with the changes that both get."""
    changed: list[str] = []
    for word in argv[1:]:
        if word not in _DROPPED:
            word = _without_descriptors(word)
            for pattern, new in _REPLACED:
                word = re.sub(pattern, new, word)
            changed.extend(word.split("\0"))
    return [argv[0], *changed]


def _lines(argv: list[str], stderr: str) -> tuple[str, ...]:
    """The error output, in which no option is quoted as it is spelled.

    That a short boolean is deprecated is left out: the command that comes out has none.
    """
    numbers: Counter[str] = Counter()
    places: list[tuple[str, str]] = []
    for option in options(argv):
        numbers[option.name] += 1
        spelled = " ".join([argv[option.at], option.text or ""][: 1 + (option.text is not None)])
        spelled = spelled if option.name else option.text or ""
        places.append((f": {spelled}: ", f": <{option.name} {numbers[option.name]}>: "))
    for spelled, name in sorted(places, key=lambda place: -len(place[0])):
        stderr = stderr.replace(spelled, name)
    stderr = re.sub(r"(?m)^\d{4}-\d\d-\d\dT[\d:.]+Z ", "", stderr)
    stderr = re.sub(r"/dev/pts/\d+|/tmp/\.?[\w-]+|\(process:\d+\)", "…", stderr)
    deprecated = r".*short-form boolean option .*\n(Please use .*\n)?"
    return tuple(re.sub(deprecated, "", stderr).splitlines())


def _normal(reply: Any) -> Any:
    """A reply without what differs between two runs of one command.

    A list is sorted: QEMU gives char devices in the order of a hash of their names. The order of
    what it was told shows in the text of `info qtree`, and in the numbers of unnamed devices.
    """
    text = json.dumps(reply, sort_keys=True)
    text = re.sub(r"/dev/pts/\d+|/(?:var/)?tmp/vl\.\w+|fd=\d+|unix:\d+", "…", text)
    text = re.sub(r"(#(?:block|net|chr)\d*)\d\d\b", r"\1", text)  # a counter and two random digits
    found = json.loads(text)
    if isinstance(found.get("return"), list):
        found["return"].sort(key=lambda element: json.dumps(element, sort_keys=True))
    return found


def _ask(connection: socket.socket, process: "subprocess.Popen[bytes]") -> tuple[Any, ...]:
    """Asks a QEMU everything and ends it; nothing where it ends or waits instead."""
    connection.settimeout(0.1)
    buffer = b""
    found: list[Any] = []
    until = time.monotonic() + PATIENCE
    asked = False
    while time.monotonic() < until and len(found) < len(QUERIES) + 2:
        try:
            data = connection.recv(1 << 20)
        except TimeoutError:
            data = b""
            if process.poll() is not None:
                return ()
        except ConnectionError:
            return ()
        else:
            if not data:
                return ()
        buffer += data
        *whole, buffer = buffer.split(b"\n")
        found += [reply for reply in map(json.loads, whole) if "event" not in reply]
        if found and not asked:
            asked = True
            queries = [{"execute": "qmp_capabilities"}, *QUERIES]
            with suppress(ConnectionError):
                connection.sendall(b"".join(json.dumps(q).encode() + b"\n" for q in queries))
    with suppress(ConnectionError):
        connection.sendall(b'{"execute":"quit"}\n')
    return tuple(_normal(reply) for reply in found[2:]) if len(found) > 2 else ()


def behaviour(argv: Sequence[str], folder: Path) -> Behaviour:
    """Starts a command in a folder and says what it does."""
    command = adapted(argv)
    ours, theirs = socket.socketpair()
    with ours, tempfile.TemporaryFile() as stderr:
        number = theirs.fileno()
        monitor = [f"socket,id=qemutui-asks,fd={number}", "chardev=qemutui-asks,mode=control"]
        process = subprocess.Popen(
            [*command, "-S", "-chardev", monitor[0], "-mon", monitor[1]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=folder,
            pass_fds=(number,),
            start_new_session=True,
        )
        theirs.close()
        try:
            replies = _ask(ours, process)
            if not replies and process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(1)
            status = None if replies else process.poll()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5 if replies else 0)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        stderr.seek(0)
        said = stderr.read().decode(errors="replace")
    return Behaviour(status, _lines(command, said), replies)


_MISSES = re.compile(
    r"(?:could not (?:open|load)(?: kernel| file| initrd| PC BIOS)*|can't (?:open|load)(?: file)?"
    r"|Failed to load|Unable to read|cannot open|read config) ['\"]?(?:\./)?(?P<name>[^'\":]+)",
    re.IGNORECASE,
)

Files = dict[str, bytes]
"""The content of files by their names."""


def _cluster(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "big") for number in numbers).ljust(1 << 16, b"\0")


# One image of 1 MiB without data: header, table of refcounts, refcounts, L1 table.
QCOW2 = (
    _cluster(0x514649FB << 32 | 2, 0, 16, 1 << 20, 1, 3 << 16, 1 << 16, 1 << 32)
    + _cluster(2 << 16)
    + (1).to_bytes(2, "big") * 4
).ljust(3 << 16, b"\0") + _cluster()  # fmt: skip


def _missing(lines: Sequence[str], files: Files) -> Files:
    """The file that QEMU did not find, or did not find good, if it is one that can be made."""
    for line in lines:
        if "Image is not in qcow2 format" in line and files:
            return {list(files)[-1]: QCOW2}
        match = _MISSES.search(line)
        if match is None or match["name"].startswith("/") or ".." in match["name"]:
            continue
        name = match["name"].strip()
        if "kernel" in line:
            return {name: KERNEL}
        if name.endswith(".aes"):
            return {name: bytes(32)}
        empty = bytes(1 << (17 if "BIOS" in line else 20))
        return {name: QCOW2 if "qcow" in name else empty}
    return {}


def fresh(argv: Sequence[str], files: Files) -> Behaviour:
    """What a command does in a folder that holds these files and nothing else."""
    with tempfile.TemporaryDirectory(prefix="qt-") as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return behaviour(argv, Path(folder))


def compare(argv: Sequence[str], files: Files) -> tuple[Behaviour, Behaviour]:
    """What a command does as it was written, and as it comes out, where there are such files."""
    files = dict(files)
    before = fresh(argv, files)
    for _ in range(_ROUNDS):
        missing = {} if before.replies else _missing(before.said, files)
        if not missing.items() - files.items():
            break
        files |= missing
        before = fresh(argv, files)
    return before, fresh(words(build(parse(list(argv)))), files)


def kind(behaviour: Behaviour) -> str:
    """In a word, what QEMU did."""
    if behaviour.replies:
        return "starts"
    return "waits" if behaviour.status is None else f"refuses ({behaviour.status})"


def installed() -> dict[str, list[str]]:
    """The commands of the corpus whose QEMU is on this machine."""
    return {name: argv for name, argv in CORPUS.items() if shutil.which(argv[0])}


def main(arguments: list[str]) -> int:
    """Prints a row for each command; returns 1 if any of them does otherwise."""
    from tests.host.valid_commands import FILES, commands

    chosen, files = installed(), Files()
    if arguments[:1] == ["--random"]:
        count, seed = int(arguments[1]), int(arguments[2])
        chosen = {shlex.join(argv): argv for argv in commands(count, seed)}
        files = FILES
    elif arguments:
        chosen = {name: chosen[name] for name in arguments}
    count_of: Counter[str] = Counter()
    for name, argv in chosen.items():
        before, after = compare(argv, files)
        same = before == after
        count_of[f"{kind(before)}, {'same' if same else 'OTHERWISE'}"] += 1
        last = "" if before.replies else "".join(before.said[-1:])
        print(f"{'same' if same else 'OTHERWISE':9} {kind(before):12} {name}: {last}", flush=True)
        if not same:
            print(*difference(before, after), sep="\n", flush=True)
    print(*(f"{number:4} {what}" for what, number in sorted(count_of.items())), sep="\n")
    return int(any("OTHERWISE" in what for what in count_of))


def difference(before: Behaviour, after: Behaviour) -> list[str]:
    found = [f"    ended {before.status}, then {after.status}"]
    found += [f"    - {line}" for line in before.said if line not in after.said]
    found += [f"    + {line}" for line in after.said if line not in before.said]
    for query, one, other in zip(QUERIES, before.replies, after.replies, strict=False):
        if one != other:
            found.append(f"    {json.dumps(query)}\n    - {one}\n    + {other}")
    return found


if __name__ == "__main__":
    if shutil.which("unshare") and "QEMUTUI_ALONE" not in os.environ:
        os.environ["QEMUTUI_ALONE"] = "yes"
        alone = ["unshare", "-rn", sys.executable, "-m", "tests.host.same_behaviour", *sys.argv[1:]]
        if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0:
            os.execvp(alone[0], alone)
    if os.environ.get("QEMUTUI_ALONE") and shutil.which("ip"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=False)
    sys.exit(main(sys.argv[1:]))
