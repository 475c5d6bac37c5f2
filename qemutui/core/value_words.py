"""What is said of a number or a size while it is typed, and what its arrows make of it."""

import re
from typing import NamedTuple

from qemutui.core import keyval, offered
from qemutui.core.catalog import Catalog
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile
from qemutui.core.property_type import Property
from qemutui.core.rules.values import count_of

_UNITS = {("memory", "size"): "m", ("memory", "maxmem"): "b"}
_SIZES = re.compile(r"(?:^|[._-])(?:size|mem|maxmem|length|offset|bytes|cache|align|maxlen)$|size$")
"""Names of members that are sizes; QMP calls every integer so."""
_PREFIXES = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_HUGE = 1 << 32


class Numbers(NamedTuple):
    """The numbers that a field takes; None where there is no bound, or nobody knows it."""

    least: int | None = None
    most: int | None = None
    default: int | None = None

    @property
    def words(self) -> str:
        """The range in short: `0–255`; empty where it has no end."""
        if self.least is None or self.most is None:
            return ""
        return f"{_bound(self.least)}–{_bound(self.most)}"

    def stepped(self, text: str, step: int) -> str | None:
        """Returns the number next to what is typed; None where that is none.

        Beside nothing stands the default. A hexadecimal stays one.
        """
        typed = text.strip()
        base = self.default if not typed else _read(typed)
        if base is None:
            if typed:
                return None
            base = max(self.least or 0, 0) - max(step, 0)
        number = base + step
        if self.least is not None:
            number = max(number, self.least)
        if self.most is not None:
            number = min(number, self.most)
        return hex(number) if typed.lower().startswith("0x") else str(number)


def _read(text: str) -> int | None:
    negative = text.startswith("-")
    count = count_of(text.removeprefix("-"))
    return -count if negative and count is not None else count


def _bound(number: int) -> str:
    for bits in (63, 64):
        if abs(number) in (1 << bits, (1 << bits) - 1):
            less = "-1" if abs(number) % 2 else ""
            return f"{'-' * (number < 0)}2^{bits}{less}"
    return str(number) if abs(number) < _HUGE else grouped(number)


def grouped(number: int) -> str:
    """Returns a number with its digits in groups of three: `1 610 612 736`."""
    return f"{number:,}".replace(",", " ")


def numbers_of(
    profile: Profile, path: Path, known: Property | None, catalog: Catalog | None
) -> Numbers | None:
    """Returns which numbers a field takes; None where it is no number."""
    if path[0] == "smp":
        machine = offered.machine_of(profile, catalog) if catalog is not None else None
        return Numbers(1, machine.max_cpus or None if machine else None, 1)
    if path == ("memory", "slots"):
        return Numbers(0, None, 0)
    if path == ("launch", "powerdown"):
        return Numbers(0, None, 20)
    if path == ("qmp", "port"):
        return Numbers(1, 65535)
    if known is None or known.kind != "int":
        return None
    default = known.default
    whole = default if isinstance(default, int) and not isinstance(default, bool) else None
    return Numbers(known.least, known.most, whole)


def unit_of(path: Path, known: Property | None) -> str | None:
    """Returns the unit of a bare number in a field that is a size, as `keyval.size` takes it; None
    where the field is none."""
    if path in _UNITS:
        return _UNITS[path]
    if known is not None:
        return "b" if known.kind == "size" else None
    return "b" if path[0] == "object" and len(path) > 2 and path[-1] == "size" else None


def size_words(path: Path, text: str, unit: str) -> tuple[str, ...]:
    """Returns what a typed size comes to, in full and in short; empty where QEMU reads none.

    `= 1 610 612 736 bytes · 1.5 GiB`. A bare number is a size only where the field is surely one.
    """
    typed = text.strip()
    count = keyval.size(text, unit) if typed else None
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    if count is None or (typed[-1:].isdigit() and not _SIZES.search(name)):
        return ()
    power = 0
    while power + 1 < len(_PREFIXES) and count >= 1024 ** (power + 1):
        power += 1
    if not power:
        return (f"= {count} bytes",)
    amount = count / 1024**power
    short = f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}".rstrip("0").rstrip(".")
    about = "" if float(short) * 1024**power == count else "about "
    words = f"{about}{short} {_PREFIXES[power]}"
    return (f"= {grouped(count)} bytes · {words}", f"= {words}")
