"""Profiles on disk: what is refused and how, and that a save loses nothing, whatever happens."""

import os
import socket
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core.profile import Profile, dump, read
from qemutui.host import atomic, store
from qemutui.host.store import Conflict, Document, StoreError, load, save

TEXT = """\
# mine
name = 'alpine' # title
colour = { of = "a", when = 1979-05-27 } # unknown, kept

[launch]
monitor = true # the default, said

[[device]]
id = "d0"
type = "virtio-vga"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "alpine.toml"
    file.write_text(TEXT)
    return file


def changed(document: Document, **change: Any) -> Profile:
    return read({**dump(document.profile), **change})


def renamed(document: Document) -> Document:
    return save(document, changed(document, name="new"))


# Reading

REFUSED: dict[str, tuple[bytes, str]] = {
    "no value": (b"format = 1\nsize = # c\n", ", line 2: a value is missing after “size =”."),
    "no quotes": (b"name = alpine\n", ", line 1: “alpine” is no value; text stands in quotes."),
    "open quote": (b'name = "a\nb = 1\n', ", line 1: a quote is not closed on its line."),
    "open quotes": (b'name = """a\n', ", line 1: a quote is never closed."),
    "open list": (b"extra = [1,\n", ", line 1: a value is missing."),
    "open list in between": (b"a = [1\nb = 2\n", ", line 2: a “,” or “]” is missing in a list."),
    "open header": (b"[machine\n", ", line 1: “]” is missing."),
    "rest": (b"name = 1 2\n", ", line 1: “2” stands after a complete value."),
    "key twice": (b"name = 1\nname = 2\n", ", line 2: “name” is given twice."),
    "table twice": (b"[cpu]\n[cpu]\n", ", line 2: “[cpu]” is given twice."),
    "statement": (b"???\n", ", line 1: a key, a [table] or a comment is expected here."),
    "escape in the text": (
        b"a = \x1b[31m\n",
        ", line 1: the character U+001B cannot stand in TOML.",
    ),
    "NUL": (b"a = 1\n\x00\n", ", line 2: the character U+0000 cannot stand in TOML."),
    "not UTF-8": (b'a = 1\nb = "\xff"\n', ", line 2: byte 6 (0xff) is not UTF-8."),
    "long key": (b".".join([b"a"] * 20_000) + b" = 1", ", line 1: a key has more than 64 parts."),
    "deep lists": (
        b"a = " + b"[" * 20_000,
        ", line 1: lists and tables lie more than 100 deep.",
    ),
    "deep tables": (
        b"a = " + b"{a = " * 110 + b"1" + b"}" * 110,
        ", line 1: lists and tables lie more than 100 deep.",
    ),
    "long number": (b"\na = " + b"9" * 5000, ", line 2: a number has more than 4300 digits."),
    "long hex number": (b"a = 0x" + b"f" * 5000, ", line 1: a number has more than 4300 digits."),
    "no such day": (b"a = 2023-02-30", ", line 1: there is no such date or time."),
    "newer format": (
        b"format = 99",
        " is format 99; this qemutui reads 1. It is left untouched.",
    ),
    "wrong shape": (
        b"\n\nname = [1]",
        ", line 3: name: found a list, expected text or a table of texts.",
    ),
    "wrong shape of an item": (
        b"[[device]]\n[[device]]\n_off = 1",
        ", line 3: device[1]._off: found a number, expected true or false.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_files_are_refused_in_words(path: Path, name: str) -> None:
    content, words = REFUSED[name]
    path.write_bytes(content)
    with pytest.raises(StoreError) as error:
        load(path)
    assert str(error.value) == f"alpine.toml{words}"
    assert path.read_bytes() == content


def test_what_is_no_file_is_refused_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", 50 << 20)
    with socket.socket(socket.AF_UNIX) as listener:
        folder = os.open(tmp_path, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{folder}/socket")
        os.close(folder)
        for name, words in (
            ("fifo", " is a FIFO, not a profile."),
            ("socket", " is a socket, not a profile."),
            ("loop", ": a loop of symbolic links."),
            ("huge", " has 50 MiB; a profile has at most 16."),
            ("missing", ": no such file."),
            ("nul\0", ": no such file."),
            (".", " is a folder, not a profile."),
            ("/dev/zero", " is a device, not a profile."),
        ):
            with pytest.raises(StoreError) as error:
                load(tmp_path / name)
            shown = str(tmp_path / name).replace("\0", "␀")
            assert str(error.value) == shown + words


def test_messages_hold_nothing_a_terminal_obeys(tmp_path: Path) -> None:
    file = tmp_path / "\x1b[31m\n.toml"
    file.write_text('"\\u001b" = ["\u202e"]\n"\u202e" = \u202e')
    with pytest.raises(StoreError) as error:
        load(file)
    assert str(error.value).isprintable()


def test_an_empty_file_is_an_empty_profile(path: Path) -> None:
    path.write_text("")
    document = load(path)
    assert document.profile == Profile()
    assert save(document, document.profile).source == ""
    assert renamed(document).source.splitlines() == ["format = 1", 'name = "new"']


def test_64_parts_and_a_long_row_of_dots_are_no_error(path: Path) -> None:
    path.write_text(f"{'.'.join(['a'] * 64)} = '{'.'.join(['a'] * 99)}' # {'.a' * 99}\n")
    load(path)


# Saving


def test_only_what_changed_is_written(path: Path) -> None:
    saved = renamed(load(path))
    assert path.read_text() == TEXT.replace("'alpine' ", '"new" ').replace(
        "kept\n", "kept\nformat = 1\n"
    )
    assert load(path)[:4] == saved[:4]


def test_nothing_is_written_when_nothing_changed(path: Path) -> None:
    before = path.stat()
    document = load(path)
    assert save(document, document.profile) == document
    assert path.stat() == before


def test_mark_and_line_ends_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfname = 'a'\r\nformat = 1\r\n")
    saved = renamed(load(path))
    assert path.read_bytes() == b'\xef\xbb\xbfname = "new"\r\nformat = 1\r\n'
    assert renamed(saved) == saved


def test_what_an_edit_left_empty_is_not_written(path: Path) -> None:
    document = load(path)
    save(document, changed(document, device=[], machine={}))
    assert "device" not in path.read_text()
    assert "machine" not in path.read_text()


def test_mode_and_owner_stay(path: Path) -> None:
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 23456)
    before = path.stat()
    renamed(load(path))
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert after.st_ino != before.st_ino
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_symbolic_link_is_followed(path: Path) -> None:
    real = path.with_name("real")
    path.rename(real)
    path.symlink_to("real")
    renamed(load(path))
    assert path.is_symlink()
    assert '"new"' in real.read_text()


def test_a_file_with_two_names_stays_one(path: Path) -> None:
    other = path.with_name("other")
    other.hardlink_to(path)
    document = renamed(load(path))
    save(document, changed(document, name="x"))  # shorter than before
    assert other.samefile(path)
    assert load(other).profile.name == "x"
    assert sorted(path.parent.iterdir()) == [path, other]


def test_a_change_on_disk_is_not_overwritten(path: Path) -> None:
    document = load(path)
    path.write_text("name = 'theirs'\n")
    with pytest.raises(Conflict, match=r"^alpine.toml changed on disk at \d\d:\d\d\.$") as conflict:
        renamed(document)
    assert path.read_text() == "name = 'theirs'\n"
    path.write_text("name = 'again'\n")
    with pytest.raises(Conflict):  # what was decided on is no longer there
        renamed(document.expecting(conflict.value.stamp))
    renamed(document.expecting(store.stamp(path)))
    assert "# unknown, kept" in path.read_text()


def test_a_file_that_was_touched_is_not_changed(path: Path) -> None:
    document = load(path)
    copy = path.with_name("copy")
    copy.write_text(TEXT)
    copy.rename(path)
    os.utime(path, (1, 1))
    renamed(document)


def test_a_deleted_file_is_written_only_when_asked(path: Path) -> None:
    document = load(path)
    path.unlink()
    with pytest.raises(Conflict, match="deleted") as conflict:
        save(document, document.profile)
    assert not path.exists()
    save(document.expecting(conflict.value.stamp), document.profile)
    assert path.read_text() == TEXT


def test_a_new_file_replaces_nothing(path: Path) -> None:
    document = load(path)
    new = path.with_name("new.toml")
    save(document.elsewhere(new), document.profile)
    assert new.read_text() == TEXT
    for taken in (document.elsewhere(new), store.blank(new)):
        with pytest.raises(Conflict, match=r"^new.toml exists already\.$"):
            renamed(taken)
    with pytest.raises(FileExistsError):
        atomic.create(new, b"late")
    assert new.read_text() == TEXT
    assert sorted(path.parent.iterdir()) == [path, new]


def test_the_last_look_is_just_before_the_replacement(path: Path) -> None:
    def late() -> None:
        raise Conflict("somebody was faster", None)

    for write in (atomic.replace, atomic.write_in_place):
        with pytest.raises(Conflict):
            write(path, b"new", late)
        assert path.read_text() == TEXT
        assert list(path.parent.iterdir()) == [path]


def test_what_is_no_unicode_is_refused_and_named(path: Path) -> None:
    document = load(path)
    with pytest.raises(StoreError, match=r"line 2 holds U\+DCFF, which is no character"):
        save(document, changed(document, name="a\udcff"))
    assert path.read_text() == TEXT


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    document = store.blank(tmp_path / "no" / "new.toml")
    with pytest.raises(StoreError, match=r"^new.toml was not saved: there is no such folder\.$"):
        renamed(document)


def test_an_interrupted_save_of_a_file_with_two_names_is_told(path: Path) -> None:
    path.with_name("other").hardlink_to(path)
    document = load(path)
    backup = atomic.backup_of(path)
    backup.write_text(TEXT)
    with pytest.raises(StoreError, match="a save did not end"):
        load(path)
    with pytest.raises(StoreError, match="a save did not end"):
        renamed(document)
    assert path.read_text() == backup.read_text() == TEXT


def test_what_a_killed_process_left_is_swept(path: Path) -> None:
    left = path.with_name(f".{path.name}.1-1{atomic.SUFFIX}")
    left.write_text("half")
    foreign = path.with_name(f".other.toml.1-1{atomic.SUFFIX}")
    foreign.write_text("half")
    renamed(load(path))
    assert not left.exists()
    assert foreign.exists()


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    names | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=3),
    max_leaves=5,
)
items = st.dictionaries(names.filter(lambda key: key not in ("_off", "_json")), values, max_size=4)
profiles = st.fixed_dictionaries(
    {"format": st.just(1)},
    optional={
        "name": names,
        "notes": names,
        "extra": st.lists(names, min_size=1, max_size=3),
        "machine": st.fixed_dictionaries({"type": names}, optional={"smm": values, "x": values}),
        "device": st.lists(items, min_size=1, max_size=3),
        "drive": st.lists(items, min_size=1, max_size=3),
        "unknown": values,
    },
).map(read)


