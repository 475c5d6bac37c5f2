"""Finds the field that an error line of QEMU speaks of. None is better than a wrong one."""

import re
from collections.abc import Iterable, Iterator

from qemutui.core import error_words
from qemutui.core.argument import Argument, Token
from qemutui.core.keyval import Path
from qemutui.core.severity import unstamped

# What QEMU quotes in its messages: 'name', “name”, "name" or `name'; a property may come as
# 'type.name'.
_QUOTED = re.compile(r"['\"“‘`]([^'\"“”‘’`]+)['\"”’]")

# `qemu-system-x86_64: -nope: invalid option`
_OPTION = re.compile(r"\S+: (-[^\s:]+)(?::? )")

_LONGEST = 8 << 10
"""Characters of a line that are looked at; an error of QEMU is never as long."""
_LEAST = 4
"""Characters of a value from which it is sought unquoted."""
_STANDS_FOR = {"driver": "type", "qom-type": "type", "backend": "type", "node-name": "id"}
"""What QEMU calls the type and the id of an item."""


def field_of(line: str, command: tuple[Argument, ...]) -> Path | None:
    """Returns the path of the field that an error line names, or None where none can be told.

    Most messages begin with the option and its argument exactly as given (`error_vprintf` with a
    location, `util/error-report.c`): `qemu-system-x86_64: -device x,netdev=no: Property …`.
    """
    line = unstamped(line[:_LONGEST])
    arguments = [argument for argument in command if len(argument.words) > 1]
    best: tuple[int, Argument] | None = None
    for argument in arguments:
        echoed = " ".join(argument.words)
        at = line.find(f" {echoed}: ")
        # Of two that are alike QEMU refuses the second: the first it has taken.
        if at >= 0 and (best is None or len(echoed) >= best[0]):
            best = (len(echoed), argument)
    if best is not None:
        message = line.split(f" {' '.join(best[1].words)}: ", 1)[1]
        return _narrowed(message, best[1], arguments)
    return (
        _by_words(line, arguments)
        or _by_option(line, command)
        or _by_name(line, arguments)
        or _by_value(line, arguments)
        or _by_bare_value(line, arguments)
        or _positional(line, command)
    )


def _positional(line: str, command: tuple[Argument, ...]) -> Path | None:
    """Returns where an image stands that is named without an option."""
    quoted = _QUOTED.findall(line)
    found = [
        argument.path
        for argument in command[1:]
        if len(argument.words) == 1 and argument.words[0] in quoted
    ]
    return found[0] if len(found) == 1 else None


def _narrowed(message: str, argument: Argument, arguments: list[Argument]) -> Path:
    """Returns the property that the message speaks of, else the whole item."""
    if "cannot initialize fsdev" in message:  # the device is refused for what its fsdev names
        found = _by_value(message.partition("failed to open")[2], arguments)
        if found is not None:
            return found
    quoted = [_STANDS_FOR.get(word, word) for word in _QUOTED.findall(message)]
    for word in quoted:
        name = word.rsplit(".", 1)[-1]
        for token in argument.tokens:
            if str(token.path[-1]) in (name, word):
                return token.path
    if (key := _wanted(message)) and (path := _of_key(argument, key)):
        return path
    for pattern, keys in error_words.IN_ITEM:
        if pattern.search(message):
            for key in keys:
                if path := _of_key(argument, key):
                    return path
            if keys == ("id",) and len(argument.path) > 1:
                return (*argument.path, "id")
            break
    for word in quoted:
        for token in argument.tokens:
            if _value(argument, token) == word:
                return token.path
    return _by_bare_value(message, [argument]) or argument.path


def _wanted(message: str) -> str:
    """Returns the key that a message begins with, or that it wants to be set."""
    if match := error_words.GIVEN.match(message):
        return match["key"]
    match = error_words.NOT_SET.search(message)
    return (match["key"] or match["other"]) if match else ""


def _of_key(argument: Argument, key: str) -> Path | None:
    return next((token.path for token in argument.tokens if token.path[-1] == key), None)


def _by_words(line: str, arguments: list[Argument]) -> Path | None:
    """Returns the field of a message that echoes no option, by its words."""
    fields = {token.path for token in _tokens(arguments)}
    if match := error_words.CPU_FEATURE.search(line):
        return _cpu_feature(match["name"], arguments) or ("cpu", "model")
    if error_words.CPU_ENFORCED.search(line):
        return _cpu_feature("enforce", arguments) or ("cpu", "model")
    if match := error_words.TOPOLOGY.search(line):
        return ("smp", match["key"])
    if match := error_words.AUDIO_MODULE.search(line):
        types = {
            token.path
            for argument in arguments
            for token in argument.tokens
            if token.path[0] == "audiodev" and _value(argument, token) == match["type"]
        }
        return types.pop() if len(types) == 1 else None
    if match := error_words.MACHINE_KEY.search(line):
        key = match["key"] or match["option"] or "memory-backend"
        return ("machine", key) if ("machine", key) in fields else None
    if match := error_words.OF_TYPE.search(line):
        key, kind, value = match.groups()
        return _of_type(key, kind, value, arguments)
    for pattern, option in error_words.OF_OPTION:
        if pattern.search(line):
            found = [argument for argument in arguments if argument.words[0] == option]
            return found[-1].tokens[-1].path if found and found[-1].tokens else None
    for pattern, paths in error_words.ALONE:
        if pattern.search(line):
            return next((path for path in paths if path in fields), paths[-1])
    return None


