"""How QEMU reads one option of its command line: which words belong to it, and what they say.

Written from QEMU's own sources (`qemu-options.hx`, `system/vl.c`, `util/qemu-option.c`,
`util/keyval.c`, `qobject/json-*.c`, `chardev/char.c`), and from nothing of this program, which is
judged by it. What QEMU reads alike has the same reading here; where that is in doubt, it has not.
"""

import re
from collections.abc import Hashable, Iterator
from fractions import Fraction
from typing import NamedTuple

Pairs = list[tuple[str, Hashable]]
Reading = Hashable


class _Sign(NamedTuple):
    """A bare word that is no value, such as the `help` of `-device X,help`."""

    text: str


def _names(text: str) -> list[str]:
    return text.split()


FLAGS = frozenset(
    _names(
        "h help version mem-prealloc audio-help snapshot virtfs_synth usb nographic curses "
        "alt-grab ctrl-grab no-quit sdl portrait full-screen win2k-hack no-fd-bootchk no-acpi "
        "no-hpet singlestep preconfig S s enable-kvm xen-attach xen-domid-restrict no-reboot "
        "no-shutdown daemonize show-cursor only-migratable nodefaults semihosting old-param "
        "no-user-config enable-fips enable-sync-profile async-teardown perfmap jitdump nodefconfig "
        "no-kvm no-kvm-irqchip no-kvm-pit no-kvm-pit-reinjection tdf localtime no-frame "
        "rtc-td-hack std-vga"
    )
)
"""Options without an argument."""

TEXTS = frozenset(
    _names(
        "cpu set global mem-path k soundhw uuid fda fdb hda hdb hdc hdd cdrom mtdblock sd pflash "
        "usbdevice rotate vga g kernel append initrd dtb shim pidfile d D dfilter seed L bios "
        "xen-domid loadvm watchdog watchdog-action echr tb-size incoming chroot runas prom-env "
        "readconfig writeconfig qtest qtest-log dump-vmstate balloon startdate clock redir "
        "bt hdachs virtioconsole nvram kvm-shadow-mem tftp bootp smb"
    )
)
"""Options whose argument is taken as it is: no comma ends it, none is doubled in it.

`-cpu` is read by the CPU itself, feature by feature, so that every word of it counts.
"""

QEMU_OPTS = {
    "acpitable": "data", "accel": "accel", "action": "", "add-fd": "", "chardev": "backend",
    "device": "driver", "drive": "", "fsdev": "fsdriver", "fw_cfg": "name", "icount": "shift",
    "iscsi": "", "m": "size", "mon": "chardev", "msg": "", "name": "guest", "net": "type",
    "netdev": "type", "nic": "type", "numa": "type", "object": "qom-type",
    "option-rom": "romfile", "overcommit": "", "plugin": "file", "realtime": "", "rtc": "",
    "run-with": "", "sandbox": "enable", "semihosting-config": "enable", "smbios": "",
    "spice": "", "tpmdev": "type", "trace": "enable", "virtfs": "fsdriver", "vnc": "vnc",
}  # fmt: skip
"""Options read by `util/qemu-option.c`, and the key that the first value may leave out."""

KEYVAL = {
    "audio": "driver", "audiodev": "driver", "blockdev": "driver", "boot": "order",
    "compat": "", "display": "type", "machine": "type", "smp": "cpus",
}  # fmt: skip
"""Options read by `util/keyval.c` (some of them in newer versions only), likewise."""

JSON = frozenset(_names("audiodev blockdev boot compat device display machine netdev object smp"))
"""Options whose argument is JSON where it begins with a brace."""

CHARDEVS = frozenset(_names("serial parallel monitor qmp qmp-pretty debugcon gdb"))
"""Options read by `qemu_chr_parse_compat`."""

TAKES_ARGUMENT = TEXTS | QEMU_OPTS.keys() | KEYVAL.keys() | CHARDEVS

ALIASES = {"M": "machine", "h": "help"}

BOOLEANS = {
    "boot": {"menu", "strict"},
    "chardev": {"append", "delay", "ipv4", "ipv6", "logappend", "mux", "nodelay", "server",
                "signal", "telnet", "tn3270", "wait", "websocket"},
    "drive": {"readonly", "read-only", "snapshot", "copy-on-read"},
    "msg": {"timestamp", "guest-name"},
    "name": {"debug-threads"},
    "overcommit": {"mem-lock", "cpu-pm"},
}  # fmt: skip
"""The keys that are boolean for certain (their `QemuOptDesc` says so)."""

_WORDS = dict.fromkeys(("on", "yes", "true", "y"), "on")
_WORDS |= dict.fromkeys(("off", "no", "false", "n"), "off")