@given(profiles, profiles)
@settings(max_examples=40, deadline=None)
def test_every_profile_comes_back(tmp_path_factory: Any, first: Profile, second: Profile) -> None:
    path = tmp_path_factory.mktemp("any") / "x.toml"
    document = save(store.blank(path), first)
    assert load(path).profile == first
    save(document, second)
    assert load(path).profile == second


# Disks and processes that fail. In processes of their own, which are forked from one.

PRELUDE = """
import os, random, resource, signal, sys
from pathlib import Path
from qemutui.core.profile import dump, read
from qemutui.host import atomic, layout, store

path = Path(sys.argv[1])

def save(notes):
    document = store.load(path)
    store.save(document, read({**dump(document.profile), "notes": notes}))

def whole():
    return store.load(path).profile.notes
"""


def run(code: str, path: Path) -> str:
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(code), str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


KILLED_AT_EVERY_LINE = """
NEW = "n" * 20_000

def die_at(moment):
    left = moment
    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename != atomic.__file__:
            return None
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)

moment = killed = old = 0
while True:
    moment += 1
    before = path.read_bytes()
    child = os.fork()
    if not child:
        die_at(moment)
        save(NEW)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
    killed += 1
    notes = whole()
    assert notes in ("old", NEW), notes[:20]
    old += notes == "old"
    path.write_bytes(before)
assert whole() == NEW
print(killed, old, len(list(path.parent.iterdir())))
"""


