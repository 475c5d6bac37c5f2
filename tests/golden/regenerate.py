"""The commands that profiles are known to become, one file each; run to write them anew.

`tests/golden/argv/NAME.toml` is a profile, `NAME.argv` its command, one word a line. A word that
is empty, or begins with a quote, or holds what is not printable, is written as JSON.

    python -m tests.golden.regenerate

writes what differs and names it, for a person to read in the diff. No test writes anything.
"""

import json
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from qemutui.core import argv, profile

FOLDER = Path(__file__).with_name("argv")


def profiles() -> list[Path]:
    """Every profile that has a golden command, by name."""
    return sorted(FOLDER.glob("*.toml"))


def command(path: Path) -> list[str]:
    """The words that the profile in a file becomes."""
    return argv.words(argv.build(profile.read(tomllib.loads(path.read_text("utf-8")))))


def to_lines(words: Iterable[str]) -> str:
    """The text of a golden file, which holds each word on a line of its own."""
    return "".join(f"{word if _is_plain(word) else json.dumps(word)}\n" for word in words)


def to_words(text: str) -> list[str]:
    """The words of a golden file."""
    lines = text.removesuffix("\n").split("\n")
    return [json.loads(line) if line.startswith('"') else line for line in lines]


def _is_plain(word: str) -> bool:
    return word != "" and word.isprintable() and word[0] != '"' and word == word.strip()


def main() -> None:
    for path in profiles():
        golden = path.with_suffix(".argv")
        lines = to_lines(command(path))
        if not golden.exists() or golden.read_text("utf-8") != lines:
            golden.write_text(lines, "utf-8")
            sys.stdout.write(f"{golden.name}\n")


if __name__ == "__main__":
    main()
