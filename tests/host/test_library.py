"""Profiles by name, examples and their files, and the folders of the XDG specification."""

from pathlib import Path

import pytest

from qemutui.host import library, paths, store
from qemutui.host.content import StoreError


def add(name: str, text: str = "") -> Path:
    path = library.new_path(name)
    path.write_text(text)
    return path


def test_folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.profiles() == home / "data/qemutui/profiles"
    assert paths.config() == home / "config/qemutui"
    assert paths.cache() == home / "cache/qemutui"
    assert paths.state() == home / "state/qemutui"
    assert paths.runtime() == home / "run/qemutui"


@pytest.mark.parametrize("value", ["", "relative"])
def test_empty_and_relative_variables_are_ignored(
    home: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    for kind in ("DATA_HOME", "CONFIG_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{kind}", value)
    assert paths.profiles() == home / ".local/share/qemutui/profiles"
    assert paths.config() == home / ".config/qemutui"
    assert paths.cache() == home / ".cache/qemutui"
    assert paths.state() == home / ".local/state/qemutui"
    assert paths.runtime() == paths.state() / "run"


def test_a_name_is_a_file_then_of_the_library_then_an_example() -> None:
    assert library.find("./x") == Path("x")
    assert library.find("x.toml") == Path("x.toml")
    example = library.find("demo")
    assert library.is_example(example)
    assert store.load(example).profile.name
    own = add("demo")
    assert library.find("demo") == own
    assert not library.is_example(own)


def test_an_unknown_name_names_the_nearest() -> None:
    add("alpine")
    with pytest.raises(StoreError, match=r"No profile is called “alpin”. Near: alpine\."):
        library.find("alpin")
    for name in ("", "no\x1bsuch", "nul\0", "x" * 300, ".."):
        with pytest.raises(StoreError) as error:
            library.find(name)
        assert str(error.value).isprintable()


def test_the_list_is_by_name_and_reads_nothing() -> None:
    assert library.profiles() == []
    for name in ("b", "a", "Z"):
        add(name, "no TOML at all")
    folder = paths.profiles()
    (folder / ".hidden.toml").touch()
    (folder / "a.txt").touch()
    (folder / "gone.toml").symlink_to("nowhere")
    (folder / "loop.toml").symlink_to("loop.toml")
    found = library.profiles()
    assert [listed.stem for listed in found] == ["Z", "a", "b", "loop"]
    assert found[1].path.read_text() == "no TOML at all"


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\0", "a\n", ".a", "x" * 251, "a\ud800"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(StoreError) as error:
        library.new_path(name)
    assert str(error.value).isprintable()


def test_names_that_can_be() -> None:
    for name in ("a", "ä b", "x" * 250, "[bold]"):
        path = library.new_path(name)
        store.save(store.blank(path), store.blank(path).profile)
        assert library.find(name) == path
    assert library.new_path("a.toml") == library.new_path("a")


def test_examples_load_and_bring_their_files(tmp_path: Path) -> None:
    assert "demo" in [example.name for example in library.examples()]
    for example in library.examples():
        folder = tmp_path / example.name
        folder.mkdir()
        document = store.load(example.path)
        copied = library.copy_files(example.path, folder)
        store.save(document.elsewhere(folder / "mine.toml"), document.profile)
        assert (folder / "mine.toml").read_bytes() == example.path.read_bytes()
        for file in copied:
            assert file.read_bytes() == (example.path.parent / file.name).read_bytes()
            assert file.suffix not in (".s", ".toml")
        assert library.copy_files(example.path, folder) == []


def test_a_different_file_is_not_overwritten(tmp_path: Path) -> None:
    demo = library.find("demo")
    (file,) = library.copy_files(demo, tmp_path)
    file.write_bytes(b"mine")
    with pytest.raises(StoreError, match="another file"):
        library.copy_files(demo, tmp_path)
    assert file.read_bytes() == b"mine"
    file.unlink()
    file.symlink_to("nowhere")
    with pytest.raises(StoreError, match="another file"):
        library.copy_files(demo, tmp_path)
    assert list(tmp_path.iterdir()) == [file]
