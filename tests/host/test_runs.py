"""The record of runs on disk: numbers, damage, ends that nobody saw, what is kept."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qemutui.core.events import Exited, NotStarted
from qemutui.host import pids, runs
from qemutui.host.record import Process, Record, RecordError, folder, load, write
from qemutui.host.spawn import Launch

UNKNOWN = Exited(None, None, None)


def launch() -> Launch:
    words = ("taskset", "qemu-system-x86_64", "-name", "ü\udcff")
    return Launch(words, Path("/vm"), {"TOKEN": "secret"}, wrapper=1)


def create(profile: str = "/vm/alpine.toml") -> Record:
    return runs.create(launch(), Path(profile), "Alpine")


def test_a_record_is_read_as_it_was_written_and_is_nobody_elses(home: Path) -> None:
    record = create()
    assert load(record.id) == record == load("alpine-1")
    assert record.binary == "qemu-system-x86_64"
    assert record.argv == launch().argv
    assert b"secret" not in (record.folder / "record.json").read_bytes()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder(), record.folder)]
    assert modes == [0o700, 0o700]
    assert [path.name for path in record.folder.iterdir()] == ["record.json"]
    assert stat.S_IMODE((record.folder / "record.json").stat().st_mode) == 0o600


def test_numbers_go_on_and_two_at_once_get_two(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        records = list(pool.map(lambda _: create(), range(24)))
    assert sorted(record.number for record in records) == list(range(1, 25))
    assert create("/other/alpine.toml").id == "alpine-25"
    assert create("/vm/a b/\x1b[31m .toml").id == "31m-1"
    assert runs.create(launch(), None, "…").id == "vm-1"
    listing = runs.of_profile(Path("/vm/alpine.toml"))
    assert [record.number for record in listing.records] == sorted(
        (record.number for record in records), key=lambda n: (load(f"alpine-{n}").started, n)
    )


def test_a_number_that_another_took_meanwhile_is_left_to_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = create()
    monkeypatch.setattr(runs, "_numbered", lambda slug: [])  # as listed before the other made it
    assert create().id == "alpine-2"
    assert load(first.id) == first


def test_how_it_ended(home: Path) -> None:
    first, second, third = create(), create(), create()
    runs.finish(first, Exited(33, None, 1.0))
    runs.finish(second, Exited(None, 9, 1.0))
    runs.finish(third, NotStarted("qemu is not on PATH.", ("binary",), 127))
    ends = [(one.how, one.status, one.signal, one.message) for one in runs.all_runs().records]
    assert ends == [
        ("exited", 33, None, ""),
        ("signal", None, 9, ""),
        ("not started", None, None, "qemu is not on PATH."),
    ]
    assert runs.open_runs() == runs.Listing((), ())
    # Who knows nothing changes nothing; who was there corrects who knew nothing.
    assert runs.finish(first, UNKNOWN).status == 33
    fourth = create()
    assert runs.finish(fourth, UNKNOWN).how == "unknown"
    assert runs.finish(fourth, Exited(0, None, 2.0)).how == "exited"


def test_a_run_that_ended_unseen_is_settled_but_not_over_its_watchers_head(home: Path) -> None:
    parent = Process.of(pids.identify(os.getppid()))
    assert parent
    watched = create().model_copy(update={"watcher": parent})
    gone = {"watcher": parent.model_copy(update={"start": parent.start - 1})}
    # One that was made this moment may be about to have a process.
    young = create().model_copy(update=gone)
    orphan = create().model_copy(update=gone | {"started": "2026-01-01T00:00:00.000+00:00"})
    elsewhere = create().model_copy(update={"host": "elsewhere", "watcher": None})
    for record in (watched, young, orphan, elsewhere):
        write(record)
    settled = runs.settle(runs.open_runs().records)
    assert {record.id: record.how for record in settled} == {
        watched.id: None,
        young.id: None,
        orphan.id: "unknown",
        elsewhere.id: None,
    }
    left = {one.id for one in runs.open_runs().records}
    assert left == {watched.id, young.id, elsewhere.id}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is no JSON"),
        (b"\xff\0", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[]", "the whole"),
        (b"{}", "id: Field required"),
        (b'{"format": 2}', "format: Input should be 1"),
    ],
)
def test_a_damaged_record_is_passed_over_and_named(home: Path, data: bytes, words: str) -> None:
    good, bad = create(), create()
    path = bad.folder / "record.json"
    path.write_bytes(data)
    listing = runs.all_runs()
    assert listing.records == (good,)
    (damaged,) = listing.damaged
    assert damaged.path == path
    assert words in damaged.message
    assert "\n" not in damaged.message
    with pytest.raises(RecordError, match="damaged"):
        runs.finish(bad, UNKNOWN)
    assert path.read_bytes() == data
    assert create().number == 3


def test_foreign_things_in_the_folder(home: Path) -> None:
    record = create()
    (folder() / "notes").mkdir()
    (folder() / "alpine-7").mkdir()
    (folder() / "alpine-8").touch()
    (folder() / "copy-1").mkdir()
    (folder() / "copy-1" / "record.json").write_bytes((record.folder / "record.json").read_bytes())
    listing = runs.all_runs()
    assert listing.records == (record,)
    assert [one.path.parent.name for one in listing.damaged] == ["copy-1"]
    assert create().number == 9
    for name in ("../alpine-1", "alpine", "", "alpine-1/"):
        with pytest.raises(RecordError):
            load(name)


def test_what_a_newer_version_added_survives_a_change(home: Path) -> None:
    record = create()
    path = record.folder / "record.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"colour": [1]}))
    runs.stopping(record, "SIGTERM")
    assert json.loads(path.read_text())["colour"] == [1]


def test_the_last_ended_runs_of_each_profile_are_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "KEEP", 3)
    living = create()
    other = create("/other/alpine.toml")
    runs.finish(other, Exited(0, None, 1.0))
    for _ in range(6):
        runs.finish(create(), Exited(0, None, 1.0))
    last = create()
    left = {one.id for one in runs.all_runs().records}
    assert left == {living.id, other.id, "alpine-6", "alpine-7", "alpine-8", last.id}


def test_a_record_that_cannot_be_made_says_where(home: Path) -> None:
    folder().parent.mkdir(parents=True)
    folder().touch()
    with pytest.raises(RecordError, match=f"^The run cannot be recorded in {folder()}: "):
        create()
