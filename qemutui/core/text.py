"""Makes untrusted text safe to draw.

Whatever a profile, a file name, QEMU or a guest says may hold escape sequences that a terminal
would obey, or characters that reorder or hide what stands beside them. Each such character is
replaced by one visible character, so that nothing is dropped and no width changes unseen.
"""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # line ends, order of writing
    # What has no sign of its own (Default_Ignorable_Code_Point and other format controls): joiners
    # and variation selectors too, as terminals do not agree on the width of what they join.
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff]"  # a terminal's encoder raises on these
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
