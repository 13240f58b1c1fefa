"""The channel as its publisher keeps it: a folder of TUF metadata and targets that any web server can hand out.

What it does: each part of a release (model, prompt, guard, ...) has a list of its own, signed by the key that answers for
it; which files make up a release stands in the top list, signed by the threshold of the root keys. Every file is written
whole, the timestamp last: a reader sees the old release or the new one.
Why it matters: a prompt can be put right in minutes without touching a model, and no single key can replace everything.
Source: The Update Framework specification 1.0.34, sections 3 to 5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tetrapylon.evidence.rootfile import read_root, tuf_key, tuf_keyid
from tetrapylon.evidence.signer import Signer
from tetrapylon.kernel.canonical import Json, canonical_json, read_canonical, read_json
from tetrapylon.kernel.errors import MissingError, RefusedError, UndecidedError, UsageError
from tetrapylon.operate.updates.decisions import PARTS
from tetrapylon.operate.updates.delivery import CHANNEL_SCHEMA, CHANNELS, Delivery, Item, read_delivery
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.files import copy_file, hash_file, make_folder, read_bytes, write_atomic

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata, TargetFile

Find = Callable[[str], Signer | None]


@dataclass(frozen=True)
class Keys:
    """Who signs: the root keys for the lists over everything, and one key for each part."""

    roots: Sequence[Signer]
    parts: Mapping[str, Signer]

    def enough(self, root: bytes, role: str) -> list[Signer]:
        """Return the signers of a role of the root.

        Raises:
            MissingError: this machine holds fewer than must sign (`no-key`).
        """
        wanted = read_canonical(root, "the root of trust")["signed"]["roles"][role]
        found = [each for each in self.roots if tuf_keyid(each.key) in wanted["keyids"]]
        if len(found) < wanted["threshold"]:
            raise MissingError(
                f"the channel's {role} is signed by {wanted['threshold']} root keys, and this machine holds {len(found)} of them",
                hint="bring the root keys to the machine that publishes, and take them away afterwards",
                code="no-key",
            )
        return found[: wanted["threshold"]]


@dataclass
class Repository:
    """One channel's folder."""

    folder: Path
    roots: Sequence[bytes]
    """Every version of the root of trust, oldest first."""

    keys: Keys
    now: str
    fresh_days: int = 14
    _lists: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> bytes:
        """The root in force."""
        return self.roots[-1]

    def publish(self, channel: str, delivery: Delivery, source: Path, served_days: int) -> None:
        """Offer the release in the channel; its files are copied from `source`.

        Raises:
            RefusedError: the channel offers this version with other content already (`same-version`).
            MissingError: a key that must sign is not here (`no-key`).
        """
        for role in ("targets", "snapshot", "timestamp"):
            self.keys.enough(self.root, role)
        self._begin()
        offered = {each: self.index(each) for each in CHANNELS}
        self._refuse_other(offered, delivery)
        for each in delivery.items:
            self._add_file(each, source)
        self._add_document(_document_name(delivery.release, delivery.digest), delivery.to_bytes())
        index = self._index(channel, offered[channel], delivery, served_days)
        offered[channel] = index
        self._add_document(f"{channel}.json", canonical_json(index))
        self._drop_unserved([each for each in offered.values() if each is not None])
        self._sign()

    def renew(self) -> None:
        """Sign the channel anew without changing it, so that readers go on believing that it is the newest.

        Raises:
            MissingError: a key that must sign is not here (`no-key`).
        """
        self._begin()
        self._sign()

    def index(self, channel: str) -> dict[str, Any] | None:
        """Return what the channel offers, or None where it was never published to."""
        info = self._targets().get(f"{channel}.json")
        if info is None:
            return None
        found = read_json(read_bytes(self._place(f"{channel}.json", info)), "the channel")
        return found if isinstance(found, dict) else None

    def delivery(self, entry: Mapping[str, Json]) -> Delivery:
        """Return the release that an entry of an index names."""
        name = str(entry["document"])
        return read_delivery(read_bytes(self._place(name, self._targets()[name])))

    def _begin(self) -> None:
        make_folder(self.folder / "metadata")
        make_folder(self.folder / "targets")
        for data in self.roots:
            write_atomic(self.folder / "metadata" / f"{read_root(data).version}.root.json", data)
        self._lists = {name: self._latest(name) for name in ("targets", *PARTS)}
        self._delegate()

    def _latest(self, name: str) -> Metadata[Any]:
        from tuf.api.metadata import Metadata, Targets

        found = _newest(self.folder / "metadata", name)
        return Metadata(Targets(expires=self._expiry(365))) if found is None else Metadata.from_bytes(read_bytes(found))

    def _delegate(self) -> None:
        from tuf.api.metadata import DelegatedRole, Delegations, Key

        keys = {tuf_keyid(each.key): Key.from_dict(tuf_keyid(each.key), dict(tuf_key(each.key))) for each in self.keys.parts.values()}
        roles = {
            part: DelegatedRole(part, [tuf_keyid(self.keys.parts[part].key)], 1, terminating=True, paths=[f"{part}/*"]) for part in PARTS
        }
        self._lists["targets"].signed.delegations = Delegations(keys, roles)

    def _targets(self) -> dict[str, TargetFile]:
        if "targets" not in self._lists:
            self._lists["targets"] = self._latest("targets")
        found: dict[str, TargetFile] = self._lists["targets"].signed.targets
        return found

    def _refuse_other(self, offered: Mapping[str, Mapping[str, Json] | None], delivery: Delivery) -> None:
        for index in (each for each in offered.values() if each is not None):
            for entry in (index["current"], *index["served"]):
                if entry["release"] == delivery.release and entry["digest"] != delivery.digest:
                    hint = "give the manifest the version that the change asks for"
                    raise RefusedError(
                        f"version {delivery.release} was published with other content ({entry['digest'][:19]})",
                        hint=hint,
                        code="same-version",
                    )

    def _index(self, channel: str, before: Mapping[str, Json] | None, delivery: Delivery, days: int) -> dict[str, Any]:
        current = {
            "release": delivery.release,
            "digest": delivery.digest,
            "document": _document_name(delivery.release, delivery.digest),
        }
        served = [] if before is None else [each for each in before["served"] if each["until"] >= self.now]
        if before is not None and before["current"]["digest"] != delivery.digest:
            until = format_time(parse_time(self.now) + timedelta(days=days))
            served = [each for each in served if each["digest"] != before["current"]["digest"]]
            served.insert(0, {**before["current"], "until": until})
        served = [each for each in served if each["digest"] != delivery.digest]
        return {"schema": CHANNEL_SCHEMA, "channel": channel, "current": current, "served": served}

    def _add_file(self, item: Item, source: Path) -> None:
        from tuf.api.metadata import TargetFile

        place = self.folder / "targets" / item.part / f"{item.sha256}.{item.target.rpartition('/')[2]}"
        make_folder(place.parent)
        if not place.is_file():
            copy_file(source / item.path, place)
            if hash_file(place) != f"sha256:{item.sha256}":
                raise UndecidedError(f"`{item.path}` changed while it was published", hint="publish again", code="changed-while-read")
        info = TargetFile(item.length, {"sha256": item.sha256}, item.target)
        self._lists[item.part].signed.targets[item.target] = info

    def _add_document(self, name: str, data: bytes) -> None:
        from tuf.api.metadata import TargetFile

        digest = hashlib.sha256(data).hexdigest()
        info = TargetFile(len(data), {"sha256": digest}, name)
        place = self._place(name, info)
        make_folder(place.parent)
        write_atomic(place, data)
        self._targets()[name] = info

    def _place(self, name: str, info: TargetFile) -> Path:
        folder, _, base = name.rpartition("/")
        return self.folder / "targets" / folder / f"{info.hashes['sha256']}.{base}"

    def _drop_unserved(self, indexes: Sequence[Mapping[str, Json]]) -> None:
        """Take releases whose time is over out of the lists; what is no longer listed cannot be installed."""
        entries = [entry for each in indexes for entry in (each["current"], *each["served"])]
        wanted = {target.target for entry in entries for target in self.delivery(entry).items}
        documents = {str(entry["document"]) for entry in entries} | {f"{each}.json" for each in CHANNELS}
        for part in PARTS:
            listed = self._lists[part].signed.targets
            self._lists[part].signed.targets = {name: info for name, info in listed.items() if name in wanted}
        self._lists["targets"].signed.targets = {name: info for name, info in self._targets().items() if name in documents}

    def _sign(self) -> None:
        """Write what changed and sign it, the timestamp last: it makes the rest count."""
        from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp

        signers = {part: [self.keys.parts[part]] for part in PARTS} | {"targets": self.keys.enough(self.root, "targets")}
        old_snapshot = _read(_newest(self.folder / "metadata", "snapshot"))
        before = {} if old_snapshot is None else dict(old_snapshot.signed.meta)
        versions = {
            f"{name}.json": MetaFile(self._write_list(name, listed, signers[name], before.get(f"{name}.json")))
            for name, listed in self._lists.items()
        }
        version = 1 if old_snapshot is None else old_snapshot.signed.version + 1
        snapshot = Metadata(Snapshot(version=version, expires=self._expiry(self.fresh_days), meta=versions))
        self._write(f"{version}.snapshot.json", snapshot, self.keys.enough(self.root, "snapshot"))
        old = _read(_existing(self.folder / "metadata" / "timestamp.json"))
        count = 1 if old is None else old.signed.version + 1
        timestamp = Metadata(Timestamp(version=count, expires=self._expiry(self.fresh_days), snapshot_meta=MetaFile(version)))
        self._write("timestamp.json", timestamp, self.keys.enough(self.root, "timestamp"))

    def _write_list(self, name: str, listed: Metadata[Any], signers: Sequence[Signer], before: Any) -> int:
        """Write a list under its next version, unless it is as it was and lasts; return the version that counts."""
        found = _newest(self.folder / "metadata", name)
        if found is not None and before is not None:
            from tuf.api.metadata import Metadata

            old: Any = Metadata.from_bytes(read_bytes(found)).signed
            same = old.targets == listed.signed.targets and old.delegations == listed.signed.delegations
            if same and old.version == before.version and (old.expires - self._expiry(0)).days > self.fresh_days:
                return int(old.version)
            listed.signed.version = old.version + 1
        listed.signed.expires = self._expiry(365)
        self._write(f"{listed.signed.version}.{name}.json", listed, signers)
        return int(listed.signed.version)

    def _write(self, name: str, metadata: Metadata[Any], signers: Sequence[Signer]) -> None:
        write_atomic(self.folder / "metadata" / name, signed_bytes(metadata, signers))

    def _expiry(self, days: int) -> Any:
        return parse_time(self.now) + timedelta(days=days)


