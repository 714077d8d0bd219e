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
CREATE INDEX entry_subject ON entry (subject, kind, n);
CREATE INDEX entry_front ON entry (n) WHERE kind = 'front';
CREATE INDEX entry_picture ON entry (n) WHERE kind = 'picture';
CREATE INDEX entry_house ON entry (n) WHERE kind = 'house';
CREATE INDEX entry_live ON entry (subject, part, n) WHERE kind = 'live';
CREATE INDEX entry_at ON entry (at);

-- The volumes of the record by the number of their first entry, and the tree over the
-- leaves of each: the hash of the n-th subtree of 2^level leaves, once it is whole.
CREATE TABLE volume (volume INTEGER PRIMARY KEY, n INTEGER NOT NULL REFERENCES entry) STRICT;
CREATE TABLE tree (
    volume INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (volume, level, n)
) STRICT, WITHOUT ROWID;

-- The newest signed checkpoint of each volume that covers nothing that is not here. Which
-- one that is depends on when we looked: the digest leaves it out.
CREATE TABLE checkpoint (volume INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL) STRICT;

-- Of these kinds the newest readable entry counts; its content is read from the entry.
CREATE TABLE house (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL REFERENCES entry, zone TEXT NOT NULL) STRICT;
CREATE TABLE desk (id TEXT PRIMARY KEY, n INTEGER NOT NULL REFERENCES entry, slug TEXT NOT NULL) STRICT;
CREATE TABLE front (lang TEXT PRIMARY KEY, n INTEGER NOT NULL REFERENCES entry) STRICT;
CREATE TABLE person (id TEXT PRIMARY KEY, n INTEGER NOT NULL REFERENCES entry) STRICT;

