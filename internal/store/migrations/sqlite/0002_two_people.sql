-- What one person asks and a second one confirms: an erasure, an exception.
CREATE TABLE asking (
    id       INTEGER PRIMARY KEY,
    what     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    desk     TEXT NOT NULL,
    request  TEXT NOT NULL,
    by       INTEGER NOT NULL REFERENCES member (id),
    at       INTEGER NOT NULL,
    lapses   INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    second   INTEGER NOT NULL DEFAULT 0, -- who confirmed it
    entry    INTEGER NOT NULL DEFAULT 0  -- what came of it; 0 once ended: dropped
) STRICT;
CREATE INDEX asking_open ON asking (subject) WHERE ended_at = 0;

-- Every erasure, and how far the files have been cleared of it. No words: ids, numbers,
-- and SHA-256 of files.
CREATE TABLE erasure (
    id      INTEGER PRIMARY KEY,
    entry   INTEGER NOT NULL, -- 0: what it destroyed was never public
    at      INTEGER NOT NULL,
    subject TEXT NOT NULL,
    listed  TEXT NOT NULL, -- JSON: what stands in the list outside the store
    files   TEXT NOT NULL, -- JSON: files to delete unless another use is left
    stage   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX erasure_open ON erasure (id) WHERE stage < 4;

-- The exception entry under which an act was filed, 0 for none.
ALTER TABLE act ADD COLUMN under INTEGER NOT NULL DEFAULT 0;
