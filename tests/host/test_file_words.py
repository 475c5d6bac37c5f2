"""What is said of a typed path, by real files."""

import os
from pathlib import Path

from qemutui.host.file_words import look


def test_what_is_there_is_said_in_a_few_words(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / "disk.img").write_bytes(b"\0" * 1_240_000)
    (tmp_path / "k").write_bytes(b"\0" * 0x202 + b"HdrS")
    os.mkfifo(tmp_path / "fifo")

    def words(text: str, is_image: bool = False) -> str:
        return look(text, tmp_path, is_image).words

    assert words("disk.img", is_image=True) == "1.2 MB, raw"
    assert words("disk.img") == "1.2 MB"
    assert words("k") == "518 bytes, bzImage"
    assert words("sub") == words("sub/") == "a folder"
    assert words("fifo") == "a FIFO"  # and is not opened, which would wait
    assert words("/dev/null") == "a device"
    for missing in ("no", "sub/no", "k/no", "k/", "\0", "x" * 300):
        assert words(missing).startswith("! "), missing
    assert words("no") == words("k/no") == "! not there"
    assert words("") == ""


def test_paths_are_completed_from_where_qemu_runs(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / "some").write_bytes(b"")
    assert look("", tmp_path).paths == ("some", "sub/")
    assert look("s", tmp_path).paths == ("some", "sub/")
    assert look("sub/", tmp_path).paths == ("sub/a",)
    assert look(".", tmp_path).paths == (".hidden",)
    assert look(f"{tmp_path}/su", Path("/")).paths == (f"{tmp_path}/sub/",)
    assert look("no/", tmp_path).paths == look("\0/", tmp_path).paths == ()
