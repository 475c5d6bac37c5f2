"""Finds the QEMU binary among the words of a command, and what stands before it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from qemutui.core.shell_words import ShellWord

_SURE = re.compile(r"\.?qemu-system-[\w.+-]+|qemu-kvm(?:[-.][\w.+-]+)?|kvm-spice|qemu-system")
_SHORT = ("qemu", "kvm")
_TOOL = re.compile(
    r"qemu-(?:img|nbd|io|ga|storage-daemon|bridge-helper|pr-helper|edid|keymap)|virtiofsd"
)
_USER_MODE = re.compile(r"qemu-[a-z0-9_]+(?:-static)?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
_OPTION = re.compile(r"--?[A-Za-z]")
_WRITTEN_LIKE_A_PROGRAM = re.compile(r"[a-z_$~./][^:=,\s]*")
CALLED_QEMU = re.compile(r"qemu|kvm", re.IGNORECASE)
"""Finds what suggests a QEMU in a text."""

_RESERVED = "! { } if then elif else fi while until do done esac coproc"
RESERVED = frozenset(_RESERVED.split())
"""The shell's words after which a command may begin."""

# What is given the name of a QEMU as an argument, and runs none.
_OTHERS = """
alias apk apt apt-cache apt-get aptitude brew cat cd chgrp chmod chown command cp curl cut dnf
docker dpkg echo emerge export file find flatpak for git grep egrep guix head help info install
kill killall kubectl ldd less ln locate ls make man meson ninja mkdir modprobe mv nix-env nm
objdump pacman pgrep pip pkill podman port printf ps pushd readlink realpath rm rpm scp sed set
snap ssh stat strings su tail tar test touch type unset update-alternatives virsh virt-install
wget whereis which yay yum zypper [ [[
"""
_NO_WRAPPERS = frozenset(_OTHERS.split())


class _Wrapper(NamedTuple):
    """How a program is called that runs another one."""

    letters: str = ""
    """Short options that take the next word."""
    words: int = 0
    """How many words stand before the program, options apart."""
    long: tuple[str, ...] = ()
    """Long options that take the next word."""


_WRAPPERS = {
    "sudo": _Wrapper("ugphCTrtRDU", 0, ("user", "group", "host", "chdir", "prompt", "close-from")),
    "doas": _Wrapper("uC"),
    "pkexec": _Wrapper("", 0, ("user",)),
    "runuser": _Wrapper("ugG", 0, ("user", "group")),
    "nohup": _Wrapper(),
    "setsid": _Wrapper(),
    "time": _Wrapper("fo", 0, ("format", "output")),
    "nice": _Wrapper("n", 0, ("adjustment",)),
    "ionice": _Wrapper("cn", 0, ("class", "classdata")),
    "chrt": _Wrapper("TPD", 1),
    "taskset": _Wrapper("", 1),
    "numactl": _Wrapper(
        "iNmCplwo", 0, ("interleave", "cpunodebind", "membind", "physcpubind", "preferred")
    ),
    "gdb": _Wrapper("xdpc", 0, ("ex", "iex", "command", "init-command", "cd")),
    "lldb": _Wrapper("osS"),
    "rr": _Wrapper("", 1),
    "perf": _Wrapper("eFocpCmIGr", 1),
    "strace": _Wrapper("abeEIoOPpsSuUX"),
    "ltrace": _Wrapper("aAeFlnopsuwxX"),
    "valgrind": _Wrapper(),
    "systemd-run": _Wrapper("EpuMHP", 0, ("unit", "property", "slice", "uid", "gid", "setenv")),
    "systemd-inhibit": _Wrapper(),
    "stdbuf": _Wrapper("ioe"),
    "timeout": _Wrapper("ks", 1, ("signal", "kill-after")),
    "unshare": _Wrapper("SGRw"),
    "nsenter": _Wrapper("tSG", 0, ("target",)),
    "chroot": _Wrapper("", 1),
    "cgexec": _Wrapper("g"),
    "prlimit": _Wrapper(),
    "setpriv": _Wrapper("", 0, ("reuid", "regid", "groups")),
    "env": _Wrapper("uCS", 0, ("unset", "chdir")),
    "xvfb-run": _Wrapper("neflpsw"),
    "dbus-run-session": _Wrapper(),
    "exec": _Wrapper("a"),
}


OPTIONS = 3
"""The rank of options without a program."""
NONE = 4
"""The rank of what runs no QEMU."""


class Choice(NamedTuple):
    """What of a command's words is the command of QEMU."""

    rank: int
    """0 a QEMU with options, 1 one without, 2 a variable, 3 options alone."""
    start: int
    """The first word of the argv, after what the shell itself takes."""
    program: int | None
    """The index of the binary among the words; None where there are options alone."""
    environment: dict[str, str]
    guessed: bool
    """Whether what stands before the program in the command is no wrapper that is known."""
    passing: str = ""
    """The script of a shell that opens files for the command (`exec "$@" 3<F`)."""


def base(text: str) -> str:
    """Returns the last part of a path, without what Windows adds to a program."""
    if text.endswith(".exe"):
        return re.split(r"[/\\]", text)[-1].removesuffix(".exe")
    return text.rpartition("/")[2]


def is_option(text: str) -> bool:
    """Tells whether a word looks like an option of QEMU."""
    return _OPTION.match(text) is not None


def is_emulator(text: str) -> bool:
    """Tells whether a word names a QEMU that runs machines."""
    name = base(text)
    return name in _SHORT or (_SURE.fullmatch(name) is not None and not _is_tool(name))


