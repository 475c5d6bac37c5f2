"""Starting, watching, finding and stopping real processes, most of them QEMU."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from qemutui.core.events import Exited, Moved, Stepped, Stopping
from qemutui.host import pids, runs, turns
from qemutui.host.ladder import Ladder
from qemutui.host.process import (
    Launch,
    NotStartedError,
    PassedFile,
    Running,
    attach,
    start,
)
from qemutui.host.record import Record, load
from tests.host.programs import Programs

IGNORES_SIGTERM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


def record_of(launch: Launch) -> Record:
    return runs.create(launch, None, "vm")


def run(launch: Launch) -> Running:
    return start(launch, record_of(launch))


def log(running: Running, name: str = "stdout") -> str:
    return (running.record.folder / f"{name}.log").read_text()


def descriptors(pid: int) -> dict[int, str]:
    found = {}
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed as the program takes over
            found[int(entry.name)] = str(entry.readlink())
    return found


async def stop(running: Running) -> list[Stopping]:
    """Stops a run that has no monitor, so that its ladder begins with SIGTERM."""
    ladder = Ladder(running, lambda: turns.session(""), 30)
    return [step async for step in ladder.climb()]


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def test_every_descriptor_is_the_right_one_and_there_is_no_other(programs: Programs) -> None:
    (programs.folder / "a").write_text("a")
    (programs.folder / "b").write_text("b")
    files = (
        PassedFile("a"),
        PassedFile("nowhere", "r+", off=True),
        PassedFile("b", "r+"),
        PassedFile("new", "w"),
        PassedFile("a", "a"),
    )
    # Files of ours at exactly the numbers that the child is to fill otherwise, some inheritable.
    ours = [os.open("/dev/zero", os.O_RDONLY) for _ in range(12)]
    for descriptor in ours[::2]:
        os.set_inheritable(descriptor, True)
    try:
        running = run(programs.launch("sleep", "600", files=files))
    finally:
        for descriptor in ours:
            os.close(descriptor)
    logs, folder = running.record.folder, programs.folder
    assert descriptors(running.pid) == {
        0: "/dev/null",
        1: f"{logs}/stdout.log",
        2: f"{logs}/stderr.log",
        3: f"{folder}/a",
        4: "/dev/null",
        5: f"{folder}/b",
        6: f"{folder}/new",
        7: f"{folder}/a",
    }
    modes = []
    for number in range(3, 8):
        text = Path(f"/proc/{running.pid}/fdinfo/{number}").read_text()
        flags = int(text.split("flags:")[1].split()[0], 8)
        modes.append(flags & (os.O_ACCMODE | os.O_APPEND))
    assert modes == [os.O_RDONLY, os.O_RDWR, os.O_RDWR, os.O_WRONLY, os.O_WRONLY | os.O_APPEND]
    assert (folder / "b").read_text() == "b"
    assert (logs / "stdout.log").stat().st_mode & 0o777 == 0o600
    assert not (folder / "nowhere").exists()


async def test_qemu_reads_a_passed_file_at_its_number(programs: Programs, qemu: str) -> None:
    (programs.folder / "disk").write_bytes(b"\0" * 512)
    arguments = ("-add-fd", "fd=4,set=1", "-blockdev", "file,node-name=d,filename=/dev/fdset/1")
    files = (PassedFile("disk", off=True), PassedFile("disk", "r+"))
    running = run(programs.qemu(qemu, *arguments, "-S", files=files))
    programs.until_ready(running.pid)
    signalled, end = await stop(running)
    assert signalled == Stepped(3, 5.0)
    assert isinstance(end, Exited)
    assert end.status == 0
    assert "terminating on signal 15" in log(running, "stderr")


def test_session_signals_environment_and_directory(programs: Programs) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        running = run(programs.launch("sleep", "600", VM_SETTING="a=b c"))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
    pid = running.pid
    status = status_of(pid)
    # glibc's posix_spawn ignores 32 and 33, which are its own and invisible to a program.
    ignored = int(status["SigIgn"], 16) & ~(3 << 31)
    assert (ignored, int(status["SigBlk"], 16), int(status["SigCgt"], 16)) == (0, 0, 0)
    assert os.getsid(pid) == os.getpgid(pid) == pid
    assert Path(f"/proc/{pid}/cwd").readlink() == programs.folder
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert b"VM_SETTING=a=b c" in environment
    assert f"QEMUTUI_RUN={running.record.folder}".encode() in environment
    assert {f"{k}={v}".encode() for k, v in os.environ.items()} <= set(environment)


def test_arguments_arrive_byte_for_byte(programs: Programs) -> None:
    words = ("", " ", "a\nb", "$HOME", "'\"", "ü", "\udcff", "x" * 100_000, "y" * 100_000)
    running = run(programs.python("import sys; print(ascii(sys.argv[1:]))", *words))
    programs.until(running.poll)
    assert log(running) == ascii(list(words)) + "\n"


def test_a_relative_program_starts_from_the_directory(programs: Programs) -> None:
    (programs.folder / "bin").mkdir()
    (programs.folder / "bin" / "mine").symlink_to("/bin/sleep")
    by_path = run(programs.launch("./bin/mine", "600"))
    by_name = run(programs.launch("mine", "600", PATH="bin:/bin"))
    for running in (by_path, by_name):
        assert Path(f"/proc/{running.pid}/cmdline").read_bytes().endswith(b"mine\x00600\0")


def error(launch: Launch) -> tuple[str, tuple[str | int, ...], int]:
    record = record_of(launch)
    with pytest.raises(NotStartedError) as caught:
        start(launch, record)
    noted = load(record.id)
    assert (noted.how, noted.message) == ("not started", str(caught.value))
    assert caught.value.event.message == str(caught.value)
    return caught.value.event


def test_why_a_program_is_not_started(programs: Programs) -> None:
    folder = programs.folder
    for name, text in (("plain", ""), ("text", "no program"), ("lost", "#!/no/such/thing\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o644 if name == "plain" else 0o755)
    binary = ("binary",)

    def of(program: str, **environment: str) -> tuple[str, tuple[str | int, ...], int]:
        return error(programs.launch(program)._replace(environment=environment))

    assert of("qemu-none") == ("qemu-none is not on PATH.", binary, 127)
    assert of("./none") == (f"./none does not exist in {folder}.", binary, 127)
    assert of("/none") == ("/none does not exist.", binary, 127)
    assert of("./plain") == ("./plain cannot be run: permission denied.", binary, 126)
    assert of("plain", PATH=str(folder))[0] == "plain cannot be run: permission denied."
    assert of("/tmp") == ("/tmp cannot be run: it is a directory.", binary, 126)
    reason = "it is neither a program for this computer nor a script that begins with #!"
    assert of("./text") == (f"./text cannot be run: {reason}.", binary, 126)
    reason = "the interpreter or loader that it names does not exist"
    assert of("./lost") == (f"./lost cannot be run: {reason}.", binary, 126)
    assert of("lost", PATH=str(folder))[0] == f"lost cannot be run: {reason}."
    long = programs.launch("sleep", *["x" * 100_000] * 100)
    assert error(long)[0].endswith("its command and environment are too long for this system.")
    wrapped = Launch(("no-gdb", "qemu"), folder, wrapper=1)
    assert error(wrapped) == ("no-gdb is not on PATH.", ("launch", "wrapper"), 127)
    assert error(programs.launch("sleep", "a\0b"))[0].startswith("An argument holds a NUL")
    assert of("sleep", A="b\0c")[1] == ("launch", "environment", "A")
    assert of("") == ("binary is empty: it is to name a program.", binary, 127)
    wrapped = Launch(("", "qemu"), folder, wrapper=1)
    text = "launch.wrapper[0] is empty: it is to name a program."
    assert error(wrapped) == (text, ("launch", "wrapper", 0), 127)
    assert of("sleep", **{"A=B": "c"})[1] == ("launch", "environment", "A=B")


def test_why_a_directory_or_a_file_stops_the_start(programs: Programs) -> None:
    folder = programs.folder
    (folder / "file").touch()
    directory = ("launch", "directory")
    gone = Launch(("sleep",), folder / "gone", passed_files=(PassedFile("x"),))
    text = f"QEMU cannot run in {folder}/gone: it does not exist."
    assert error(gone) == (text, directory, 1)
    text = f"QEMU cannot run in {folder}/file: it is not a directory."
    assert error(Launch(("sleep",), folder / "file")) == (text, directory, 1)

    text = f"QEMU cannot run in {folder}/a\0b: it holds a NUL."
    assert error(Launch(("sleep",), folder / "a\0b")) == (text, directory, 1)

    def of(*files: PassedFile) -> tuple[str, tuple[str | int, ...], int]:
        return error(programs.launch("sleep", files=files))

    text = "fd[0].path: a\0b: it holds a NUL."
    assert of(PassedFile("a\0b")) == (text, ("fd", 0, "path"), 1)

    file = PassedFile("file")
    text = "fd[1].path: none: no such file or directory."
    assert of(file, PassedFile("none", "r+")) == (text, ("fd", 1, "path"), 1)
    assert of(PassedFile("file", "rw"))[1] == ("fd", 0, "mode")
    os.mkfifo(folder / "fifo")
    assert of(PassedFile("fifo", "w"))[0] == "fd[0].path: fifo: nobody reads this FIFO yet."
    running = run(programs.launch("sleep", "600", files=(PassedFile("fifo"),)))
    assert descriptors(running.pid)[3] == f"{folder}/fifo"


async def test_how_a_run_ended_is_known(programs: Programs, qemu: str) -> None:
    refused = run(programs.qemu(qemu, "-device", "nonsense"))
    end = await refused.ended()
    assert (end.status, end.signal) == (1, None)
    assert "'nonsense' is not a valid device model name" in log(refused, "stderr")
    assert (refused.record.how, refused.record.status) == ("exited", 1)

    killed = run(programs.qemu(qemu, "-S"))
    os.kill(killed.pid, signal.SIGKILL)
    end = await killed.ended()
    assert (end.status, end.signal) == (None, signal.SIGKILL)
    record = load(killed.record.id)
    assert (record.how, record.signal, record.stopped) == ("signal", signal.SIGKILL, None)


async def test_two_may_wait_and_one_may_give_up(programs: Programs) -> None:
    running = await asyncio.to_thread(run, programs.launch("sleep", "600"))
    first, second = asyncio.create_task(running.ended()), asyncio.create_task(running.ended())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    assert running.send(signal.SIGTERM)
    assert (await second).signal == signal.SIGTERM


async def test_without_pidfd(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    running = run(programs.launch("sleep", "600"))
    assert [type(step) for step in await stop(running)] == [Stepped, Exited]
    assert load(running.record.id).signal == signal.SIGTERM


async def test_where_children_are_reaped_by_the_kernel_the_status_is_unknown(
    programs: Programs,
) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        running = run(programs.python("raise SystemExit(3)"))
        end = await running.ended()
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert not end.known
    assert load(running.record.id).how == "unknown"


async def test_what_ignores_sigterm_gets_sigkill(programs: Programs) -> None:
    running = run(programs.python(IGNORES_SIGTERM))
    programs.until(lambda: log(running))
    ladder = Ladder(running, lambda: turns.session(""), 30)
    steps = ladder.climb()
    assert await anext(steps) == Stepped(3, 5.0)
    ladder.harder()
    assert await anext(steps) == Stepped(4, 5.0)
    end = await running.ended()
    assert end.signal == signal.SIGKILL
    assert (load(running.record.id).stopped, running.send(signal.SIGTERM)) == ("SIGKILL", False)


async def test_a_child_of_a_wrapper_is_stopped_with_it(programs: Programs) -> None:
    code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    head = (sys.executable, "-I", "-S", "-c", code)
    running = run(Launch((*head, "sleep", "600"), programs.folder, wrapper=len(head)))
    child = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    programs.until(child.read_text)
    inner = pids.identify(int(child.read_text()))
    assert inner
    await stop(running)
    programs.until(lambda: not pids.alive(inner))


async def test_a_vm_that_outlives_its_wrapper_still_runs(programs: Programs, qemu: str) -> None:
    code = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"
    head = (sys.executable, "-I", "-S", "-c", code)
    vm = programs.qemu(qemu, "-S").argv
    running = run(Launch((*head, *vm), programs.folder, wrapper=len(head)))
    wrapper = running.pid
    events = aiter(running.watch())
    moved = await anext(events)
    assert isinstance(moved, Moved)
    assert moved.pid == running.pid != wrapper
    assert load(running.record.id).ended is None
    assert [type(step) for step in await stop(running)] == [Stepped, Exited]
    last = await anext(events)
    assert isinstance(last, Exited)
    assert not last.known


async def test_a_daemon_is_followed(programs: Programs, qemu: str) -> None:
    running = run(programs.qemu(qemu, "-S", "-daemonize"))
    events = aiter(running.watch())
    moved = await anext(events)
    assert isinstance(moved, Moved)
    again = attach(load(running.record.id))
    assert again
    assert again.pid == moved.pid
    assert [type(step) for step in await stop(again)] == [Stepped, Exited]
    assert load(running.record.id).stopped == "SIGTERM"


APP = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from qemutui.host import runs
from qemutui.host.process import Launch, start
launch = Launch(tuple(sys.argv[3:]), Path(sys.argv[1]))
running = start(launch, runs.create(launch, None, "vm"))
print(running.record.id, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("end", ["SIGKILL", "SIGHUP", "terminal"])
async def test_a_vm_outlives_the_app_and_is_found_again(
    programs: Programs, qemu: str, end: str
) -> None:
    root = str(Path(__file__).parents[2])
    arguments = [sys.executable, "-c", APP, str(programs.folder), root]
    arguments += programs.qemu(qemu, "-S").argv
    app, terminal = pty.fork()
    if app == 0:
        os.execv(sys.executable, arguments)
    run_id = ""
    while not run_id.endswith("\n"):
        run_id += os.read(terminal, 100).decode()
    record = load(run_id.strip())
    if end != "terminal":
        os.kill(app, signal.Signals[end])
    os.close(terminal)  # the kernel sends SIGHUP to the app
    os.waitpid(app, 0)

    assert record.process
    assert runs.living(record)
    assert [one.id for one in runs.open_runs().records] == [record.id]
    found = attach(record)
    assert found
    assert found.pid == record.pid
    programs.until_ready(found.pid)
    steps = await stop(found)
    assert isinstance(steps[-1], Exited)
    assert not steps[-1].known
    assert steps[-1].seconds is not None
    noted = load(record.id)
    assert (noted.how, noted.stopped) == ("unknown", "SIGTERM")
    assert "terminating on signal 15" in (record.folder / "stderr.log").read_text()


def test_another_process_with_the_same_pid_is_not_taken_for_the_vm(programs: Programs) -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        launch = programs.launch("sleep", "1")
        record = record_of(launch)
        now = pids.identify(stranger.pid)
        assert now
        earlier = now._replace(start=now.start - 1)
        record = runs.started(record, stranger.pid, earlier)
        assert attach(record) is None
        assert not runs.living(record)
        assert attach(runs.started(record, stranger.pid, now._replace(boot="another"))) is None
        same = runs.started(record, stranger.pid, now)
        assert runs.living(same)
        assert not runs.living(same.model_copy(update={"host": "elsewhere"}))
        running = Running(record, stranger.pid, earlier, child=False)
        assert not running.send(signal.SIGKILL)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_process_is_found_though_its_pid_was_never_written(programs: Programs) -> None:
    launch = programs.launch("sleep", "600")
    record = record_of(launch)
    running = start(launch, record)
    before = record.model_copy(update={"process": None, "pid": None})
    found = attach(before)
    assert found
    assert found.pid == running.pid
    assert attach(record_of(launch)) is None


@pytest.mark.parametrize("told", [b"", b"2\0sleep\0", b"2\0sleep\x00600\0PATH=/bin\0"])
def test_what_was_told_only_half_does_not_start(programs: Programs, told: bytes) -> None:
    become = Path(runs.__file__).with_name("become.py")
    command, report = os.pipe(), os.pipe()
    os.write(command[1], told)
    os.close(command[1])
    folder = os.open(programs.folder, os.O_RDONLY)
    moves = [(os.POSIX_SPAWN_DUP2, os.dup(one), 900 + n) for n, one in enumerate(
        (folder, command[0], report[1]))]  # fmt: skip
    words = [sys.executable, "-I", "-S", str(become), "900"]
    pid = os.posix_spawn(sys.executable, words, os.environ, file_actions=moves)
    os.close(report[1])
    for _, copy, _ in moves:
        os.close(copy)
    assert os.read(report[0], 10) == b""
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 127
    for one in (folder, command[0], report[0]):
        os.close(one)
