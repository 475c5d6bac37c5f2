"""The cache of catalogs, and which binaries may be asked."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qemutui.host import allowed, catalogs, paths
from qemutui.host.probe_errors import MissingError, UntrustedError
from tests.host.fake_qemu import sick

HERE = Path("/")


@pytest.fixture
def own(home: Path) -> Path:
    """The folder of a cache of this test alone."""
    folder = paths.cache() / "catalogs"
    folder.unlink()
    return folder


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program on PATH that answers as QEMU does."""
    path = Path(sick(tmp_path, "nothing"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return path


def test_what_is_known_is_not_asked_again(qemu: str, own: Path) -> None:
    assert catalogs.cached(qemu, HERE) is None
    first = catalogs.of(qemu, HERE)
    assert [path.is_file() for path in own.iterdir()] == [True]
    again = catalogs.cached("qemu-system-x86_64", Path("/nowhere"))
    assert again is not None
    assert again.head == first.head
    assert again.properties("device", "e1000") == first.properties("device", "e1000")


def test_a_changed_binary_is_asked_again_and_the_old_answer_is_removed(
    fake: Path, own: Path
) -> None:
    assert catalogs.of(fake.name, HERE).release == "9.1.2"
    left = own / f".{next(own.iterdir()).name}.1"
    left.write_bytes(b"of one who was killed")
    os.utime(left, (1, 1))
    fake.write_text(fake.read_text().replace('"micro": 2', '"micro": 3'))
    assert catalogs.cached(fake.name, HERE) is None
    assert catalogs.of(fake.name, HERE).release == "9.1.3"
    assert len([*own.iterdir()]) == 1


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda text: text[:-5],
    "a bit": lambda text: text[:-9] + bytes([text[-9] ^ 1]) + text[-8:],
    "garbage": lambda text: os.urandom(300),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_asked_again_without_a_word(
    damage: str, fake: Path, own: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    catalogs.of(fake.name, HERE)
    (file,) = own.iterdir()
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    assert catalogs.cached(fake.name, HERE) is None
    assert catalogs.of(fake.name, HERE).release == "9.1.2"
    assert file.read_bytes() == whole
    assert capfd.readouterr() == ("", "")


def test_nobody_waits_for_what_is_no_file(fake: Path, own: Path) -> None:
    catalogs.of(fake.name, HERE)
    (file,) = own.iterdir()
    file.unlink()
    os.mkfifo(file)
    assert catalogs.cached(fake.name, HERE) is None
    assert catalogs.of(fake.name, HERE).release == "9.1.2"
    assert file.is_file()


def test_a_cache_that_cannot_be_written(fake: Path, own: Path) -> None:
    own.write_text("a file where the folder would be")
    assert catalogs.of(fake.name, HERE).release == "9.1.2"


def test_two_at_once(fake: Path, own: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from qemutui.host import catalogs;"
        "print(catalogs.of(sys.argv[1], Path('/')).release)"
    )
    command = [sys.executable, "-c", code, fake.name]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [one.communicate()[0] for one in both] == [b"9.1.2\n", b"9.1.2\n"]
    assert len([*own.iterdir()]) == 1
    assert catalogs.cached(fake.name, HERE) is not None


def test_who_may_be_asked(tmp_path: Path, qemu: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Path(sick(tmp_path, "nothing"))
    for named in (str(fake), f"./{fake.name}", f"../{tmp_path.name}/{fake.name}"):
        with pytest.raises(UntrustedError) as caught:
            catalogs.of(named, tmp_path)
        assert str(caught.value) == f"{named} is not on PATH and was not run."
        assert caught.value.path == str(fake)
        assert catalogs.cached(named, tmp_path) is None
    with pytest.raises(MissingError, match="qemu-system-none is not on PATH"):
        catalogs.of("qemu-system-none", tmp_path)
    with pytest.raises(MissingError, match=r"^\./nothing is not there\."):
        catalogs.of("./nothing", tmp_path)
    with pytest.raises(UntrustedError, match="sh is not called like a QEMU and was not run"):
        catalogs.of("sh", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(MissingError, match=r"^No QEMU on PATH\. Debian: apt install qemu-system"):
        catalogs.of("qemu-system-x86_64", tmp_path)


def test_what_the_user_allows_is_remembered_with_its_content(tmp_path: Path) -> None:
    fake = Path(sick(tmp_path, "nothing"))
    link = tmp_path / "link"
    link.symlink_to(fake)
    assert catalogs.of("./link", tmp_path, allowed=True).release == "9.1.2"
    with pytest.raises(UntrustedError):
        catalogs.of("./link", tmp_path, afresh=True)
    allowed.allow(str(link))
    assert catalogs.of("./link", tmp_path, afresh=True).release == "9.1.2"
    os.utime(fake, (1, 1))
    assert allowed.is_allowed(str(fake))
    fake.write_text(fake.read_text().replace("9", "8"))
    with pytest.raises(UntrustedError):
        catalogs.of("./link", tmp_path)
