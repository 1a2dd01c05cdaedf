"""A database written anew, without the holes that rows leave which were changed or deleted."""

from __future__ import annotations

from pathlib import Path

import duckdb

from store.database import BESIDE_A_LIBRARY, CONFIG, STORAGE_VERSION, unwritable


def rewrite(path: Path) -> None:
    """Put a copy in the file's place that takes only the room its rows need: relations, comments,
    macros and the order of rows stay. Nobody else may have the file open.

    Without it a snapshot grows every night by blocks that are free, and by rows that are gone.

    Raises:
        StoreError: the disk is full, or cannot be written.
    """
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.unlink(missing_ok=True)
    try:
        with duckdb.connect(config=dict(CONFIG)) as connection:
            old, new = (str(each).replace("'", "''") for each in (path, fresh))  # no parameters
            connection.execute(f"set memory_limit = '{BESIDE_A_LIBRARY}'")
            connection.execute("set temp_directory = ?", [str(path.parent / ".spill")])
            connection.execute(f"attach '{old}' as old (read_only)")
            connection.execute(f"attach '{new}' as fresh (storage_version '{STORAGE_VERSION}')")
            connection.execute("copy from database old to fresh")
            connection.execute("detach fresh")
        fresh.replace(path)
    except duckdb.Error as error:
        raise unwritable(path, str(error)) from None
    finally:
        for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
            left.unlink(missing_ok=True)
