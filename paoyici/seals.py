"""Everything sealed in the database, whichever room sealed it: which key opens it, and anew.

A sealed value is found by its form (a Fernet token), so a collection that is added later needs no
entry here. Files in GridFS are sealed as a whole and lie there in pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from gridfs import GridFSBucket
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

Document = dict[str, Any]

# What every Fernet token begins with: its version, and a time before the year 2106.
_MARK = b"gAAAA"
_BATCH = 200
_TRIES = 5
_FILES = ".files"


@dataclass
class Count:
    """What was found in one collection.

    Attributes:
        opened_by: how many values each key opens, by its place in the setting, from 1.
        unopened: how many no key opens.
        resealed: how many were sealed anew.
    """

    opened_by: Counter[int] = field(default_factory=Counter)
    unopened: int = 0
    resealed: int = 0


class Seals:
    """The sealed values of one database.

    Args:
        database: of all rooms.
        keys: Fernet keys, the first one seals.
    """

    def __init__(self, database: Database[Document], keys: Sequence[str]) -> None:
        self._database = database
        self._keys = [Fernet(key) for key in keys]

    def check(self) -> dict[str, Count]:
        """Count which key opens what, by collection."""
        counts: dict[str, Count] = {}
        for name in self._collections():
            count = Count()
            for document in self._database[name].find({}):
                for sealed in _seals_in(document):
                    self._note(sealed, count)
            counts[name] = count
        for name in self._buckets():
            counts[name] = count = Count()
            for _, content in self._files(name):
                self._note(content, count)
        return {name: count for name, count in counts.items() if count != Count()}

    def reseal(self, tell: Callable[[str, int], None]) -> dict[str, Count]:
        """Seal with the first key whatever another one opens; done again it changes nothing.

        It may be broken off at any moment and begun anew, and rooms may be at work meanwhile: a
        document they change in between is read again.

        Args:
            tell: is given the collection and how many of its values were sealed anew so far.
        """
        counts: dict[str, Count] = {}
        for name in self._collections():
            counts[name] = count = Count()
            for batch in _batches(self._database[name].find({}, batch_size=_BATCH)):
                if self._reseal_batch(self._database[name], batch, count):
                    tell(name, count.resealed)
        for name in self._buckets():
            counts[name] = count = Count()
            for file_id, content in self._files(name):
                if self._reseal_file(name, file_id, content, count):
                    tell(name, count.resealed)
        return {name: count for name, count in counts.items() if count != Count()}

    def _collections(self) -> list[str]:
        names = self._database.list_collection_names()
        return sorted(n for n in names if not n.startswith("system.") and not _of_bucket(n))

    def _buckets(self) -> list[str]:
        return sorted(n for n in self._database.list_collection_names() if n.endswith(_FILES))

    def _files(self, name: str) -> Iterator[tuple[Any, bytes]]:
        """Give each file of a bucket: its id and its content."""
        bucket = GridFSBucket(self._database, name.removesuffix(_FILES))
        for file_id in [row["_id"] for row in self._database[name].find({}, {"_id": 1})]:
            yield file_id, bucket.open_download_stream(file_id).read()

    def _reseal_batch(
        self, collection: Collection[Document], batch: Sequence[Document], count: Count
    ) -> bool:
        """Seal the values of some documents anew; say whether there were any."""
        changes = [
            (document, change) for document in batch if (change := self._change(document, count))
        ]
        if not changes:
            return False
        # One write a document: one write of many that meets a transaction stops the embedded store.
        writes = [UpdateOne(_as_it_was(one, change), {"$set": change}) for one, change in changes]
        if collection.bulk_write(writes, ordered=False).matched_count < len(writes):
            for document, _ in changes:
                self._reseal_one(collection, document["_id"])
        count.resealed += len(changes)
        return True

    def _reseal_one(self, collection: Collection[Document], document_id: Any) -> None:
        """Seal the values of a document anew that somebody may be changing."""
        for _ in range(_TRIES):
            document = collection.find_one({"_id": document_id})
            change = self._change(document, Count()) if document else None
            if not document or not change:
                return
            done = collection.update_one(_as_it_was(document, change), {"$set": change})
            if done.matched_count:
                return

    def _reseal_file(self, name: str, file_id: Any, content: bytes, count: Count) -> bool:
        """Put a file sealed anew in the place of another; say whether it had to be.

        The document that names the file changes in one write, and the old file goes last.
        """
        place = self._note(content, count)
        if place in {None, 1}:
            return False
        bucket_name = name.removesuffix(_FILES)
        bucket = GridFSBucket(self._database, bucket_name)
        new_id = bucket.upload_from_stream(str(file_id), self._anew(content))
        self._database[bucket_name].update_one({"file_id": file_id}, {"$set": {"file_id": new_id}})
        bucket.delete(file_id)
        count.resealed += 1
        return True

    def _change(self, document: Document, count: Count) -> Document:
        """Return the fields that hold something to be sealed anew, as they become."""
        changed = {name: self._resealed(value, count) for name, value in document.items()}
        return {name: value for name, value in changed.items() if value != document[name]}

    def _resealed(self, value: Any, count: Count) -> Any:
        if isinstance(value, bytes) and value.startswith(_MARK):
            return value if self._note(value, count) in {None, 1} else self._anew(value)
        if isinstance(value, dict):
            return {name: self._resealed(item, count) for name, item in value.items()}
        if isinstance(value, list):
            return [self._resealed(item, count) for item in value]
        return value

    def _note(self, sealed: bytes, count: Count) -> int | None:
        """Count a value and return the place of the key that opens it, from 1."""
        for place, key in enumerate(self._keys, 1):
            if _opens(key, sealed):
                count.opened_by[place] += 1
                return place
        count.unopened += 1
        return None

    def _anew(self, sealed: bytes) -> bytes:
        """Return a value sealed with the first key.

        Raises:
            InvalidToken: no key opens it.
        """
        for key in self._keys:
            if _opens(key, sealed):
                return self._keys[0].encrypt(key.decrypt(sealed))
        raise InvalidToken


def _opens(key: Fernet, sealed: bytes) -> bool:
    try:
        key.decrypt(sealed)
    except InvalidToken:
        return False
    return True


def _of_bucket(name: str) -> bool:
    return name.endswith((_FILES, ".chunks"))


def _seals_in(value: Any) -> Iterator[bytes]:
    """Give every sealed value within a document."""
    if isinstance(value, bytes):
        if value.startswith(_MARK):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _seals_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _seals_in(item)


def _as_it_was(document: Document, change: Document) -> Document:
    """Return what finds a document only while nobody has changed the fields in question."""
    return {"_id": document["_id"]} | {name: document[name] for name in change}


def _batches(documents: Any) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
