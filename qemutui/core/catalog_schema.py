"""Reads the types of backends and objects, and their members, out of `query-qmp-schema`.

The schema of QMP names its own types by numbers that mean nothing; a member is told by what it
holds (`docs/devel/qapi-code-gen`, "Client JSON Protocol introspection").
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_COMMANDS = {"object": "object-add", "netdev": "netdev_add", "blockdev": "blockdev-add"}
_JSON_TYPES = {"string": "str", "boolean": "bool", "number": "number", "int": "int",
               "value": "any", "null": "null"}  # fmt: skip
_INTEGERS = {
    **dict.fromkeys(
        (("object", "size"), ("object", "align"), ("object", "hugetlbsize"), ("object", "offset"),
         ("netdev", "sndbuf"), ("blockdev", "min-cluster-size")),
        "size",
    ),
    **dict.fromkeys(
        (("object", "cbitpos"), ("object", "expired_scan_cycle"), ("object", "handle"),
         ("object", "interval"), ("object", "max_queue_size"), ("object", "maxlen"),
         ("object", "node"), ("object", "prealloc-threads"), ("object", "queues"),
         ("object", "reduced-phys-bits"), ("netdev", "offset"), ("netdev", "poll-us"),
         ("netdev", "rxsession"), ("netdev", "txsession"), ("audiodev", "buffer-count"),
         ("audiodev", "buffer-length"), ("audiodev", "channels"), ("audiodev", "frequency"),
         ("audiodev", "period-length"), ("audiodev", "voices"), ("audiodev", "timer-period"),
         ("audiodev", "threshold"), ("audiodev", "latency")),
        "uint32",
    ),
    **dict.fromkeys(
        (("object", "aio-max-batch"), ("object", "poll-grow"), ("object", "poll-max-ns"),
         ("object", "poll-shrink"), ("object", "thread-pool-max"), ("object", "thread-pool-min")),
        "int64",
    ),
    **dict.fromkeys(
        (("netdev", "to"), ("blockdev", "to"), ("netdev", "port"), ("netdev", "mode")), "uint16"
    ),
}  # fmt: skip
"""Which integers the members are (`qapi/*.json`): introspection does not tell one from another."""
_SIGNED = frozenset({"netdev", "blockdev"})
"""Groups whose integers have a sign, but for those of `_UNSIGNED`."""
_UNSIGNED = frozenset({"log-super-update-interval", "rxcookie", "txcookie"})
_REFERENCES = {
    "netdev": "netdev", "chardev": "chardev", "audiodev": "audiodev", "indev": "chardev",
    "outdev": "chardev", "primary_in": "chardev", "secondary_in": "chardev",
    "notify_dev": "chardev", "iothread": "object:iothread", "canbus": "object:can-bus",
    "tls-creds": "object:tls-creds", "key-secret": "object:secret_common",
    "password-secret": "object:secret_common", "proxy-password-secret": "object:secret_common",
    "cookie-secret": "object:secret_common", "keyid": "object:secret_common",
    "passwordid": "object:secret_common", "throttle-group": "object:throttle-group",
    "prealloc-context": "object:thread-context", "pr-manager": "object:pr-manager",
    "tls-authz": "object:authz",
}  # fmt: skip
_DEPTH = 4
"""How deep tables are followed: a block node within a node is told by its reference instead."""


def reference_of(member: str) -> str:
    """Returns what a member of type `str` is the id of, as `Property.reference`; often nothing."""
    return _REFERENCES.get(member, "")


class Schema:
    """The answer to `query-qmp-schema`."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._types = {str(row["name"]): row for row in rows}

    def types(self, group: str) -> dict[str, list[dict[str, Any]]]:
        """Returns the types of `object`, `netdev`, `blockdev`, `chardev`, `audiodev` or `display`.

        Each has its members as rows for `core.property_type.property_of`. Empty where this QEMU
        does not tell.
        """
        top, hidden = self._union(group)
        if top is None:
            return {}
        tag = top.get("tag")
        found: dict[str, list[dict[str, Any]]] = {}
        common = list(self._members(top, group, hidden | {str(tag)}))
        for variant in top.get("variants", ()):
            own = self._types[variant["type"]]
            found[str(variant["case"])] = [*common, *self._members(own, group, hidden)]
        for name in self._words(top, tag):
            found.setdefault(name, list(common))
        return found

    def _union(self, group: str) -> tuple[Mapping[str, Any] | None, frozenset[str]]:
        """Returns the type whose variants are the types of a group, and members that are not its
        properties: the id and the tag stand elsewhere."""
        if group in _COMMANDS:
            command = self._types.get(_COMMANDS[group])
            top = self._types.get(command["arg-type"]) if command else None
            return top, frozenset({"id", "node-name"})
        if group == "chardev":
            command = self._types.get("chardev-add")
            members = self._types[command["arg-type"]]["members"] if command else ()
            backend = next((m for m in members if m["name"] == "backend"), None)
            return (self._types[backend["type"]] if backend else None), frozenset()
        command = self._types.get(
            {"audiodev": "query-audiodevs", "display": "query-display-options"}.get(group, "")
        )
        top = self._types.get(command["ret-type"]) if command else None
        if top is not None and top["meta-type"] == "array":
            top = self._types.get(top["element-type"])
        return top, frozenset({"id"})

    def _words(self, top: Mapping[str, Any], tag: object) -> tuple[str, ...]:
        for member in top.get("members", ()):
            if member["name"] == tag:
                return self._enum(self._types[member["type"]])
        return ()

    @staticmethod
    def _enum(kind: Mapping[str, Any]) -> tuple[str, ...]:
        if "values" in kind:
            return tuple(map(str, kind["values"]))
        return tuple(str(member["name"]) for member in kind.get("members", ()))

    def _members(
        self,
        kind: Mapping[str, Any],
        group: str,
        hidden: frozenset[str] = frozenset(),
        prefix: str = "",
        depth: int = 0,
        optional: bool = False,
    ) -> Iterator[dict[str, Any]]:
        for member in kind.get("members", ()):
            name = str(member["name"])
            if name in hidden and not prefix:
                continue
            required = not optional and "default" not in member
            yield from self._member(member, group, f"{prefix}{name}", depth, required)
        for variant in kind.get("variants", ()):
            if prefix:
                own = self._types[variant["type"]]
                yield from self._members(own, group, hidden, prefix, depth, optional=True)

    def _member(
        self, member: Mapping[str, Any], group: str, name: str, depth: int, required: bool
    ) -> Iterator[dict[str, Any]]:
        kind = self._types[member["type"]]
        meta = kind["meta-type"]
        row: dict[str, Any] = {"name": name, "required": required}
        if "deprecated" in member.get("features", ()):
            row["deprecated"] = True
        if meta == "object":
            if depth < _DEPTH:
                yield from self._members(
                    kind, group, frozenset(), f"{name}.", depth + 1, not required
                )
            return
        if meta == "enum":
            row |= {"type": "enum", "values": self._enum(kind)}
        elif meta == "array":
            element = self._types[kind["element-type"]]
            row["type"] = f"[{_JSON_TYPES.get(element.get('json-type', ''), element['meta-type'])}]"
        elif meta == "alternate":
            row["type"] = self._alternate(kind, group)
            if row["type"] == "BlockdevRef":
                row["reference"] = "node"
        else:
            row["type"] = _JSON_TYPES.get(kind.get("json-type", ""), "str")
        last = name.rpartition(".")[2]
        if row["type"] == "int":
            usual = "int64" if group in _SIGNED and last not in _UNSIGNED else "int"
            row["type"] = _INTEGERS.get((group, last), usual)
        if row["type"] == "str" and (reference := reference_of(last)):
            row["reference"] = reference
        yield row

    def _alternate(self, kind: Mapping[str, Any], group: str) -> str:
        members = [self._types[member["type"]] for member in kind.get("members", ())]
        if group == "blockdev" and any(
            member["meta-type"] == "object" and member.get("tag") == "driver" for member in members
        ):
            return "BlockdevRef"
        return "any"
