"""A checker that has seen other profiles says what one says that has seen none."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.core import board, board_words, edit
from qemutui.core.check import Checker, check
from qemutui.core.edit import new_item
from qemutui.core.facts import Facts
from qemutui.core.profile import Profile, read
from qemutui.core.questions import Questions
from qemutui.core.recall import Recall
from tests.catalogs import DATA, captured

_TEXT = (DATA / "7.2-pc.txt").read_text()
_IDS = ("a", "b", "a0", "9", "", None)
_TYPES = {
    "device": ("virtio-net-pci", "virtio-scsi-pci", "scsi-hd", "ide-hd", "VGA", "isa-serial",
               "virtio-balloon-pci", "virtio-blk-pci", "usb-kbd", "pci-bridge", "x", None),
    "netdev": ("user", "socket", "tap"),
    "chardev": ("null", "stdio", "socket", "mux"),
    "blockdev": ("null-co", "raw", "file"),
    "object": ("memory-backend-ram", "secret", "rng-random"),
    "drive": (None,),
}  # fmt: skip
_KEYS: dict[str, tuple[Any, ...]] = {
    "type": ("virtio-net-pci", "user", "socket", "x", 1, True),
    "id": _IDS, "netdev": _IDS, "drive": _IDS, "chardev": _IDS, "file": _IDS, "memdev": _IDS,
    "bus": ("a.0", "a", "b.0", "pci.0", "9", 1),
    "addr": (1, True, "1", "3.1", "x"), "multifunction": (True, "on", 1, False),
    "scsi-id": (0, 1, True, "1"), "chassis_nr": (1, 1.0, True), "bootindex": (1, True, "1"),
    "if": ("none", "virtio", "ide"), "romfile": ("", "x"), "mac": ("x",), "share-rw": (True, "on"),
    "hostfwd": (("tcp::80-:80",), "tcp::80-:22"), "port": (80, "80"), "host": ("localhost",),
    "server": (True, "on"), "_off": (True,), "_json": (True,),
}  # fmt: skip
_TABLES: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("machine", "type"): ("pc", "q35", "isapc", "x"),
    ("machine", "memory-backend"): _IDS,
    ("memory", "size"): ("1G", 128),
    ("boot", "kernel"): ("x",),
    ("extra",): (("-nodefaults",), ("-set", "x"), ("-device", "VGA,id=a"), ("-drive", "if=none")),
    ("check", "ignore"): (("full-bus", "wrong-bus"),),
}
_PLACE = st.integers(0, 3)
_ITEM = st.sampled_from(sorted(_TYPES)).flatmap(
    lambda group: st.tuples(
        st.just(group), _PLACE, st.sampled_from(_TYPES[group]), st.sampled_from(_IDS)
    )
)
_KEY = st.sampled_from(sorted(_KEYS)).flatmap(
    lambda key: st.tuples(
        st.sampled_from(("device", *sorted(_TYPES))), _PLACE, st.just(key),
        st.none() | st.sampled_from(_KEYS[key]),
    )
)  # fmt: skip
_FIELD = st.sampled_from(sorted(_TABLES)).flatmap(
    lambda path: st.tuples(st.just(path), st.none() | st.sampled_from(_TABLES[path]))
)
_MOVE = st.tuples(st.sampled_from(sorted(_TYPES)), _PLACE)
_EDIT = st.one_of(_KEY, _KEY, _ITEM.map(lambda one: ("new", *one)), _FIELD, _MOVE)
_VERSIONS = st.sampled_from(["7.2", "7.2", "7.2", "10.0"])


def edited(profile: Profile, change: tuple[Any, ...]) -> Profile:
    """The profile after a new item, another value of a key or field, or a move to the front."""
    if change[0] == "new":
        _, group, place, type_, name = change
        keys = {"type": type_, "id": name}
        item = new_item(**{key: value for key, value in keys.items() if value is not None})
        return edit.insert(profile, (group, min(place, len(profile.items(group)))), item)
    if isinstance(change[0], tuple):
        return edit.set_value(profile, *change)
    group, place, *rest = change
    count = len(profile.items(group))
    if not count:
        return profile
    path = (group, place % count)
    return (
        edit.set_value(profile, (*path, rest[0]), rest[1]) if rest else edit.move(profile, path, 0)
    )


@given(
    st.lists(_ITEM, min_size=2, max_size=6), st.lists(st.tuples(_EDIT, _VERSIONS), max_size=12),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=50)
def test_after_each_edit(
    items: list[tuple[Any, ...]], edits: list[tuple[tuple[Any, ...], str]], on_a_board: bool
) -> None:
    checker, questions = Checker(), Questions()
    profile = read({})
    for change, version in [*((("new", *one), "7.2") for one in items), *edits]:
        catalog = captured(version)
        profile = edited(profile, change)
        asked = board_words.words(profile, catalog)
        known = on_a_board and asked is not None
        facts = Facts(board=board.read(asked or (), _TEXT) if known else None)
        assert checker.check(profile, facts, catalog) == check(profile, facts, catalog)
        asked_again = Questions().about(profile, catalog, {})
        assert questions.about(profile, catalog, {}) == asked_again


def test_what_is_written_in_another_way_is_looked_at_anew() -> None:
    recall = Recall()
    assert [recall.of(type, value) for value in (1, True, 1.0)] == [int, bool, float]