def qemu_opts(text: str, implied: str) -> Pairs:
    """Returns the pairs that `opts_do_parse` makes of a text."""
    pairs: Pairs = []
    while text:
        end = re.search("[=,]|$", text)
        at = end.start() if end else len(text)
        if text[at : at + 1] == "=":
            key, (value, text) = text[:at], _opt_value(text[at + 1 :])
            pairs.append((key, value))
        elif implied:
            value, text = _opt_value(text)
            pairs.append((implied, value))
        else:
            key, text = text[:at], text[at + 1 :]
            if key in ("help", "?"):
                pairs.append((key, _Sign(text)))
                break
            pairs.append((key[2:], "off") if key.startswith("no") else (key, "on"))
        implied = ""
    return pairs


def _opt_value(text: str) -> tuple[str, str]:
    """`get_opt_value`: up to a comma that is not doubled, and what follows that comma."""
    match = re.match("((?:[^,]|,,)*)(,?)", text, re.DOTALL)
    assert match is not None
    return match[1].replace(",,", ","), text[match.end() :]


def keyval(text: str, implied: str) -> Pairs:
    """Returns the pairs that `keyval_parse` makes of a text; what it refuses stands as a sign."""
    pairs: Pairs = []
    while text:
        match = re.match("[^=,]*", text)
        key = match[0] if match else ""
        rest = text[len(key) :]
        if rest.startswith("="):
            if not key:
                pairs.append(("", _Sign(text)))
                break
            value, text = _opt_value(rest[1:])
            pairs.append((key, value))
        elif key and key not in ("help", "?") and implied:
            pairs.append((implied, key))
            text = rest[1:]
        else:
            pairs.append(("", _Sign(text)))
            break
        implied = ""
    return pairs


def _by_key(pairs: Pairs) -> Reading:
    """A table of pairs: keys in any order, but the values of one key in theirs."""
    table: dict[str, list[Hashable]] = {}
    for key, value in pairs:
        table.setdefault(key, []).append(value)
    return ("table", tuple(sorted((key, tuple(values)) for key, values in table.items())))


class _NotJsonError(ValueError):
    pass


_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<sign>[][{}:,])
    | "(?P<double>(?:[^"\\\x00-\x1f]|\\.)*)"
    | '(?P<single>(?:[^'\\\x00-\x1f]|\\.)*)'
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9a-zA-Z.])
    | (?P<word>true|false|null)(?![0-9a-zA-Z])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "/\\\"'"}


def _unescaped(text: str) -> str:
    def sign(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2] not in _ESCAPED:
            raise _NotJsonError
        return _ESCAPED[match[2]]

    written = _ESCAPE.sub(sign, text)
    # Two escapes of surrogates are one character; one alone is refused.
    pairs = re.sub(
        "([\ud800-\udbff])([\udc00-\udfff])",
        lambda m: chr(0x10000 + ((ord(m[1]) - 0xD800) << 10) + ord(m[2]) - 0xDC00),
        written,
    )
    if "\\u" in text and re.search("[\ud800-\udfff]", pairs):
        raise _NotJsonError
    return pairs


