-- What a list tells of a story's working text, kept with each save so that a list of many
-- stories reads no text. Of stories saved before this step the words are counted when they
-- are saved next.
ALTER TABLE article ADD COLUMN lang TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN words BIGINT NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN live BIGINT NOT NULL DEFAULT 0;   -- its text is of type live
ALTER TABLE article ADD COLUMN editor BIGINT NOT NULL DEFAULT 0; -- who saved its newest part
ALTER TABLE article ADD COLUMN ready BIGINT NOT NULL DEFAULT 0;  -- its newest revision is, and nothing was saved since
UPDATE article SET editor = made_by, ready = CASE WHEN EXISTS (
    SELECT 1 FROM revision r WHERE r.article = article.id AND r.ready_at > 0 AND r.at >= article.saved_at
       AND NOT EXISTS (SELECT 1 FROM revision later WHERE later.article = r.article AND later.number > r.number)) THEN 1 ELSE 0 END;

-- Who else uses a picture, and which wire items brought or name it.
CREATE INDEX working_picture ON working (part, article) WHERE part LIKE 'picture:%';
CREATE INDEX wire_item_picture ON wire_item (picture) WHERE picture <> '';
CREATE INDEX wire_link_picture ON wire_link (picture);

-- The tray, what desks posted, and the audit of a verb or a desk, without reading the rows between.
CREATE INDEX wire_item_tray ON wire_item (came_at, id) WHERE aside = 0;
DROP INDEX article_posted;
CREATE INDEX article_posted ON article (posted_at DESC, id, desk) WHERE posted_at > 0;
CREATE INDEX audit_verb ON audit (verb, id);
CREATE INDEX audit_desk ON audit (desk, id);
