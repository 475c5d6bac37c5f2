"""How well a text fits what somebody types to find it."""

from collections.abc import Sequence

EXACT, PREFIX, WORD, INSIDE, LETTERS = range(5)
"""The ranks, the best first: the text itself, its beginning, the beginning of a word, anywhere,
and its letters in order."""


def rank(query: str, text: str) -> int | None:
    """Returns how well a text fits, or None where it does not; case does not matter."""
    query, text = query.lower().strip(), text.lower()
    if text == query:
        return EXACT
    if text.startswith(query):
        return PREFIX
    at = text.find(query)
    while at > 0:
        if not text[at - 1].isalnum():
            return WORD
        at = text.find(query, at + 1)
    if query in text:
        return INSIDE
    letters = iter(text)
    return LETTERS if all(sign in letters for sign in query if sign != " ") else None


def best(query: str, texts: Sequence[str]) -> int | None:
    """Returns the best rank of several texts that mean the same."""
    return min((found for text in texts if (found := rank(query, text)) is not None), default=None)
