-- Every volume of the record has a tree and checkpoints of its own.
ALTER TABLE record_hash ADD COLUMN volume BIGINT NOT NULL DEFAULT 1;
ALTER TABLE record_hash ALTER COLUMN volume DROP DEFAULT;
ALTER TABLE record_hash DROP CONSTRAINT record_hash_pkey;
ALTER TABLE record_hash ADD PRIMARY KEY (volume, position);

ALTER TABLE checkpoint ADD COLUMN volume BIGINT NOT NULL DEFAULT 1;
ALTER TABLE checkpoint ALTER COLUMN volume DROP DEFAULT;
ALTER TABLE checkpoint DROP CONSTRAINT checkpoint_pkey;
ALTER TABLE checkpoint ADD PRIMARY KEY (volume, size);

-- Entries that a restore had from a mirror after they were withheld or destroyed there: of
-- these alone may the words be missing from the start.
CREATE TABLE taken_back (
    n  BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE FUNCTION taken_back_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n <= COALESCE((SELECT max(n) FROM record), 0) THEN
        RAISE EXCEPTION 'record: it is here already';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_back_insert BEFORE INSERT ON taken_back FOR EACH ROW EXECUTE FUNCTION taken_back_insert();
CREATE TRIGGER taken_back_update BEFORE UPDATE ON taken_back FOR EACH ROW EXECUTE FUNCTION record_changed();
CREATE TRIGGER taken_back_delete BEFORE DELETE ON taken_back FOR EACH ROW EXECUTE FUNCTION record_deleted();
CREATE TRIGGER taken_back_truncate BEFORE TRUNCATE ON taken_back FOR EACH STATEMENT EXECUTE FUNCTION record_deleted();

-- Numbers are gapless within a volume; only the entry that begins the next one may jump.
CREATE OR REPLACE FUNCTION record_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_n      BIGINT := 0;
    last_volume BIGINT := 0;
    last_at     BIGINT := 0;
    last        RECORD;
BEGIN
    FOR last IN SELECT n, volume, at FROM record ORDER BY n DESC LIMIT 1 LOOP
        last_n := last.n;
        last_volume := last.volume;
        last_at := last.at;
    END LOOP;
    IF NEW.kind <> 'volume' AND NEW.n <> last_n + 1
       OR NEW.kind = 'volume' AND (NEW.n <= last_n OR NEW.volume = 1 AND NEW.n <> 1) THEN
        RAISE EXCEPTION 'record: not the next number';
    END IF;
    IF NEW.volume <> last_volume + (NEW.kind = 'volume')::INT THEN
        RAISE EXCEPTION 'record: not of this volume';
    END IF;
    IF NEW.at <= last_at THEN
        RAISE EXCEPTION 'record: not later than the last';
    END IF;
    IF NEW.gone_by IS NOT NULL OR NEW.salt IS NULL OR NEW.content IS NULL THEN
        IF NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.n = NEW.n)
           OR NEW.gone_by IS NULL OR NEW.gone_by <= NEW.n OR NEW.salt IS NOT NULL OR NEW.content IS NOT NULL THEN
            RAISE EXCEPTION 'record: born gone';
        END IF;
    END IF;
    RETURN NEW;
END $$;
