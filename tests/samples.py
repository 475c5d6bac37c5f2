"""Pieces of profiles that several tests begin with."""


def quiet(name: str = "quiet", machine: str = "none") -> str:
    """Returns a VM that a real QEMU starts at once, and that prints nothing."""
    return f"""\
name = "{name}"
extra = ["-nodefaults", "-display", "none"]
[machine]
type = "{machine}"
accel = "tcg"
"""


def net0(netdev: str) -> str:
    """Returns a network device, to which more keys may be added."""
    return f'[[device]]\ntype = "virtio-net-pci"\nid = "net0"\nnetdev = "{netdev}"\n'


GPU = '[[device]]\ntype = "VGA"\nid = "gpu"\n'
RNG = '[[device]]\ntype = "virtio-rng-pci"\nid = "rng"\n'
N0 = '[[netdev]]\ntype = "user"\nid = "n0"\n'
