"""The manifest: what a corpus was made of, by what, and how the accounts stand."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from corpus.batch import Counts
from normalize.tables import hash_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.plan import Plan

LIBRARIES = ("beautifulsoup4", "ftfy", "langdetect", "orjson", "polars", "tzdata")


@dataclass(slots=True)
class Account:
    """What became of input records: `records` = `rows` + the dropped + `rejected`, or something is lost."""

    records: int = 0
    rows: int = 0
    rejected: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    rejected_because: Counter[str] = field(default_factory=Counter)

    def add(self, other: Account) -> None:
        """Add what another task counted."""
        self.records += other.records
        self.rows += other.rows
        self.rejected += other.rejected
        self.dropped.update(other.dropped)
        self.rejected_because.update(other.rejected_because)

    def to_plain(self) -> dict[str, Any]:
        """Return the account as JSON has it (`asdict` would rebuild the counters wrongly)."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Account:
        """Return the account that `to_plain` gave, after JSON."""
        return cls(**{**raw, **{name: Counter(raw[name]) for name in ("dropped", "rejected_because")}})

    @property
    def balanced(self) -> bool:
        """Whether every record is accounted for."""
        return self.records == self.rows + self.rejected + self.dropped.total()


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of rows: its path in OUT, and the hashes of its bytes and of its content."""

    file: str
    rows: int
    sha256: str
    content_sha256: str


@dataclass(slots=True)
class TaskReport:
    """What one task did: written when its shards stand under their final names, and all that a resume needs."""

    task: int
    shards: list[Shard]  # one; in a partitioned corpus one for each folder
    sizes: dict[str, int]  # bytes of each file that the task wrote, by its path in OUT
    account: Account
    counts: Counts
    files: dict[str, Account]

    def to_json(self) -> str:
        """Return the report as JSON."""
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        content["shards"] = [asdict(shard) for shard in self.shards]
        content["account"] = self.account.to_plain()
        content["counts"] = {f.name: getattr(self.counts, f.name) for f in fields(self.counts)}
        content["files"] = {name: account.to_plain() for name, account in self.files.items()}
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, content: str) -> TaskReport:
        """Return the report that `to_json` wrote."""
        raw = json.loads(content)
        raw["shards"] = [Shard(**shard) for shard in raw["shards"]]
        raw["account"] = Account.from_plain(raw["account"])
        raw["files"] = {name: Account.from_plain(account) for name, account in raw["files"].items()}
        raw["counts"] = Counts(**{name: Counter(values) for name, values in raw["counts"].items()})
        return cls(**raw)


def describe_tools() -> dict[str, Any]:
    """Return the versions and tables that a corpus depends on."""
    return {
        "copydesk": version("copydesk"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "tables": hash_tables(),
    }


@dataclass(frozen=True, slots=True)
class Identity:
    """All that decides what a run writes: `parts` are the hashes of its inputs, steps, settings and code, `id` of all."""

    id: str
    parts: dict[str, str]
    tasks: int
    notes: tuple[str, ...]
    pipeline: str
    settings: dict[str, Any]
    tools: dict[str, Any]

    def to_plain(self) -> dict[str, Any]:
        """Return the identity as JSON has it."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Identity:
        """Return the identity that `to_plain` gave, after JSON."""
        return cls(**{**raw, "notes": tuple(raw["notes"])})

    def tell_difference(self, parts: Mapping[str, str]) -> str:
        """Say in words which of `parts`, those of another plan, differ from these."""
        names = [name for name, hashed in self.parts.items() if parts.get(name) != hashed]
        return "other " + " and ".join(names) if parts and names else "other inputs, options or versions"


def identify_plan(plan: Plan, pipeline: str, settings: Mapping[str, object], tools: Mapping[str, Any]) -> Identity:
    """Return what a run of `plan` is: two runs with the same `id` write the same bytes."""
    parts = {
        "inputs": plan.hash,
        "steps": _hash_plain(pipeline),
        "settings": _hash_plain(settings),
        "versions": _hash_plain(tools),
    }
    plain = json.loads(json.dumps({"settings": dict(settings), "tools": dict(tools)}, default=str))
    return Identity(_hash_plain(parts), parts, len(plan.tasks), plan.notes, pipeline, **plain)


def _hash_plain(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def build_manifest(identity: Identity, reports: Iterable[TaskReport], *, repeated_ids: int) -> dict[str, Any]:
    """Return the manifest of a complete run."""
    total, counts = Account(), Counts()
    shards: list[dict[str, Any]] = []
    for report in reports:
        total.add(report.account)
        counts.update(report.counts)
        shards.extend(asdict(shard) for shard in report.shards)
    entered = {name: round(n / total.rows, 6) if total.rows else 0.0 for name, n in sorted(counts.entered.items())}
    return {
        "plan": {
            "id": identity.id,
            "parts": identity.parts,
            "tasks": identity.tasks,
            "notes": list(identity.notes),
            "settings": identity.settings,
        },
        "pipeline": identity.pipeline,
        "tools": identity.tools,
        "account": total.to_plain(),
        "repeated_ids": repeated_ids,
        "share_of_rows_entered": entered,
        "changes": {rule: {"count": n, "removed": counts.removed[rule]} for rule, n in sorted(counts.changes.items())},
        "shards": shards,
    }
