"""QEMU's grammar of values, against what QEMU 7.2 was seen to take and refuse."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qemutui.core import keyval
from qemutui.core.keyval import Scalar
from tests.asking import query, replies

SIZES: dict[Scalar, int | None] = {
    "1": 1,
    512: 512,
    "1k": 1 << 10,
    "1K": 1 << 10,
    "2m": 2 << 20,
    "1.5M": 3 << 19,
    "1G": 1 << 30,
    "1t": 1 << 40,
    "1P": 1 << 50,
    "1E": 1 << 60,
    "15E": 15 << 60,
    "1b": 1,
    "1B": 1,
    "010k": 10 << 10,
    "1.0": 1,
    1.0: 1,
    "1.": 1,
    "1.k": 1 << 10,
    "0.1k": 102,
    "0x10": 16,
    "0X1f": 31,
    "0x1e": 30,
    "0x1b": 27,
    " 1k": 1 << 10,
    "+1k": 1 << 10,
    "18446744073709551615": 2**64 - 1,
    "18446744073709551616": None,
    "16E": None,
    "17179869184G": None,
    "9" * 400: None,
    "1.5": None,
    1.5: None,
    "1.5B": None,
    "1MB": None,
    "1MiB": None,
    "1e6": None,
    "2E3": None,
    "0x": None,
    "0x1.8k": None,
    "1k ": None,
    "1 k": None,
    "-1k": None,
    "-0": None,
    -1: None,
    "k": None,
    "": None,
    "1_000": None,
    "1,5k": None,
    "１k": None,
    "1\N{KELVIN SIGN}": None,
    "\N{NO-BREAK SPACE}1k": None,
    "1..5k": None,
    "on": None,
}
MEMORY = {"16": 16 << 20, "16M": 16 << 20, "1.0": 1 << 20, "8192k": 8 << 20, "0x10": 16 << 20} | {
    "0x1000a": 0x1000A,
    "1.5": None,
    "1.5M": 3 << 19,
    "": None,
}
VERSIONS_DIFFER = {".5k": 512, "0x10k": 16 << 10}
"""7.2 refuses the first and warns about the second; 8.1 takes the first, 8.0 refuses the second."""


@pytest.mark.parametrize(("written", "count"), (SIZES | VERSIONS_DIFFER).items())
def test_size(written: Scalar, count: int | None) -> None:
    assert keyval.size(written) == count


def test_true_is_no_size() -> None:
    assert keyval.size(True) is None


@pytest.mark.parametrize(("written", "count"), MEMORY.items())
def test_size_of_memory_is_in_mebibytes(written: str, count: int | None) -> None:
    assert keyval.size(written, "m") == count


@given(st.text(st.sampled_from("0123456789.+-xXeEkKmMbB ")) | st.text())
def test_size_of_anything_is_a_size_or_none(written: str) -> None:
    for unit in "bm":
        count = keyval.size(written, unit)
        assert count is None or 0 <= count < 2**64


def test_qemu_reads_the_same_sizes(qemu: str) -> None:
    texts = [text for text in SIZES if isinstance(text, str)]
    asked = []
    for number, text in enumerate(texts):
        # A size that cannot be allocated is read before its file is found to be missing.
        count = SIZES[text]
        kind = "ram" if count and count <= 1 << 30 else "file,mem-path=/dev/null/none"
        line = f"object_add memory-backend-{kind},id=m{number},size={keyval.escape(text)}"
        asked.append(query("human-monitor-command", command_line=line))
        asked.append(query("qom-get", path=f"/objects/m{number}", property="size"))
    answers, _ = replies([qemu, "-machine", "none"], *asked)
    for text, said, size in zip(texts, answers[::2], answers[1::2], strict=True):
        count = SIZES[text]
        assert ("expects size" in said) == (count is None), (text, said)
        if count and count <= 1 << 30:
            assert size == count, text


@pytest.mark.parametrize(("text", "count"), MEMORY.items())
def test_qemu_reads_the_same_memory(qemu: str, text: str, count: int | None) -> None:
    command = [qemu, "-machine", "pc,accel=tcg", "-m", f"size={text}"]
    answers, _ = replies(command, query("query-memory-size-summary"))
    found = answers[0]["base-memory"] if answers else None
    assert found == (count and -(-count // 8192) * 8192)  # a board takes whole pages


@pytest.mark.parametrize(
    ("value", "boolean"),
    [
        *((word, True) for word in ("on", "yes", "true", "y", True)),
        *((word, False) for word in ("off", "no", "false", "n", False)),
        *((word, None) for word in ("1", "0", 1, 0, "TRUE", "On", "", " on", "auto", 1.0)),
    ],
)
def test_boolean(value: Scalar, boolean: bool | None) -> None:
    assert keyval.boolean(value) is boolean


@pytest.mark.parametrize("name", ["a", "Net0", "a.b-c_d", "x" * 200])
def test_id(name: str) -> None:
    assert keyval.is_id(name)


@pytest.mark.parametrize("name", ["", "0a", "_a", "-a", ".a", "a b", "a,b", "a\n", "é", "#b"])
def test_no_id(name: str) -> None:
    assert not keyval.is_id(name)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "on"),
        (False, "off"),
        ("yes", "yes"),
        (0, "0"),
        (-7, "-7"),
        (2**63 - 1, "9223372036854775807"),
        (1.5, "1.5"),
        (1.0, "1.0"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        ("", ""),
        (" a,b=c ", " a,b=c "),
    ],
)
def test_text(value: Scalar, text: str) -> None:
    assert keyval.text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_is_decimal_and_exact(value: float) -> None:
    written = keyval.text(value)
    assert float(written) == value
    assert "e" not in written


@given(st.text())
def test_escaped_text_holds_no_lone_comma(text: str) -> None:
    escaped = keyval.escape(text)
    assert escaped.replace(",,", ",") == text
    assert "," not in escaped.replace(",,", "")


@given(st.recursive(st.text() | st.integers() | st.booleans(), lambda v: st.lists(v), max_leaves=5))
def test_json_is_one_line_and_read_back(value: Any) -> None:
    written = keyval.to_json(value)
    assert "\n" not in written
    assert json.loads(written) == value
