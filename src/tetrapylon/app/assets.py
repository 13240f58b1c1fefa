"""The release as it is on disk now: every declared asset by digest, and the digest over them all."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.app.configuration import effective_settings
from tetrapylon.app.listening import SILENT, Listener, told
from tetrapylon.app.project import Project
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.shelf import package_text
from tetrapylon.outside.assets import hash_declared
from tetrapylon.posture.fold import AssetRef
from tetrapylon.system.assets import Asset, declared, release_digest


@dataclass(frozen=True)
class Release:
    """The assets of a release and their common digest."""

    assets: tuple[Asset, ...]
    digest: Digest

    def refs(self) -> tuple[AssetRef, ...]:
        """Return the assets as a decision names them, the release itself last."""
        found = sorted((AssetRef(each.kind, each.id, each.digest) for each in self.assets), key=lambda each: (each.kind, each.id))
        return (*found, AssetRef("release", "release", self.digest))


def read_release(project: Project, listener: Listener = SILENT) -> Release:
    """Hash what the manifest declares, with our own settings and policy.

    Raises:
        MissingError: a declared file is not there; the message names the manifest's key.
    """
    parts = list(declared(project.manifest, settings=effective_settings(project.state()), policy=_policy_digest(project)))
    assets = tuple(hash_declared(project.root, told(listener, "hashing", parts, [each.id for each in parts])))
    return Release(assets, release_digest(assets))


def _policy_digest(project: Project) -> Digest:
    """Return the digest of the policy: its defaults and the project's own changes to them."""
    changed = canonical_json(project.facts.get("gate", {}))
    return sha256(package_text("tetrapylon.guidelines", "policy.toml").encode() + changed)
