"""Finds the field that an error line of QEMU speaks of."""

import re
from collections.abc import Iterable

from qemutui.core.argv import Argument
from qemutui.core.keyval import Path

# What QEMU quotes in its messages: 'name', “name” or "name"; a property may come as 'type.name'.
_QUOTED = re.compile(r"['\"“‘]([^'\"“”‘’]+)['\"”’]")

# `qemu-system-x86_64: -nope: invalid option`
_OPTION = re.compile(r"\S+: (-[^\s:]+)(?::? )")

_FILES = {
    "could not load kernel": ("boot", "kernel"),
    "could not load initrd": ("boot", "initrd"),
    "could not load PC BIOS": ("boot", "bios"),
    "unsupported machine type": ("machine", "type"),
    "invalid accelerator": ("machine", "accel"),
    "unable to find CPU model": ("cpu", "model"),
    "No accelerator selected": ("machine", "accel"),
}
"""Messages that do not echo their option (`system/vl.c`, `hw/i386/pc_sysfw.c`, `x86.c`)."""


def field_of(line: str, command: tuple[Argument, ...]) -> Path | None:
    """Returns the path of the field that an error line names, or None where none can be told.

    Most messages begin with the option and its argument exactly as given (`error_vprintf` with a
    location, `util/error-report.c`): `qemu-system-x86_64: -device x,netdev=no: Property …`.
    """
    arguments = [argument for argument in command if len(argument.words) > 1]
    best: tuple[int, Argument] | None = None
    for argument in arguments:
        echoed = " ".join(argument.words)
        at = line.find(f" {echoed}: ")
        if at >= 0 and (best is None or len(echoed) > best[0]):
            best = (len(echoed), argument)
    if best is not None:
        return _narrowed(line.split(f"{' '.join(best[1].words)}: ", 1)[1], best[1])
    for words, path in _FILES.items():
        if words.lower() in line.lower():
            return path
    return _by_option(line, command) or _by_name(line, arguments) or _by_value(line, arguments)


def _by_option(line: str, command: tuple[Argument, ...]) -> Path | None:
    """Returns the field of the option that begins a message: `-append only allowed with …`."""
    match = _OPTION.match(line)
    for argument in command if match is not None else ():
        if match is not None and argument.words[0] == match[1]:
            return argument.tokens[-1].path if len(argument.words) > 1 else argument.path
    return None


def _by_name(line: str, arguments: Iterable[Argument]) -> Path | None:
    """Returns the field whose name is quoted: `smp.cpus`, or `pc-i440fx-7.2-machine.smm`."""
    fields = {token.path for argument in arguments for token in argument.tokens}
    for quoted in _QUOTED.findall(line):
        table, _, name = quoted.rpartition(".")
        path = ("machine" if table.endswith("-machine") else table, name)
        if path in fields:
            return path
    return None


def _narrowed(message: str, argument: Argument) -> Path:
    """Returns the property that the message quotes, else its value's, else the whole item."""
    for quoted in _QUOTED.findall(message):
        name = quoted.rsplit(".", 1)[-1]
        for token in argument.tokens:
            if str(token.path[-1]) in (name, quoted):
                return token.path
    for quoted in _QUOTED.findall(message):
        for token in argument.tokens:
            text = argument.words[token.word][token.start : token.end]
            if text.split("=", 1)[-1].replace(",,", ",") == quoted:
                return token.path
    return argument.path


def _by_value(line: str, arguments: Iterable[Argument]) -> Path | None:
    """Returns the field whose value the line quotes, if exactly one has it."""
    for quoted in _QUOTED.findall(line):
        found = {
            token.path
            for argument in arguments
            for token in argument.tokens
            if _value(argument, token.word, token.start, token.end) == quoted
        }
        if len(found) == 1:
            return found.pop()
    return None


def _value(argument: Argument, word: int, start: int, end: int) -> str:
    text = argument.words[word][start:end]
    return text.split("=", 1)[-1].replace(",,", ",")


_LONGEST_NAME = 200
"""Characters of a line in which it tells what it is; a flood may have lines of any length."""
_PROGRAM = re.compile(r"\S*(?:qemu|kvm)\S*: (?P<rest>.*)", re.DOTALL)
_HARMLESS = ("warning:", "info:", "terminating on signal")


def severity_of(line: str) -> str:
    """Returns `error` or `warning` for what QEMU says of itself, else nothing.

    `util/error-report.c` begins a line with the program's name, and a warning with `warning:`.
    """
    match = _PROGRAM.match(line[:_LONGEST_NAME])
    if match is None:
        return ""
    rest = match["rest"]
    if "warning: " in rest:
        return "warning"
    return "" if rest.startswith(_HARMLESS) else "error"
