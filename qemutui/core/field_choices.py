"""What a field can be set to, as far as the profile and its QEMU tell."""

from collections.abc import Iterator

from qemutui.core import offered
from qemutui.core.argv import binary, words_of
from qemutui.core.catalog import Catalog
from qemutui.core.catalog_entries import Cpu
from qemutui.core.choice import Choice
from qemutui.core.groups import BY_NAME
from qemutui.core.keyval import Path, scalar_text
from qemutui.core.profile import Profile
from qemutui.core.property_type import Property

_NAMED = 2
"""How many missing features are named."""


def choices(profile: Profile, path: Path, catalog: Catalog | None) -> tuple[Choice, ...]:
    """Returns what the field at a path can be set to, in the order in which it is offered.

    Any other text is allowed, too. Without a catalog it is what the profile itself tells: the ids
    that a reference can mean, and switches. Empty where nothing is known.
    """
    found = _of_table(profile, path, catalog)
    if found is None and len(path) == 3 and path[2] == "type" and path[0] in BY_NAME:
        found = _types(str(path[0]), catalog)
    if found is not None:
        return tuple(found)
    from qemutui.core import reference_choices

    known = offered.property_at(profile, path, catalog)
    ids = reference_choices.choices(profile, path, known, catalog)
    return tuple(_of_property(known)) if ids is None and known is not None else ids or ()


def _of_property(known: Property) -> Iterator[Choice]:
    for word in known.words:
        yield Choice(word, is_default=word == known.default_text)


def _of_table(
    profile: Profile, path: Path, catalog: Catalog | None
) -> Iterator[Choice] | tuple[Choice, ...] | None:
    """Returns what can stand in a field of its own kind; None where it is another one."""
    name = path[:2]
    if name == ("machine", "type"):
        return _machines(catalog) if catalog else ()
    if name == ("machine", "accel"):
        return _accelerators(profile, path, catalog) if catalog else ()
    if name == ("cpu", "model"):
        return _cpus(profile, catalog) if catalog else ()
    if name == ("cpu", "features"):
        return _features(profile, catalog) if catalog else ()
    return None


def _machines(catalog: Catalog) -> Iterator[Choice]:
    for name in catalog.machine_names:
        machine = catalog.machine(name)
        if machine is not None:
            also = f"{machine.name}, " if name == machine.alias else ""
            default = machine.is_default and name == (machine.alias or machine.name)
            yield Choice(name, also + machine.description, "", machine.deprecated, default)


def _accelerators(profile: Profile, path: Path, catalog: Catalog) -> Iterator[Choice]:
    accel = profile.machine.accel
    index = path[2] if len(path) > 2 and isinstance(accel, tuple) else -1
    others = {word for at, word in enumerate(words_of(accel)) if at != index and len(path) > 2}
    for one in catalog.accelerators.values():
        if one.name not in others:
            reason = "" if one.usable else one.reason.rstrip(".") or "not usable here"
            yield Choice(one.name, reason=reason)


def _cpus(profile: Profile, catalog: Catalog) -> Iterator[Choice]:
    default = offered.default_cpu(profile, catalog)
    is_judged = _is_judged(profile)
    for cpu in catalog.cpus.values():
        words = [cpu.description] if cpu.description else []
        if cpu.alias_of:
            words.append(f"alias of {cpu.alias_of}")
        reason = _missing(cpu) if is_judged else ""
        yield Choice(cpu.name, ", ".join(words), reason, cpu.deprecated, cpu.name == default)


def _is_judged(profile: Profile) -> bool:
    """Tells whether what QEMU says of CPU models holds here: it answers for its usual accelerator,
    tcg, and knows no better than the guest of another one."""
    first = next(iter(words_of(profile.machine.accel)), "").split(":")[0]
    usual = not first and not binary(profile).endswith("kvm")
    options = {word.lstrip("-") for word in words_of(profile.extra)}
    return (first == "tcg" or usual) and not options & {"accel", "enable-kvm", "machine", "M"}


def _missing(cpu: Cpu) -> str:
    names = cpu.unavailable
    if not names:
        return ""
    if "kvm" in names:
        return "needs kvm"
    shown = ", ".join(names[:_NAMED])
    rest = len(names) - _NAMED
    return f"without {shown}" + (f" and {rest} more" if rest > 0 else "")


def _features(profile: Profile, catalog: Catalog) -> Iterator[Choice]:
    model = scalar_text(profile.cpu.model) or offered.default_cpu(profile, catalog)
    known = catalog.properties("cpu", model) or catalog.properties("cpu", "max") or {}
    missing: set[str] = set()
    if _is_judged(profile):
        missing = {name for cpu in catalog.cpus.values() for name in cpu.unavailable}
    rest = []
    for name in sorted(known):
        one = known[name]
        if one.kind == "internal" or one.kind == "list":
            continue
        if one.kind == "bool" and catalog.is_x86:  # elsewhere it is `feature=on`
            reason = "tcg has no such feature" if name in missing else ""
            yield Choice(f"+{name}", one.description, reason, one.deprecated)
            rest.append(Choice(f"-{name}", one.description, "", one.deprecated))
        elif one.words:
            rest += [
                Choice(f"{name}={word}", one.description, "", one.deprecated,
                       word == one.default_text)
                for word in one.words
            ]  # fmt: skip
        else:
            default = one.default_text and f", else {one.default_text}"
            about = one.description or one.type + default
            rest.append(Choice(f"{name}=", about, "", one.deprecated))
    yield from rest


def _types(group: str, catalog: Catalog | None) -> Iterator[Choice] | None:
    if catalog is None or not BY_NAME[group].type_key:
        return None
    if group != "device":
        return (Choice(name, text) for name, text in catalog.types(group).items())
    return (
        Choice(device.name, device.description or f"{device.category} device".strip())
        for device in catalog.devices.values()
        if device.creatable
    )