def test_killed_at_every_line_of_a_save_the_file_is_whole(path: Path) -> None:
    path.write_text('notes = "old"\n')
    killed, old, files = map(int, run(KILLED_AT_EVERY_LINE, path).split())
    assert killed > 30
    assert 0 < old < killed
    assert files == 1, "the last save sweeps what the killed ones left"


KILLED_WITH_TWO_NAMES = KILLED_AT_EVERY_LINE.replace(
    "notes = whole()",
    """
    backup = atomic.backup_of(path)
    if backup.exists():  # else a file with two names must be whole, too
        kept = backup.read_bytes()
        try:
            whole()
        except store.StoreError as error:
            assert str(backup) in str(error)
        else:
            raise AssertionError("a file that may be half written was read")
        assert kept == before or path.read_bytes() == before
        backup.unlink()
        path.write_bytes(kept if kept == before else before)
    notes = whole()""",
)


def test_killed_while_writing_a_file_with_two_names_the_old_content_is_there(path: Path) -> None:
    path.write_text('notes = "old"\n')
    path.with_name("other").hardlink_to(path)
    killed, old, files = map(int, run(KILLED_WITH_TWO_NAMES, path).split())
    assert killed > 30
    assert 0 < old <= killed
    assert files == 2


KILLED_AT_ANY_TIME = """
seen = set()
for seed in range(30):
    child = os.fork()
    if not child:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, as SIGKILL does
        signal.setitimer(signal.ITIMER_REAL, random.Random(seed).uniform(0.0005, 0.04))
        for number in range(1000):
            save(str(number) * 20_000)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGALRM
    notes = whole()
    seen.add(notes[:9])
    assert notes == "old" or notes in {str(number) * 20_000 for number in range(1000)}
print(len(seen))
"""