def _of_type(key: str, kind: str, value: str, arguments: list[Argument]) -> Path | None:
    """Returns the property of the only item of a type that has this value."""
    found = []
    for argument in arguments:
        values = {token.path[-1]: _value(argument, token) for token in argument.tokens}
        if values.get("type") == kind and values.get(key) == value:
            found.append((*argument.path, key))
    return found[0] if len(found) == 1 else None


def _cpu_feature(name: str, arguments: list[Argument]) -> Path | None:
    """Returns where a feature is switched: `+name`, `-name`, `name=on`."""
    for argument in arguments:
        for token in argument.tokens:
            text = argument.words[token.word][token.start : token.end]
            switched = text.lstrip("+-").partition("=")[0].replace("_", "-")
            if token.path[:2] == ("cpu", "features") and switched == name.replace("_", "-"):
                return token.path
    return None


def _by_option(line: str, command: tuple[Argument, ...]) -> Path | None:
    """Returns the field of the option that begins a message: `-append only allowed with …`."""
    match = _OPTION.match(line)
    if match is None:
        return None
    found = [argument for argument in command if argument.words[0] == match[1]]
    bare = [argument for argument in found if len(argument.words) == 1]
    if len(bare or found) != 1:
        return None
    (argument,) = bare or found
    return argument.tokens[-1].path if len(argument.tokens) == 1 else argument.path


def _by_name(line: str, arguments: Iterable[Argument]) -> Path | None:
    """Returns the field whose name is quoted: `smp.cpus`, or `pc-i440fx-7.2-machine.smm`.

    A name without its table, as in `Parameter 'usb' expects 'on' or 'off'`, is one of `-machine`,
    or of the only field that is called so.
    """
    fields = {token.path for token in _tokens(arguments)}
    for quoted in _QUOTED.findall(line):
        table, _, name = quoted.rpartition(".")
        path = ("machine" if table.endswith("-machine") else table, name)
        if path in fields:
            return path
    match = re.search(r"(?:Parameter|Property|parameter) '([^']+)'", line)
    if match is None:
        return None
    if ("machine", match[1]) in fields:
        return ("machine", match[1])
    named = [path for path in fields if path[-1] == match[1]]
    return named[0] if len(named) == 1 else None


def _by_value(line: str, arguments: Iterable[Argument]) -> Path | None:
    """Returns the field whose value the line quotes, if exactly one has it."""
    arguments = list(arguments)
    for quoted in _QUOTED.findall(line):
        found = {
            token.path
            for argument in arguments
            for token in argument.tokens
            if _value(argument, token) == quoted
        }
        if len(found) == 1:
            return found.pop()
    return None


def _by_bare_value(line: str, arguments: Iterable[Argument]) -> Path | None:
    """Returns the field whose value stands in the line without quotes, if exactly one does.

    Of values that hold one another the longest counts; a folder also stands for what is in it.
    """
    found: dict[str, set[Path]] = {}
    for argument in arguments:
        for token in argument.tokens:
            value = _value(argument, token)
            if token.path[-1] == "type" and "not found" not in line:
                continue  # types are words that stand everywhere
            if len(value) >= _LEAST and _stands_in(value, line):
                found.setdefault(value, set()).add(token.path)
    if not found:
        return None
    paths = found[max(found, key=len)]
    return paths.pop() if len(paths) == 1 else None


def _stands_in(value: str, line: str) -> bool:
    at = line.find(value)
    while at >= 0:
        before, behind = line[at - 1 : at], line[at + len(value) : at + len(value) + 1]
        is_end = (
            not behind
            or not (behind.isalnum() or behind in "_-.")
            or line[at + len(value) :].startswith((". ", ".\n"))
        )
        if is_end and not (before.isalnum() or before in tuple("_-./")):
            return True
        at = line.find(value, at + 1)
    return False


def _tokens(arguments: Iterable[Argument]) -> Iterator[Token]:
    for argument in arguments:
        yield from argument.tokens


def _value(argument: Argument, token: Token) -> str:
    text = argument.words[token.word][token.start : token.end]
    return text.split("=", 1)[-1].replace(",,", ",")
