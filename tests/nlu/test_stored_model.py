"""A trained model lies on the disk as it is read: a start inflates nothing."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

from train import store_plain


def test_what_was_trained_is_stored_plain(model: Path) -> None:
    with gzip.open(model) as archive:
        content = archive.seek(0, 2)
    assert model.stat().st_size >= content


def test_an_archive_that_is_stored_plain_holds_the_same_files(tmp_path: Path) -> None:
    learnt, archive = tmp_path / "state.pickle", tmp_path / "model.tar.gz"
    learnt.write_bytes(b"0" * 100_000)
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(learnt, arcname="components/state.pickle")
    before = archive.stat().st_size
    store_plain(archive)
    assert archive.stat().st_size > 100_000 > before
    with tarfile.open(archive, "r:gz") as stored:
        kept = stored.extractfile("components/state.pickle")
        assert kept is not None
        assert kept.read() == learnt.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".plain"] == []
