"""The command line: the whole process, as the user waits for it."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Measured, Row, pairs, process

PROFILE = """\
name = "ten"
extra = ["-nodefaults"]
[machine]
type = "q35"
accel = ["kvm", "tcg"]
[memory]
size = "1G"
[smp]
cpus = 2
""" + "".join(
    f"""
[[netdev]]
type = "user"
id = "n{number}"
hostfwd = ["tcp:127.0.0.1:222{number}-:22"]
[[device]]
type = "virtio-net-pci"
id = "net{number}"
netdev = "n{number}"
"""
    for number in range(5)
)
# What the console script does that an installer makes.
OURS = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from qemutui.__main__ import main
sys.exit(main())
"""
THEIRS = """
from pydantic import BaseModel

class Model(BaseModel):
    name: str
    count: int
    on: bool

Model.model_validate({"name": "ten", "count": 10, "on": True})
"""


def argv() -> Measured:
    """Times `qemutui argv FILE` on a profile of 10 items."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "ten.toml")
        profile.write_text(PROFILE)
        ours = process([python, "-c", OURS, "argv", str(profile)])
        return pairs(ours, process([python, "-c", THEIRS]), rounds=41)


ROWS = [
    Row(
        "qemutui argv, 10 items, whole process",
        "a process that builds and validates a pydantic model of three fields",
        1.25,
        argv,
    )
]
