"""Writes a command so that a POSIX shell reads it back word for word.

Source: POSIX.1-2017, Shell Command Language (quoting in 2.2, redirection in 2.7) and `printf`.
Tried with dash and bash; what they disagree on is not used.
"""

import re
from collections.abc import Iterable

from qemutui.core import keyval
from qemutui.core.argv import Argument
from qemutui.core.keyval import Path
from qemutui.core.profile import PassedFd, Profile, dotted
from qemutui.core.text import clean

FIRST_FD = 3
"""The descriptor of the first passed file."""

_BARE = re.compile(r"[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = {"r": "<", "w": ">", "r+": "<>", "a": ">>"}
_CONTINUED = " \\\n    "

# What dash or bash do themselves where a program of this name is meant.
_SHELL_WORDS = """
. : ! [ [[ { } alias bg bind break builtin caller case cd command compgen complete compopt continue
coproc declare dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi
for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd
pwd read readarray readonly return select set shift shopt source suspend test then time times trap
true type typeset ulimit umask unalias unset until wait while
""".replace("\n", " ")


class CannotPassError(ValueError):
    """No shell can run the command: what of the profile is to blame, and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{dotted(path)}: {reason}")
        self.path = path
        self.reason = reason


def quote(word: str) -> str:
    """Returns one word quoted for a POSIX shell; as it is where nothing in it means anything.

    What a terminal could obey is written in octal, by `printf`. `$(…)` drops the line feeds at the
    end of what it reads, so that those of a word stand as they are, in quotes of their own.
    A surrogate escape (`os.fsdecode`) stands for its byte.

    Raises:
        ValueError: The word holds NUL or half a surrogate pair, which no argument can.
    """
    if _BARE.fullmatch(word):
        return word
    if "\0" in word:
        raise ValueError("NUL cannot be passed to a program")
    if clean(word) == word:
        return "'" + word.replace("'", "'\\''") + "'"
    body = word.rstrip("\n")
    feeds = word[len(body) :]
    if not body:
        quoted = ""
    elif clean(body) == body:
        quoted = quote(body)
    else:
        written = "".join(_printed(sign) for sign in body)
        # printf takes what begins with a dash for an option.
        written = f"\\055{written[1:]}" if written.startswith("-") else written
        quoted = f"\"$(printf '{written}')\""
    return f"{quoted}'{feeds}'" if feeds else quoted


def _printed(sign: str) -> str:
    """Returns a character as it stands in printf's format, in single quotes."""
    if sign in "\\%":
        return sign * 2
    # Inside double quotes !word can stand for an earlier command in an interactive bash.
    if sign not in "'!" and clean(sign) == sign:
        return sign
    try:
        code = sign.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ValueError("half a surrogate pair cannot be passed to a program") from None
    return "".join(f"\\{byte:03o}" for byte in code)


def one_line(profile: Profile, command: Iterable[Argument], directory: str = "") -> str:
    """Returns the command of a profile on one line (a word that ends in a line feed breaks it).

    `command` is what `core.argv.build` made of the profile, with what is added to it or without;
    its environment and the files that are passed are written too. `directory` is where QEMU is to
    run; empty: where the caller is.

    Raises:
        CannotPassError: A word, the environment or a passed file cannot be written for a shell.
    """
    return " ".join(_pieces(profile, command, directory))


def multi_line(profile: Profile, command: Iterable[Argument], directory: str = "") -> str:
    """Returns what `one_line` does, continued over lines: the program, then one option on each."""
    return _CONTINUED.join(_pieces(profile, command, directory))


def _pieces(profile: Profile, command: Iterable[Argument], directory: str) -> list[str]:
    arguments = list(command)
    last = next((n for n, one in enumerate(arguments) if one.path == ("binary",)), 0)
    start = arguments[: last + 1]
    program = start[0].words[0]
    words = [word for argument in start for word in _words(argument)]
    environment = _environment(profile)
    files = _redirections(profile.fd)
    if len(files) + FIRST_FD > 10:
        # dash and zsh read one digit before a redirection; all but bash would open another file.
        words = ["bash", "-c", quote(f'exec "$@" {" ".join(files)}'), "bash", *words]
        files = []
    elif "=" in program and environment:
        words = ["nice", "-n", "0", *words]  # env would take it for one more variable
    elif _BARE.fullmatch(program) and "=" in program:
        words[0] = f"'{program}'"
    elif f" {program} " in _SHELL_WORDS and not environment:
        environment = ["env"]
    moved = []
    if directory:
        path = f"./{directory}" if directory.startswith("-") else directory
        moved = ["cd", _quoted(("launch", "directory"), path), "&&"]
    pieces = [" ".join([*moved, *environment, *words])]
    options = [" ".join(_words(argument)) for argument in arguments[last + 1 :]]
    return pieces + options + files


def _words(argument: Argument) -> list[str]:
    try:
        return [quote(word) for word in argument.words]
    except ValueError as error:
        # The whole is known to fail; which field wrote the part that does?
        for token in argument.tokens:
            _quoted(token.path, argument.words[token.word][token.start : token.end])
        raise CannotPassError(argument.path, str(error)) from None


def _quoted(path: Path, word: str) -> str:
    try:
        return quote(word)
    except ValueError as error:
        raise CannotPassError(path, str(error)) from None


def _environment(profile: Profile) -> list[str]:
    """Returns `env` and its variables, or nothing where the profile sets none."""
    words = []
    for name, value in profile.launch.environment.items():
        path = ("launch", "environment", name)
        if not name or "=" in name:
            raise CannotPassError(path, "no variable can have this name")
        text = keyval.text(value)
        whole = not _NAME.fullmatch(name)
        quoted = _quoted(path, f"{name}={text}" if whole else text)
        words.append(quoted if whole else f"{name}={quoted}")
    if next(iter(profile.launch.environment), "").startswith("-"):
        words.insert(0, "--")
    return ["env", *words] if words else []


def _redirections(files: Iterable[PassedFd]) -> list[str]:
    """Returns a redirection for each passed file; one that is off keeps its number."""
    redirections = []
    for index, file in enumerate(files):
        operator, name = "<>", "/dev/null"
        if not file.off:
            name = "" if file.path is None else keyval.text(file.path)
            mode = "r" if file.mode is None else keyval.text(file.mode)
            if not name:
                raise CannotPassError(("fd", index, "path"), "no file is named")
            if mode not in _OPERATORS:
                raise CannotPassError(("fd", index, "mode"), "is none of r, w, r+, a")
            operator = _OPERATORS[mode]
        quoted = _quoted(("fd", index, "path"), name)
        redirections.append(f"{FIRST_FD + index}{operator}{quoted}")
    return redirections
