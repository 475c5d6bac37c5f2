"""Asks a QEMU binary what it offers."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import IO, Any

from qemutui.core import catalog_text
from qemutui.core.catalog import Catalog
from qemutui.host import trusted

_MACHINE = ("-machine", "none", "-nodefaults", "-display", "none", "-S", "-qmp", "stdio")


class ProbeError(Exception):
    """A binary did not answer; the text says why, as a sentence for the user."""


def catalog_of(binary: str) -> Catalog:
    """Returns the catalog of a trusted binary.

    Raises:
        ProbeError: It may not be asked, or does not answer.
    """
    path = trusted.find(binary)
    if path is None:
        raise ProbeError(f"{binary} is not on PATH and was not run.")
    replies, _ = _ask(path, list(catalog_text.QUERIES))
    todo = catalog_text.questions(replies)
    properties: dict[str, bytes] = {}
    crashed = []
    while todo:
        told, answered = _ask(path, todo)
        properties |= told
        if answered < len(todo):
            crashed.append(todo[answered][0].partition("/")[2])
        todo = todo[answered + 1 :]
    texts: dict[tuple[str, ...], str] = {}
    for words in catalog_text.HELP_OPTIONS:
        done = subprocess.run(  # noqa: S603
            [path, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        )
        texts[words] = done.stdout.decode("utf-8", "replace")
    text = catalog_text.write(
        catalog_text.Answers(replies, texts, properties, tuple(crashed), _kvm_problem())
    )
    return Catalog.read(text)


def _kvm_problem() -> str:
    if not os.path.exists("/dev/kvm"):  # noqa: PTH110
        return "No /dev/kvm."
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "/dev/kvm is there, but you are not in group kvm."
    return ""


def _ask(
    path: str, asked: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> tuple[dict[str, bytes], int]:
    """Returns the answers by name, and how many questions were answered."""
    lines = [json.dumps({"execute": "qmp_capabilities"})]
    lines += [json.dumps({"execute": c, "arguments": a}) for _, c, a in asked]
    told: dict[str, bytes] = {}
    answered = -1
    with subprocess.Popen(  # noqa: S603
        [path, *_MACHINE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101
        text = "\n".join(lines).encode() + b"\n"
        Thread(target=_feed, args=(process.stdin, text), daemon=True).start()
        for line in process.stdout:
            if line.startswith((b'{"return"', b'{"error"')):
                answered += 1
                if answered > 0 and line.startswith(b'{"return"'):
                    told[asked[answered - 1][0]] = line.strip()
                if answered == len(asked):
                    break
        process.kill()
    return told, max(answered, 0)


def _feed(stream: IO[bytes], text: bytes) -> None:
    with suppress(OSError):
        stream.write(text)
        stream.flush()
