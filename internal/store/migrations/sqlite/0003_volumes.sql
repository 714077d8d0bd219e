-- Every volume of the record has a tree and checkpoints of its own.
CREATE TABLE volume_hash (
    volume   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (volume, position)
) STRICT, WITHOUT ROWID;
INSERT INTO volume_hash (volume, position, hash) SELECT 1, position, hash FROM record_hash;
DROP TABLE record_hash;
ALTER TABLE volume_hash RENAME TO record_hash;
CREATE TRIGGER record_hash_update BEFORE UPDATE ON record_hash
BEGIN SELECT RAISE(ABORT, 'record: nothing is changed'); END;
CREATE TRIGGER record_hash_delete BEFORE DELETE ON record_hash
BEGIN SELECT RAISE(ABORT, 'record: nothing is deleted'); END;

CREATE TABLE volume_checkpoint (
    volume INTEGER NOT NULL,
    size   INTEGER NOT NULL,
    note   BLOB NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (volume, size)
) STRICT;
INSERT INTO volume_checkpoint (volume, size, note, at) SELECT 1, size, note, at FROM checkpoint;
DROP TABLE checkpoint;
ALTER TABLE volume_checkpoint RENAME TO checkpoint;
CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'record: nothing is changed'); END;
CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'record: nothing is deleted'); END;

-- Entries that a restore had from a mirror after they were withheld or destroyed there: of
-- these alone may the words be missing from the start.
CREATE TABLE taken_back (
    n  INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER taken_back_insert BEFORE INSERT ON taken_back
BEGIN
    SELECT RAISE(ABORT, 'record: it is here already')
     WHERE NEW.n <= COALESCE((SELECT max(n) FROM record), 0);
END;
CREATE TRIGGER taken_back_update BEFORE UPDATE ON taken_back
BEGIN SELECT RAISE(ABORT, 'record: nothing is changed'); END;
CREATE TRIGGER taken_back_delete BEFORE DELETE ON taken_back
BEGIN SELECT RAISE(ABORT, 'record: nothing is deleted'); END;

-- Numbers are gapless within a volume; only the entry that begins the next one may jump.
DROP TRIGGER record_insert;
CREATE TRIGGER record_insert BEFORE INSERT ON record
BEGIN
    SELECT RAISE(ABORT, 'record: not the next number')
     WHERE NEW.kind <> 'volume' AND NEW.n <> COALESCE((SELECT max(n) FROM record), 0) + 1;
    SELECT RAISE(ABORT, 'record: not the next number')
     WHERE NEW.kind = 'volume' AND (NEW.n <= COALESCE((SELECT max(n) FROM record), 0) OR (NEW.volume = 1 AND NEW.n <> 1));
    SELECT RAISE(ABORT, 'record: not of this volume')
     WHERE NEW.volume <> COALESCE((SELECT volume FROM record ORDER BY n DESC LIMIT 1), 0) + (NEW.kind = 'volume');
    SELECT RAISE(ABORT, 'record: not later than the last')
     WHERE NEW.at <= COALESCE((SELECT at FROM record ORDER BY n DESC LIMIT 1), 0);
    SELECT RAISE(ABORT, 'record: born gone')
     WHERE (NEW.gone_by IS NOT NULL OR NEW.salt IS NULL OR NEW.content IS NULL)
       AND NOT (EXISTS (SELECT 1 FROM taken_back t WHERE t.n = NEW.n)
                AND NEW.gone_by > NEW.n AND NEW.salt IS NULL AND NEW.content IS NULL);
END;
