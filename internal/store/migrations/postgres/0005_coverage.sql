-- What a desk held in the hours before a rest, and what became of each line of it: one row
-- for each rest that the desk closed for. No words: subjects, desks, instants.
CREATE TABLE closing (
    id        BIGINT PRIMARY KEY DEFAULT next_id('closing'),
    desk      TEXT COLLATE "C" NOT NULL,
    closes    BIGINT NOT NULL, -- the rest's start
    opens     BIGINT NOT NULL, -- and its end
    listed_at BIGINT NOT NULL, -- when its list opened
    listed    TEXT COLLATE "C" NOT NULL,    -- JSON: the subjects that the desk held then
    closed_at BIGINT NOT NULL DEFAULT 0,
    receipt   TEXT COLLATE "C" NOT NULL DEFAULT '' -- JSON, once it closed
);
CREATE UNIQUE INDEX closing_open ON closing (desk) WHERE closed_at = 0;
CREATE INDEX closing_desk ON closing (desk, closes);

-- What somebody chose for a line of the list: send before, give, or hold.
CREATE TABLE closing_line (
    closing BIGINT NOT NULL REFERENCES closing (id),
    subject TEXT COLLATE "C" NOT NULL,
    choice  TEXT COLLATE "C" NOT NULL,
    by      BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (closing, subject)
);

-- What one desk gives to another, which must accept it.
CREATE TABLE offer (
    id        BIGINT PRIMARY KEY DEFAULT next_id('offer'),
    subject   TEXT COLLATE "C" NOT NULL,
    from_desk TEXT COLLATE "C" NOT NULL,
    to_desk   TEXT COLLATE "C" NOT NULL,
    by        BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    answer    TEXT COLLATE "C" NOT NULL DEFAULT '', -- accepted, declined, taken back
    answered  BIGINT NOT NULL DEFAULT 0, -- by whom
    ended_at  BIGINT NOT NULL DEFAULT 0
);
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
    id      BIGINT PRIMARY KEY DEFAULT next_id('told'),
    member  BIGINT NOT NULL,
    act     BIGINT NOT NULL,
    was     BIGINT NOT NULL, -- when it would have left; 0 if that was not known
    opens   BIGINT NOT NULL, -- when it will
    at      BIGINT NOT NULL,
    seen_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX told_unseen ON told (member) WHERE seen_at = 0;
