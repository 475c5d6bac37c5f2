"""Words that the sentences of several rules are made of."""

_LONGEST = 40


def short(text: str) -> str:
    """Returns a text cut to 40 characters."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def quoted(text: str) -> str:
    """Returns a text of the profile, cut short and in quotation marks."""
    return f"“{short(text)}”"


def a(noun: str) -> str:
    """Returns a noun with its article."""
    vowel = noun[:1].lower() in "aeio" or noun.startswith(("rng", "fsdev"))
    return f"an {noun}" if vowel else f"a {noun}"
