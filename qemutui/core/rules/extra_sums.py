"""Options of `extra` whose parts do not go together, or that are not there."""

from collections.abc import Iterator

from qemutui.core import keyval, options
from qemutui.core.finding import Problem
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject

_LONGEST_NAME = 55
"""Bytes of a name (`include/standard-headers/linux/qemu_fw_cfg.h`, FW_CFG_MAX_FILE_PATH)."""
_MOST_SHIFT = 10
"""MAX_ICOUNT_SHIFT of `softmmu/icount.c`."""
_FIRST_FD = 3

# util/log.c, qemu_log_items, of 5.0 to 10.0; later versions may have more.
_LOG_WORDS = """
out_asm in_asm op op_opt op_ind op_plugin int exec cpu fpu mmu pcall cpu_reset unimp guest_errors
page nochain plugin strace tid vpu invalid_mem all none ioport
"""
_LOG = frozenset(_LOG_WORDS.split())
_LOG_IS_KNOWN_BEFORE = (10, 1, 0)


def refused(subject: Subject) -> Iterator[Problem]:
    """Options that QEMU refuses whatever else it is told."""
    names: set[str] = set()
    for option in subject.options:
        if option.size != 2:
            continue
        pairs = dict(options.pairs(option.value, _IMPLIED.get(option.name, "")))
        if {"help", "?"} & {*pairs, *pairs.values()}:
            continue
        message = ""
        match option.name:
            case "fw_cfg":
                message = _item(pairs, names)
            case "add-fd":
                message = _descriptor(subject, pairs)
            case "icount":
                message = _counting(pairs)
            case "seed":
                count = keyval.number(option.value)
                message = "" if count is not None and count >= 0 else "A seed is a number."
            case "d":
                message = _log(subject, option.value)
        if message:
            yield Problem("error", place(subject, option), message)


_IMPLIED = {"fw_cfg": "name", "icount": "shift"}


def _item(pairs: dict[str, str], names: set[str]) -> str:
    """As `parse_fw_cfg` of `system/vl.c`."""
    name = pairs.get("name", "")
    if not name:
        return ""
    if len(name.encode(errors="surrogateescape")) > _LONGEST_NAME:
        return f"A name has at most {_LONGEST_NAME} bytes."
    if name in names:
        return "Another -fw_cfg has this name."
    names.add(name)
    return ""


def _descriptor(subject: Subject, pairs: dict[str, str]) -> str:
    """As `parse_add_fd` of `system/vl.c`; QEMU has no other files than those that are passed."""
    fd, group = keyval.number(pairs.get("fd", "")), keyval.number(pairs.get("set", ""))
    if fd is None or fd < 0:
        return "-add-fd needs an fd, a number from 3 on."
    if fd < _FIRST_FD:
        return "0, 1 and 2 are standard input and output."
    if group is None or group < 0:
        return "-add-fd needs a set, a number."
    profile = subject.profile
    passed = sum(not one.off for one in profile.fd)
    if not profile.launch.wrapper and fd >= _FIRST_FD + passed:
        files = f"are 3 to {_FIRST_FD + passed - 1}" if passed else "there are none"
        return f"No file is passed as {fd}; {files}."
    return ""


def _is_off(pairs: dict[str, str], key: str) -> bool:
    return keyval.boolean(pairs.get(key, "on")) is False


def _counting(pairs: dict[str, str]) -> str:
    """As `icount_configure` and `replay_configure`."""
    if "rr" in pairs and not pairs.get("rrfile"):
        return "rr needs an rrfile."
    shift = pairs.get("shift")
    if shift is None:
        return "align needs a shift." if "align" in pairs else ""
    align = keyval.boolean(pairs.get("align", "off")) is True
    if align and _is_off(pairs, "sleep"):
        return "align=on and sleep=off exclude each other."
    count = None if shift == "auto" else keyval.number(shift)
    return "" if count is None or 0 <= count <= _MOST_SHIFT else "A shift is 0 to 10, or auto."


def _log(subject: Subject, value: str) -> str:
    catalog = subject.catalog
    if catalog is None or catalog.version >= _LOG_IS_KNOWN_BEFORE:
        return ""
    for word in value.split(","):
        if word not in _LOG and not word.startswith("trace:"):
            return f"There is nothing to log called “{word[:20]}”."
    return ""
