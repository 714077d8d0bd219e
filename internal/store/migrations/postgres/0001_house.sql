-- The newsroom's memory. Instants are microseconds since 1970 UTC, 0 for none. Ids that
-- readers may see are random text; the others are numbers that stay inside. The same tables
-- and columns as on SQLite, and the same order of text: that of its bytes.

-- The next number of a table, as SQLite gives it: there is one writer at a time, and a
-- write that was taken back leaves no gap.
CREATE FUNCTION next_id(place TEXT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    n BIGINT;
BEGIN
    EXECUTE format('SELECT COALESCE(max(id), 0) + 1 FROM %I', place) INTO n;
    RETURN n;
END $$;

CREATE TABLE setting (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- One row: the last reading of the clock that was trusted.
CREATE TABLE anchor (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    wall    BIGINT NOT NULL,
    boot    BIGINT NOT NULL,
    boot_id TEXT COLLATE "C" NOT NULL
);

CREATE TABLE member (
    id       BIGINT PRIMARY KEY DEFAULT next_id('member'),
    name     TEXT COLLATE "C" NOT NULL UNIQUE,
    admin    BIGINT NOT NULL DEFAULT 0,
    disabled BIGINT NOT NULL DEFAULT 0,
    made_by  BIGINT NOT NULL DEFAULT 0,
    made_at  BIGINT NOT NULL,
    lang     TEXT COLLATE "C" NOT NULL DEFAULT '' -- in which the newsroom speaks to them; empty: as their browser asks
);

CREATE TABLE role (
    member BIGINT NOT NULL REFERENCES member (id),
    desk   TEXT COLLATE "C" NOT NULL,
    role   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (member, desk, role)
);

-- One-time links and sessions are kept as SHA-256 of 260 random bits: a copy of this
-- file signs nobody in.
CREATE TABLE link (
    hash    BYTEA PRIMARY KEY,
    member  BIGINT NOT NULL REFERENCES member (id),
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE session (
    hash    BYTEA PRIMARY KEY,
    member  BIGINT NOT NULL REFERENCES member (id),
    made_at BIGINT NOT NULL,
    auth_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX session_member ON session (member);

-- What a verb answered to a key, so that a repeated request has one effect.
CREATE TABLE answer (
    member  BIGINT NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    verb    TEXT COLLATE "C" NOT NULL,
    request BYTEA NOT NULL,
    status  TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (member, key)
);
CREATE INDEX answer_at ON answer (at);

CREATE TABLE audit (
    id      BIGINT PRIMARY KEY DEFAULT next_id('audit'),
    at      BIGINT NOT NULL,
    member  BIGINT NOT NULL, -- 0: the house itself
    verb    TEXT COLLATE "C" NOT NULL,
    desk    TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    detail  TEXT COLLATE "C" NOT NULL,
    entry   BIGINT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, id);

-- Settings of a desk that are not public, beside its newest desk entry.
CREATE TABLE desk (
    id       TEXT COLLATE "C" PRIMARY KEY,
    position BIGINT NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    resting  BIGINT NOT NULL DEFAULT 0, -- what its newest duty entry says
    told_at  BIGINT NOT NULL DEFAULT 0  -- up to when duty was looked at
);

CREATE TABLE article (
    id         TEXT COLLATE "C" PRIMARY KEY,
    desk       TEXT COLLATE "C" NOT NULL,
    standing   TEXT COLLATE "C" NOT NULL,
    embargoed  BIGINT NOT NULL DEFAULT 0,
    embargo    BIGINT NOT NULL DEFAULT 0, -- with embargoed, 0 is open-ended
    posted_at  BIGINT NOT NULL DEFAULT 0,
    killed_rev BIGINT NOT NULL DEFAULT 0, -- newest revision when it was killed
    made_by    BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    saved_at   BIGINT NOT NULL,
    cut_at     BIGINT NOT NULL DEFAULT 0,
    headline   TEXT COLLATE "C" NOT NULL DEFAULT '' -- of the working text, for lists
);
CREATE INDEX article_desk ON article (desk, saved_at);
CREATE INDEX article_posted ON article (posted_at) WHERE posted_at > 0;
CREATE INDEX article_uncut ON article (saved_at) WHERE saved_at > cut_at;

-- Every save of every part of a working text; the newest version of a part is its text.
CREATE TABLE working (
    article TEXT COLLATE "C" NOT NULL REFERENCES article (id),
    part    TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    by      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (article, part, version)
);

-- A save whose base was no longer the newest: both texts are kept until somebody chooses.
CREATE TABLE clash (
    id      BIGINT PRIMARY KEY DEFAULT next_id('clash'),
    article TEXT COLLATE "C" NOT NULL REFERENCES article (id),
    part    TEXT COLLATE "C" NOT NULL,
    base    BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    by      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    settled BIGINT NOT NULL DEFAULT 0,
    choice  TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX clash_open ON clash (article) WHERE settled = 0;

CREATE TABLE revision (
    article     TEXT COLLATE "C" NOT NULL REFERENCES article (id),
    number      BIGINT NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    hash        BYTEA NOT NULL,
    cause       TEXT COLLATE "C" NOT NULL,
    by          BIGINT NOT NULL, -- its last editor
    at          BIGINT NOT NULL,
    ready_at    BIGINT NOT NULL DEFAULT 0,
    approved_by BIGINT NOT NULL DEFAULT 0,
    approved_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (article, number)
);

CREATE TABLE act (
    id       BIGINT PRIMARY KEY DEFAULT next_id('act'),
    what     TEXT COLLATE "C" NOT NULL,
    class    TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    part     TEXT COLLATE "C" NOT NULL,
    desk     TEXT COLLATE "C" NOT NULL,
    acting   TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    base     BIGINT NOT NULL,
    wish     TEXT COLLATE "C" NOT NULL,    -- the slot as it was asked for, with its zone
    slot     BIGINT NOT NULL,
    queued   BIGINT NOT NULL,
    undo     BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    look_at  BIGINT NOT NULL, -- not before this need the gate be asked again
    road     TEXT COLLATE "C" NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL,    -- notes for readers, as the entry will carry them
    by       BIGINT NOT NULL,
    entry    BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0,
    why      TEXT COLLATE "C" NOT NULL DEFAULT '' -- of a parked act
);
CREATE INDEX act_due ON act (look_at, due, id) WHERE state = 'pending';
CREATE INDEX act_subject ON act (subject, part, state);
CREATE INDEX act_desk ON act (desk, state);
CREATE UNIQUE INDEX act_one_pending ON act (subject, part, class) WHERE state = 'pending';

CREATE TABLE wire_item (
    id      BIGINT PRIMARY KEY DEFAULT next_id('wire_item'),
    source  TEXT COLLATE "C" NOT NULL,
    guid    TEXT COLLATE "C" NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL,
    file    TEXT COLLATE "C" NOT NULL, -- of a picture: its file name
    picture TEXT COLLATE "C" NOT NULL DEFAULT '', -- once its bytes are here
    newest  BIGINT NOT NULL, -- number of its newest version
    came_at BIGINT NOT NULL,
    aside   BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX wire_item_guid ON wire_item (source, guid) WHERE guid <> '';
CREATE INDEX wire_item_file ON wire_item (source, file) WHERE file <> '';
CREATE INDEX wire_item_came ON wire_item (came_at);

CREATE TABLE wire_version (
    item    BIGINT NOT NULL REFERENCES wire_item (id),
    number  BIGINT NOT NULL, -- ours, in order of arrival
    version TEXT COLLATE "C" NOT NULL,    -- the agency's, where it sends one
    sent    BIGINT NOT NULL,
    words   BYTEA NOT NULL,
    status  TEXT COLLATE "C" NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,    -- the parsed item
    came_at BIGINT NOT NULL,
    PRIMARY KEY (item, number)
);

-- Every road by which a version came, with its raw bytes.
CREATE TABLE wire_arrival (
    id      BIGINT PRIMARY KEY DEFAULT next_id('wire_arrival'),
    source  TEXT COLLATE "C" NOT NULL,
    item    BIGINT NOT NULL, -- 0: it could not be read
    version BIGINT NOT NULL,
    format  TEXT COLLATE "C" NOT NULL,
    file    TEXT COLLATE "C" NOT NULL,
    sha256  BYTEA NOT NULL,
    why     TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX wire_arrival_item ON wire_arrival (item, version);
CREATE INDEX wire_arrival_sha ON wire_arrival (source, sha256);

CREATE TABLE wire_raw (
    sha256 BYTEA PRIMARY KEY,
    raw    BYTEA NOT NULL
);

CREATE TABLE wire_link (
    item    BIGINT NOT NULL REFERENCES wire_item (id),
    picture BIGINT NOT NULL REFERENCES wire_item (id),
    PRIMARY KEY (item, picture)
);

-- Which wire item and version a part of a story came from. Private.
CREATE TABLE lineage (
    article TEXT COLLATE "C" NOT NULL REFERENCES article (id),
    part    TEXT COLLATE "C" NOT NULL,
    item    BIGINT NOT NULL REFERENCES wire_item (id),
    version BIGINT NOT NULL,
    PRIMARY KEY (article, part)
);
CREATE INDEX lineage_item ON lineage (item);

-- What a later wire version asks of a story that rests on it, until it is answered.
CREATE TABLE wire_doubt (
    id       BIGINT PRIMARY KEY DEFAULT next_id('wire_doubt'),
    article  TEXT COLLATE "C" NOT NULL REFERENCES article (id),
    item     BIGINT NOT NULL REFERENCES wire_item (id),
    version  BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    till     BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    answer   TEXT COLLATE "C" NOT NULL DEFAULT '',
    reason   TEXT COLLATE "C" NOT NULL DEFAULT '',
    by       BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (article, item, version)
);
CREATE INDEX wire_doubt_open ON wire_doubt (article) WHERE ended_at = 0;

CREATE TABLE picture (
    id      TEXT COLLATE "C" PRIMARY KEY,
    sha256  TEXT COLLATE "C" NOT NULL,
    type    TEXT COLLATE "C" NOT NULL,
    bytes   BIGINT NOT NULL,
    width   BIGINT NOT NULL,
    height  BIGINT NOT NULL,
    meta    TEXT COLLATE "C" NOT NULL, -- what the file itself says, with origins
    from_at BIGINT NOT NULL DEFAULT 0, -- rights
    till_at BIGINT NOT NULL DEFAULT 0,
    by      BIGINT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX picture_sha ON picture (sha256);

-- Renditions carry caption and credit in their own bytes, so they are made anew for each.
CREATE TABLE rendition (
    picture TEXT COLLATE "C" NOT NULL REFERENCES picture (id),
    words   BYTEA NOT NULL, -- SHA-256 of the caption and credit inside
    sha256  TEXT COLLATE "C" NOT NULL,
    bytes   BIGINT NOT NULL,
    type    TEXT COLLATE "C" NOT NULL,
    width   BIGINT NOT NULL,
    height  BIGINT NOT NULL,
    PRIMARY KEY (picture, words, width)
);
CREATE INDEX rendition_sha ON rendition (sha256);

CREATE TABLE person (
    id   TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL
);
CREATE INDEX person_name ON person (name);

-- The record. Triggers keep it append-only whatever the code above them does.
CREATE TABLE record (
    n            BIGINT PRIMARY KEY,
    volume       BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    form         BIGINT NOT NULL,
    class        TEXT COLLATE "C" NOT NULL,
    desk         TEXT COLLATE "C" NOT NULL,
    acting       TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    part         TEXT COLLATE "C" NOT NULL,
    revision     BIGINT NOT NULL,
    prior        BIGINT NOT NULL,
    road         TEXT COLLATE "C" NOT NULL,
    basis        TEXT COLLATE "C" NOT NULL,
    desk_entry   BIGINT NOT NULL,
    window_start BIGINT NOT NULL,
    window_end   BIGINT NOT NULL,
    almanac      TEXT COLLATE "C" NOT NULL,
    zonedata     TEXT COLLATE "C" NOT NULL,
    commitment   BYTEA NOT NULL,
    salt         BYTEA,
    content      BYTEA,
    gone_by      BIGINT
);
CREATE INDEX record_subject ON record (subject, part, n);
CREATE INDEX record_kind ON record (kind, subject, n);

CREATE FUNCTION record_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_n  BIGINT;
    last_at BIGINT;
BEGIN
    SELECT n, at INTO last_n, last_at FROM record ORDER BY n DESC LIMIT 1;
    IF NEW.n <> COALESCE(last_n, 0) + 1 AND NOT (NEW.kind = 'volume' AND NEW.n > last_n) THEN
        RAISE EXCEPTION 'record: not the next number';
    END IF;
    IF NEW.at <= COALESCE(last_at, 0) THEN
        RAISE EXCEPTION 'record: not later than the last';
    END IF;
    IF NEW.gone_by IS NOT NULL OR NEW.salt IS NULL OR NEW.content IS NULL THEN
        RAISE EXCEPTION 'record: born gone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_insert BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_insert();

CREATE FUNCTION record_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'record: nothing is deleted'; END $$;
CREATE FUNCTION record_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'record: nothing is changed'; END $$;

CREATE TRIGGER record_delete BEFORE DELETE ON record FOR EACH ROW EXECUTE FUNCTION record_deleted();
CREATE TRIGGER record_truncate BEFORE TRUNCATE ON record FOR EACH STATEMENT EXECUTE FUNCTION record_deleted();

CREATE FUNCTION record_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone TEXT; -- the kind of the entry by which it goes
BEGIN
    IF (NEW.n, NEW.volume, NEW.at, NEW.kind, NEW.form, NEW.class, NEW.desk, NEW.acting, NEW.subject, NEW.part,
        NEW.revision, NEW.prior, NEW.road, NEW.basis, NEW.desk_entry, NEW.window_start, NEW.window_end,
        NEW.almanac, NEW.zonedata, NEW.commitment)
       IS DISTINCT FROM
       (OLD.n, OLD.volume, OLD.at, OLD.kind, OLD.form, OLD.class, OLD.desk, OLD.acting, OLD.subject, OLD.part,
        OLD.revision, OLD.prior, OLD.road, OLD.basis, OLD.desk_entry, OLD.window_start, OLD.window_end,
        OLD.almanac, OLD.zonedata, OLD.commitment) THEN
        RAISE EXCEPTION 'record: nothing is changed';
    END IF;
    SELECT g.kind INTO gone FROM record g WHERE g.n = NEW.gone_by AND g.n > OLD.n AND g.kind IN ('kill', 'erase');
    IF gone IS NULL THEN
        RAISE EXCEPTION 'record: gone only by a later kill or erase';
    END IF;
    IF OLD.gone_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM record g WHERE g.n = OLD.gone_by AND g.kind = 'kill') THEN
        RAISE EXCEPTION 'record: gone once';
    END IF;
    IF gone = 'erase' AND (NEW.salt IS NOT NULL OR NEW.content IS NOT NULL)
       OR gone = 'kill' AND (NEW.salt IS DISTINCT FROM OLD.salt OR NEW.content IS DISTINCT FROM OLD.content) THEN
        RAISE EXCEPTION 'record: a kill withholds, an erase destroys';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_update BEFORE UPDATE ON record FOR EACH ROW EXECUTE FUNCTION record_update();

-- Hashes of the log's tree, by tlog's stored index, and one signed checkpoint per commit.
CREATE TABLE record_hash (
    position BIGINT PRIMARY KEY,
    hash     BYTEA NOT NULL
);
CREATE TRIGGER record_hash_update BEFORE UPDATE ON record_hash FOR EACH ROW EXECUTE FUNCTION record_changed();
CREATE TRIGGER record_hash_delete BEFORE DELETE ON record_hash FOR EACH ROW EXECUTE FUNCTION record_deleted();
CREATE TRIGGER record_hash_truncate BEFORE TRUNCATE ON record_hash FOR EACH STATEMENT EXECUTE FUNCTION record_deleted();

CREATE TABLE checkpoint (
    size BIGINT PRIMARY KEY,
    note BYTEA NOT NULL,
    at   BIGINT NOT NULL
);
CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint FOR EACH ROW EXECUTE FUNCTION record_changed();
CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION record_deleted();
CREATE TRIGGER checkpoint_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION record_deleted();

-- The planner keeps values of a column among its statistics, and goes on keeping them when
-- their table is empty. It keeps none of columns that hold people's words: what is erased
-- would stand there still.
ALTER TABLE audit ALTER detail SET STATISTICS 0;
ALTER TABLE answer ALTER request SET STATISTICS 0, ALTER body SET STATISTICS 0;
ALTER TABLE article ALTER headline SET STATISTICS 0;
ALTER TABLE working ALTER body SET STATISTICS 0;
ALTER TABLE clash ALTER body SET STATISTICS 0;
ALTER TABLE revision ALTER text SET STATISTICS 0;
ALTER TABLE act ALTER wish SET STATISTICS 0, ALTER detail SET STATISTICS 0, ALTER why SET STATISTICS 0;
ALTER TABLE wire_item ALTER guid SET STATISTICS 0, ALTER file SET STATISTICS 0;
ALTER TABLE wire_version ALTER version SET STATISTICS 0, ALTER body SET STATISTICS 0;
ALTER TABLE wire_arrival ALTER file SET STATISTICS 0, ALTER why SET STATISTICS 0;
ALTER TABLE wire_raw ALTER raw SET STATISTICS 0;
ALTER TABLE wire_doubt ALTER reason SET STATISTICS 0;
ALTER TABLE picture ALTER meta SET STATISTICS 0;
ALTER TABLE person ALTER name SET STATISTICS 0;
ALTER TABLE record ALTER salt SET STATISTICS 0, ALTER content SET STATISTICS 0;
