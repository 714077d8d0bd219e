-- How members prove who they are. Nothing here opens anything by itself: passkeys are
-- public keys, a password is argon2id and alone opens the key of its codes, and all else is
-- SHA-256 of at least 128 random bits.
CREATE TABLE passkey (
    id      BLOB PRIMARY KEY,
    member  INTEGER NOT NULL REFERENCES member (id),
    name    TEXT NOT NULL,
    kept    TEXT NOT NULL, -- JSON: the public key, and what was said of it
    made_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX passkey_member ON passkey (member);

CREATE TABLE password (
    member  INTEGER PRIMARY KEY REFERENCES member (id),
    hash    TEXT NOT NULL,
    code    BLOB NOT NULL,    -- the key of its codes, sealed under the password
    step    INTEGER NOT NULL, -- of the last code that was taken: none works twice
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery (
    hash    BLOB PRIMARY KEY,
    member  INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recovery_member ON recovery (member);

-- Questions to devices that wait for their answer.
CREATE TABLE ceremony (
    hash    BLOB PRIMARY KEY,
    kept    TEXT NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ceremony_ends ON ceremony (ends_at);

-- Sign-ins that failed, or have not succeeded yet, by a hash of account and place.
CREATE TABLE attempt (
    id      INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_account ON attempt (account, at);
CREATE INDEX attempt_at ON attempt (at);

CREATE TABLE invitation (
    id       INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    admin    INTEGER NOT NULL,
    roles    TEXT NOT NULL, -- JSON
    by       INTEGER NOT NULL REFERENCES member (id),
    at       INTEGER NOT NULL,
    ends_at  INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    member   INTEGER NOT NULL DEFAULT 0 -- who came of it; 0 once ended: it was called back
) STRICT;

-- Keys of programs. A token acts for its owner with at most the owner's rights, and is
-- never a person.
CREATE TABLE token (
    id       INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL UNIQUE,
    member   INTEGER NOT NULL REFERENCES member (id),
    name     TEXT NOT NULL,
    verbs    TEXT NOT NULL, -- JSON
    desks    TEXT NOT NULL, -- JSON
    made_at  INTEGER NOT NULL,
    ends_at  INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX token_member ON token (member);

-- Who last gave a member new keys, and when: for a day they count as one person.
ALTER TABLE member ADD COLUMN keyed_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN keyed_at INTEGER NOT NULL DEFAULT 0;

-- A link signs in, or lets its member begin anew with other keys.
ALTER TABLE link ADD COLUMN kind TEXT NOT NULL DEFAULT 'in';
ALTER TABLE link ADD COLUMN by INTEGER NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- The audit is added to. What an erasure destroys is the detail of its lines, no line.
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_member ON audit (member, id);
CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit: nothing is deleted'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: nothing is changed')
     WHERE NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.member IS NOT OLD.member OR NEW.verb IS NOT OLD.verb
        OR NEW.desk IS NOT OLD.desk OR NEW.subject IS NOT OLD.subject OR NEW.entry IS NOT OLD.entry OR NEW.detail <> '';
END;
