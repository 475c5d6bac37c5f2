"""The trash, and what may be typed of a path."""

from pathlib import Path

import pytest

from qemutui.host import trash
from qemutui.host.completion import complete
from qemutui.host.content import StoreError


def test_to_the_trash_and_back(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "a b.toml"
    files, infos = home / "data/Trash/files", home / "data/Trash/info"
    moved = []
    for text in ("1", "2"):
        path.write_text(text)
        moved.append(trash.move(path))
        assert not path.exists()
    assert sorted(file.name for file in files.iterdir()) == ["a b.2.toml", "a b.toml"]
    info = (infos / "a b.toml.trashinfo").read_text()
    assert info.startswith(f"[Trash Info]\nPath={tmp_path}/a%20b.toml\nDeletionDate=")
    trash.restore(moved[1])
    assert path.read_text() == "2"
    with pytest.raises(StoreError, match="exists again"):
        trash.restore(moved[0])
    assert path.read_text() == "2"
    assert moved[0].file.read_text() == "1"
    path.unlink()
    trash.restore(moved[0])
    assert path.read_text() == "1"
    assert not [*files.iterdir(), *infos.iterdir()]


def test_a_link_is_thrown_away_itself(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    path = tmp_path / "link.toml"
    path.symlink_to("target")
    trashed = trash.move(path)
    assert (tmp_path / "target").exists()
    trash.restore(trashed)
    assert path.is_symlink()


def test_what_cannot_be_thrown_away_stays(tmp_path: Path, home: Path) -> None:
    (home / "data").mkdir()
    (home / "data/Trash").touch()  # in the way of the folder
    path = tmp_path / "a.toml"
    path.touch()
    with pytest.raises(StoreError, match=r"a\.toml cannot be moved to the trash"):
        trash.move(path)
    assert path.exists()


def test_a_path_is_completed(tmp_path: Path, home: Path) -> None:
    for name in ("alpine.toml", "alp.txt", "alps.toml", ".alx.toml"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert complete("a", tmp_path) == ("alp", ("alpine.toml", "alps.toml"))
    assert complete("alpi", tmp_path) == ("alpine.toml", ("alpine.toml",))
    assert complete(f"{tmp_path}/f", Path("/")).text == f"{tmp_path}/folder/"
    assert complete("x", tmp_path) == ("x", ())
    (home / "vm.toml").touch()
    assert complete("~/v", tmp_path).text == "~/vm.toml"
    for nonsense in ("~nobody-here/x", "no/such/x", "\0/x"):
        assert complete(nonsense, tmp_path) == (nonsense, ())
