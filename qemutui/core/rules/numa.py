"""Nodes of -numa that QEMU refuses (`hw/core/numa.c`). Tried on 7.2 and 10.0."""

from collections.abc import Iterator

from qemutui.core import options
from qemutui.core.finding import Problem
from qemutui.core.rules import memory_sizes
from qemutui.core.rules.effective import place
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import count_of
from qemutui.core.rules.words import quoted

_MOST = 128
"""MAX_NODES (`include/system/numa.h`)."""


def nodes(subject: Subject) -> Iterator[Problem]:
    """Numbers of nodes, and memory that is not there."""
    seen: set[int] = set()
    for option, pairs in _nodes(subject):
        where = place(subject, option)
        if "nodeid" in pairs:
            node = count_of(pairs["nodeid"])
            if node is None:
                yield Problem("error", where, f"nodeid: no number is {quoted(pairs['nodeid'])}.")
            elif node >= _MOST:
                yield Problem("error", where, f"nodeid: nodes are 0 to {_MOST - 1}.")
            elif node in seen:
                yield Problem("error", where, f"nodeid: {node} is another node already.")
            else:
                seen.add(node)
        memory = pairs.get("memdev")
        if memory is not None and not subject.is_rewritten and memory not in subject.ids.of_extra:
            things = subject.ids.those("object", memory)
            if not any(t.type.startswith("memory-backend-") and not t.off for t in things):
                message = f"memdev: no memory-backend object is {quoted(memory)}."
                yield Problem("error", where, message)


def _nodes(subject: Subject) -> Iterator[tuple[options.Option, dict[str, str]]]:
    for option in subject.options:
        if option.name == "numa" and option.value[:1] != "{":
            pairs = dict(options.pairs(option.value, "type"))
            if pairs.get("type") == "node":
                yield option, pairs


def sum_of_memory(subject: Subject) -> Iterator[Problem]:
    """Memory of nodes that is more or less than the machine's."""
    wanted = memory_sizes.of_machine(subject.profile)
    if wanted is None or subject.is_rewritten or subject.has_option("m", "machine", "object"):
        return
    last, total = None, 0
    for option, pairs in _nodes(subject):
        if "mem" in pairs:
            return
        if "memdev" in pairs:
            found = next(memory_sizes.of_backends(subject, pairs["memdev"]), None)
            if found is None:
                return
            last, total = option, total + found[1]
    if last is not None and total != wanted:
        message = "The nodes have not as much memory as the machine."
        yield Problem("error", place(subject, last), message)
