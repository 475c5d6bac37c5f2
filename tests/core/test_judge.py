"""The judge of commands: what it takes for the same, and that it misses no change."""

import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.core.command_lines import CORPUS
from tests.core.judge import differences
from tests.core.qemu_reading import CHARDEVS, FLAGS, JSON, KEYVAL, QEMU_OPTS, TAKES_ARGUMENT
from tests.core.qemu_reading import options as taken

SAME = [
    ("--machine q35", "-M q35"),
    ("-M q35,accel=tcg", "-machine accel=tcg,type=q35"),
    ("-m 1G", "-m size=1024M"),
    ("-m 512,", "-m 512M"),
    (
        "-chardev socket,id=c,path=/s,server,nowait",
        "-chardev socket,path=/s,id=c,server=on,wait=no",
    ),
    ("-netdev id=n,type=user", "-netdev user,id=n"),
    ("-blockdev file,node-name=a,filename=b", "-blockdev filename=b,driver=file,node-name=a"),
    ("-qmp unix:/s,server,nowait", "-qmp unix:path=/s,wait=off,server=on"),
    ("-qmp tcp:a:1,server", "-qmp tcp::1,host=a,server=on"),
    ("-qmp tcp:a:1,host=b", "-qmp tcp:b:1"),
    ("-vnc :0,password", "-vnc vnc=:0,password=on"),
    ("""-device {'driver':"a",'id':"b"}""", """-device {"id":"b","driver":"\\u0061"}"""),
    ("-device a -object b", "-object b -device a"),
    ("-m 1G -kernel k", "-kernel k -m 1G"),
    ("-usb -machine q35", "-machine q35 -usb"),
    ("-device {} -virtfs local,mount_tag=a", "-virtfs local,mount_tag=a -device {}"),
    ("-accel tcg -machine accel=tcg", "-machine accel=tcg -accel tcg"),
    ("-m", "-m"),
]

DIFFERENT = [
    ("-m 1G", "-m 1000M"),
    ("-m 512", "-m 512 -m 512"),
    ("-m 512 -m slots=2", "-m 512,slots=2"),
    ("-m 512 -S", "-m 512"),
    ("-name yes", "-name on"),
    ("-M q35,usb=on", "-M q35,usb=yes"),
    ("-M q35,usb", "-M q35,usb=on"),
    ("-device a -device b", "-device b -device a"),
    ("-device a,x=1,x=2", "-device a,x=2,x=1"),
    ("-device a,help", "-device a,help=on"),
    ("-device a,b=c,,d=e", "-device a,b=c,d=e"),
    ('-device {"driver":"a","n":1}', '-device {"driver":"a","n":"1"}'),
    ('-device {"driver":"a","n":1}', '-device {"driver":"a","n":1.0}'),
    ('-device {"driver":"a"}', "-device a"),
    ('-blockdev {"driver":"a","b":[1,2]}', '-blockdev {"driver":"a","b":[2,1]}'),
    ("-cpu max,a=on,b=on", "-cpu max,b=on,a=on"),
    ("-cpu max,a=on", "-cpu max,a=yes"),
    ("-append a,b", "-append a,,b"),
    ("-hda a -drive file=b", "-drive file=b -hda a"),
    ("a -hda b", "-hda b a"),
    ("-drive file=a b", "b -drive file=a"),
    ("-qmp stdio -monitor null", "-monitor null -qmp stdio"),
    ("-virtfs local,mount_tag=a -device b", "-device b -virtfs local,mount_tag=a"),
    ("-virtfs local,mount_tag=a -fsdev local,id=b", "-fsdev local,id=b -virtfs local,mount_tag=a"),
    ("-machine usb=off -usb", "-usb -machine usb=off"),
    ("-machine kernel_irqchip=off -no-kvm-irqchip", "-no-kvm-irqchip -machine kernel-irqchip=off"),
    ("-machine kernel=a -kernel b", "-kernel b -machine kernel=a"),
    ("-machine smp.cpus=2 -smp 4", "-smp 4 -machine smp.cpus=2"),
    ("-machine accel=tcg -enable-kvm", "-enable-kvm -machine accel=tcg"),
    ("-accel tcg -enable-kvm", "-enable-kvm -accel tcg"),
    ("-no-reboot -action reboot=reset", "-action reboot=reset -no-reboot"),
    ("-display none -nographic", "-nographic -display none"),
    ("-device a -readconfig f", "-readconfig f -device a"),
    ("-m 1 -set device.a.b=c", "-set device.a.b=c -m 1"),
    ("-S -add-fd fd=3,set=1", "-add-fd fd=3,set=1 -S"),
    ("-unknown a -hda b", "-hda b -unknown a"),
    ("-one -two", "-two -one"),
    ("-s -gdb tcp::1", "-gdb tcp::1 -s"),
    ("-plugin a,x=1,y=2", "-plugin a,y=2,x=1"),
    ("-nic none -net none", "-net none -nic none"),
]


