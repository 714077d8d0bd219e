-- How members prove who they are. Nothing here opens anything by itself: passkeys are
-- public keys, a password is argon2id and alone opens the key of its codes, and all else is
-- SHA-256 of at least 128 random bits.
CREATE TABLE passkey (
    id      BYTEA PRIMARY KEY,
    member  BIGINT NOT NULL REFERENCES member (id),
    name    TEXT COLLATE "C" NOT NULL,
    kept    TEXT COLLATE "C" NOT NULL, -- JSON: the public key, and what was said of it
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX passkey_member ON passkey (member);

CREATE TABLE password (
    member  BIGINT PRIMARY KEY REFERENCES member (id),
    hash    TEXT COLLATE "C" NOT NULL,
    code    BYTEA NOT NULL,    -- the key of its codes, sealed under the password
    step    BIGINT NOT NULL, -- of the last code that was taken: none works twice
    made_at BIGINT NOT NULL
);

CREATE TABLE recovery (
    hash    BYTEA PRIMARY KEY,
    member  BIGINT NOT NULL REFERENCES member (id),
    made_at BIGINT NOT NULL
);
CREATE INDEX recovery_member ON recovery (member);

-- Questions to devices that wait for their answer.
CREATE TABLE ceremony (
    hash    BYTEA PRIMARY KEY,
    kept    TEXT COLLATE "C" NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX ceremony_ends ON ceremony (ends_at);

-- Sign-ins that failed, or have not succeeded yet, by a hash of account and place.
CREATE TABLE attempt (
    id      BIGINT PRIMARY KEY DEFAULT next_id('attempt'),
    account BYTEA NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX attempt_account ON attempt (account, at);
CREATE INDEX attempt_at ON attempt (at);

CREATE TABLE invitation (
    id       BIGINT PRIMARY KEY DEFAULT next_id('invitation'),
    hash     BYTEA NOT NULL UNIQUE,
    name     TEXT COLLATE "C" NOT NULL,
    admin    BIGINT NOT NULL,
    roles    TEXT COLLATE "C" NOT NULL, -- JSON
    by       BIGINT NOT NULL REFERENCES member (id),
    at       BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL,
    ended_at BIGINT NOT NULL DEFAULT 0,
    member   BIGINT NOT NULL DEFAULT 0 -- who came of it; 0 once ended: it was called back
);

-- Keys of programs. A token acts for its owner with at most the owner's rights, and is
-- never a person.
CREATE TABLE token (
    id       BIGINT PRIMARY KEY DEFAULT next_id('token'),
    hash     BYTEA NOT NULL UNIQUE,
    member   BIGINT NOT NULL REFERENCES member (id),
    name     TEXT COLLATE "C" NOT NULL,
    verbs    TEXT COLLATE "C" NOT NULL, -- JSON
    desks    TEXT COLLATE "C" NOT NULL, -- JSON
    made_at  BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL,
    ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX token_member ON token (member);

-- Who last gave a member new keys, and when: for a day they count as one person.
ALTER TABLE member ADD COLUMN keyed_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN keyed_at BIGINT NOT NULL DEFAULT 0;

-- A link signs in, or lets its member begin anew with other keys.
ALTER TABLE link ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'in';
ALTER TABLE link ADD COLUMN by BIGINT NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN place TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN browser TEXT COLLATE "C" NOT NULL DEFAULT '';

-- The audit is added to. What an erasure destroys is the detail of its lines, no line.
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_member ON audit (member, id);
CREATE FUNCTION audit_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit: nothing is deleted'; END $$;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_deleted();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted();
CREATE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.at, NEW.member, NEW.verb, NEW.desk, NEW.subject, NEW.entry)
       IS DISTINCT FROM (OLD.id, OLD.at, OLD.member, OLD.verb, OLD.desk, OLD.subject, OLD.entry) OR NEW.detail <> '' THEN
        RAISE EXCEPTION 'audit: nothing is changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_update();
