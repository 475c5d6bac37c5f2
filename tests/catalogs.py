"""What QEMUs that need not be installed offer, as `tests/data/capture.py` has kept it."""

import json
import lzma
from functools import cache
from pathlib import Path

from qemutui.core import catalog_text
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_text import Answers

DATA = Path(__file__).parent / "data"


@cache
def answers(version: str, target: str = "x86_64") -> Answers:
    """The answers of a QEMU such as `7.2`, on a computer where kvm can be used."""
    file = DATA / f"{version}-{target}.json.xz"
    replies, help_texts, properties, crashed, kvm, program = json.loads(
        lzma.decompress(file.read_bytes())
    )
    return Answers(
        {name: text.encode() for name, text in replies.items()},
        {tuple(words): text for words, text in help_texts},
        {name: text.encode() for name, text in properties.items()},
        tuple(crashed),
        kvm,
        program,
    )


@cache
def captured(version: str, target: str = "x86_64") -> Catalog:
    """The catalog of a QEMU such as `7.2`, on a computer where kvm can be used."""
    return Catalog.read(catalog_text.write(answers(version, target)))