def argv(text: str) -> list[str]:
    return ["qemu-system-x86_64", *text.split(" ")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_to_qemu(one: str, other: str) -> None:
    assert differences(argv(one), argv(other)) == []
    assert differences(argv(other), argv(one)) == []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_not_the_same_to_qemu(one: str, other: str) -> None:
    assert differences(argv(one), argv(one)) == []
    assert differences(argv(one), argv(other)) != []
    assert differences(argv(other), argv(one)) != []


def test_another_program_is_another_command() -> None:
    assert differences(["a", "-S"], ["b", "-S"]) != []


def test_options_take_what_qemu_takes(qemu: str) -> None:
    """QEMU looks for the names of all options first, and says which one it does not know."""
    helped = subprocess.run([qemu, "-help"], capture_output=True, text=True, check=True).stdout
    documented = re.findall(r"^--?([\w-]+)|/-([\w-]+) ", helped, re.MULTILINE)
    names = {one or other for one, other in documented} | {"M", "help", "qtest", "qtest-log"}
    assert len(names) > 100
    assert names - {"M"} <= FLAGS | TAKES_ARGUMENT
    argv = [qemu]
    for name in sorted(names):
        argv += [f"-{name}"] if name in FLAGS else [f"-{name}", "-is-its-argument"]
    run = subprocess.run([*argv, "-end"], capture_output=True, text=True, check=False)
    assert run.stderr.endswith(": -end: invalid option\n")


# Mutations. Each returns another argv, or None where this one cannot be changed so.

Mutation = Callable[[list[str], random.Random], list[str] | None]


def drop_word(argv: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(argv))
    return argv[:at] + argv[at + 1 :]


def duplicate_word(argv: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(argv))
    return argv[: at + 1] + argv[at:]


def swap_words(argv: list[str], chance: random.Random) -> list[str] | None:
    at, other = sorted(chance.sample(range(len(argv)), 2))
    changed = list(argv)
    changed[at], changed[other] = changed[other], changed[at]
    return changed if changed != argv else None


def change_word(argv: list[str], chance: random.Random) -> list[str]:
    """Puts a letter into a word, at any place."""
    at = chance.randrange(len(argv))
    word = argv[at]
    place = chance.randrange(len(word) + 1)
    return [*argv[:at], word[:place] + "Q" + word[place:], *argv[at + 1 :]]


def cut_word(argv: list[str], chance: random.Random) -> list[str] | None:
    """Takes one sign out of a word."""
    at = chance.randrange(len(argv))
    word = argv[at]
    if not word:
        return None
    place = chance.randrange(len(word))
    return [*argv[:at], word[:place] + word[place + 1 :], *argv[at + 1 :]]


def _parts(argv: list[str], chance: random.Random) -> tuple[int, list[str]] | None:
    """A word that is a list of key=value, and its parts."""
    several = [
        option.at + 1
        for option in taken(argv)
        if option.name in QEMU_OPTS | KEYVAL | dict.fromkeys((*CHARDEVS, "cpu"), "")
        and option.text is not None
        and "," in option.text
        and not (option.name in JSON and option.text.startswith("{"))
    ]
    return (at := chance.choice(several), argv[at].split(",")) if several else None


def drop_key(argv: list[str], chance: random.Random) -> list[str] | None:
    if (found := _parts(argv, chance)) is None:
        return None
    at, parts = found
    del parts[chance.randrange(len(parts))]
    return [*argv[:at], ",".join(parts), *argv[at + 1 :]]


def duplicate_key(argv: list[str], chance: random.Random) -> list[str] | None:
    if (found := _parts(argv, chance)) is None:
        return None
    at, parts = found
    parts.insert(place := chance.randrange(len(parts)), parts[place])
    return [*argv[:at], ",".join(parts), *argv[at + 1 :]]


def move_key(argv: list[str], chance: random.Random) -> list[str] | None:
    if (found := _parts(argv, chance)) is None:
        return None
    at, parts = found
    moved = list(parts)
    moved.insert(chance.randrange(len(moved)), moved.pop(chance.randrange(len(moved))))
    return [*argv[:at], ",".join(moved), *argv[at + 1 :]] if moved != parts else None


def move_option(argv: list[str], chance: random.Random) -> list[str] | None:
    """Puts an option, with its argument, somewhere else between the others."""
    places = [option.at for option in taken(argv)] + [len(argv)]
    pieces = [argv[start:end] for start, end in pairwise(places)]
    if len(pieces) < 2:
        return None
    moved = list(pieces)
    moved.insert(chance.randrange(len(moved)), moved.pop(chance.randrange(len(moved))))
    if moved == pieces:
        return None
    return argv[:1] + [word for piece in moved for word in piece]


MUTATIONS: list[Mutation] = [
    drop_word, duplicate_word, swap_words, change_word, cut_word,
    drop_key, duplicate_key, move_key, move_option,
]  # fmt: skip


TOGETHER = [
    {"", "hda", "hdb", "hdc", "hdd", "cdrom", "fda", "fdb", "pflash", "sd", "mtdblock", "drive"},
    {"qmp", "qmp-pretty", "monitor"},
    {"virtfs", "device"},
    {"virtfs", "fsdev"},
    {"display", "nographic", "vnc", "sdl", "full-screen"},
    {"s", "gdb"},
    {"net", "nic"},
    {"enable-kvm", "accel"},
    {"usb", "usbdevice"},
    {"semihosting", "semihosting-config"},
    {"chroot", "runas"},
    {"audio", "audiodev"},
]
"""Options whose order to each other matters, as far as the corpus has them."""

FOR_ALL = {"readconfig", "set", "add-fd"}
MACHINE_KEYS = {
    "enable-kvm": "accel=", "usb": "usb=", "usbdevice": "usb=",
    "no-acpi": "acpi=", "no-hpet": "hpet=", "kernel": "kernel=", "bios": "firmware=",
}  # fmt: skip


def crossed(original: list[str], changed: list[str]) -> list[tuple[str, str]]:
    """The pairs of options that stand in another order than before, each as `name argument`."""

    def said(argv: list[str]) -> list[str]:
        return [f"{option.name} {option.text or ''}" for option in taken(argv)]

    before, after = said(original), said(changed)
    # Of equal ones no order can be told.
    single = [word for word in before if before.count(word) == after.count(word) == 1]
    place = {word: after.index(word) for word in single}
    return [
        (one, other)
        for index, one in enumerate(single)
        for other in single[index + 1 :]
        if place[one] > place[other]
    ]


def independent(one: str, other: str) -> bool:
    """Tells whether the order of two options means nothing to QEMU."""
    names = {one.split(" ")[0], other.split(" ")[0]}
    if len(names) == 1 or names & FOR_ALL:
        return False
    for name in names - {"machine"}:
        if "machine" in names and f"{MACHINE_KEYS.get(name, name)}" in one + other:
            return name not in MACHINE_KEYS
    if "device" in names and '{"' in one + other:
        return True
    return not any(len(names & group) == 2 for group in TOGETHER)


def keys_moved(original: list[str], changed: list[str]) -> bool:
    """Tells whether no more happened than that keys of one value moved, none over itself."""
    at = next(i for i, words in enumerate(zip(original, changed, strict=True)) if len({*words}) > 1)
    before, after = original[at].split(","), changed[at].split(",")

    def by_key(parts: list[str]) -> dict[str, list[str]]:
        keys = dict.fromkeys(part.partition("=")[0] for part in parts)
        return {key: [part for part in parts if part.partition("=")[0] == key] for key in keys}

    return (
        original[at - 1].strip("-") not in ("cpu", "plugin")
        and by_key(before) == by_key(after)
        and (before[0] == after[0] or ("=" in before[0] and "=" in after[0]))
    )


def explained(mutation: str, original: list[str], changed: list[str]) -> bool:
    """Tells whether a change means nothing to QEMU."""
    if mutation == "move_option":
        return all(independent(one, other) for one, other in crossed(original, changed))
    if mutation == "move_key":
        return keys_moved(original, changed)
    lost = Counter(original) - Counter(changed)
    new = Counter(changed) - Counter(original)
    if mutation == "swap_words":  # two flags changed places
        two = [a.strip("-") for a, b in zip(original, changed, strict=True) if a != b]
        return set(two) <= FLAGS and independent(*two)
    one, other = next(iter(lost)), next(iter(new))
    if mutation == "drop_key":
        return one == other + ","
    return mutation == "cut_word" and one == "-" + other and one.startswith("--")


def mutate_all(rounds: int) -> tuple[Counter[str], dict[str, list[tuple[list[str], list[str]]]]]:
    """Mutates the corpus; returns how often, and what the judge took for the same."""
    chance = random.Random(20)
    counts: Counter[str] = Counter()
    same: dict[str, list[tuple[list[str], list[str]]]] = {m.__name__: [] for m in MUTATIONS}
    for original in CORPUS.values():
        for mutate in MUTATIONS:
            for _ in range(rounds):
                changed = mutate(original, chance)
                if changed is not None:
                    counts[mutate.__name__] += 1
                    if not differences(original, changed):
                        same[mutate.__name__].append((original, changed))
    return counts, same


def test_every_mutation_of_the_corpus_is_noticed() -> None:
    """But those that mean nothing to QEMU: keys and independent options that moved, a few more."""
    counts, same = mutate_all(rounds=1)
    assert min(counts.values()) > 100
    left = [
        (name, original, changed)
        for name, pairs in same.items()
        for original, changed in pairs
        if not explained(name, original, changed)
    ]
    assert left == []
    assert all(len(same[m.__name__]) <= 3 for m in MUTATIONS if m not in (move_key, move_option))


def test_the_order_of_two_options_is_noticed_where_it_matters() -> None:
    """Each two neighbours of the corpus change places."""
    matter = 0
    for original in CORPUS.values():
        found = taken(original)
        ends = [*[option.at for option in found[1:]], len(original)]
        pieces = [original[option.at : end] for option, end in zip(found, ends, strict=True)]
        for (one, first), (other, second) in pairwise(zip(found, pieces, strict=True)):
            names = [f"{option.name} {option.text or ''}" for option in (one, other)]
            if first == second or (one.name.startswith("?") and one.text is None):
                continue
            matters = not independent(names[0], names[1])
            noticed = differences(["q", *first, *second], ["q", *second, *first])
            assert bool(noticed) == matters, names
            matter += matters
    assert matter > 500
