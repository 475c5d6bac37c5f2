"""Numbers of processors that do not multiply."""

from collections.abc import Iterator
from math import prod

from qemutui.core.edit import Set
from qemutui.core.finding import Fix, Problem
from qemutui.core.rules.subject import Subject
from qemutui.core.rules.values import LEVELS, processors


def topology(subject: Subject) -> Iterator[Problem]:
    """Sockets, cores and threads whose product is not the number of processors.

    A level that is not given is what is left over, so that the product of the given ones must
    divide `maxcpus`, or `cpus` without it (`hw/core/machine-smp.c`, machine_parse_smp_config).
    """
    smp = subject.profile.smp
    written = {
        name: value
        for name in ("cpus", "maxcpus", "sockets", "cores", "threads")
        if (value := getattr(smp, name)) is not None
    }
    written.update(smp.others)
    counts = {name: processors(value) for name, value in written.items()}
    known = {"cpus", "maxcpus", "sockets", "cores", "threads", *LEVELS}
    if subject.has_option("smp") or None in counts.values() or not counts.keys() <= known:
        return
    given = {name: count for name, count in counts.items() if count}
    cpus, limit = given.pop("cpus", 0), given.pop("maxcpus", 0)
    if cpus and limit and limit < cpus:
        fix = Fix(f"makes it {cpus}", (Set(("smp", "maxcpus"), cpus),))
        yield Problem("error", ("smp", "maxcpus"), f"maxcpus is less than the {cpus} cpus.", fix)
        return
    total, name = (limit, "maxcpus") if limit else (cpus, "cpus")
    if not total or not given:
        return
    product = prod(given.values())
    levels = [given[level] for level in (*LEVELS, "sockets", "cores", "threads") if level in given]
    times = " × ".join(str(level) for level in levels)
    if {"sockets", "cores", "threads"} <= given.keys():
        if product == total:
            return
        message = f"{times} is {product}, {name} is {total}."
    elif total % product:
        message = f"{total} {name} cannot be split by {times}."
    else:
        return
    fits = product if product >= cpus or name == "cpus" else -(-cpus // product) * product
    if {"sockets", "cores", "threads"} <= given.keys() and fits != product:
        fix = Fix(f"makes both {product}",
                  (Set(("smp", "cpus"), product), Set(("smp", "maxcpus"), product)))  # fmt: skip
    else:
        fix = Fix(f"makes it {fits}", (Set(("smp", name), fits),))
    yield Problem("error", ("smp", name), message, fix)
