"""What processes take: memory and time on a processor, as the kernel counts them (proc(5))."""

import os
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that came from it and is of its session."""
    found = [pid]
    session = os.getsid(pid)
    for one in found:
        children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        found += [int(child) for child in children if os.getsid(int(child)) == session]
    return found


def of_runs(home: Path) -> list[int]:
    """The processes of VMs that a qemutui of this home has started."""
    from qemutui.host import pids
    from qemutui.host.spawn import RUN_VARIABLE

    found = pids.with_environment(RUN_VARIABLE)
    return [process.pid for run, process, _ in found if Path(run).is_relative_to(home)]


def memory(pid: int) -> int:
    """Bytes that a process and its children have; what they share counts once."""
    total = 0
    for one in family(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += int(rollup.partition("\nPss:")[2].split()[0]) * 1024
    return total


def ticks(pid: int) -> int:
    """Clock ticks that a process and its children have used."""
    total = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total
