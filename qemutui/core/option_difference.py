"""What differs between the commands of two profiles, by option, as QEMU reads them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from qemutui.core import argv, difference, pairing
from qemutui.core.argument import Argument
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path
from qemutui.core.pairing import Mark, Pairs
from qemutui.core.profile import Profile, dotted
from qemutui.core.used_options import Command, Part, Use, form

How = Literal["added", "removed", "changed", "moved"]
EMPTY = '""'
"""What is shown of a value that is empty."""


class Change(NamedTuple):
    """One thing that two commands do not share: an option, a key in one, or its place."""

    how: How
    option: str
    """The option as written; `program`, `wrapper`, `disk image`; a dotted field that is none."""
    name: str
    """Which one it is of several: its id, else its type or number; empty where that is plain."""
    key: str | None
    """The key in its value, empty for a part that has none; None for the whole option."""
    old: str | None
    """The older value, None for what is new; of what moved its number among those of its name."""
    new: str | None
    """The newer value, None for what is gone; of what moved its number among those of its name."""
    path: Path
    """The field in the newer profile, or where it would be; empty where that is not known."""

    @property
    def place(self) -> str:
        """What it is about: `-device net0`."""
        return f"{self.option} {self.name}" if self.name else self.option

    def line(self, arrow: str = "→") -> str:
        """Returns the change in one line: `-device net0: netdev=n0 → n1`, `- -snapshot`."""
        key = f"{self.key}=" if self.key else ""
        if self.how == "moved":
            part = f"{self.key} " if self.key else ""
            return f"{self.place}: {part}moved, {self.old} {arrow} {self.new}"
        if self.how == "changed":
            return f"{self.place}: {key}{self.old or EMPTY} {arrow} {self.new or EMPTY}"
        sign, value = ("-", self.old) if self.how == "removed" else ("+", self.new)
        if self.key is not None:
            return f"{self.place}: {sign} {key}{value}"
        return f"{sign} {self.option} {value}".rstrip()


_HOW_IT_RUNS = (("fd",), ("launch", "directory"), ("launch", "environment"))
"""Fields outside the words of a command that decide what it does."""


def of_profiles(old: Profile, new: Profile, *, runs: bool = False) -> tuple[Change, ...]:
    """Returns what changed from one profile to another: options, then what no option says.

    That is notes, what is switched off, where and how QEMU runs; with `runs` only the last.
    """
    return _with_fields(_Comparison(argv.build(old), argv.build(new)), old, new, runs)


def of_run(command: Iterable[Argument], old: Profile, new: Profile) -> tuple[Change, ...]:
    """Returns what changed from a run to a profile; `old` is the profile whose run it was.

    The command that was executed may have had more arguments than its profile.
    """
    return _with_fields(_Comparison(command, argv.build(new)), old, new, False)


def of_commands(old: Iterable[Argument], new: Iterable[Argument]) -> tuple[Change, ...]:
    """Returns what changed from one command to another.

    Options are in the order of the newer command; what was removed is where it was. Between the
    keys of one option the order means nothing, but for the features of a CPU; between options of
    one name it may, and so each one that moved is told.
    """
    return tuple(_Comparison(old, new).changes)


def words(argv: Sequence[str], program: int) -> tuple[Argument, ...]:
    """Returns an argv whose fields nobody knows; `program` is the index of the QEMU binary."""
    before, after = tuple(argv[:program]), tuple(argv[program + 1 :])
    wrapper = [Argument(before, ("launch", "wrapper"))] if before else []
    return (*wrapper, Argument((argv[program],), ("binary",)), Argument(after, ()))


def _with_fields(
    found: "_Comparison", old: Profile, new: Profile, runs: bool
) -> tuple[Change, ...]:
    fields = (
        Change(_how(one.old, one.new), dotted(one.place), "", None, one.old, one.new, one.path)
        for one in difference.between(old, new)
        if not found.says(one)
        and (not runs or any(one.path[: len(path)] == path for path in _HOW_IT_RUNS))
    )
    return (*found.changes, *fields)


def _how(old: str | None, new: str | None) -> How:
    return "added" if old is None else "removed" if new is None else "changed"


class _Comparison:
    """Two commands beside each other."""

    def __init__(self, old: Iterable[Argument], new: Iterable[Argument]) -> None:
        self._said: list[Path] = []
        """The fields of the newer profile that a change speaks of."""
        self._gone: list[Path] = []
        """The fields of the older one whose options are gone."""
        before, after = Command(old), Command(new)
        self.changes = [*self._program(before, after), *self._options(before.uses, after.uses)]

    def says(self, one: difference.Change) -> bool:
        """Tells whether the changes of options say what a change of a field says."""
        path = one.path
        if len(one.place) == 1 and one.place[0] in BY_NAME:  # the order of a group
            moved = (change.path[:1] for change in self.changes if change.how == "moved")
            return path in moved
        if one.path[-1:] and str(path[-1]).startswith("_"):
            return path in self._said
        gone = one.new is None or path == ("extra",)
        if gone and any(_related(path, other) for other in self._gone):
            return True
        return any(_related(path, other) for other in self._said)

    def _program(self, old: Command, new: Command) -> Iterator[Change]:
        wrapper, program = ("launch", "wrapper"), ("binary",)
        for name, was, now, path in (
            ("wrapper", old.wrapper or None, new.wrapper or None, wrapper),
            ("program", old.program, new.program, program),
        ):
            if was != now:
                self._said.append(path)
                yield Change(_how(was, now), name, "", None, was, now, path)

    def _options(self, old: Sequence[Use], new: Sequence[Use]) -> Iterator[Change]:
        before, after = _by_name(old), _by_name(new)
        names = {id(use): name for uses in (old, new) for use, name in _names(uses)}
        pairs: Pairs = [None] * len(new)
        moved: dict[int, tuple[int, int]] = {}
        for option, here in after.items():
            there = before.get(option, [])
            marks = [[old[at].mark for at in there], [new[at].mark for at in here]]
            found = pairing.pair(*marks, by_place=option not in BY_NAME)
            for index, match in zip(here, found, strict=True):
                pairs[index] = None if match is None else there[match]
            moved |= {here[one]: ((found[one] or 0) + 1, one + 1) for one in pairing.moved(found)}
        for was, at in pairing.merged(pairs, len(old)):
            if at is None:
                yield self._removed(old[was or 0], names)
                continue
            use, name = new[at], names[id(new[at])]
            if was is None:
                self._said.append(use.path)
                is_item = use.name in BY_NAME or not use.parts
                path = use.path if is_item else use.parts[0].path
                yield Change("added", use.shown, name, None, None, _whole(use), path)
                continue
            yield from self._inside(old[was], use, name)
            if at in moved:
                first, now = map(str, moved[at])
                yield Change("moved", use.shown, name or use.value, None, first, now, use.path)

    def _removed(self, use: Use, names: dict[int, str]) -> Change:
        self._gone.append(use.path)
        path = use.path[:1] if use.path[:1] == ("extra",) else use.path
        if use.name in BY_NAME:
            path = (use.name,)
        return Change("removed", use.shown, names[id(use)], None, _whole(use), None, path)

    def _inside(self, old: Use, new: Use, name: str) -> Iterator[Change]:
        """Yields what differs within one option."""
        if not (old.parts and new.parts):
            if old.value != new.value:
                self._said.append(new.path)
                yield Change("changed", new.shown, name, None, old.value, new.value, new.path)
            return
        forms = form(old, old.parts), form(new, new.parts)
        if forms[0] != forms[1]:
            path = (*new.path, "_json")
            self._said.append(path)
            yield Change("changed", new.shown, name, None, *forms, path)
        marks = [[Mark("", part.key, part.value) for part in use.parts] for use in (old, new)]
        pairs = pairing.pair(*marks)
        moved = pairing.moved(pairs) if new.name == "cpu" else ()
        for was, at in pairing.merged(pairs, len(old.parts)):
            if at is None:
                part = old.parts[was or 0]
                inner = part.path[len(old.path) :] if part.path[: len(old.path)] == old.path else ()
                part = part._replace(path=(*new.path, *inner))
                yield self._part("removed", new, name, part, part.value, None)
                continue
            part = new.parts[at]
            if was is None:
                yield self._part("added", new, name, part, None, part.value)
            elif old.parts[was].value != part.value:
                yield self._part("changed", new, name, part, old.parts[was].value, part.value)
            if was is not None and at in moved:
                yield self._part("moved", new, name, part, str(was + 1), str(at + 1))

    def _part(
        self, how: How, use: Use, name: str, part: Part, old: str | None, new: str | None
    ) -> Change:
        self._said.append(part.path)
        # The text of a feature says what it is called; that of a global, its name.
        plain = part.key == name or (use.name == "cpu" and how != "moved" and part.key != "model")
        return Change(how, use.shown, name, "" if plain else part.key, old, new, part.path)


def _whole(use: Use) -> str:
    """Returns a value as it is shown; that of an option without one is empty."""
    return use.value or (EMPTY if use.size == 2 else "")


def _related(one: Path, other: Path) -> bool:
    """Tells whether one of two fields is the other, or a part of it."""
    return bool(other) and (one[: len(other)] == other or other[: len(one)] == one)


def _by_name(uses: Sequence[Use]) -> dict[str, list[int]]:
    """Returns the options of each name, by their indices."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, use in enumerate(uses):
        found[use.name].append(at)
    return found


def _names(uses: Sequence[Use]) -> Iterator[tuple[Use, str]]:
    """Yields what each option is called among those of its name."""
    total = Counter(use.name for use in uses)
    count: Counter[tuple[str, str]] = Counter()
    for use in uses:
        mark = use.mark
        kind = mark.kind if use.name in BY_NAME else ""
        count[use.name, kind] += 1
        number = count[use.name, kind]
        if mark.id:
            yield use, mark.id
        elif kind:
            yield use, kind if number == 1 else f"{kind} {number}"
        else:
            yield use, str(number) if total[use.name] > 1 else ""
