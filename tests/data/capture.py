"""Keeps what the QEMUs on PATH answer, for tests of machines that do not have them.

    python tests/data/capture.py [NAME…]

For each NAME, such as qemu-system-x86_64, the file VERSION-TARGET.json.xz of this folder is
written, such as 7.2-x86_64.json.xz. It does not say which of this computer's accelerators work.
For qemu-system-x86_64 the buses of two machines are written too, such as 7.2-q35.txt.
"""

import json
import lzma
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from qemutui.core.catalog_text import Answers
from qemutui.host import boards, probe


def written(answers: Answers, path: str) -> bytes:
    """The answers as a file, with the path of the program as its name alone."""
    value = [
        {name: text.decode() for name, text in answers.replies.items()},
        [[list(words), text] for words, text in answers.help.items()],
        {name: text.decode() for name, text in answers.properties.items()},
        answers.crashed,
        "",
        answers.program,
    ]
    text = json.dumps(value, indent=0)
    for folder in (Path(path).parent, Path(path).resolve().parent):
        text = text.replace(f"{folder}/", "")
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    """Captures what the arguments name."""
    for name in sys.argv[1:] or ["qemu-system-x86_64"]:
        path = shutil.which(name)
        if path is None:
            sys.exit(f"{name} is not on PATH.")
        answers = probe.answers_of(path)
        version = json.loads(answers.replies["version"])["return"]["qemu"]
        target = re.sub("qemu-system-", "", name)
        file = Path(__file__).parent / f"{version['major']}.{version['minor']}-{target}.json.xz"
        file.write_bytes(written(answers, path))
        print(file, file.stat().st_size)
        if target == "x86_64":
            for machine in ("pc", "q35"):
                text = boards.text_of(path, ("-machine", machine, "-nodefaults")) or ""
                board = file.with_name(f"{file.name.partition('-')[0]}-{machine}.txt")
                board.write_text(text.replace("\r", ""))


if __name__ == "__main__":
    main()
