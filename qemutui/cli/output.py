"""What a command prints: data on standard output, everything else on standard error."""

import os
import sys

from qemutui.core.text import clean


class Problem(Exception):  # noqa: N818 - it is the user's to solve, and no fault of the program
    """What was asked for cannot be done; the message says why, in one line."""


def print_exactly(text: str) -> None:
    """Prints text in the bytes that a program would get it as an argument.

    Raises:
        Problem: Standard output does not take it.
        UnicodeEncodeError: The locale has no bytes for a character.
    """
    _print(os.fsencode(text))


def print_line(text: str) -> None:
    """Prints one line, safe to draw, whatever the encoding of this locale. Raises Problem."""
    _print(clean(text).encode(sys.getfilesystemencoding(), "backslashreplace"))


def print_json(value: object) -> None:
    """Prints a value as JSON in ASCII, so that no terminal obeys it. Raises Problem."""
    import json

    _print(json.dumps(value, indent=2).encode("ascii"))


def print_json_line(value: object) -> None:
    """Prints a value as JSON on one line. Raises Problem."""
    import json

    _print(json.dumps(value).encode("ascii"))


def print_bytes(data: bytes) -> None:
    """Prints bytes as they are. Raises Problem."""
    _print(data, end=False)


def _print(text: bytes, *, end: bool = True) -> None:
    if sys.stdout is None:  # click prints nothing then, and says nothing
        raise Problem("Standard output is closed.")
    import click

    try:
        click.echo(text, nl=end)
    except BrokenPipeError:
        raise  # whoever read it has left, which is no problem of theirs
    except OSError as error:
        raise Problem(f"Standard output cannot be written: {error.strerror}.") from None


def say(message: str) -> None:
    """Prints one line to standard error, safe to draw: what is no data."""
    import click

    click.echo(f"qemutui: {clean(message)}", err=True)
