-- What one person asks and a second one confirms: an erasure, an exception.
CREATE TABLE asking (
    id       BIGINT PRIMARY KEY DEFAULT next_id('asking'),
    what     TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    desk     TEXT COLLATE "C" NOT NULL,
    request  TEXT COLLATE "C" NOT NULL,
    by       BIGINT NOT NULL REFERENCES member (id),
    at       BIGINT NOT NULL,
    lapses   BIGINT NOT NULL,
    ended_at BIGINT NOT NULL DEFAULT 0,
    second   BIGINT NOT NULL DEFAULT 0, -- who confirmed it
    entry    BIGINT NOT NULL DEFAULT 0  -- what came of it; 0 once ended: dropped
);
CREATE INDEX asking_open ON asking (subject) WHERE ended_at = 0;

-- Without statistics, as in the first step.
ALTER TABLE asking ALTER request SET STATISTICS 0;

-- Every erasure, and how far the files have been cleared of it. No words: ids, numbers,
-- and SHA-256 of files.
CREATE TABLE erasure (
    id      BIGINT PRIMARY KEY DEFAULT next_id('erasure'),
    entry   BIGINT NOT NULL, -- 0: what it destroyed was never public
    at      BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    listed  TEXT COLLATE "C" NOT NULL, -- JSON: what stands in the list outside the store
    files   TEXT COLLATE "C" NOT NULL, -- JSON: files to delete unless another use is left
    stage   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX erasure_open ON erasure (id) WHERE stage < 4;

-- The exception entry under which an act was filed, 0 for none.
ALTER TABLE act ADD COLUMN under BIGINT NOT NULL DEFAULT 0;
