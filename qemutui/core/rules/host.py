"""What this computer has no more of: ports that are taken, sockets in use, memory."""

from collections.abc import Iterator
from itertools import chain

from qemutui.core import keyval
from qemutui.core.facts import Listener, table_files
from qemutui.core.finding import Problem, Severity
from qemutui.core.ports import NamedPort, qmp_peers, qmp_ports
from qemutui.core.rules.subject import Subject

_EVERYWHERE = ("0.0.0.0", "")  # noqa: S104 - compared with, not bound


def _meets(port: NamedPort, other: Listener | NamedPort) -> bool | None:
    """Tells whether two cannot listen at once; None where that is not sure."""
    if (port.protocol, port.port) != (other.protocol, other.port):
        return False
    if ":" in other.host or not port.is_exact:
        return None
    same = port.host == other.host
    return same or port.host in _EVERYWHERE or other.host in _EVERYWHERE


def _listening(subject: Subject) -> Iterator[NamedPort]:
    scans = chain(subject.scans_of("netdev"), subject.scans_of("chardev"))
    return chain(qmp_ports(subject.profile), *(scan.ports for scan in scans))


def port(subject: Subject) -> Iterator[Problem]:
    """Ports that somebody else, or something else of the profile, listens on."""
    ports = [_resolved(port, subject) for port in _listening(subject)]
    loose = bool(subject.profile.launch.wrapper)
    for place, mine in enumerate(ports):
        # With several addresses to listen on, as QMP and sockets have it without a host, QEMU is
        # content with one of them (util/qemu-sockets.c, inet_listen_saddr).
        one_of_several = mine.host == "" and mine.path[0] != "netdev"
        severity: Severity = "warning" if loose or one_of_several else "error"
        taken = [(_meets(mine, other), other) for other in subject.facts.listeners or ()]
        for sure, listener in sorted(taken, key=lambda pair: pair[0] is not True):
            if sure is not False:
                who = f"pid {listener.pid}" if listener.pid else "another process"
                message = f"Port {mine.port} is taken by {who}."
                yield Problem(severity if sure else "warning", mine.path, message)
                break
        else:
            if any(_meets(mine, other) for other in ports[:place]):
                yield Problem(severity, mine.path, f"Port {mine.port} stands here twice.")
            elif mine.port < subject.facts.first_port:
                message = f"Ports below {subject.facts.first_port} are root's."
                yield Problem(severity, mine.path, message)


def _resolved(port: NamedPort, subject: Subject) -> NamedPort:
    """Returns a port of localhost with its address, where that has one alone."""
    addresses = subject.facts.localhost
    return (
        port._replace(host=addresses[0])
        if port.host == "localhost" and len(addresses) == 1
        else port
    )


def nobody_listens(subject: Subject) -> Iterator[Problem]:
    """Ports of this computer to which QEMU would connect in vain."""
    listeners = subject.facts.listeners
    if listeners is None:
        return
    taken = {(listener.protocol, listener.port) for listener in listeners}
    taken |= {(port.protocol, port.port) for port in _listening(subject)}
    severity: Severity = "warning" if subject.profile.launch.wrapper else "error"
    peers = chain(qmp_peers(subject.profile), *(scan.peers for scan in subject.scans_of("chardev")))
    for peer in peers:
        if (peer.protocol, peer.port) not in taken:
            yield Problem(severity, peer.path, f"Nobody listens on port {peer.port}.")


def socket_in_use(subject: Subject) -> Iterator[Problem]:
    """Unix sockets that another process listens at."""
    if not subject.facts.files:
        return
    files = chain(table_files(subject.profile), *(scan.files for scan in subject.scans))
    for file in files:
        fact = subject.facts.files.get((file.purpose, file.text))
        if file.purpose == "listen" and fact is not None and fact.user:
            who = f"pid {fact.user}" if fact.user > 0 else "another process"
            message = f"In use by {who}; QEMU would take it over."
            yield Problem("warning", file.path, message)


def memory(subject: Subject) -> Iterator[Problem]:
    """More memory than this computer has free, or has."""
    size, free = subject.profile.memory.size, subject.facts.free_memory
    if size is None or free is None or subject.has_option("m"):
        return
    wanted, most = keyval.size(size, "m"), subject.facts.most_memory
    elsewhere = subject.profile.launch.wrapper or subject.has_option("mem-path", "machine")
    elsewhere = elsewhere or "memory-backend" in subject.profile.machine.others
    if wanted is not None and most is not None and wanted > most and not elsewhere:
        message = f"This computer has {most / (1 << 30):.1f} GiB in all."
        yield Problem("error", ("memory", "size"), message)
    elif wanted is not None and wanted > free:
        message = f"More than the {free / (1 << 30):.1f} GiB free here."
        yield Problem("warning", ("memory", "size"), message)
