-- The readers' memory: plain tables that are a function of the record. Instants are
-- microseconds since 1970 UTC, 0 for none.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- The public copy of every entry. What a kill withholds has no salt and no content here.
CREATE TABLE entry (
    n INTEGER PRIMARY KEY, volume INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, form INTEGER NOT NULL, class TEXT NOT NULL,
    desk TEXT NOT NULL, acting TEXT NOT NULL, subject TEXT NOT NULL, part TEXT NOT NULL, revision INTEGER NOT NULL, prior INTEGER NOT NULL,
    road TEXT NOT NULL, basis TEXT NOT NULL, desk_entry INTEGER NOT NULL, window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,
    almanac TEXT NOT NULL, zonedata TEXT NOT NULL, commitment BLOB NOT NULL, salt BLOB, content BLOB, gone_by INTEGER NOT NULL
) STRICT;

CREATE TABLE house (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE desk (id TEXT PRIMARY KEY, n INTEGER NOT NULL, slug TEXT NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE duty (n INTEGER PRIMARY KEY, desk TEXT NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE front (lang TEXT PRIMARY KEY, n INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE person (id TEXT PRIMARY KEY, n INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE picture (id TEXT PRIMARY KEY, n INTEGER NOT NULL, content BLOB NOT NULL) STRICT;

CREATE TABLE article (
    id        TEXT PRIMARY KEY,
    standing  TEXT NOT NULL,
    desk      TEXT NOT NULL,
    lang      TEXT NOT NULL,
    section   TEXT NOT NULL,
    first_n   INTEGER NOT NULL,
    latest_n  INTEGER NOT NULL,
    posted    INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    version   INTEGER NOT NULL, -- number of the newest text, 0 once killed
    note      TEXT NOT NULL,    -- of a withdrawal or kill
    taken     INTEGER NOT NULL
) STRICT;
CREATE INDEX article_lang ON article (lang, standing, first_n);
CREATE INDEX article_section ON article (lang, section, standing, first_n);
CREATE INDEX article_desk ON article (lang, desk, standing, first_n);

CREATE TABLE version (
    article TEXT NOT NULL, number INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (article, number)
) STRICT;

-- Corrections and withdrawals, for their page.
CREATE TABLE correction (n INTEGER PRIMARY KEY, article TEXT NOT NULL, lang TEXT NOT NULL, at INTEGER NOT NULL, withdrawn INTEGER NOT NULL, content BLOB NOT NULL) STRICT;
CREATE INDEX correction_article ON correction (article, n);
CREATE INDEX correction_lang ON correction (lang, n);

-- Which entries use which rendition; a file leaves with its last use.
CREATE TABLE rendition (sha256 TEXT NOT NULL, n INTEGER NOT NULL, article TEXT NOT NULL, picture TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (sha256, n)) STRICT;
CREATE INDEX rendition_article ON rendition (article);
