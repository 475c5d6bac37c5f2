"""Builds the command of a profile, and says which field each part of it came from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from qemutui.core import keyval, options
from qemutui.core.argument import Argument as Argument
from qemutui.core.argument import OptionValue
from qemutui.core.argument import Token as Token
from qemutui.core.groups import GROUPS, Group
from qemutui.core.keyval import Path, Scalar, Value
from qemutui.core.per_item import PerItem
from qemutui.core.profile import (
    DEFAULT_BINARY,
    Boot,
    Cpu,
    Item,
    Machine,
    Options,
    Profile,
    QmpSocket,
    Words,
)


def words_of(value: Words | None) -> tuple[str, ...]:
    """Returns a list of texts as texts; one text alone is a list of itself."""
    if value is None:
        return ()
    if isinstance(value, tuple):
        return tuple(keyval.text(word) for word in value)
    return (keyval.text(value),)


def needs_json(group: Group, item: Item) -> bool:
    """Tells whether key=value cannot express an item of this group."""
    return any(not _is_key(key) or _is_beyond_keys(group, value) for key, value in item.properties)


def _is_key(key: str) -> bool:
    """Tells whether key=value can begin with a key; with a brace it would be JSON."""
    return key != "" and key[0] != "{" and "=" not in key and "," not in key


def _is_beyond_keys(group: Group, value: Value) -> bool:
    """Tells whether key=value cannot write a list or a table of this group."""
    if isinstance(value, tuple):
        if group.lists == "no":
            return True
        nested = [element for element in value if isinstance(element, tuple | dict)]
        # Nothing is written for an empty one: the indices after it would not follow.
        return any(
            group.lists == "repeat" or not element or _is_beyond_keys(group, element)
            for element in nested
        )
    if isinstance(value, dict):
        return not group.tables or any(
            not _is_key(key) or _is_beyond_keys(group, element) for key, element in value.items()
        )
    return False


def is_json(group: Group, item: Item) -> bool:
    """Tells whether an item is written as JSON: as asked for, or as nothing else can say it."""
    return group.json and (item.as_json or needs_json(group, item))


def _json_item(group: Group, item: Item, path: Path) -> OptionValue:
    value = OptionValue(path)
    for key, content in _passed(item):
        written = content
        if key in ("type", "id"):
            written = keyval.text(cast("Scalar", content))
        elif group.boxed and isinstance(content, tuple):
            written = tuple(
                e if isinstance(e, tuple | dict) else {"str": keyval.text(e)} for e in content
            )
        name = keyval.to_json(_own_key(group, key))
        value.add(f"{name}:{keyval.to_json(written)}", (*path, key))
    value.text = f"{{{value.text}}}"
    value.tokens = [t._replace(start=t.start + 1, end=t.end + 1) for t in value.tokens]
    return value


def _own_key(group: Group, key: str) -> str:
    """Returns QEMU's own name of a key of an item."""
    return group.type_key or key if key == "type" else group.id_key if key == "id" else key


def _passed(item: Item) -> Iterator[tuple[str, Value]]:
    """Yields what QEMU gets of an item, in file order: no key of ours, no empty type or id."""
    for key, value in item.root.items():
        if not key.startswith("_") and (value not in ("", ()) or key not in ("type", "id")):
            yield key, value


def build_item(group: Group, item: Item, index: int) -> Argument:
    """Returns the argument of one item, the index-th of its group.

    Keys have the order of the file, but for a bare type, which QEMU reads in the first place only.
    """
    path: Path = (group.name, index)
    if is_json(group, item):
        return _json_item(group, item, path).argument(group.option)
    value = OptionValue(path)
    bare = group.bare_type and item.type != ""
    if bare:
        value.add_first(group.type_key, item.type, (*path, "type"), "={," if group.keyval else "={")
    for key, content in _passed(item):
        if key != "type" or not bare:
            value.add_property(_own_key(group, key), content, group.lists, (*path, key))
    return value.argument(group.option)


def _name(profile: Profile) -> Iterator[Argument]:
    name = profile.name
    value = OptionValue(("name",))
    if isinstance(name, dict):
        value.add_properties(name.items(), "repeat")
    elif name is not None and keyval.text(name):
        value.add_first("guest", name, ("name",), "=")
    if value.tokens:
        yield value.argument("-name")


