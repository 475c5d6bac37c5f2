"""The name that a mistyped one was probably meant to be."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def nearest(name: str, names: tuple[str, ...]) -> str | None:
    """Returns the one of `names` that resembles a name most, or None if none does.

    Upper and lower case, `-` and `_` are alike.
    """
    from difflib import get_close_matches  # only who mistypes needs it

    plain = {_plain(known): known for known in reversed(names)}
    if not name or len(name) > 60:
        return None
    if found := plain.get(_plain(name)):
        return found
    close = get_close_matches(_plain(name), plain, 1, 0.6)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
