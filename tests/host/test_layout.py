"""TOML text that is edited says what it should, and elsewhere stays as it was."""

import copy
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qemutui.host.layout import rewrite
from qemutui.host.matching import match, merge, same
from qemutui.host.toml_position import position
from qemutui.host.toml_scan import scan

PROFILE = """\
# Alpine, for rescue

# the format
format = 1
name = 'alpine'   # title
extra = ["-nodefaults", "-rtc", "base=utc"]    # word for word
qmp.type = "unix"
qmp.path = "/run/a"

[machine]   # the board
type = "q35"
dump-guest-core = 0x10

[launch]
environment = { A = "none" } # env

# ---- devices ----

# first NIC
[[device]]
type = "virtio-net-pci"  # nic
id = "net0"
# its netdev
netdev = "n0"

# ---- net ----

[[netdev]]
type = "user"
id = "n0"
hostfwd = [
  "tcp::2222-:22",  # ssh
  # web
  "tcp::8080-:80",
]

# the disk
[[device]]
type = "virtio-blk-pci"
id = "d0"

# vim: ft=toml
"""


def edited(source: str, change: Any) -> str:
    old = tomllib.loads(source)
    new = copy.deepcopy(old)
    change(new)
    text = rewrite(source, old, new)
    assert same(tomllib.loads(text), new)
    return text


def reorder(item: dict[str, Any], *keys: str) -> None:
    for key in keys:
        item[key] = item.pop(key)


