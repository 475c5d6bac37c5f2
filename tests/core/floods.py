"""Texts without end that a reader of commands may take long for."""

FLOODS = [
    "$(",
    "((((",
    "<<A\n",
    "qemu-kvm <<A\n",
    "x 'y \"z\n",
    "qemu-kvm 'y \"z\n",
    "it's\n",
    "'\"\\$(",
    "qemu-kvm '$(\"\\",
    '{"',
    "`qemu-kvm -m 1`\n",
    "# qemu-kvm '\n",
    "a;",
    "$a -b ",
    "sudo env ",
    "\\\n",
]


def flooded(flood: str, size: int) -> str:
    """Returns this many characters of it."""
    return (flood * (size // len(flood) + 1))[:size]