def json_value(text: str) -> Reading:
    """Returns what QEMU's JSON says, with its types; a text that is none stands for itself."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text.rstrip(" \t\r\n")):
        match = _TOKEN.match(text, at)
        if match is None:
            return ("no JSON", text)
        at = match.end()
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
    try:
        stream = iter(tokens)
        value = _json(stream, next(stream))
    except (_NotJsonError, StopIteration, RecursionError):
        return ("no JSON", text)
    return ("no JSON", text) if next(stream, None) else value


def _json(tokens: Iterator[tuple[str, str]], token: tuple[str, str]) -> Reading:
    kind, text = token
    if kind in ("double", "single"):
        return ("text", _unescaped(text))
    if kind == "word":
        return ("word", text)
    if kind == "number":
        whole = re.fullmatch("-?[0-9]{1,20}", text) and -(2**63) <= int(text) < 2**64
        return ("integer", int(text)) if whole else ("number", repr(float(text)))
    if text == "[":
        return ("list", tuple(_json_list(tokens)))
    if text == "{":
        pairs = dict(members := list(_json_members(tokens)))
        if len(pairs) < len(members):
            raise _NotJsonError
        return ("object", tuple(sorted(pairs.items())))
    raise _NotJsonError


def _json_list(tokens: Iterator[tuple[str, str]]) -> Iterator[Reading]:
    token = next(tokens, ("", ""))
    if token == ("sign", "]"):
        return
    while True:
        yield _json(tokens, token)
        if (after := next(tokens, None)) == ("sign", "]"):
            return
        if after != ("sign", ","):
            raise _NotJsonError
        token = next(tokens, ("", ""))


def _json_members(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[str, Reading]]:
    token = next(tokens, ("", ""))
    if token == ("sign", "}"):
        return
    while True:
        if token[0] not in ("double", "single") or next(tokens, None) != ("sign", ":"):
            raise _NotJsonError
        yield _unescaped(token[1]), _json(tokens, next(tokens, ("", "")))
        if (after := next(tokens, None)) == ("sign", "}"):
            return
        if after != ("sign", ","):
            raise _NotJsonError
        token = next(tokens, ("", ""))


def _size(text: Hashable, bare: str) -> Hashable:
    """A size as a number of bytes; the text where it is no plain one."""
    match = re.fullmatch(
        r"([0-9]{1,20}(?:\.[0-9]{1,20})?)([bkmgtpe]?)", str(text), re.ASCII | re.IGNORECASE
    )
    if match is None or ("." in match[1] and (match[2] or bare) in "bB"):
        return text
    return int(Fraction(match[1]) * 1024 ** "bkmgtpe".index((match[2] or bare).lower()))


def _memory(pairs: Pairs) -> Pairs:
    units = {"size": "m", "maxmem": "b"}
    return [(key, _size(value, units[key]) if key in units else value) for key, value in pairs]


def chardev_pairs(text: str) -> Pairs | None:
    """Returns what `qemu_chr_parse_compat` makes of a socket; None for every other kind."""
    if text.startswith("unix:"):
        return [("backend", "unix"), *_booleans("chardev", qemu_opts(text[5:], "path"))]
    match = re.match(r"(tcp|telnet|tn3270|websocket):([^:]{0,64}):([^,]{1,32})(?:,|$)", text)
    if match is None:
        return None
    pairs: Pairs = [("host", match[2]), ("port", match[3]), *qemu_opts(text[match.end() :], "")]
    last = dict(pairs)
    others = [pair for pair in pairs if pair[0] not in ("host", "port")]
    ends: Pairs = [("host", last["host"]), ("port", last["port"])]
    return [("backend", match[1]), *ends, *_booleans("chardev", others)]


def _booleans(option: str, pairs: Pairs) -> Pairs:
    known = BOOLEANS.get(option, set())
    return [
        (key, _WORDS.get(value, value) if key in known and isinstance(value, str) else value)
        for key, value in pairs
    ]


def pairs_of(option: str, text: str) -> Pairs | None:
    """Returns the keys and values of an option; None where it is read in another way."""
    if option in JSON and text.startswith("{"):
        return None
    if option == "display" and text.startswith("vnc"):
        return None
    if option in CHARDEVS:
        return chardev_pairs(text)
    if option in KEYVAL:
        return _booleans(option, keyval(text, KEYVAL[option]))
    if option not in QEMU_OPTS:
        return None
    pairs = qemu_opts(text, QEMU_OPTS[option])
    if option == "netdev" and {"stream", "dgram"} & {v for k, v in pairs if k == "type"}:
        return keyval(text, "type")
    if option == "m":
        return _memory(pairs)
    return _booleans(option, pairs)


def read(option: str, text: str) -> Reading:
    """Returns the reading of an option's argument, to compare with another of the same option."""
    if option in JSON and text.startswith("{"):
        return ("JSON", json_value(text))
    pairs = pairs_of(option, text)
    if pairs is None:
        return ("words", text)
    if option == "plugin":  # its arguments are handed on in their order
        return ("list", tuple(pairs))
    return _by_key(pairs)


class Option(NamedTuple):
    """One option as QEMU meets it."""

    name: str
    """Without dashes, as QEMU spells it first; empty for a disk image; `?` before an unknown."""
    text: str | None
    """Its argument; None where it takes none, or where the command ends before it."""
    reading: Reading
    at: int
    """Its place in the argv."""


def options(argv: list[str]) -> list[Option]:
    """Returns the options of a command, as `lookup_opt` takes them off the argv.

    QEMU refuses an unknown option. A word after it that has no dash may be its argument or a disk
    image; it is kept with it.
    """
    found: list[Option] = []
    at = 1
    while at < len(argv):
        start, word = at, argv[at]
        at += 1
        if not word.startswith("-"):
            found.append(Option("", word, ("words", word), start))
            continue
        spelled = word[2:] if word.startswith("--") else word[1:]
        name = ALIASES.get(spelled, spelled)
        if name in FLAGS:
            found.append(Option(name, None, None, start))
            continue
        following = argv[at] if at < len(argv) else None
        if name in TAKES_ARGUMENT:
            at += 1
            reading = ("nothing",) if following is None else read(name, following)
        else:
            name = f"?{spelled}"
            if following is not None and following.startswith("-"):
                following = None
            at += following is not None
            reading = ("words", following)
        found.append(Option(name, following, reading, start))
    return found
