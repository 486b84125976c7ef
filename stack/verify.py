"""`sciezka verify`: the chains of two nodes, compared offline: read from their databases, or from a file that an
institution has exported for another. A chain holds numbers, ids and hashes only."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.subjects import PATH_NODE, READS, services_of
from services.kit.settings import Settings
from stack.chains import End, Entry, Finding, Mark, compare
from stack.databases import node_database
from stack.errors import StackError
from stack.institutions import read_directory

Key = tuple[str, str]
"""The node at the other end, and the family."""


@dataclass
class NodeChains:
    """All ends of links at one node."""

    node: str
    written: dict[Key, End] = field(default_factory=dict)
    read: dict[Key, End] = field(default_factory=dict)
    receipts: dict[Key, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkFinding:
    """What is wrong on the link of this family from node `source` to node `target`."""

    source: str
    target: str
    family: str
    finding: Finding

    @property
    def sentence(self) -> str:
        """In Polish."""
        finding = self.finding
        sides = {"writer": f" po stronie nadawcy ({self.source})", "reader": f" po stronie odbiorcy ({self.target})"}
        where = sides[finding.side] if finding.side else " po jednej ze stron; samo porównanie nie wskazuje której"
        what = {
            "changed": "zmienione",
            "missing": "brakuje go",
            "doubled": f"zapisane dwa razy{f' (drugi raz pod numerem {finding.other})' if finding.other else ''}",
            "swapped": f"zamienione miejscami z numerem {finding.other}",
        }[finding.kind]
        event = f"zdarzenie {finding.id}" if finding.id else "zdarzenie nieznane żadnej stronie"
        return f"{self.source} → {self.target}, {self.family}, numer {finding.seq}: {event} {what}{where}."

    def document(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "source": self.source,
            "target": self.target,
            "family": self.family,
            **asdict(self.finding),
            "sentence": self.sentence,
        }


def differences(one: NodeChains, other: NodeChains) -> list[LinkFinding]:
    """What is wrong on every link between two nodes, both ways."""
    ways = [(one, other)] if one.node == other.node else [(one, other), (other, one)]
    return [finding for writer, reader in ways for finding in _one_way(writer, reader)]


def _one_way(writer: NodeChains, reader: NodeChains) -> list[LinkFinding]:
    families = {family for node, family in writer.written if node == reader.node}
    families |= {family for node, family in reader.read if node == writer.node}
    nothing = End((), Mark())
    return [
        LinkFinding(writer.node, reader.node, family, finding)
        for family in sorted(families)
        for finding in compare(
            writer.written.get((reader.node, family), nothing),
            reader.read.get((writer.node, family), nothing),
            writer.receipts.get((reader.node, family)),
        )
    ]


# --- from the databases ----------------------------------------------------------------------------------------------

_WRITTEN = text("""
    select target as other, linkseq as seq, id, encode(sha256(body), 'hex') as body_hash,
        headers ->> 'ce-linkprev' as prev, linkhash as hash
    from outbox where linkseq is not null order by linkseq
""")
_READ = text("""
    select source as other, family, linkseq as seq, id, body_hash, linkprev as prev, linkhash as hash
    from inbox where linkseq is not null order by linkseq
""")
_HEADS = text("select target as other, seq, hash from link_head")
_CURSORS = text("select source as other, family, seq, hash from link_cursor")
_RECEIPTS = text("select target as other, seq, hash from link_receipt")


async def load(data: Path, name: str) -> NodeChains:
    """The chains of the node of this name. Raises StackError."""
    known = (*read_directory(data).nodes, PATH_NODE)
    if name not in known:
        raise StackError(f"Nie ma węzła ani pliku {name}.", f"Znane węzły: {', '.join(known)}.")
    chains = NodeChains(name)
    for service in services_of(name):
        database = node_database(Settings().database_url, data, name, service)
        try:
            async with database.transaction(snapshot=True) as session:
                await _load_written(session, chains, service)
                await _load_read(session, chains, READS[service])
        finally:
            await database.close()
    return chains


async def _load_written(session: AsyncSession, chains: NodeChains, family: str) -> None:
    entries = _entries((await session.execute(_WRITTEN)).all(), family)
    marks = {(row.other, family): Mark(row.seq, row.hash) for row in (await session.execute(_HEADS)).all()}
    chains.written |= {key: End(entries.get(key, []), marks.get(key, Mark())) for key in {*entries, *marks}}
    for row in (await session.execute(_RECEIPTS)).all():
        chains.receipts[row.other, family] = Mark(row.seq, row.hash)


async def _load_read(session: AsyncSession, chains: NodeChains, families: tuple[str, ...]) -> None:
    entries = _entries((await session.execute(_READ)).all(), None)
    marks = {(row.other, row.family): Mark(row.seq, row.hash) for row in (await session.execute(_CURSORS)).all()}
    keys = [key for key in {*entries, *marks} if key[1] in families]
    chains.read |= {key: End(entries.get(key, []), marks.get(key, Mark())) for key in keys}


def _entries(rows: Any, family: str | None) -> dict[Key, list[Entry]]:
    found: dict[Key, list[Entry]] = {}
    for row in rows:
        entry = Entry(row.seq, row.id, row.body_hash, row.prev, row.hash)
        found.setdefault((row.other, family or row.family), []).append(entry)
    return found


# --- to a file and back ----------------------------------------------------------------------------------------------


def exported(chains: NodeChains) -> str:
    """What an institution may hand to another: numbers, ids and hashes, nothing of anybody."""
    return json.dumps(
        {
            "node": chains.node,
            **{
                name: [
                    {"other": other, "family": family, "mark": asdict(end.mark)}
                    | {"entries": [[e.seq, str(e.id), e.body_hash, e.prev, e.hash] for e in end.entries]}
                    for (other, family), end in sorted(ends.items())
                ]
                for name, ends in (("written", chains.written), ("read", chains.read))
            },
            "receipts": [
                {"other": other, "family": family, "mark": asdict(mark)}
                for (other, family), mark in sorted(chains.receipts.items())
            ],
        }
    )


def imported(path: Path) -> NodeChains:
    """The chains that another institution exported. Raises StackError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return NodeChains(
            node=content["node"],
            written={(link["other"], link["family"]): _end(link) for link in content["written"]},
            read={(link["other"], link["family"]): _end(link) for link in content["read"]},
            receipts={(link["other"], link["family"]): Mark(**link["mark"]) for link in content["receipts"]},
        )
    except (ValueError, LookupError, TypeError) as error:
        raise StackError(f"Plik {path} nie jest łańcuchem węzła.", "Utwórz go: sciezka verify --export.") from error


def _end(link: dict[str, Any]) -> End:
    entries = [Entry(int(seq), UUID(identity), *hashes) for seq, identity, *hashes in link["entries"]]
    return End(entries, Mark(**link["mark"]))