NIC = """\
# first NIC
[[device]]
type = "virtio-net-pci"  # nic
id = "net0"
# its netdev
netdev = "n0"
"""
DISK = """\
# the disk
[[device]]
type = "virtio-blk-pci"
id = "d0"
"""
ENV = '{ A = "none" } # env'
CHANGES: dict[str, tuple[Any, str, str]] = {
    "a value": (lambda d: d.update(name="x"), "'alpine'   # title", '"x"   # title'),
    "a new key": (
        lambda d: d["machine"].update(smm=True),
        "core = 0x10\n",
        "core = 0x10\nsmm = true\n",
    ),
    "a new key of the top level": (
        lambda d: d.update(binary="b"),
        'path = "/run/a"\n',
        'path = "/run/a"\nbinary = "b"\n',
    ),
    "a dotted key": (lambda d: d["qmp"].update(path="/b"), '"/run/a"', '"/b"'),
    "a new dotted key": (
        lambda d: d["qmp"].update(wait=False),
        'path = "/run/a"\n',
        'path = "/run/a"\nqmp.wait = false\n',
    ),
    "a key goes with its comment": (
        lambda d: d["device"][0].pop("netdev"),
        '# its netdev\nnetdev = "n0"\n',
        "",
    ),
    "an element of a list": (
        lambda d: d["extra"].insert(1, "-S"),
        '"-nodefaults", ',
        '"-nodefaults", "-S", ',
    ),
    "an element goes": (
        lambda d: d["netdev"][0]["hostfwd"].pop(),
        '  # web\n  "tcp::8080-:80",\n',
        "",
    ),
    "a new element on its line": (
        lambda d: d["netdev"][0]["hostfwd"].append("x"),
        '8080-:80",\n',
        '8080-:80",\n  "x",\n',
    ),
    "an inline table": (
        lambda d: d["launch"]["environment"].update(B="c"),
        ENV,
        '{ A = "none", B = "c" } # env',
    ),
    "an item goes with its comment": (lambda d: d["device"].pop(0), NIC + "\n", ""),
    "a new item below its siblings": (
        lambda d: d["device"].append({"type": "t", "sub": {"a": [1]}}),
        DISK,
        DISK + '\n[[device]]\ntype = "t"\nsub = { a = [1] }\n',
    ),
    "a new item between": (
        lambda d: d["device"].insert(1, {"type": "t"}),
        NIC,
        NIC + '\n[[device]]\ntype = "t"\n',
    ),
    "a new table": (
        lambda d: d.update(boot={"append": "a\nb"}),
        '8080-:80",\n]\n',
        '8080-:80",\n]\n\n[boot]\nappend = """\na\nb"""\n',
    ),
    "the order of keys": (
        lambda d: reorder(d["device"][0], "type", "netdev"),
        NIC,
        '# first NIC\n[[device]]\nid = "net0"\ntype = "virtio-net-pci"  # nic\n'
        '# its netdev\nnetdev = "n0"\n',
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_changed_changes(name: str) -> None:
    change, before, after = CHANGES[name]
    assert PROFILE.count(before) == 1
    assert edited(PROFILE, change) == PROFILE.replace(before, after)


@pytest.mark.parametrize("name", CHANGES)
def test_windows_line_ends_stay(name: str) -> None:
    change, before, after = CHANGES[name]
    windows = PROFILE.replace("\n", "\r\n")
    assert edited(windows, change) == PROFILE.replace(before, after).replace("\n", "\r\n")


def test_moved_items_trade_places_and_take_their_comments() -> None:
    text = edited(PROFILE, lambda d: d["device"].reverse())
    expected = PROFILE.replace(NIC, "@").replace(DISK, NIC).replace("@", DISK)
    assert text == expected


def test_a_table_below_an_item_belongs_to_it() -> None:
    source = '[[device]]\nid = "a"\n[device.sub]\nx = 1\n\n[[device]]\nid = "b"\n'
    swapped = '[[device]]\nid = "b"\n\n[[device]]\nid = "a"\n[device.sub]\nx = 1\n'
    assert edited(source, lambda d: d["device"].reverse()) == swapped
    assert edited(source, lambda d: d["device"].pop(0)) == '[[device]]\nid = "b"\n'


def test_comments_that_stand_apart_outlive_what_stood_below_them() -> None:
    text = edited(PROFILE, lambda d: d.pop("device"))
    for comment in ("# ---- devices ----", "# ---- net ----", "# vim: ft=toml"):
        assert comment in text
    assert "# first NIC" not in text


def test_a_first_key_goes_below_the_comments_that_begin_the_file() -> None:
    source = "# mine\n\n[machine]\ntype = 'pc'\n"
    text = edited(source, lambda d: d.update(format=1))
    assert text == "# mine\n\nformat = 1\n\n[machine]\ntype = 'pc'\n"


def test_an_item_that_gets_another_type_and_id_keeps_its_comments() -> None:
    source = """\
# the network of the lab
[[netdev]]
type = "user"   # slirp
id = "n0"
# ssh
hostfwd = ["tcp::1-:2", # ssh
  "tcp::3-:4"]
"""
    changed = source.replace('"user"', '"tap"').replace('"n0"', '"lan"')
    assert edited(source, lambda d: d["netdev"][0].update(type="tap", id="lan")) == changed
    other = '\n[[netdev]]\ntype = "socket"\nid = "s"\n'
    text = edited(source + other, lambda d: d["netdev"][0].update(type="tap", id="lan"))
    assert text == changed + other


def test_an_inline_array_of_tables_changes_inside() -> None:
    source = 'device = [{type = "a", id = \'x\'}, {type = "b"}] # all\n'
    text = edited(source, lambda d: d["device"][1].update(id="y"))
    assert text == 'device = [{type = "a", id = \'x\'}, {type = "b", id = "y"}] # all\n'


def test_a_new_document_is_readable() -> None:
    new = {"name": "x", "extra": ["-S"], "machine": {"type": "pc"}, "device": [{"type": "t"}]}
    expected = 'name = "x"\nextra = ["-S"]\n\n[machine]\ntype = "pc"\n\n[[device]]\ntype = "t"\n'
    assert rewrite("", {}, new) == expected


def test_positions() -> None:
    lines = PROFILE.splitlines()
    for path, start in (
        (("name",), "name"),
        (("qmp", "path"), "qmp.path"),
        (("device", 1), "[[device]]"),
        (("device", 0, "netdev"), "netdev"),
        (("netdev", 0, "hostfwd", 1), '"tcp::8080'),
        (("launch", "environment", "A"), "A = "),
    ):
        found = position(PROFILE, path)
        assert found is not None
        assert lines[found[0] - 1][found[1] - 1 :].startswith(start), path
    assert position(PROFILE, ("device", 2)) is None


def test_items_are_recognised() -> None:
    a, b, c = {"type": "t", "id": "a"}, {"type": "t", "id": "b"}, {"type": "u"}
    assert match([a, b, c], [c, a, b]) == [2, 0, 1]
    assert match([a, b], [b]) == [1]
    assert match([a, b], [{"type": "t", "id": "b", "x": 1}]) == [1]
    assert match([a, b], [a, {"type": "t", "id": "new"}, c]) == [0, 1, None]
    # Another type and another id: the only ones between their neighbours, or with more in common.
    x, y = {"type": "u", "id": "x", "bus": "b"}, {"type": "v", "id": "y", "bus": "c"}
    new = {"type": "w", "id": "new"}
    assert match([a, x, b], [a, new, b]) == [0, 1, 2]
    assert match([x, y], [{**new, "bus": "c"}, {**new, "id": "n", "bus": "b"}]) == [1, 0]
    assert match([x, y], [new]) == [None]
    assert match([x, a], [a, new]) == [1, None]


def test_what_is_the_same() -> None:
    assert not same(1, True)
    assert not same(1, 1.0)
    assert not same(0.0, -0.0)
    assert same([float("nan")], [float("nan")])
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not same([{"a": 1, "b": 2}], [{"b": 2, "a": 1}])


def test_the_file_keeps_what_the_program_would_say_otherwise() -> None:
    data = {"accel": "kvm", "monitor": True, "when": 7, "x": 1}
    base, new = {"accel": ["kvm"], "x": 1}, {"accel": ["kvm"], "x": 2}
    assert merge(data, base, new) == {**data, "x": 2}


# Everything that TOML can say, with comments everywhere.

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
keys = st.sampled_from(["type", "id", "a", "b c", "", "é", 'q"']) | texts
scalars = (
    texts
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["two\nlines", "a\r\nb", '"""', "\\", "\x00\x7f", -0.0, 1e300])
    | st.datetimes().map(lambda moment: moment.replace(fold=0))
    | st.dates()
    | st.times().map(lambda moment: moment.replace(fold=0))
)
values = st.recursive(
    scalars, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(keys, inside, max_size=3)
)
items = st.dictionaries(keys, values, max_size=4)
documents = st.fixed_dictionaries(
    {},
    optional={
        "name": values,
        "extra": st.lists(texts, max_size=3),
        "machine": items,
        "device": st.lists(items, max_size=4),
        "netdev": st.lists(items, max_size=3),
        "unknown": values,
    },
)


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_any_data_becomes_any_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    source = rewrite("", {}, old)
    assert same(tomllib.loads(source), old)
    assert same(tomllib.loads(rewrite(source, tomllib.loads(source), new)), new)


SPELLED = ["0x10", "1_000", "'l'", '"t"', '"""\nm # " \\\n x"""', "'''l\n'''", "inf", "-0.0",
           "1979-05-27 07:32:00Z", "07:32:00", "[ 1, # c\n 2 ]", "[]", "{ k = 'v', q.r = 1 }",
           "{}", "[{ type = 't' }, {}]"]  # fmt: skip
trivia = st.lists(st.sampled_from(["\n", "# c\n", "  # d\n"]), max_size=3).map("".join)
entries = st.lists(
    st.tuples(trivia, st.sampled_from(["", "  "]), st.sampled_from(SPELLED),
              st.sampled_from(["", " # e"])),
    max_size=4,
)  # fmt: skip
names = ["type", "id", '"q k"', "s.a", "s.b"]
blocks = st.lists(
    st.tuples(
        trivia,
        st.sampled_from(["machine", "[device]", "[netdev]", "device.sub", "[device.arr]", "a.b"]),
        entries,
    ),
    max_size=6,
)


def _entries(lines: list[tuple[str, str, str, str]]) -> str:
    return "".join(
        f"{above}{indent}{name} = {value}{end}\n"
        for name, (above, indent, value, end) in zip(names, lines, strict=False)
    )


@st.composite
def sources(draw: st.DrawFn) -> str:
    text = _entries(draw(entries))
    seen: set[str] = set()
    for above, header, lines in draw(blocks):
        if header in seen and not header.startswith("["):
            continue
        if header == "[device]":  # begins a new item, which may have its own table again
            seen -= {"device.sub"}
        seen.add(header)
        if header.removeprefix("[").startswith("device.") and "[device]" not in seen:
            continue
        text += f"{above}[{header}]\n{_entries(lines)}"
    text += draw(trivia)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def _change(value: Any, data: st.DataObject) -> Any:
    draw = data.draw
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        act = draw(st.sampled_from(["in", "in", "out", "last", "new"]))
        if act == "in":
            value[key] = _change(value[key], data)
        elif act == "out":
            del value[key]
        elif act == "last":
            value[key] = value.pop(key)
        else:
            value[draw(keys)] = draw(values)
        return value
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        act = draw(st.sampled_from(["in", "out", "move", "new"]))
        if act == "in":
            value[place] = _change(value[place], data)
        elif act == "out":
            del value[place]
        elif act == "move":
            value.insert(0, value.pop(place))
        else:
            value.insert(place, draw(items))
        return value
    return draw(values)


@given(sources(), st.data())
@settings(max_examples=300, deadline=None)
def test_any_edit_of_any_layout(source: str, data: st.DataObject) -> None:
    assert scan(source).text("\n") == source
    old = tomllib.loads(source)
    assert rewrite(source, old, copy.deepcopy(old)) == source
    new = copy.deepcopy(old)
    if new:
        key = data.draw(st.sampled_from(sorted(new)))
        new[key] = _change(new[key], data)
    text = rewrite(source, old, new)
    assert same(tomllib.loads(text), new)


@given(sources())
@settings(max_examples=150, deadline=None)
def test_a_new_key_leaves_every_byte(source: str) -> None:
    old = tomllib.loads(source)
    text = rewrite(source, old, {**old, "added": 1})
    newline = "\r\n" if "\r\n" in source else "\n"
    assert text.replace(f"added = 1{newline}", "").split() == source.split()