-- Of these every readable entry counts.
CREATE TABLE duty (n INTEGER PRIMARY KEY REFERENCES entry, desk TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE picture (n INTEGER PRIMARY KEY REFERENCES entry, id TEXT NOT NULL, withdrawn INTEGER NOT NULL) STRICT;
CREATE INDEX picture_id ON picture (id, n);

CREATE TABLE article (
    id        TEXT PRIMARY KEY,
    standing  TEXT NOT NULL,
    desk      TEXT NOT NULL,
    lang      TEXT NOT NULL,
    section   TEXT NOT NULL,
    archived  INTEGER NOT NULL, -- its first entry archived it: no list of what is new has it
    first_n   INTEGER NOT NULL,
    latest_n  INTEGER NOT NULL,
    text_n    INTEGER NOT NULL, -- the entry of its newest text, 0 once killed
    posted    INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    versions  INTEGER NOT NULL,
    note      TEXT NOT NULL,    -- of a withdrawal or kill
    taken     INTEGER NOT NULL,
    live      TEXT NOT NULL,    -- of a live page: open or closed
    card      BLOB              -- the newest text without its body, for lists; none once killed
) STRICT;
CREATE INDEX article_lang ON article (lang, first_n) WHERE standing = 'public' AND archived = 0;
CREATE INDEX article_section ON article (lang, section, first_n) WHERE standing = 'public' AND archived = 0;
CREATE INDEX article_desk ON article (lang, desk, first_n) WHERE standing = 'public' AND archived = 0;

CREATE INDEX article_first ON article (first_n) WHERE standing = 'public';
CREATE INDEX article_taken ON article (first_n) WHERE standing <> 'public';

-- The same rows as they stood after entry "since" and before entry "until": what lists and
-- pages told then. An article that was killed or erased has none from before.
CREATE TABLE stood (
    id TEXT NOT NULL, standing TEXT NOT NULL, desk TEXT NOT NULL, lang TEXT NOT NULL, section TEXT NOT NULL, archived INTEGER NOT NULL,
    first_n INTEGER NOT NULL, latest_n INTEGER NOT NULL, text_n INTEGER NOT NULL, posted INTEGER NOT NULL, updated INTEGER NOT NULL,
    corrected INTEGER NOT NULL, versions INTEGER NOT NULL, note TEXT NOT NULL, taken INTEGER NOT NULL, live TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (id, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX stood_lang ON stood (lang, first_n, since, until) WHERE standing = 'public' AND archived = 0;
CREATE INDEX stood_section ON stood (lang, section, first_n, since, until) WHERE standing = 'public' AND archived = 0;
CREATE INDEX stood_desk ON stood (lang, desk, first_n, since, until) WHERE standing = 'public' AND archived = 0;

-- What public articles are filed under: topics, places, authors, and the day of the house's
-- calendar; and how many articles of a language each of those has.
CREATE TABLE filed (
    what TEXT NOT NULL, key TEXT NOT NULL, article TEXT NOT NULL, lang TEXT NOT NULL, dated INTEGER NOT NULL, first_n INTEGER NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (what, key, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX filed_list ON filed (what, key, lang, dated, first_n);
CREATE INDEX filed_article ON filed (article);
CREATE TABLE tally (what TEXT NOT NULL, lang TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, lang, key)) STRICT, WITHOUT ROWID;
CREATE INDEX tally_key ON tally (what, key);
CREATE TRIGGER filed_in AFTER INSERT ON filed BEGIN
    INSERT INTO tally (what, lang, key, n) VALUES (new.what, new.lang, new.key, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER filed_out AFTER DELETE ON filed BEGIN
    UPDATE tally SET n = n - 1 WHERE what = old.what AND lang = old.lang AND key = old.key;
    DELETE FROM tally WHERE what = old.what AND lang = old.lang AND key = old.key AND n = 0;
END;

CREATE TABLE version (article TEXT NOT NULL, number INTEGER NOT NULL, n INTEGER NOT NULL REFERENCES entry, PRIMARY KEY (article, number)) STRICT;

-- Corrections and withdrawals, for their page.
CREATE TABLE correction (n INTEGER PRIMARY KEY REFERENCES entry, article TEXT NOT NULL, lang TEXT NOT NULL, withdrawn INTEGER NOT NULL) STRICT;
CREATE INDEX correction_article ON correction (article, n);
CREATE INDEX correction_lang ON correction (lang, n);

-- Which entries use which rendition; a file leaves with its last use.
CREATE TABLE rendition (
    sha256 TEXT NOT NULL, n INTEGER NOT NULL REFERENCES entry, picture TEXT NOT NULL, article TEXT NOT NULL, type TEXT NOT NULL,
    PRIMARY KEY (sha256, n, picture)
) STRICT;
CREATE INDEX rendition_article ON rendition (article);
CREATE INDEX rendition_n ON rendition (n);
CREATE INDEX rendition_picture ON rendition (picture);

-- A live page: the newest entry about the page itself, which names its desks.
CREATE TABLE live_page (
    article TEXT PRIMARY KEY, n INTEGER NOT NULL REFERENCES entry, state TEXT NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL
) STRICT;

-- Its entries, in the order of their posting; n holds the newest words, or says that they were removed.
CREATE TABLE live (
    article TEXT NOT NULL, id TEXT NOT NULL, first_n INTEGER NOT NULL, n INTEGER NOT NULL REFERENCES entry, desk TEXT NOT NULL,
    posted INTEGER NOT NULL, updated INTEGER NOT NULL, removed INTEGER NOT NULL, is_key INTEGER NOT NULL, pinned INTEGER NOT NULL,
    PRIMARY KEY (article, id)
) STRICT;
CREATE INDEX live_order ON live (article, pinned, first_n);
CREATE INDEX live_first ON live (article, first_n);

-- Packages, pages, relations and persons by their newest entry, whatever their standing.
CREATE TABLE piece (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    standing TEXT NOT NULL,
    n        INTEGER NOT NULL REFERENCES entry, -- of its newest words, whether or not they are still public
    latest_n INTEGER NOT NULL,
    note     TEXT NOT NULL                      -- of a withdrawal, kill or erasure
) STRICT;
CREATE INDEX piece_public ON piece (kind, latest_n) WHERE standing = 'public';
CREATE TABLE member (package TEXT NOT NULL, place INTEGER NOT NULL, article TEXT NOT NULL, PRIMARY KEY (package, place)) STRICT, WITHOUT ROWID;
CREATE INDEX member_article ON member (article);
CREATE TABLE page (id TEXT PRIMARY KEY, lang TEXT NOT NULL, slug TEXT NOT NULL) STRICT;
CREATE INDEX page_slug ON page (lang, slug);
CREATE TABLE relation (id TEXT PRIMARY KEY, from_id TEXT NOT NULL, to_id TEXT NOT NULL, what TEXT NOT NULL) STRICT;
CREATE INDEX relation_from ON relation (from_id);
CREATE INDEX relation_to ON relation (to_id);
CREATE TABLE merged (id TEXT PRIMARY KEY, into_id TEXT NOT NULL) STRICT;
CREATE INDEX merged_into ON merged (into_id);

-- Of the newest text of each article: whose words it has, and who wrote it.
CREATE TABLE quotation (article TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, said INTEGER NOT NULL, PRIMARY KEY (article, place)) STRICT, WITHOUT ROWID;
CREATE INDEX quotation_id ON quotation (id);
CREATE INDEX quotation_person ON quotation (person, said, article, place);
CREATE TABLE byline (person TEXT NOT NULL, article TEXT NOT NULL, first_n INTEGER NOT NULL, PRIMARY KEY (person, article)) STRICT, WITHOUT ROWID;
CREATE INDEX byline_article ON byline (article);
CREATE INDEX byline_newest ON byline (person, first_n, article);

-- Old paths, and what stands there now; the newest entry of a path counts.
CREATE TABLE moved (path TEXT NOT NULL, n INTEGER NOT NULL REFERENCES entry, to_path TEXT NOT NULL, PRIMARY KEY (path, n)) STRICT, WITHOUT ROWID;
CREATE INDEX moved_n ON moved (n);

-- What search finds: a row of each public article's newest text, and of each entry of a live
-- page, under the number of the entry that first posted it. Words are folded
-- (story.FoldForSearch); tags are words that no text folds to. The index is of these rows,
-- and removes what is taken out of them instead of marking it as removed.
CREATE TABLE search_text (
    n INTEGER PRIMARY KEY REFERENCES entry, article TEXT NOT NULL, part TEXT NOT NULL, posted INTEGER NOT NULL, lang TEXT NOT NULL,
    headline TEXT NOT NULL, standfirst TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, person TEXT NOT NULL, topic TEXT NOT NULL,
    tags TEXT NOT NULL
) STRICT;
CREATE INDEX search_article ON search_text (article, n);
CREATE VIRTUAL TABLE search USING fts5(
    headline, standfirst, body, author, person, topic, tags,
    content = 'search_text', content_rowid = 'n', tokenize = 'ascii', prefix = '3 4', columnsize = 0
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
