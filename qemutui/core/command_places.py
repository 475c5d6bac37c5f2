"""Where in the text of a command each field of its profile stands."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qemutui.core import argv, options
from qemutui.core.argument import Argument
from qemutui.core.command_text import Word
from qemutui.core.keyval import Path
from qemutui.core.profile import Profile

Span = tuple[int, int]
"""A part of a text, from one character to before another."""


class _Typed(NamedTuple):
    """One option of the text."""

    name: str
    words: tuple[str, ...]
    first: int
    """The index of its first word."""


class Places:
    """The places of the fields of a profile that a text was laid over."""

    def __init__(self, text: str, words: Sequence[Word], program: int | None, profile: Profile):
        """`words` are those of the text, `program` is which of them is the binary."""
        self._text, self._words, self._program, self._profile = text, words, program, profile
        self._spans: dict[Path, Span] = {}

    def _find(self) -> None:
        """Finds all places. Not before one is asked for: there is time for it then."""
        words, program = self._words, self._program
        command = argv.build(self._profile)
        first = 0
        if program is not None:
            first = program + 1
            self._spans["binary",] = words[program].start, words[program].end
            if program:
                self._spans["launch", "wrapper"] = words[0].start, words[program - 1].end
        start = next(n for n, argument in enumerate(command) if argument.path == ("binary",)) + 1
        for argument, typed in self._paired(command[start:], first):
            self._note(argument, typed)

    def of(self, path: Path) -> Span | None:
        """Returns where a field stands, else its item or option; None where nothing is written."""
        if not self._spans:
            self._find()
        for length in range(len(path), 0, -1):
            if path[:length] in self._spans:
                return self._spans[path[:length]]
        return None

    def _paired(self, command: Sequence[Argument], first: int) -> Iterator[tuple[Argument, _Typed]]:
        """Yields each argument that is built with the option of the text that it is."""
        texts = [word.text for word in self._words[first:]]
        same: dict[tuple[str, ...], deque[_Typed]] = defaultdict(deque)
        named: dict[str, deque[_Typed]] = defaultdict(deque)
        for option in options.read(texts):
            words = tuple(texts[option.place : option.place + option.size])
            same[words].append(_Typed(option.name, words, first + option.place))
        others = []
        for argument in command:
            if same[argument.words]:
                yield argument, same[argument.words].popleft()
            else:
                others.append(argument)
        # What comes out in other words keeps its order among the options of its name.
        rest = [typed for left in same.values() for typed in left]
        for typed in sorted(rest, key=lambda one: one.first):
            named[typed.name].append(typed)
        for argument in others:
            left = named[options.name_of(argument.words[0]) or ""]
            if left:
                yield argument, left.popleft()

    def _note(self, argument: Argument, typed: _Typed) -> None:
        last = typed.first + len(typed.words) - 1
        whole = self._words[typed.first].start, self._words[last].end
        self._spans.setdefault(argument.path, whole)
        for token in argument.tokens:
            index = min(token.word, len(typed.words) - 1)
            word = self._words[typed.first + index]
            part = argument.words[token.word][token.start : token.end]
            exact = argument.words == typed.words
            at = token.start if exact else word.text.find(part)
            self._spans[token.path] = self._within(word, at, len(part))

    def _within(self, word: Word, at: int, length: int) -> Span:
        """Returns where a part of a word stands; the word where its quotes hide that."""
        written = self._text[word.start : word.end]
        if at >= 0 and length:
            if written == word.text:
                return word.start + at, word.start + at + length
            if written[1:-1] == word.text:
                return word.start + 1 + at, word.start + 1 + at + length
        return word.start, word.end
