"""Profiles as a user names them, and what the commands need to know of one."""

from typing import TYPE_CHECKING, NamedTuple

from qemutui.cli.output import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from qemutui.core.catalog import Catalog
    from qemutui.core.finding import Finding
    from qemutui.core.profile import Profile
    from qemutui.host.store import Document


class Listed(NamedTuple):
    """A profile that can be named without its folder."""

    name: str
    path: str
    example: bool


def listed() -> list[Listed]:
    """Returns the library, then the examples that it does not hide. Raises Problem."""
    from qemutui.host import library, store

    try:
        profiles = [Listed(one.stem, str(one.path), False) for one in library.profiles()]
    except store.StoreError as error:
        raise Problem(str(error)) from None
    names = {one.name for one in profiles}
    examples = [Listed(one.name, str(one.path), True) for one in library.examples()]
    return profiles + [one for one in examples if one.name not in names]


def find(name: str) -> "Path":
    """Returns the file of the profile that a user names; it need not exist. Raises Problem."""
    from qemutui.host import library, store

    try:
        return library.find(name)
    except store.StoreError as error:
        raise Problem(str(error)) from None


def load(name: str) -> "Document":
    """Reads the profile that a user names. Raises Problem."""
    from qemutui.host import store

    path = find(name)
    try:
        return store.load(path)
    except store.StoreError as error:
        raise Problem(str(error)) from None


def directory(document: "Document") -> "Path":
    """Returns where QEMU is to run."""
    from qemutui.host.facts import launch_directory

    return launch_directory(document.profile, document.path.parent)


def elsewhere(document: "Document") -> str:
    """Returns where QEMU is to run, or nothing if that is where we are.

    No file is looked at: the folder of a profile may be on a disk that does not answer.
    """
    from pathlib import Path

    path = directory(document)
    try:
        return "" if path == Path.cwd() else str(path)
    except FileNotFoundError:  # our own was removed
        return str(path)


def findings(document: "Document") -> "tuple[Finding, ...]":
    """Returns what there is to say about a profile and the files that it names."""
    return judged(document.profile, directory(document), catalog_of(document))


def judged(
    profile: "Profile", folder: "Path", catalog: "Catalog | None", *, allowed: bool = False
) -> "tuple[Finding, ...]":
    """Returns what the rules find in a profile.

    Args:
        profile: The profile.
        folder: Where its QEMU runs.
        catalog: What that offers, if it is known.
        allowed: The user wants that QEMU to be run, whichever it is.
    """
    from qemutui.core.check import check
    from qemutui.host.facts import gather

    facts = gather(profile, folder, (), catalog.data_folders if catalog is not None else ())
    if catalog is not None:
        from qemutui.host import boards

        facts = facts._replace(board=boards.of(profile, folder, catalog, allowed=allowed))
    return check(profile, facts, catalog)


def catalog_of(document: "Document") -> "Catalog | None":
    """Returns what the QEMU of a profile offers, or None where it may not or cannot be asked."""
    from qemutui.core.argv import binary
    from qemutui.host import catalogs

    try:
        return catalogs.of(binary(document.profile), directory(document))
    except catalogs.ProbeError:
        return None