def _is_tool(name: str) -> bool:
    return _TOOL.fullmatch(name.replace("qemu-kvm-", "qemu-")) is not None


def refusal(text: str) -> str:
    """Returns why a word is no QEMU, as a clause that begins with the word."""
    name = base(text)
    if _is_tool(name):
        return f"“{name}” is a tool of QEMU and no emulator"
    if _USER_MODE.fullmatch(name):
        return f"“{name}” runs a program and no machine"
    return f"“{text if len(text) <= 40 else text[:39] + '…'}” is no QEMU"


def find(words: Sequence[ShellWord]) -> Choice | None:
    """Returns which QEMU a command runs; None where it runs none."""
    start = 0
    while start < len(words) and words[start].bare and words[start].text in RESERVED:
        start += 1
    start, environment = _own_of_shell(words, start)
    passing = ""
    opener = [word.text for word in words[start : start + 4]]
    if opener[:2] + opener[3:] == ["bash", "-c", "bash"] and opener[2].startswith('exec "$@" '):
        start, passing = start + 4, opener[2]
    if start == len(words):
        return None
    if words[start].text.startswith("-") and is_option(words[start].text):
        return Choice(OPTIONS, start, None, environment, False)
    at, guessed = start, False
    while not _is_program(words, at, sure=False):
        name = base(words[at].text)
        if name in _NO_WRAPPERS or _is_tool(name):
            return None
        wrapper = _WRAPPERS.get(name)
        if wrapper is None:
            found = next((n for n in range(at, len(words)) if _is_program(words, n, sure=True)), -1)
            if found < 0:
                return None
            at, guessed = found, True
            if not _WRITTEN_LIKE_A_PROGRAM.fullmatch(words[start].text):
                start = at  # “+ ”, “Command:” or prose
            break
        at = _after(words, at + 1, wrapper)
        if at >= len(words):
            return None
    word = words[at]
    named = is_emulator(word.text) or CALLED_QEMU.search(word.text) is not None
    options = any(one.text.startswith("-") for one in words[at + 1 :])
    return Choice(int(not options) if named else 2, start, at, environment, guessed, passing)


def behind_wrappers(words: Sequence[ShellWord], first: ShellWord) -> ShellWord:
    """Returns the program that known wrappers run, the first of which is `first`."""
    at = words.index(first)
    while at < len(words) and (wrapper := _WRAPPERS.get(base(words[at].text))):
        at = _after(words, at + 1, wrapper)
    return words[at] if at < len(words) else first


def _own_of_shell(words: Sequence[ShellWord], start: int) -> tuple[int, dict[str, str]]:
    """Returns where the argv begins, and the variables that are set for it."""
    environment: dict[str, str] = {}
    while start < len(words):
        word = words[start]
        found = _ASSIGNMENT.match(word.text[: word.plain])
        following = words[start + 1].text if start + 1 < len(words) else ""
        if found:
            environment[found[0].rstrip("+=")] = word.text[found.end() :]
            start += 1
        elif word.bare and word.text in ("exec", "command", "builtin", "time"):
            if following.startswith("-") and (word.text, following) != ("time", "-p"):
                break
            start += 2 if following == "-p" else 1
        else:
            break
    if start < len(words) and base(words[start].text) == "env":
        at = start + 1
        if at < len(words) and words[at].text == "--":
            at += 1
        elif at < len(words) and words[at].text.startswith("-"):
            return start, environment
        while at < len(words) and "=" in words[at].text[1:]:
            name, _, value = words[at].text.partition("=")
            environment[name] = value
            at += 1
        if [word.text for word in words[at : at + 3]] == ["nice", "-n", "0"]:
            # `core.shell` puts it before a program that env would take for a variable.
            at += 3 if "=" in "".join(word.text for word in words[at + 3 : at + 4]) else 0
        start = at
    return start, environment


def _is_program(words: Sequence[ShellWord], at: int, *, sure: bool) -> bool:
    """Tells whether a word in the place of a program is QEMU; `sure`: it stands anywhere."""
    word = words[at]
    option_follows = at + 1 < len(words) and is_option(words[at + 1].text)
    if word.kept and word.text.startswith(("$", "`")):
        called = CALLED_QEMU.search(word.kept) is not None
        if sure:
            return called and option_follows
        # A variable may be a wrapper with options of its own.
        return called or (
            option_follows
            and not any(_is_program(words, n, sure=True) for n in range(at + 1, len(words)))
        )
    if not sure:
        return is_emulator(word.text)
    if base(word.text) in _SHORT:
        return option_follows and not words[at - 1].text.startswith("-")
    return is_emulator(word.text) and (option_follows or at + 1 == len(words))


def _after(words: Sequence[ShellWord], at: int, wrapper: _Wrapper) -> int:
    """Returns the place of the program that a wrapper runs, whose own words begin at `at`."""
    positional = wrapper.words
    while at < len(words):
        text = words[at].text
        if text in ("--", "--args"):
            return at + 1 + positional
        if text.startswith("-") and len(text) > 1:
            name = text.lstrip("-")
            if text.startswith("--") or name in wrapper.long:
                takes = name in wrapper.long
            else:
                # The last letter of several may take the next word; an earlier one has its own.
                first = next((n for n, sign in enumerate(name) if sign in wrapper.letters), -1)
                takes = first == len(name) - 1
            at += 2 if takes else 1
        elif positional:
            positional -= 1
            at += 1
        elif "=" in text and not is_emulator(text):
            at += 1  # a variable for sudo or env
        else:
            return at
    return at
