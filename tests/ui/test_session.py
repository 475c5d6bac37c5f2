"""A session: what is typed, kept, dropped, undone, and what is not saved yet."""

from pathlib import Path

from qemutui.core import edit
from qemutui.core.argv import words
from qemutui.core.profile import Profile
from qemutui.host import store
from qemutui.ui.session import Session

SIZE = ("memory", "size")


def sized(size: object) -> Profile:
    return edit.set_value(Profile(), SIZE, size)


def session() -> Session:
    return Session(Profile(), Path("/"), None)


def shown(one: Session) -> list[str]:
    return words(one.own_command)[1:]


def test_what_is_typed_is_shown_and_is_no_step() -> None:
    one = session()
    one.preview(sized("1"))
    assert (shown(one), one.profile, one.settled) == (["-m", "1"], sized("1"), Profile())
    assert one.has_changes
    assert one.undo() is None
    assert one.change(sized("1"), "size")
    assert not one.change(sized("1"), "size")
    assert one.undo() == "size"
    assert (shown(one), one.has_changes) == ([], False)


def test_what_is_dropped_comes_back_with_redo() -> None:
    one = session()
    one.change(sized("1"), "size")
    one.preview(sized("12"))
    assert one.drop_typing()
    assert one.profile == sized("1")
    assert one.redo() == "typing"
    assert (one.profile, shown(one)) == (sized("12"), ["-m", "12"])
    one.preview(sized("12"))
    assert not one.drop_typing()


def test_undo_and_redo_go_through_all_steps_and_a_change_ends_redo() -> None:
    one = session()
    for size in ("1", "2", "3"):
        one.change(sized(size), f"to {size}")
    assert [one.undo(), one.undo()] == ["to 3", "to 2"]
    assert one.profile == sized("1")
    assert [one.redo(), one.redo(), one.redo()] == ["to 2", "to 3", None]
    assert [one.undo(), one.undo(), one.undo(), one.undo()] == ["to 3", "to 2", "to 1", None]
    one.redo()
    one.change(sized("9"), "to 9")
    assert one.redo() is None


def test_undo_while_typing_leaves_nothing_half_typed() -> None:
    one = session()
    one.change(sized("1"), "size")
    one.preview(sized("12"))
    one.undo()
    assert one.profile == one.settled
    assert words(one.own_command)[1:] == ([] if one.settled == Profile() else ["-m", "1"])


def test_changes_are_counted_from_the_file(tmp_path: Path) -> None:
    one = session()
    assert one.changes == 0
    one.change(sized("1"), "a")
    one.change(sized("2"), "b")
    assert one.changes == 2
    one.stored(store.save(store.blank(tmp_path / "x.toml"), one.settled))
    assert (one.changes, one.has_changes, one.stem) == (0, False, "x")
    one.undo()
    assert (one.has_changes, one.changes) == (True, 1)
    one.redo()
    assert (one.has_changes, one.changes) == (False, 0)


def test_the_title_is_the_name_or_the_files() -> None:
    one = session()
    assert one.title == "untitled"
    for name, title in [("vm", "vm"), ({"guest": "g"}, "g"), ({"process": "p"}, "untitled")]:
        one.change(edit.set_value(one.settled, ("name",), name), "name")
        assert one.title == title
