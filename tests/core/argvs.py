"""Commands as nobody should write them, of every option that QEMU documents, and then some."""

import json
import random
from itertools import chain

from hypothesis import strategies as st

from tests.core.qemu_reading import CHARDEVS, FLAGS, JSON, KEYVAL, QEMU_OPTS, TEXTS

_SIGNS = st.text(alphabet=",=:.{}[]'\"\\$ -_~%@/aé😀0\n\t\x1b\x7f\u202e\udc80\ud800", max_size=8)
_TEXTS = _SIGNS | st.text(st.characters(exclude_characters="\0"), max_size=6)
_PLAIN = st.sampled_from(
    ["a", "a0", "virtio-net-pci", "disk.img", "/tmp/a b", "user", "socket", "unix", "q35", "1",
     "02", "512", "1G", "1.5G", "0x10", "-1", "on", "off", "yes", "no", "true", "n", "help", "none",
     "tcp::1-:2", "kvm:tcg", "null"]
)  # fmt: skip
_VALUES = _PLAIN | _PLAIN | _TEXTS

_KEYS = st.sampled_from(
    ["id", "type", "driver", "file", "path", "server", "wait", "size", "slots", "maxmem", "cpus",
     "cores", "maxcpus", "guest", "process", "accel", "usb", "kernel", "kernel_irqchip", "smp.cpus",
     "node-name", "qom-type", "fd", "set", "if", "index", "chardev", "netdev", "hostfwd", "order",
     "menu", "backend", "children.0", "children.1", "file.driver", "cache.direct", "addr.type",
     "name", "mount_tag", "reboot", "shutdown", "host", "port", "_off", "_json", "_a", "bios",
     "features", "model", "append", "graphics", "acpi", "hpet", "firmware",
     "initrd", "dtb", "boot.menu", "path.a", "extra", "a.0.b"]
)  # fmt: skip
_FLAG_WORDS = st.sampled_from(
    ["server", "nowait", "readonly", "help", "?", "none", "nodelay", "on"]
)


def _pair(key: str, value: str, escaped: bool) -> str:
    return f"{key}={value.replace(',', ',,') if escaped else value}"


_PARTS = st.one_of(
    st.builds(_pair, _KEYS, _VALUES, st.just(value=True)),
    st.builds(_pair, _KEYS, _VALUES, st.just(value=True)),
    st.builds(_pair, _KEYS | _TEXTS, _VALUES, st.booleans()),
    _FLAG_WORDS,
    _VALUES,
)
_LISTS = st.builds(",".join, st.lists(_PARTS, max_size=5)) | st.builds(
    lambda first, parts: ",".join([first, *parts]), _PLAIN, st.lists(_PARTS, max_size=4)
)


def _json_text(value: object, seed: int) -> str:
    """The value as JSON, with spaces and single quotes here and there."""
    chance = random.Random(seed)
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.3:
        text = json.dumps(value, indent=2)
    if chance.random() < 0.3 and "'" not in text and "\\" not in text:
        text = text.replace('"', "'")
    if chance.random() < 0.1:  # not JSON any more
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(["", ",", "{", "\n", "'", "1"]) + text[at + 1 :]
    return text


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | _TEXTS, inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
_JSON = st.builds(
    _json_text, st.dictionaries(_KEYS | _TEXTS, _JSON_VALUES, max_size=4), st.integers(0, 2**32)
)

_SOCKETS = st.builds(
    lambda kind, end, parts: ",".join([f"{kind}:{end}", *parts]),
    st.sampled_from(["unix", "tcp", "telnet", "udp", "websocket", "mon:unix", "mon"]),
    st.sampled_from(
        ["/run/a", "path=/a", "path=/a,,b", "", ":4444", "h:1", "[::1]:2", "h", "a=b:1"]
    )
    | _TEXTS,
    st.lists(_PARTS, max_size=3),
)
_CHARDEVS = (
    st.sampled_from(["stdio", "mon:stdio", "none", "null", "vc:80Cx24C", "chardev:c", "pty"])
    | _SOCKETS
    | _VALUES
)
_CPUS = st.builds(
    ",".join,
    st.lists(
        st.sampled_from(["max", "host", "+avx", "-avx", "sve=on", "sve=off", "check", "a=b=c", ""])
        | _SIGNS,
        max_size=5,
    ),
)


