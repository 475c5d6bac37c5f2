"""Large profiles: the work must grow with the profile, and no faster."""

import tempfile
from pathlib import Path

from qemutui.core import argv
from qemutui.core.check import check
from qemutui.host import store
from qemutui.host.facts import gather, launch_directory
from tests.benchmarks.measure import Measured, Row, call, pairs


def write(folder: str, count: int) -> Path:
    """A profile of this many devices, each of which refers to a netdev of its own."""
    devices = (
        f'[[netdev]]\ntype = "user"\nid = "n{n}"\n'
        f'[[device]]\ntype = "virtio-net-pci"\nid = "net{n}"\nnetdev = "n{n}"\nromfile = ""\n'
        for n in range(count)
    )
    path = Path(folder, f"{count}.toml")
    path.write_text("".join(devices))
    return path


def work(path: Path) -> None:
    """What is done with a profile before its command and its findings can be shown."""
    profile = store.load(path).profile
    argv.build(profile)
    check(profile, gather(profile, launch_directory(profile, path.parent)))


def tenfold() -> Measured:
    """Times 10,000 devices against 1,000."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = write(folder, 10_000), write(folder, 1_000)
        return pairs(call(lambda: work(large)), call(lambda: work(small)), rounds=7)


ROWS = [Row("load, build and check 10,000 devices", "1,000 devices", 12, tenfold)]