def _in_order(table: Options, fields: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """Yields the fields that are meant and the keys without a field, as the file orders them."""
    return (
        (key, content)
        for key, content in table.written.items()
        if key in fields or key not in type(table).model_fields
    )


def _options(name: str, option: str, table: Options, *fields: str) -> Iterator[Argument]:
    """Yields a table that `util/keyval.c` reads as one option, its first field without a key.

    The others have the order of the file.
    """
    value = OptionValue((name,))
    first: Scalar | None = getattr(table, fields[0])
    if first is not None:
        value.add_first(fields[0], first, (name, fields[0]), "={,")
    rest = ((key, content) for key, content in _in_order(table, fields) if key != fields[0])
    value.add_properties(rest, "index")
    if value.tokens:
        yield value.argument(option)


def _machine(machine: Machine) -> Iterator[Argument]:
    value = OptionValue(("machine",))
    if machine.type is not None and keyval.text(machine.type):
        value.add_first("type", machine.type, ("machine", "type"), "={,")
    for key, content in _in_order(machine, ("accel",)):
        if key != "accel":
            value.add_property(key, content, "index", ("machine", key))
        elif content != ():
            value.add_field("accel", ":".join(words_of(machine.accel)), ("machine", "accel"))
    if value.tokens:
        yield value.argument("-machine")


def _cpu(cpu: Cpu) -> Iterator[Argument]:
    features = words_of(cpu.features)
    if not features and (cpu.model is None or not keyval.text(cpu.model)):
        return
    value = OptionValue(("cpu",))
    # A CPU's parser knows no escape for a comma (target/i386/cpu.c, x86_cpu_parse_featurestr).
    if cpu.model is None:
        value.text = ","
    else:
        value.add(keyval.text(cpu.model), ("cpu", "model"))
    for index, feature in enumerate(features):
        whole = ("cpu", "features")
        value.add(feature, (*whole, index) if isinstance(cpu.features, tuple) else whole)
    yield value.argument("-cpu")


def _boot(boot: Boot) -> Iterator[Argument]:
    for name in options.BOOT_OPTIONS:
        field: Scalar | None = getattr(boot, name)
        if field is not None:
            text = keyval.text(field)
            path = ("boot", name)
            yield Argument((f"-{name}", text), path, (Token(1, 0, len(text), path),))
    yield from _options("boot", "-boot", boot, "order", "menu")


_SMP = ("cpus", "maxcpus", "sockets", "cores", "threads")

_NETWORK = frozenset({"tcp", "telnet", "tn3270", "websocket"})
"""The types of a monitor that begin with `TYPE:HOST:PORT` (`chardev/char.c`)."""


def _qmp(qmp: QmpSocket) -> Iterator[Argument]:
    value = OptionValue(("qmp",))
    kind = "" if qmp.type is None else keyval.text(qmp.type)
    fields = dict(_in_order(qmp, ("path", "host", "port", "server", "wait")))
    if kind in _NETWORK:
        value.add(kind, ("qmp", "type"))
        value.text += ":"
        host = "" if qmp.host is None else keyval.text(qmp.host)
        # The part before the port has 64 bytes, ends at the first colon, even between brackets,
        # and knows no escape. QEMU takes a later `host=` instead of it.
        if qmp.host is not None and len(host) <= 64 and not set(host) & set(":,"):
            value.add(host, ("qmp", "host"), "")
            fields.pop("host", None)
        if qmp.port is not None:
            value.add(keyval.escape(keyval.text(qmp.port)), ("qmp", "port"), ":")
            fields.pop("port", None)
    elif kind:
        value.add(kind, ("qmp", "type"))
        if qmp.path is not None:
            value.text += ":"
            # Spelled, as an equals sign in the path would end a key; other types know no keys.
            path = keyval.text(qmp.path)
            unix = kind == "unix"
            value.add(f"path={keyval.escape(path)}" if unix else path, ("qmp", "path"), "")
            fields.pop("path", None)
    value.add_properties(fields.items(), "repeat")
    if value.tokens:
        yield value.argument("-qmp")


def _words(words: Words | None, path: Path) -> list[Token]:
    """Returns a token for each word of a list, the words counted from 0."""
    return [
        Token(index, 0, len(word), (*path, index) if isinstance(words, tuple) else path)
        for index, word in enumerate(words_of(words))
    ]


def _extra(extra: Words | None) -> Iterator[Argument]:
    """Yields the arguments that have no field, each option together with its value."""
    words = words_of(extra)
    tokens = _words(extra, ("extra",))
    for option in options.read(words):
        end = option.place + option.size
        own = tuple(
            token._replace(word=token.word - option.place) for token in tokens[option.place : end]
        )
        yield Argument(words[option.place : end], own[0].path, own, "extra")


def binary(profile: Profile) -> str:
    """Returns the program that the profile runs, as written, or the default one."""
    return ("" if profile.binary is None else keyval.text(profile.binary)) or DEFAULT_BINARY


def _binary(profile: Profile) -> Argument:
    word, path = binary(profile), ("binary",)
    own = profile.binary not in (None, "")
    return Argument((word,), path, (Token(0, 0, len(word), path),) if own else ())


class Builder:
    """Builds commands one after the other, and builds anew only the items that are new."""

    def __init__(self) -> None:
        self._items = PerItem(_unless_off)

    def build(self, profile: Profile, added: Iterable[Argument] = ()) -> tuple[Argument, ...]:
        """Returns the command: wrapper, binary, options, `extra`, and what qemutui adds."""
        command: list[Argument] = []
        wrapper = () if profile.launch.wrapper == "" else words_of(profile.launch.wrapper)
        if wrapper:
            path = ("launch", "wrapper")
            command.append(Argument(wrapper, path, tuple(_words(profile.launch.wrapper, path))))
        command.append(_binary(profile))
        command.extend(_name(profile))
        command.extend(_machine(profile.machine))
        command.extend(_cpu(profile.cpu))
        command.extend(_options("memory", "-m", profile.memory, "size", "slots", "maxmem"))
        command.extend(_options("smp", "-smp", profile.smp, *_SMP))
        command.extend(_boot(profile.boot))
        command.extend(_qmp(profile.qmp))
        for group in GROUPS:
            command.extend(filter(None, self._items.of(group, profile.items(group.name))))
        command.extend(_extra(profile.extra))
        command.extend(added)
        return tuple(command)


def _unless_off(group: Group, item: Item, index: int) -> Argument | None:
    return None if item.off else build_item(group, item, index)


def build(profile: Profile, added: Iterable[Argument] = ()) -> tuple[Argument, ...]:
    """Returns the command of a profile.

    The order is: wrapper, binary, what the guest is, its kernel, `-qmp`, backends, devices,
    `extra`, and last `added`, which is what qemutui adds for a run.
    """
    return Builder().build(profile, added)


def words(command: Iterable[Argument]) -> list[str]:
    """Returns the argv itself; element 0 is the program that is executed."""
    return [word for argument in command for word in argument.words]
