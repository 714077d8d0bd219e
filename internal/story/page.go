package story

import "strings"

// A page that is no article is written in one piece: paragraphs with an empty line between
// them, "## " before a heading and "### " before a lower one, "- " before each item of a
// list, "> " before a quotation, and inside them the light markup of every text.

// ParseDoc reads a page as it is typed. Its blocks have no ids yet.
func ParseDoc(text string) (doc Doc) {
	var lines []string
	end := func() {
		if len(lines) > 0 {
			doc = append(doc, parseBlock(lines)...)
		}
		lines = nil
	}
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)) {
		if line = strings.TrimSpace(line); line == "" {
			end()
			continue
		}
		if heads := strings.HasPrefix(line, "## ") || strings.HasPrefix(line, "### "); heads {
			end()
			doc = append(doc, parseBlock([]string{line})...)
			continue
		}
		if len(lines) > 0 && strings.HasPrefix(line, "- ") != strings.HasPrefix(lines[0], "- ") {
			end()
		}
		lines = append(lines, line)
	}
	end()
	return doc
}

func parseBlock(lines []string) Doc {
	first := lines[0]
	switch {
	case strings.HasPrefix(first, "### "):
		return Doc{{Kind: Heading, Level: 3, Spans: ParseSpans(first[4:])}}
	case strings.HasPrefix(first, "## "):
		return Doc{{Kind: Heading, Level: 2, Spans: ParseSpans(first[3:])}}
	case strings.HasPrefix(first, "- "):
		list := Block{Kind: List}
		for _, l := range lines {
			list.Items = append(list.Items, ParseSpans(strings.TrimSpace(l[2:])))
		}
		return Doc{list}
	case strings.HasPrefix(first, "> "):
		for i, l := range lines {
			lines[i] = strings.TrimPrefix(l, "> ")
		}
		return Doc{{Kind: QuotationBlock, Spans: ParseSpans(strings.Join(lines, " "))}}
	}
	return Doc{{Kind: Paragraph, Spans: ParseSpans(strings.Join(lines, " "))}}
}

// FormatDoc writes a page as ParseDoc reads it.
func FormatDoc(doc Doc) string {
	var parts []string
	for _, b := range doc {
		words := FormatSpans(b.Spans)
		switch b.Kind {
		case Heading:
			words = strings.Repeat("#", max(2, min(b.Level, 3))) + " " + words
		case List:
			var items []string
			for _, it := range b.Items {
				items = append(items, "- "+FormatSpans(it))
			}
			words = strings.Join(items, "\n")
		case QuotationBlock:
			words = "> " + words
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, "\n\n")
}

// CheckBlock refuses a block that no text may hold.
func CheckBlock(b Block) error { return checkBlock(BlockPart(b.ID), &b) }

// Said is what a quotation says, the editor's insertions in square brackets.
func Said(q Quotation) string {
	var words strings.Builder
	for _, run := range q.Words {
		if run.Inserted {
			words.WriteString("[" + run.Text + "]")
		} else {
			words.WriteString(run.Text)
		}
	}
	return words.String()
}