def _argument(name: str) -> st.SearchStrategy[str]:
    """An argument for an option, of the kind that it takes, or of any."""
    if name == "cpu":
        return _CPUS
    if name in CHARDEVS:
        return _CHARDEVS
    if name in JSON:
        return _LISTS | _LISTS | _JSON
    return _LISTS if name in QEMU_OPTS or name in KEYVAL else _VALUES | _LISTS


_NAMES = st.one_of(
    # Those with fields of their own more often than the many others.
    st.sampled_from(
        ["name", "machine", "M", "cpu", "m", "smp", "bios", "kernel", "initrd", "dtb", "append",
         "boot", "qmp", "object", "chardev", "fsdev", "blockdev", "drive", "netdev", "audiodev",
         "tpmdev", "device"]
    ),
    st.sampled_from(sorted(TEXTS | QEMU_OPTS.keys() | KEYVAL.keys() | CHARDEVS)),
    st.sampled_from(
        ["hda", "cdrom", "pflash", "virtfs", "usbdevice", "set", "readconfig", "add-fd", "accel",
         "monitor", "qmp-pretty", "action", "display"]
    ),
)  # fmt: skip
_UNKNOWN = st.sampled_from(["-unknown", "--also-unknown", "-", "--", "---m", "-m=1", "-smbios=a"])


_PLACED = """
-nographic | -machine graphics=on | -enable-kvm | -M accel=tcg | -usb | -usbdevice tablet |
-machine usb=off | -kernel k | -machine kernel=l | -initrd i | -machine initrd=j | -dtb d |
-machine dtb=e | -bios b | -machine firmware=c | -append a | -machine append=b | -smp 2 |
-machine smp.cpus=3 | -boot d | -machine boot.order=c | -no-acpi | -machine acpi=on | -no-hpet |
-machine hpet=on | -no-fd-bootchk | -machine fd_bootchk=on | -no-reboot | -action reboot=reset |
-watchdog-action none | -action watchdog=pause | -no-shutdown | -hda a | -drive file=b | c.img |
-cdrom d | -virtfs local,mount_tag=a | -fsdev local,id=b | -device c | -balloon virtio | -qmp null |
-qmp-pretty null | -monitor null | -s | -gdb tcp::1 | -audio none | -audiodev none,id=a |
-display none | -vnc :1 | -full-screen | -set device.a.b=c | -readconfig f | -add-fd fd=3,set=1 |
-m 1 | -name a | -cpu max | -object a,id=b | -net nic | -nic none | -semihosting |
-semihosting-config on | -accel tcg | -rtc base=utc | -localtime
"""
"""Options whose order to some of the others matters to QEMU."""

_ORDERED = st.sampled_from([option.split() for option in _PLACED.split("|")])


@st.composite
def _options(draw: st.DrawFn) -> list[str]:
    """The words of one option: known with its argument, a flag, an image, unknown, or anything."""
    kind = draw(st.integers(0, 14))
    dash = "--" if kind == 7 else "-"
    if kind < 8:
        name = draw(_NAMES)
        return [dash + name, draw(_argument("machine" if name == "M" else name))]
    if kind == 8:
        return ["-" + draw(st.sampled_from(sorted(FLAGS)))]
    if kind == 9:
        return [draw(_VALUES)]
    if kind > 11:
        return draw(_ORDERED)
    if kind == 10:
        return [draw(_UNKNOWN), *draw(st.lists(_VALUES, max_size=1))]
    return [draw(_TEXTS)]


def argvs() -> st.SearchStrategy[list[str]]:
    """Commands that a shell could start: a program and any words, without NUL."""
    programs = st.sampled_from(["qemu-system-x86_64", "qemu-system-aarch64", "./q, e", "kvm"])
    dangling = st.lists(st.builds("-{}".format, _NAMES), max_size=1)
    return st.builds(
        lambda program, options, last: [program, *chain.from_iterable(options), *last],
        programs,
        st.lists(_options(), max_size=8),
        dangling | st.just([]),
    )
