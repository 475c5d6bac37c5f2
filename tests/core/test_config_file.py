"""Files of `-readconfig`: what is read, and that findings stand where the file is named."""

import pytest

from qemutui.core import config_file
from qemutui.core.check import check
from qemutui.core.facts import Facts
from qemutui.core.profile import read

TEXT = """# qemu config file
[device "ehci"]
  driver = "ich9-usb-ehci1"
  bus = "pcie.0"

[machine]
  type = "q35"
[memory]
  size = "1024"
[global]
  driver = "cfi.pflash01"
  property = "a,b"
  value = "on"
"""


def test_says_what_options_say() -> None:
    assert config_file.read(TEXT) == (
        "-device", "id=ehci,driver=ich9-usb-ehci1,bus=pcie.0", "-machine", "type=q35",
        "-m", "size=1024", "-global", "driver=cfi.pflash01,property=a,,b,value=on",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '[spice]\n  port = "1"\n',
        '  driver = "edu"\n',
        "[device]\n  driver = edu\n",
        '[device]\n  driver="edu"\n',
        '[device]\n  driver = ""\n',
        '[device]\n \n  driver = "edu"\n',
        "[device]\n",
        "#" * 1100,
        '[device]\n  driver = "e\0du"\n',
    ],
)
def test_what_is_not_understood_says_nothing(text: str) -> None:
    assert config_file.read(text) is None


def test_a_finding_stands_where_the_file_is_named() -> None:
    data = {"extra": ["-S", "-readconfig", "x.cfg", "-append", "y", "-boot", "cc"]}
    facts = Facts(configs={"x.cfg": '[device "9 x"]\n  driver = "edu"\n[smp-opts]\n  cpus = "x"\n'})
    found = {(f.path, f.message) for f in check(read(data), facts) if f.severity == "error"}
    assert found == {
        (("extra", 1), "cpus: QEMU reads no “x” here."),
        (("extra", 3), "-append needs a kernel."),
        (("extra", 5), "A drive stands here twice."),
    }


def test_a_fix_is_one_of_the_profile_itself() -> None:
    text = '[chardev "c"]\n  backend = "socket"\n  path = "~/s"\n'
    data = {"extra": ["-readconfig", "x.cfg", "-drive", "if=none,file=~/d"]}
    facts = Facts(home="/home/ann", configs={"x.cfg": text})
    fixes = {f.path: f.fix and f.fix.edits for f in check(read(data), facts)}
    assert fixes[("extra", 0)] is None
    (edit,) = fixes[("extra", 3)] or ()
    assert edit.path == ("extra", 3)


def test_a_file_that_is_not_understood_leaves_the_profile() -> None:
    profile = read({"extra": ["-readconfig", "x.cfg"]})
    assert config_file.expanded(profile, {"x.cfg": "?"}).profile is profile
    assert config_file.expanded(profile, {}).profile is profile
