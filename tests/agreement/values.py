"""Values of properties: what somebody would write, right or wrong."""

import random
import string
from typing import Any

from qemutui.core.property_type import Property

_LEFT_ALONE = frozenset(
    ["addr", "bus", "iommu_platform", "hotplugged", "parent_bus", "romsize", "romfile",
     "acpi-index", "multifunction", "attached"]
)  # fmt: skip
"""Properties for which a value of the right type is hardly ever right."""
_TEXTS = {"mac": "52:54:00:12:34:56", "serial": "S1", "uuid": "auto"}


def right(property_: Property, chance: random.Random, typed: bool) -> Any:
    """A value that the type allows; None for no idea. `typed`: as JSON wants it."""
    if property_.name in _LEFT_ALONE:
        return None
    match property_.kind:
        case "bool":
            return chance.choice([True, False] if typed else [True, False, "on", "off", "yes"])
        case "auto":
            return chance.choice(["on", "off", "auto"])
        case "enum":
            return chance.choice(property_.values)
        case "int":
            most = min(property_.most or 0, 4)
            number = chance.randint(0, most)
            default = property_.default
            if isinstance(default, int) and not isinstance(default, bool) and default >= 0:
                number = chance.choice([number, default])
            return number if typed or chance.random() < 0.8 else hex(number)
        case "size":
            return chance.choice([1 << 20, 4096] if typed else [4096, "4k", "1M", "0x1000"])
        case "text":
            return _TEXTS.get(property_.name)
        case _:
            return None


def wrong(property_: Property, chance: random.Random) -> Any:
    """A value such as a user writes by mistake; some of them are right after all."""
    match property_.kind:
        case "bool":
            words = ["yess", "maybe", "1", "0", "TRUE", "On", "enabled", 1, 2, "y", "no", "auto"]
            return chance.choice([*words, typo("true", chance), ""])
        case "auto":
            return chance.choice(["yes", "true", "1", "Auto", "ON", "default", True, 0, "never"])
        case "enum":
            word = chance.choice(property_.values)
            return chance.choice([typo(word, chance), word.upper(), word + "2", "", 1, "default"])
        case "int":
            least, most = property_.least or 0, property_.most or 0
            numbers = [most + 1, least - 1, most * 2, -1, -2]
            words = ["many", "1.5", "10K", "2M", "0x", "1e3", "ten", "1,000", "12ab", "", "on"]
            return chance.choice([*map(str, numbers), *words, chance.choice([1.5, most, least])])
        case "size":
            words = ["1MB", "1MiB", "1 G", "-1", "big", "1.5", "1e6", "10GG", "M", "-4k", "0.5M"]
            return chance.choice([*words, "1.5M", "99999999999999999999", "16E", "0x10"])
        case _:
            return chance.choice(["", "nonsense", 0, True])


def typo(word: str, chance: random.Random) -> str:
    """The word with one slip of the fingers."""
    if len(word) < 2:
        return word + "x"
    place = chance.randrange(1, len(word))
    match chance.randrange(6):
        case 0:
            other = word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
        case 1:
            other = word[:place] + word[place + 1 :]
        case 2:
            other = word[:place] + word[place - 1] + word[place:]
        case 3:
            other = word[:place] + chance.choice(string.ascii_lowercase) + word[place + 1 :]
        case 4:
            other = word.replace("-", "_") if "-" in word else word.replace("_", "-")
        case _:
            other = word.swapcase() if chance.random() < 0.3 else word + chance.choice("sx12")
    return other if other != word else word + "x"
