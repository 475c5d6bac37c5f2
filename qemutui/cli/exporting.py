"""What `qemutui argv` prints or writes: the command of a profile."""

from typing import TYPE_CHECKING

from qemutui.cli.output import Problem, print_exactly, print_json, say
from qemutui.cli.profiles import directory, elsewhere
from qemutui.core import shell
from qemutui.core.argv import build, words

if TYPE_CHECKING:
    from qemutui.host.store import Document


def print_words(document: "Document") -> int:
    """Prints the words of the command as JSON. Raises Problem."""
    print_json(words(build(document.profile)))
    return 0


def print_shell(document: "Document", one_line: bool) -> int:
    """Prints the command for a shell that runs where we are. Raises Problem."""
    try:
        print_exactly(_written(document, one_line, elsewhere(document)))
    except UnicodeEncodeError as error:
        raise Problem(
            f"{document.path}: {error.object[error.start]!r} cannot be passed: the encoding of "
            f"this locale is {error.encoding}."
        ) from None
    return 0


def write_script(document: "Document", one_line: bool, output: str, force: bool) -> int:
    """Writes the command into a file that may be run from any folder. Raises Problem."""
    from pathlib import Path

    from qemutui.host import script
    from qemutui.host.content import StoreError

    command = _written(document, one_line, str(directory(document)))
    try:
        script.write(Path(output), command, over=force)
    except script.ExistsError as error:
        raise Problem(f"{error} --force replaces it.") from None
    except StoreError as error:
        raise Problem(str(error)) from None
    say(f"Wrote {output}.")
    return 0


def _written(document: "Document", one_line: bool, folder: str) -> str:
    write = shell.one_line if one_line else shell.multi_line
    try:
        return write(document.profile, build(document.profile), folder)
    except shell.CannotPassError as error:
        raise Problem(f"{document.path}: {error}.") from None
