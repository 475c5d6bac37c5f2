"""Takes secrets out of what is shown to others: of commands, and of what was printed with them."""

import re
from collections.abc import Iterable, Mapping

MASK = "***"

_SECRET_KEYS = (
    "keyid", "password", "passwd", "passphrase", "secret", "token", "credential", "cookie",
    "key-data",
)  # fmt: skip
"""In the name of a key: what follows it is secret."""
_NAMES_ONLY = ("-secret", "-id", "-file", "file", "-store", "-policy")
"""At the end of such a key: what follows is the name of an object or a file, and is needed."""
_WHOLE_KEYS = ("key", "pass", "pwd")
_HARMLESS = ("on", "off", "true", "false", "")
_IN_WORD = re.compile(r"(?P<key>[A-Za-z0-9_.-]+)=(?P<value>(?:,,|[^,])*)")
_IN_TEXT = re.compile(r"(?P<key>[A-Za-z0-9_.-]+)=(?P<value>(?:,,|[^,\s])*)")
_NESTED = re.compile(r"(?P<head>[:;?&\s])(?P<key>[A-Za-z0-9_.-]+)=(?P<value>[^:;&,\s]*)")
"""Within a value, as in `rbd:pool/image:id=me:key=…`."""
_JSON = re.compile(
    r"""(?P<key>["'][A-Za-z0-9_.-]+["']\s*:\s*)(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
)
_LOGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<login>[^/@\s,]+)@")
_LEAST = 4
"""Characters from which a secret is taken out of other texts too: shorter ones are everywhere."""


def _is_secret(key: str, is_secret_object: bool) -> bool:
    key = key.lower().strip("\"' :").replace("_", "-")
    last = key.rsplit(".", 1)[-1]
    if last == "data":
        return is_secret_object
    if any(word in last for word in _SECRET_KEYS):
        return not last.endswith(_NAMES_ONLY)
    return last in _WHOLE_KEYS


class Masker:
    """Masks the secrets that it has found in a command, wherever they come again."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def _masked(self, value: str) -> str:
        plain = value.replace(",,", ",")
        for secret in (value, plain, *plain.split()[:1]):
            if len(secret) >= _LEAST and secret != MASK and secret not in _HARMLESS:
                self._known.add(secret)
        return MASK

    def word(self, word: str) -> str:
        """Returns one word of a command without the values of keys that are secret."""
        return self._without(word, _IN_WORD)

    def words(self, words: Iterable[str]) -> tuple[str, ...]:
        """Returns a command without its secrets."""
        return tuple(self.word(word) for word in words)

    def _without(self, text: str, pairs: re.Pattern[str]) -> str:
        # A secret object holds its secret in `data`; other objects have harmless ones.
        is_secret = re.search(r"\bsecret\b", text) is not None

        def pair(match: re.Match[str]) -> str:
            if not _is_secret(match["key"], is_secret) or match["value"] in _HARMLESS:
                nested = _NESTED.sub(inner, f" {match['key']}={match['value']}")
                return nested[1:]
            return f"{match['key']}={self._masked(match['value'])}"

        def inner(match: re.Match[str]) -> str:
            if not _is_secret(match["key"], is_secret) or match["value"] in _HARMLESS:
                return match[0]
            return f"{match['head']}{match['key']}={self._masked(match['value'])}"

        def json(match: re.Match[str]) -> str:
            if not _is_secret(match["key"], is_secret):
                return match[0]
            return f'{match["key"]}"{self._masked(match["value"][1:-1])}"'

        def login(match: re.Match[str]) -> str:
            return f"{match['scheme']}{self._masked(match['login'])}@"

        return _LOGIN.sub(login, _JSON.sub(json, pairs.sub(pair, text)))

    def environment(self, environment: Mapping[str, object]) -> dict[str, str]:
        """Returns the names of variables; each of their values may be secret."""
        return {name: self._masked(str(value)) for name, value in environment.items()}

    def text(self, text: str) -> str:
        """Returns a text, such as a log, without secrets: known ones, and what looks like one."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return "\n".join(self._without(line, _IN_TEXT) for line in text.split("\n"))
