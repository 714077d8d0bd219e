-- What a desk held in the hours before a rest, and what became of each line of it: one row
-- for each rest that the desk closed for. No words: subjects, desks, instants.
CREATE TABLE closing (
    id        INTEGER PRIMARY KEY,
    desk      TEXT NOT NULL,
    closes    INTEGER NOT NULL, -- the rest's start
    opens     INTEGER NOT NULL, -- and its end
    listed_at INTEGER NOT NULL, -- when its list opened
    listed    TEXT NOT NULL,    -- JSON: the subjects that the desk held then
    closed_at INTEGER NOT NULL DEFAULT 0,
    receipt   TEXT NOT NULL DEFAULT '' -- JSON, once it closed
) STRICT;
CREATE UNIQUE INDEX closing_open ON closing (desk) WHERE closed_at = 0;
CREATE INDEX closing_desk ON closing (desk, closes);

-- What somebody chose for a line of the list: send before, give, or hold.
CREATE TABLE closing_line (
    closing INTEGER NOT NULL REFERENCES closing (id),
    subject TEXT NOT NULL,
    choice  TEXT NOT NULL,
    by      INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (closing, subject)
) STRICT;

-- What one desk gives to another, which must accept it.
CREATE TABLE offer (
    id        INTEGER PRIMARY KEY,
    subject   TEXT NOT NULL,
    from_desk TEXT NOT NULL,
    to_desk   TEXT NOT NULL,
    by        INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    answer    TEXT NOT NULL DEFAULT '', -- accepted, declined, taken back
    answered  INTEGER NOT NULL DEFAULT 0, -- by whom
    ended_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX offer_open ON offer (subject) WHERE ended_at = 0;
CREATE INDEX offer_to ON offer (to_desk) WHERE ended_at = 0;
CREATE INDEX offer_from ON offer (from_desk, ended_at);

CREATE INDEX act_ended ON act (desk, ended_at) WHERE state = 'posted';
CREATE INDEX act_posted ON act (subject, queued) WHERE state = 'posted';

CREATE INDEX record_at ON record (at);
CREATE INDEX wire_doubt_at ON wire_doubt (at);

CREATE INDEX act_waiting ON act (due, id) WHERE state IN ('pending', 'parked');

-- What somebody has to be told of an act of theirs: it leaves at another time than they
-- were told, because the world changed. No words.
CREATE TABLE told (
    id      INTEGER PRIMARY KEY,
    member  INTEGER NOT NULL,
    act     INTEGER NOT NULL,
    was     INTEGER NOT NULL, -- when it would have left; 0 if that was not known
    opens   INTEGER NOT NULL, -- when it will
    at      INTEGER NOT NULL,
    seen_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX told_unseen ON told (member) WHERE seen_at = 0;
