-- The newsroom's memory. Instants are microseconds since 1970 UTC, 0 for none. Ids that
-- readers may see are random text; the others are numbers that stay inside.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One row: the last reading of the clock that was trusted.
CREATE TABLE anchor (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    wall    INTEGER NOT NULL,
    boot    INTEGER NOT NULL,
    boot_id TEXT NOT NULL
) STRICT;

CREATE TABLE member (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    admin    INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0,
    made_by  INTEGER NOT NULL DEFAULT 0,
    made_at  INTEGER NOT NULL,
    lang     TEXT NOT NULL DEFAULT '' -- in which the newsroom speaks to them; empty: as their browser asks
) STRICT;

CREATE TABLE role (
    member INTEGER NOT NULL REFERENCES member (id),
    desk   TEXT NOT NULL,
    role   TEXT NOT NULL,
    PRIMARY KEY (member, desk, role)
) STRICT;

-- One-time links and sessions are kept as SHA-256 of 260 random bits: a copy of this
-- file signs nobody in.
CREATE TABLE link (
    hash    BLOB PRIMARY KEY,
    member  INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE session (
    hash    BLOB PRIMARY KEY,
    member  INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL,
    auth_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_member ON session (member);

-- What a verb answered to a key, so that a repeated request has one effect.
CREATE TABLE answer (
    member  INTEGER NOT NULL,
    key     TEXT NOT NULL,
    verb    TEXT NOT NULL,
    request BLOB NOT NULL,
    status  TEXT NOT NULL,
    body    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (member, key)
) STRICT;
CREATE INDEX answer_at ON answer (at);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    member  INTEGER NOT NULL, -- 0: the house itself
    verb    TEXT NOT NULL,
    desk    TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    entry   INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, id);

-- Settings of a desk that are not public, beside its newest desk entry.
CREATE TABLE desk (
    id       TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    settings TEXT NOT NULL,
    resting  INTEGER NOT NULL DEFAULT 0, -- what its newest duty entry says
    told_at  INTEGER NOT NULL DEFAULT 0  -- up to when duty was looked at
) STRICT;

CREATE TABLE article (
    id         TEXT PRIMARY KEY,
    desk       TEXT NOT NULL,
    standing   TEXT NOT NULL,
    embargoed  INTEGER NOT NULL DEFAULT 0,
    embargo    INTEGER NOT NULL DEFAULT 0, -- with embargoed, 0 is open-ended
    posted_at  INTEGER NOT NULL DEFAULT 0,
    killed_rev INTEGER NOT NULL DEFAULT 0, -- newest revision when it was killed
    made_by    INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    saved_at   INTEGER NOT NULL,
    cut_at     INTEGER NOT NULL DEFAULT 0,
    headline   TEXT NOT NULL DEFAULT '' -- of the working text, for lists
) STRICT;
CREATE INDEX article_desk ON article (desk, saved_at);
CREATE INDEX article_posted ON article (posted_at) WHERE posted_at > 0;
CREATE INDEX article_uncut ON article (saved_at) WHERE saved_at > cut_at;

-- Every save of every part of a working text; the newest version of a part is its text.
CREATE TABLE working (
    article TEXT NOT NULL REFERENCES article (id),
    part    TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    by      INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (article, part, version)
) STRICT;

-- A save whose base was no longer the newest: both texts are kept until somebody chooses.
CREATE TABLE clash (
    id      INTEGER PRIMARY KEY,
    article TEXT NOT NULL REFERENCES article (id),
    part    TEXT NOT NULL,
    base    INTEGER NOT NULL,
    body    TEXT NOT NULL,
    by      INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    choice  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX clash_open ON clash (article) WHERE settled = 0;

CREATE TABLE revision (
    article     TEXT NOT NULL REFERENCES article (id),
    number      INTEGER NOT NULL,
    text        TEXT NOT NULL,
    hash        BLOB NOT NULL,
    cause       TEXT NOT NULL,
    by          INTEGER NOT NULL, -- its last editor
    at          INTEGER NOT NULL,
    ready_at    INTEGER NOT NULL DEFAULT 0,
    approved_by INTEGER NOT NULL DEFAULT 0,
    approved_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article, number)
) STRICT;

CREATE TABLE act (
    id       INTEGER PRIMARY KEY,
    what     TEXT NOT NULL,
    class    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    part     TEXT NOT NULL,
    desk     TEXT NOT NULL,
    acting   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    base     INTEGER NOT NULL,
    wish     TEXT NOT NULL,    -- the slot as it was asked for, with its zone
    slot     INTEGER NOT NULL,
    queued   INTEGER NOT NULL,
    undo     INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    look_at  INTEGER NOT NULL, -- not before this need the gate be asked again
    road     TEXT NOT NULL,
    state    TEXT NOT NULL,
    detail   TEXT NOT NULL,    -- notes for readers, as the entry will carry them
    by       INTEGER NOT NULL,
    entry    INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    why      TEXT NOT NULL DEFAULT '' -- of a parked act
) STRICT;
CREATE INDEX act_due ON act (look_at, due, id) WHERE state = 'pending';
CREATE INDEX act_subject ON act (subject, part, state);
CREATE INDEX act_desk ON act (desk, state);
CREATE UNIQUE INDEX act_one_pending ON act (subject, part, class) WHERE state = 'pending';

CREATE TABLE wire_item (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,
    guid    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    file    TEXT NOT NULL, -- of a picture: its file name
    picture TEXT NOT NULL DEFAULT '', -- once its bytes are here
    newest  INTEGER NOT NULL, -- number of its newest version
    came_at INTEGER NOT NULL,
    aside   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX wire_item_guid ON wire_item (source, guid) WHERE guid <> '';
CREATE INDEX wire_item_file ON wire_item (source, file) WHERE file <> '';
CREATE INDEX wire_item_came ON wire_item (came_at);

CREATE TABLE wire_version (
    item    INTEGER NOT NULL REFERENCES wire_item (id),
    number  INTEGER NOT NULL, -- ours, in order of arrival
    version TEXT NOT NULL,    -- the agency's, where it sends one
    sent    INTEGER NOT NULL,
    words   BLOB NOT NULL,
    status  TEXT NOT NULL,
    body    TEXT NOT NULL,    -- the parsed item
    came_at INTEGER NOT NULL,
    PRIMARY KEY (item, number)
) STRICT;

-- Every road by which a version came, with its raw bytes.
CREATE TABLE wire_arrival (
    id      INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,
    item    INTEGER NOT NULL, -- 0: it could not be read
    version INTEGER NOT NULL,
    format  TEXT NOT NULL,
    file    TEXT NOT NULL,
    sha256  BLOB NOT NULL,
    why     TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX wire_arrival_item ON wire_arrival (item, version);
CREATE INDEX wire_arrival_sha ON wire_arrival (source, sha256);

CREATE TABLE wire_raw (
    sha256 BLOB PRIMARY KEY,
    raw    BLOB NOT NULL
) STRICT;

CREATE TABLE wire_link (
    item    INTEGER NOT NULL REFERENCES wire_item (id),
    picture INTEGER NOT NULL REFERENCES wire_item (id),
    PRIMARY KEY (item, picture)
) STRICT;

-- Which wire item and version a part of a story came from. Private.
CREATE TABLE lineage (
    article TEXT NOT NULL REFERENCES article (id),
    part    TEXT NOT NULL,
    item    INTEGER NOT NULL REFERENCES wire_item (id),
    version INTEGER NOT NULL,
    PRIMARY KEY (article, part)
) STRICT;
CREATE INDEX lineage_item ON lineage (item);

-- What a later wire version asks of a story that rests on it, until it is answered.
CREATE TABLE wire_doubt (
    id       INTEGER PRIMARY KEY,
    article  TEXT NOT NULL REFERENCES article (id),
    item     INTEGER NOT NULL REFERENCES wire_item (id),
    version  INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    till     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    answer   TEXT NOT NULL DEFAULT '',
    reason   TEXT NOT NULL DEFAULT '',
    by       INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (article, item, version)
) STRICT;
CREATE INDEX wire_doubt_open ON wire_doubt (article) WHERE ended_at = 0;

CREATE TABLE picture (
    id      TEXT PRIMARY KEY,
    sha256  TEXT NOT NULL,
    type    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    meta    TEXT NOT NULL, -- what the file itself says, with origins
    from_at INTEGER NOT NULL DEFAULT 0, -- rights
    till_at INTEGER NOT NULL DEFAULT 0,
    by      INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_sha ON picture (sha256);

-- Renditions carry caption and credit in their own bytes, so they are made anew for each.
CREATE TABLE rendition (
    picture TEXT NOT NULL REFERENCES picture (id),
    words   BLOB NOT NULL, -- SHA-256 of the caption and credit inside
    sha256  TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    type    TEXT NOT NULL,
    width   INTEGER NOT NULL,
    height  INTEGER NOT NULL,
    PRIMARY KEY (picture, words, width)
) STRICT;
CREATE INDEX rendition_sha ON rendition (sha256);

CREATE TABLE person (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
CREATE INDEX person_name ON person (name);

-- The record. Triggers keep it append-only whatever the code above them does.
CREATE TABLE record (
    n            INTEGER PRIMARY KEY,
    volume       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    form         INTEGER NOT NULL,
    class        TEXT NOT NULL,
    desk         TEXT NOT NULL,
    acting       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    part         TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    prior        INTEGER NOT NULL,
    road         TEXT NOT NULL,
    basis        TEXT NOT NULL,
    desk_entry   INTEGER NOT NULL,
    window_start INTEGER NOT NULL,
    window_end   INTEGER NOT NULL,
    almanac      TEXT NOT NULL,
    zonedata     TEXT NOT NULL,
    commitment   BLOB NOT NULL,
    salt         BLOB,
    content      BLOB,
    gone_by      INTEGER
) STRICT;
CREATE INDEX record_subject ON record (subject, part, n);
CREATE INDEX record_kind ON record (kind, subject, n);

CREATE TRIGGER record_insert BEFORE INSERT ON record
BEGIN
    SELECT RAISE(ABORT, 'record: not the next number')
     WHERE NEW.n <> COALESCE((SELECT max(n) FROM record), 0) + 1
       AND NOT (NEW.kind = 'volume' AND NEW.n > (SELECT max(n) FROM record));
    SELECT RAISE(ABORT, 'record: not later than the last')
     WHERE NEW.at <= COALESCE((SELECT at FROM record ORDER BY n DESC LIMIT 1), 0);
    SELECT RAISE(ABORT, 'record: born gone')
     WHERE NEW.gone_by IS NOT NULL OR NEW.salt IS NULL OR NEW.content IS NULL;
END;

CREATE TRIGGER record_delete BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'record: nothing is deleted');
END;

CREATE TRIGGER record_update BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'record: nothing is changed')
     WHERE NEW.n IS NOT OLD.n OR NEW.volume IS NOT OLD.volume OR NEW.at IS NOT OLD.at
        OR NEW.kind IS NOT OLD.kind OR NEW.form IS NOT OLD.form OR NEW.class IS NOT OLD.class
        OR NEW.desk IS NOT OLD.desk OR NEW.acting IS NOT OLD.acting
        OR NEW.subject IS NOT OLD.subject OR NEW.part IS NOT OLD.part
        OR NEW.revision IS NOT OLD.revision OR NEW.prior IS NOT OLD.prior
        OR NEW.road IS NOT OLD.road OR NEW.basis IS NOT OLD.basis
        OR NEW.desk_entry IS NOT OLD.desk_entry OR NEW.window_start IS NOT OLD.window_start
        OR NEW.window_end IS NOT OLD.window_end OR NEW.almanac IS NOT OLD.almanac
        OR NEW.zonedata IS NOT OLD.zonedata OR NEW.commitment IS NOT OLD.commitment;
    SELECT RAISE(ABORT, 'record: gone only by a later kill or erase')
     WHERE NOT EXISTS (SELECT 1 FROM record g WHERE g.n = NEW.gone_by AND g.n > OLD.n
                          AND g.kind IN ('kill', 'erase'));
    SELECT RAISE(ABORT, 'record: gone once')
     WHERE OLD.gone_by IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM record g WHERE g.n = OLD.gone_by AND g.kind = 'kill');
    SELECT RAISE(ABORT, 'record: a kill withholds, an erase destroys')
     WHERE CASE (SELECT kind FROM record g WHERE g.n = NEW.gone_by)
           WHEN 'erase' THEN NEW.salt IS NOT NULL OR NEW.content IS NOT NULL
           ELSE NEW.salt IS NOT OLD.salt OR NEW.content IS NOT OLD.content END;
END;

-- Hashes of the log's tree, by tlog's stored index, and one signed checkpoint per commit.
CREATE TABLE record_hash (
    position INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL
) STRICT;
CREATE TRIGGER record_hash_update BEFORE UPDATE ON record_hash
BEGIN SELECT RAISE(ABORT, 'record: nothing is changed'); END;
CREATE TRIGGER record_hash_delete BEFORE DELETE ON record_hash
BEGIN SELECT RAISE(ABORT, 'record: nothing is deleted'); END;

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    note BLOB NOT NULL,
    at   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'record: nothing is changed'); END;
CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'record: nothing is deleted'); END;
