"""Joins the lines of one command, as somebody writes it who leaves a backslash out."""

import re

_TOKEN = re.compile(
    r"(?P<quoted>\\.|\$'(?:\\.|[^'\\])*'|'[^']*'"
    r"|\"(?:\$\((?:'[^']*'|[^')])*\)|\\.|[^\"\\])*\")"
    r"|(?P<end>(?:(?<![^ \t\n])\#[^\n]*)?\n)(?=[ \t]*-)",
    re.DOTALL,
)


def joined(text: str) -> str:
    """Returns a text in which a line that begins with a dash goes on with the line before.

    No command begins with a dash. Each character keeps its place: a line feed, and the comment
    before it, become blanks.
    """
    return _TOKEN.sub(lambda token: token[0] if token["end"] is None else " " * len(token[0]), text)
