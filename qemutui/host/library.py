"""The library: profiles by name, and the examples that come with qemutui."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from qemutui.core.text import clean
from qemutui.host.content import StoreError, reason

_SUFFIX = ".toml"
_EXAMPLES = Path(__file__).parent.parent / "examples"
_PROFILE = "profile.toml"


class Listed(NamedTuple):
    """One profile of the library; its content is not read."""

    stem: str
    """The name by which it is found."""
    path: Path


class Example(NamedTuple):
    """One profile that comes with qemutui."""

    name: str
    path: Path
    """Its `profile.toml`, in a folder with the files that it names; not to be written to."""


def find(name: str) -> Path:
    """Returns the file that PROFILE means on the command line.

    It is a file if it holds a `/` or ends in `.toml`, else the stem of a file of the library,
    else an example. A file need not exist.

    Raises:
        StoreError: Neither the library nor the examples have the name.
    """
    if "/" in name or name.endswith(_SUFFIX):
        return Path(name)
    if name and "\0" not in name:
        from qemutui.host import paths

        for path in (paths.profiles() / f"{name}{_SUFFIX}", _EXAMPLES / name / _PROFILE):
            if _is_there(path):
                return path
    raise StoreError(_unknown(name))


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except OSError:
        return False  # a name that is too long


def _unknown(name: str) -> str:
    import difflib

    names = [*(listed.stem for listed in profiles()), *(example.name for example in examples())]
    near = difflib.get_close_matches(name, names)
    words = f"No profile is called “{clean(name)}”."
    if not near:
        return f"{words} A file is named with its folder: ./{clean(name)}."
    return f"{words} Near: {', '.join([clean(other) for other in near])}."


def profiles() -> list[Listed]:
    """Returns the profiles of the library by name, without reading them.

    Raises:
        StoreError: The library is there and cannot be listed.
    """
    from qemutui.host import paths

    folder = paths.profiles()
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.endswith(_SUFFIX) or entry.name.startswith("."):
                    continue
                if entry.is_symlink() and not _leads_somewhere(entry):
                    continue
                found.append(Listed(entry.name.removesuffix(_SUFFIX), folder / entry.name))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{clean(str(folder))}: {reason(error)}.") from error
    return sorted(found)


def _leads_somewhere(entry: "os.DirEntry[str]") -> bool:
    """Tells whether a link leads to a file; one that cannot be followed is listed, as a fault."""
    try:
        entry.stat()
    except FileNotFoundError:
        return False
    except OSError:
        pass
    return True


def duplicate(path: Path) -> Path:
    """Copies a profile beside itself, byte for byte, under a free name; returns the copy.

    Raises:
        StoreError: It cannot be read or written.
    """
    from qemutui.host import atomic
    from qemutui.host.content import read

    found = read(path)
    stem, number = path.stem, 2
    match = re.fullmatch(r"(.+)-(\d{1,6})", stem)
    if match:
        stem, number = match[1], int(match[2]) + 1
    while True:
        copy = path.with_name(f"{stem}-{number}{path.suffix}")
        number += 1
        try:
            atomic.create(copy, found.content)
        except FileExistsError:
            continue
        except OSError as error:
            raise StoreError(f"{clean(copy.name)} was not written: {reason(error)}.") from error
        return copy


def examples() -> list[Example]:
    """Returns the examples by name."""
    paths = sorted(_EXAMPLES.glob(f"*/{_PROFILE}"))
    return [Example(path.parent.name, path) for path in paths]


def is_example(path: Path) -> bool:
    """Tells whether a path is an example's, which is opened as a copy."""
    return path.name == _PROFILE and path.parent.parent == _EXAMPLES


def new_path(name: str) -> Path:
    """Returns where a profile of this name lies in the library; makes the library's folder.

    Raises:
        StoreError: The name cannot be a file's, or the folder cannot be made.
    """
    shown = clean(name)
    if not name.strip():
        raise StoreError("A profile needs a name.")
    if name.startswith("."):
        raise StoreError(f"“{shown}” begins with a dot; such files are not listed.")
    if "/" in name or any(ord(character) < 0x20 or character == "\x7f" for character in name):
        raise StoreError(f"“{shown}” cannot be a name: no “/” and no control characters.")
    file = name if name.endswith(_SUFFIX) else name + _SUFFIX
    try:
        too_long = len(os.fsencode(file)) > 255
    except UnicodeEncodeError:
        raise StoreError(f"“{shown}” cannot be a name: it holds what is no character.") from None
    if too_long:
        raise StoreError("The name is too long: 255 bytes at most, with .toml.")
    from qemutui.host import paths

    folder = paths.profiles()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{clean(str(folder))}: {reason(error)}.") from error
    return folder / file


def copy_files(example: Path, folder: Path) -> list[Path]:
    """Copies what an example brings beside its profile (not the sources, `*.s`) into a folder.

    A file that is there already with the same content is left.

    Args:
        example: The example's `profile.toml`.
        folder: Where the copy of the profile is saved.

    Returns:
        The new files.

    Raises:
        StoreError: A file of the same name holds something else (then nothing is copied), or a
            file cannot be written.
    """
    from qemutui.host import atomic

    missing: list[tuple[Path, bytes]] = []
    for source in sorted(example.parent.iterdir()):
        if source.name == _PROFILE or source.suffix == ".s" or not source.is_file():
            continue
        content = source.read_bytes()
        target = folder / source.name
        try:
            if not os.path.lexists(target):
                missing.append((target, content))
            elif not target.is_file() or target.read_bytes() != content:
                raise StoreError(
                    f"{clean(str(target))} is another file than the example's. "
                    "Save the profile in another folder."
                )
        except OSError as error:
            raise StoreError(f"{clean(str(target))}: {reason(error)}.") from error
    for target, content in missing:
        try:
            atomic.create(target, content)
        except OSError as error:
            raise StoreError(f"{clean(str(target))}: {reason(error)}.") from error
    return [target for target, _ in missing]
