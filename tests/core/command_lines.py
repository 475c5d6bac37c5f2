"""Command lines as people and libvirt wrote them, each with where it is from."""

import json
from pathlib import Path

CORPUS: dict[str, list[str]] = {
    line["id"]: line["argv"]
    for file in sorted((Path(__file__).parent / "corpus").glob("*.jsonl"))
    for line in map(json.loads, file.read_text().splitlines())
}
"""Every argv by its id."""
