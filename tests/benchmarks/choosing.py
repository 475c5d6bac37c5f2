"""What a form shows of a catalog: the properties of a device, and the choices that fit."""

from functools import partial
from itertools import count

from qemutui.core import catalog_text, field_choices
from qemutui.core.catalog import Catalog
from qemutui.core.profile import Profile, read
from qemutui.ui import forms, sections
from qemutui.ui.widgets.choice_list import fit
from tests.benchmarks.adding import FRAME
from tests.benchmarks.measure import Measured, Row, call, pairs
from tests.catalogs import answers, captured

QUERIES = ("a", "av", "+avx512", "zzz", "vmx-exit")


def properties() -> Measured:
    """Times the rows of a device of over 80 properties that were not read before."""
    text = catalog_text.write(answers("10.0"))
    profile = read({"device": [{"type": "virtio-net-pci"}]})
    devices = sections.SECTIONS[sections.section_index("Devices")]
    assert devices is not None
    fresh = [Catalog.read(text) for _ in range(22)]
    number = count()

    def shown() -> None:
        assert len(forms.rows(profile, devices, ("device", 0), fresh[next(number)])) > 80

    return pairs(call(shown), lambda: FRAME, rounds=21)


def choices() -> Measured:
    """Times what fits a word, of over 800 features; the longest of some words."""
    features = field_choices.choices(Profile(), ("cpu", "features", 0), captured("7.2"))
    assert len(features) > 800
    searches = [call(partial(fit, features, query)) for query in QUERIES]
    return max((pairs(one, lambda: FRAME, 21) for one in searches), key=lambda one: one.ratio)


ROWS = [
    Row("show the properties of a device, read for the first time", "33 ms", 0.25, properties),
    Row("find what fits among 800 CPU features", "33 ms", 1, choices),
]
