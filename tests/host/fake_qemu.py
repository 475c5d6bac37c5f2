"""Programs that are called like a QEMU and are none, or a sick one."""

import os
import sys
from pathlib import Path

_QMP = """#!{python} -IS
import json, os, sys
SICK, KEPT, TYPES = {sick!r}, {kept!r}, ["good", "sick", "other"]
HELP = {{"-help": "QEMU emulator version 9.1.2 (Fake)\\n-m size         memory\\n",
        "-machine": "Supported machines are:\\nboard   A board (default)\\n",
        "-device": "Misc devices:\\n" + "".join(f'name "{{name}}", bus PCI\\n' for name in TYPES)}}
words = sys.argv[1:]
if "-qmp" not in words:
    print(HELP.get(words[0], ""), end="")
    sys.exit()
print(json.dumps({{"QMP": {{}}}}), flush=True)
kept, rest = [], b""
while chunk := os.read(0, 1 << 16):
    *lines, rest = (rest + chunk).split(b"\\n")
    for line in lines:
        asked = json.loads(line)
        command, values = asked["execute"], asked.get("arguments", {{}})
        if SICK in (command, values.get("typename"), values.get("implements")):
            os.abort()
        told = [{{"name": name, "parent": "device"}} for name in TYPES]
        answer = {{
            "query-version": {{"qemu": {{"major": 9, "minor": 1, "micro": 2}}, "package": "Fake"}},
            "query-target": {{"arch": "x86_64"}},
            "query-machines": [{{"name": "board", "cpu-max": 4}}],
            "query-kvm": {{"present": True, "enabled": False}},
            "qom-list-types": told if values.get("implements") == "device" else [],
            "device-list-properties": [{{"name": "size", "type": "uint32", "default-value": 7}}],
        }}.get(command, [])
        kept.append(json.dumps({{"return": answer}}))
        if len(kept) > KEPT:
            print("\\n".join(kept), flush=True)
            kept.clear()
    if kept:
        print("\\n".join(kept), flush=True)
        kept.clear()
"""


def program(folder: Path, text: str, name: str = "qemu-system-x86_64") -> str:
    """Writes a program that may be run."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def sick(folder: Path, on: str, kept: int = 0) -> str:
    """Writes a program that answers by QMP, and aborts when it is asked about one thing.

    So many answers as `kept` says it writes only when nothing more is asked; they are lost with it.
    """
    text = _QMP.format(python=os.path.realpath(sys.executable), sick=on, kept=kept)
    return program(folder, text)
