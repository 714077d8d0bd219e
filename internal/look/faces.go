package look

// A Set is faces that go together, of those that the binary carries.
type Set struct {
	Key, Words, About string
	rules             string
}

// Sets are what can be chosen; the first is the house style.
var Sets = []Set{
	{"", "Newspaper", "Headlines and text in Newsreader and Frank Ruhl, labels in Public Sans and Heebo.", ""},
	{"gothic", "Gothic headlines", "Headlines in Public Sans and Heebo, text as in a newspaper.",
		":root, :lang(he), :lang(en) { --display: var(--sans); }\n.hed, h1, h2, h3 { font-family: var(--display); }\n"},
	{"plain", "Gothic throughout", "Everything in Public Sans and Heebo.",
		":root, :lang(he), :lang(en) { --serif: var(--sans); --display: var(--sans); }\n"},
}

func set(key string) (Set, bool) {
	for _, s := range Sets {
		if s.Key == key {
			return s, true
		}
	}
	return Set{}, false
}