def signed_bytes(metadata: Metadata[Any], signers: Sequence[Signer]) -> bytes:
    """Return the metadata as a file, signed anew by the signers."""
    from securesystemslib.signer import Signature

    metadata.signatures.clear()
    data = metadata.signed_bytes
    for each in signers:
        metadata.signatures[tuf_keyid(each.key)] = Signature(tuf_keyid(each.key), each.sign(data).hex())
    found: bytes = metadata.to_bytes()
    return found


def parts_signed_by(find: Find) -> dict[str, Signer]:
    """Return who signs which part: what is built by the builder, what is decided by who releases.

    Raises:
        MissingError: a key is not on this machine (`no-key`).
    """
    signers: dict[str, Signer] = {}
    for part in PARTS:
        role = "build" if part in {"model", "data"} else "release-manager"
        found = find(role)
        if found is None:
            raise MissingError(f"this machine holds no key for the role {role}", hint="publish where the keys are", code="no-key")
        if found.key.algorithm != "ecdsa-p256" or found.encoding != "raw":
            raise UsageError(f"the key of {role} is not ECDSA P-256, as the lists of the channel must be signed", code="algorithm")
        signers[part] = found
    return signers


def _document_name(release: str, digest: str) -> str:
    safe = "".join(each if each.isalnum() or each in ".-" else "_" for each in release)
    return f"releases/{digest.removeprefix('sha256:')[:16]}-{safe}.json"


def _newest(folder: Path, name: str) -> Path | None:
    versions = [each for each in folder.glob(f"*.{name}.json") if each.name.partition(".")[0].isdecimal()]
    return max(versions, key=lambda each: int(each.name.partition(".")[0]), default=None)


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def _read(path: Path | None) -> Metadata[Any] | None:
    from tuf.api.metadata import Metadata

    return None if path is None else Metadata.from_bytes(read_bytes(path, BOUNDS.json))
