"""Who goes from an id to what uses it misses nobody."""

from qemutui.core import edit, referring
from qemutui.core.profile import read

PROFILE = read(
    {
        "machine": {"memory-backend": "one"},
        "object": [{"type": "memory-backend-ram", "id": "one", "size": "1G"}],
        "device": [{"type": "nvdimm", "memdev": "one"}, {"type": "e1000", "id": "one"}],
        "blockdev": [
            {"type": "qcow2", "id": "top", "file": {"driver": "raw", "file": "one"}},
            {"type": "quorum", "id": "two", "children": ["top", "one"]},
        ],
    }
)


def test_users_are_found_at_any_depth_and_in_the_machine() -> None:
    assert referring.users(PROFILE, ("object", 0), "one") == [
        ("blockdev", 0, "file", "file"),
        ("blockdev", 1, "children", 1),
        ("device", 0, "memdev"),
        ("machine", "memory-backend"),
    ]


def test_what_is_called_so_is_another_one() -> None:
    assert referring.called(PROFILE, ("device", 0), "one") == ("object", 0, "id")
    assert referring.called(PROFILE, ("object", 0), "one") == ("device", 1, "id")
    assert referring.called(PROFILE, ("machine", "memory-backend"), "two") == ("blockdev", 1, "id")
    assert referring.called(PROFILE, ("device", 0), "none") is None


def test_what_is_left_behind_is_called_as_it_is_now() -> None:
    profile = edit.remove(PROFILE, ("device", 1))
    assert referring.left_behind(profile, ("blockdev", 0)) == "two"
    assert referring.left_behind(profile, ("object", 0)) == "machine.memory-backend"
    assert referring.left_behind(profile, ("device", 0)) is None