def test_killed_at_any_time_the_file_is_whole(path: Path) -> None:
    path.write_text('notes = "old"\n')
    assert int(run(KILLED_AT_ANY_TIME, path)) > 1


FULL_DISK = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    save("n" * 100_000)
except store.StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("names", [1, 2])
def test_a_full_disk_leaves_the_old_file(path: Path, names: int) -> None:
    if names == 2:
        path.with_name("other").hardlink_to(path)
    words = "No space left for alpine.toml. The file is as it was; save elsewhere.\n"
    assert run(FULL_DISK, path) == words
    assert path.read_text() == TEXT
    assert len(list(path.parent.iterdir())) == names


READ_ONLY = """
os.chdir(path.parent)
path = Path(path.name)
if os.geteuid() == 0:  # whom no mode stops
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    save("new")
except store.StoreError as error:
    print(error)
"""


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o666), (0o777, 0o444)])
def test_where_writing_is_forbidden_nothing_changes(
    home: Path, folder_mode: int, file_mode: int
) -> None:
    home.chmod(0o755)
    folder = home / "shared"
    folder.mkdir()
    path = folder / "alpine.toml"
    path.write_text(TEXT)
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    words = "alpine.toml was not saved: permission denied. Save elsewhere.\n"
    assert run(READ_ONLY, path) == words
    folder.chmod(0o755)
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == file_mode
    assert list(folder.iterdir()) == [path]


def test_loading_needs_little() -> None:
    code = "import sys; import qemutui.host.store; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    for name in ("tomli_w", "qemutui.host.layout", "platformdirs", "asyncio", "difflib"):
        assert name not in loaded
