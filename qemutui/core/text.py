"""Makes untrusted text safe to draw.

Whatever a profile, a file name, QEMU or a guest says may hold escape sequences that a terminal
would obey, or characters that reorder or hide what stands beside them. Each such character is
replaced by one visible character, so that nothing is dropped and no width changes unseen.
"""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff"  # a terminal's encoder raises on these
    "\U000e0000-\U000e007f]"
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "�"


def clean(text: str) -> str:
    """Returns `text` with every control, bidirectional and invisible character made visible.

    C0 controls become their control pictures (ESC is `␛`, a line feed `␊`), DEL `␡`, all others
    `�`. The result has as many characters as `text` and is still no markup: draw it plain.
    """
    return _UNSAFE.sub(_visible, text)


def clean_line(text: str) -> str:
    """Returns a line of a log, safe to draw: without its line end, tabs as spaces, else `clean`."""
    return clean(text.rstrip("\r\n").expandtabs(8))
