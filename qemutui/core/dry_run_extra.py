"""What a dry run makes of the arguments of `extra`. Each keeps its place and its kind."""

from collections.abc import Sequence

from qemutui.core import options, qemu_json
from qemutui.core.groups import GROUPS
from qemutui.core.keyval import to_json
from qemutui.core.options import Option
from qemutui.core.stand_ins import (
    NotTriedError,
    Pairs,
    Purpose,
    StandIn,
    Table,
    change_item,
    change_machine,
    change_socket,
    is_on,
)

_GROUPS = {group.option[1:]: group for group in GROUPS}
_CHARDEVS = frozenset(
    {"serial", "parallel", "monitor", "qmp", "qmp-pretty", "debugcon", "gdb", "qtest"}
)
"""Options whose value is a character device in the old form, `unix:PATH,server=on`."""
_WRITTEN: dict[str, Purpose] = {
    "D": "write",
    "pidfile": "lock",
    "dump-vmstate": "write",
    "qtest-log": "write",
    "mem-path": "memory",
    "readconfig": "config",
}
_FLAGS_LEFT_OUT = frozenset({"daemonize", "perfmap", "jitdump"})
"""They would leave a process or a file behind."""
_NOTHING = ("-msg", "timestamp=off")
"""An option with a value that changes nothing."""
_DISPLAYS = frozenset({"display", "sdl", "curses", "gtk", "spice"})
_INCOMING = frozenset({"tcp", "unix", "fd", "exec", "rdma", "vsock", "file"})


class Changed:
    """The arguments of `extra` as a dry run has them."""

    def __init__(self, words: Sequence[str], stand_in: StandIn) -> None:
        self.words = list(words)
        self.aside: list[str] = []
        """Options that were left out."""
        self.hides_display = False
        self._stand_in = stand_in

    def change(self, option: Option) -> None:
        """Makes one option harmless. Raises NotTriedError."""
        name, value = option.name, option.value
        if name in _FLAGS_LEFT_OUT:
            self.words[option.place] = "-S"
        if name in _DISPLAYS and (name, value) != ("display", "none"):
            self.hides_display = True
        if option.size == 1:
            return
        if name == "loadvm":  # would bring an old state of the disks back
            self.words[option.place : option.place + 2] = _NOTHING
            self.aside.append(option.written)
        elif name == "incoming":
            if value.startswith("{") or value.partition(":")[0] in _INCOMING:
                self.words[option.place + 1] = "defer"
                self.aside.append(option.written)
        else:
            self.words[option.place + 1] = self._value(name, value)

    def _value(self, name: str, value: str) -> str:
        if name in _WRITTEN:
            return self._stand_in(_WRITTEN[name], value)
        if name in _GROUPS:
            return self._item(name, value)
        if name in _CHARDEVS:
            return self._chardev(value)
        if name == "vnc" or (name == "display" and value.startswith("vnc=")):
            head = "" if name == "vnc" else "vnc="
            return head + self._vnc(value.removeprefix(head))
        if name == "set" and value.startswith(("chardev.", "netdev.")):
            raise NotTriedError("-set may have QEMU open another socket than the one that is seen.")
        return self._pairs(name, value)

    def _pairs(self, name: str, value: str) -> str:
        if name == "machine" and not value.startswith("{"):
            pairs = Pairs(value, "type")
            change_machine(pairs, self._stand_in)
            return pairs.text
        pairs = Pairs(value)
        key = ""
        if name == "trace":
            key = "file"
        elif name == "icount" and pairs.get("rr") == "record":
            key = "rrfile"
        elif name == "audio":
            key = "path"
        elif name == "spice" and is_on(pairs, "unix"):
            key = "addr"
        if key and (found := pairs.get(key)):
            new = self._stand_in("listen" if name == "spice" else "write", found)
            if new != found:
                pairs.put(key, new)
        return pairs.text

    def _item(self, name: str, value: str) -> str:
        group = _GROUPS[name]
        if value.startswith("{") and group.json:
            root = qemu_json.read(value)
            if root is None:
                return value  # QEMU cannot read it either
            table = Table(root)
            kind = table.get(group.type_key) or ""
            change_item(group.name, kind, table, self._stand_in)
            for path, new in table.changes:
                here = root
                for part in path[:-1]:
                    here = here[str(part)]  # type: ignore[assignment]
                here[str(path[-1])] = new
            return to_json(root) if table.changes else value
        pairs = Pairs(value, group.type_key)
        change_item(group.name, pairs.get(group.type_key) or "", pairs, self._stand_in)
        return pairs.text

    def _chardev(self, value: str) -> str:
        """Changes what `qemu_chr_parse_compat` reads (`chardev/char.c`)."""
        mixed = "mon:" if value.startswith("mon:") else ""
        kind, colon, rest = value.removeprefix("mon:").partition(":")
        if not colon:
            return value
        if kind == "file":
            return f"{mixed}file:{self._stand_in('write', rest)}"
        if kind == "pipe":
            return f"{mixed}pipe:{self._stand_in('pipe', rest)}"
        if kind in ("unix", "tcp", "telnet", "tn3270", "websocket"):
            pairs = Pairs(rest, "path" if kind == "unix" else "address")
            change_socket(kind, pairs, self._stand_in)
            return f"{mixed}{kind}:{pairs.text}"
        return value

    def _vnc(self, value: str) -> str:
        pairs = Pairs(value, "vnc")
        if is_on(pairs, "reverse"):  # would connect to a viewer, which opens a window
            return "none"
        address = pairs.get("vnc") or ""
        if address.startswith("unix:"):
            path = address.removeprefix("unix:")
            if (new := self._stand_in("listen", path)) != path:
                pairs.put("vnc", f"unix:{new}")
        return pairs.text


def changed(
    words: Sequence[str], stand_in: StandIn
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Returns the words, the options that were left out, and whether a display is not opened.

    Raises NotTriedError.
    """
    done = Changed(words, stand_in)
    for option in options.read(words):
        done.change(option)
    return tuple(done.words), tuple(done.aside), done.hides_display
