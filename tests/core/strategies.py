"""Profiles as `tomllib` would give them, of every shape that is taken."""

from typing import Any

from hypothesis import strategies as st

from qemutui.core.groups import GROUPS
from qemutui.core.keyval import Scalar
from qemutui.core.profile import Boot, Memory, QmpSocket, Smp

Data = dict[str, Any]

_SIGNS = st.text(alphabet=",=:.{}[]'\"\\$ -_~%aé😀\n\x1b\u202e", max_size=6)
_TEXTS = st.one_of(_SIGNS, st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def scalars() -> st.SearchStrategy[Scalar]:
    return st.one_of(_TEXTS, st.booleans(), _INTEGERS, _FLOATS)


def keys() -> st.SearchStrategy[str]:
    """Keys of properties: mostly plain, some of qemutui's own, some that QEMU cannot read."""
    plain = st.sampled_from(
        ["netdev", "size", "mem-path", "file.filename", "model_config", "_order"]
    )
    return plain | _SIGNS.filter(lambda key: key not in ("_off", "_json"))


def values() -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys(), inner, max_size=3),
        max_leaves=4,
    )


def words() -> st.SearchStrategy[Any]:
    return scalars() | st.lists(scalars(), max_size=4)


def items() -> st.SearchStrategy[Data]:
    switches = {"_off": st.booleans(), "_json": st.booleans()}
    return _table({"type": scalars(), "id": scalars()} | switches, values())


def profiles() -> st.SearchStrategy[Data]:
    tables: dict[str, st.SearchStrategy[Any]] = {
        "format": st.just(1),
        "name": scalars() | st.dictionaries(keys(), scalars(), max_size=3),
        "binary": scalars(),
        "notes": scalars(),
        "extra": words(),
        "machine": _table({"type": scalars(), "accel": words()}, values()),
        "cpu": _table({"model": scalars(), "features": words()}, _unknown()),
        "fd": st.lists(
            _table({"path": scalars(), "mode": scalars(), "_off": st.booleans()}, _unknown()),
            max_size=2,
        ),
        "launch": _table(
            {
                "monitor": scalars(),
                "wrapper": words(),
                "directory": scalars(),
                "powerdown": scalars(),
                "environment": st.dictionaries(_TEXTS, scalars(), max_size=2),
            },
            _unknown(),
        ),
        "check": _table({"ignore": words()}, _unknown()),
    }
    for name, model in (("memory", Memory), ("smp", Smp), ("boot", Boot), ("qmp", QmpSocket)):
        tables[name] = _table(dict.fromkeys(model.model_fields, scalars()), values())
    kinds = st.sampled_from(["unix", "tcp", "telnet", "file"])
    ends = dict.fromkeys(("path", "host", "port", "server"), scalars())
    tables["qmp"] |= _table({"type": kinds, **ends}, values())
    tables |= {group.name: st.lists(items(), max_size=3) for group in GROUPS}
    return _table(tables, _unknown())


def _unknown() -> st.SearchStrategy[Any]:
    """What may stand under a key that nobody knows: a date too."""
    return values() | st.dates() | st.lists(st.times(), max_size=2)


@st.composite
def _table(
    draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]], other: st.SearchStrategy[Any]
) -> Data:
    """Some of the fields and some other keys, in any order."""
    known = st.sampled_from(sorted(fields))
    order = draw(st.lists(known | known | keys(), max_size=5, unique=True))
    return {key: draw(fields.get(key, other)) for key in order}
