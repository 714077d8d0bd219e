package ui

import (
	"fmt"
	"strings"
)

// PieceWords are what pages of running stories and of people say in one language.
type PieceWords struct {
	RunningStory, InOrder, RunningStories, NoRunning, ThisReport, PartOf, PreviousPart, NextPart string
	WhoSaidWhat, Statements, NoStatements, Wrote, OtherStories                                   string
	InTheNews, SpeakingAs, Occasion, Where, ReportedBy, Source, In, LastChanged                  string

	Then  map[string]string // what a statement does to an earlier one
	Later map[string]string // what a later one does to a statement
	Told  map[string]string // %s: how many of somebody's statements that was done to

	oneReport, reports, oneStatement, statements, since, of string
}

var englishPieces = PieceWords{
	RunningStory: "Running story", InOrder: "In order", RunningStories: "Running stories", NoRunning: "No story is running.",
	ThisReport: "this report", PartOf: "Part of", PreviousPart: "Before this", NextPart: "After this",
	WhoSaidWhat: "Who said what", Statements: "Statements, newest first", NoStatements: "No words of theirs are quoted here.", Wrote: "Reports by %s", OtherStories: "Other running stories",
	InTheNews: "In the news", SpeakingAs: "Speaking as", Occasion: "Occasion", Where: "Where", ReportedBy: "Reported by", Source: "Source", In: "In", LastChanged: "Last changed %s, %s.",
	Then: map[string]string{"repeats": "Repeats", "clarifies": "Clarifies", "walks back": "Walks back", "disputes": "Disputes", "corrects": "Corrects", "related": "See also"},
	Later: map[string]string{"repeats": "Later repeated", "clarifies": "Later clarified", "walks back": "Later walked back", "disputes": "Later disputed", "corrects": "Later corrected",
		"related": "See also"},
	Told: map[string]string{"clarifies": "%s later clarified", "walks back": "%s later walked back", "disputes": "%s later disputed", "corrects": "%s later corrected"},

	oneReport: "One report", reports: "%d reports", oneStatement: "One statement", statements: "%d statements", since: "since %s", of: "%d of %d",
}

var hebrewPieces = PieceWords{
	RunningStory: "פרשה נמשכת", InOrder: "לפי הסדר", RunningStories: "פרשות נמשכות", NoRunning: "אין כרגע פרשה נמשכת.",
	ThisReport: "ידיעה זו", PartOf: "חלק מתוך", PreviousPart: "לפני כן", NextPart: "אחרי כן",
	WhoSaidWhat: "מי אמר מה", Statements: "אמירות, מן החדשה לישנה", NoStatements: "אין כאן ציטוט מדבריהם.", Wrote: "ידיעות מאת %s", OtherStories: "פרשות נוספות",
	InTheNews: "בחדשות", SpeakingAs: "בתפקיד", Occasion: "במעמד", Where: "היכן", ReportedBy: "לפי דיווח של", Source: "מקור", In: "בתוך", LastChanged: "עודכן לאחרונה %s, %s.",
	Then: map[string]string{"repeats": "חזרה על הדברים", "clarifies": "הבהרה לדברים", "walks back": "נסיגה מן הדברים", "disputes": "מחלוקת על הדברים", "corrects": "תיקון לדברים", "related": "ראו גם"},
	Later: map[string]string{"repeats": "נאמר שוב לאחר מכן", "clarifies": "הובהר לאחר מכן", "walks back": "נסיגה מן הדברים לאחר מכן", "disputes": "הוכחש לאחר מכן", "corrects": "תוקן לאחר מכן",
		"related": "ראו גם"},
	Told: map[string]string{"clarifies": "הבהרה מאוחרת: %s", "walks back": "נסיגה מאוחרת: %s", "disputes": "הכחשה מאוחרת: %s", "corrects": "תיקון מאוחר: %s"},

	oneReport: "ידיעה אחת", reports: "%d ידיעות", oneStatement: "אמירה אחת", statements: "%d אמירות", since: "מאז %s", of: "%d מתוך %d",
}

// PieceWordsIn are the words of a language, English where we have none of its own.
func PieceWordsIn(lang string) *PieceWords {
	if base, _, _ := strings.Cut(lang, "-"); base == "he" {
		return &hebrewPieces
	}
	return &englishPieces
}

// Reports counts reports, Spoken statements.
func (w *PieceWords) Reports(n int) string { return counted(n, w.oneReport, w.reports) }

// Spoken counts statements.
func (w *PieceWords) Spoken(n int) string { return counted(n, w.oneStatement, w.statements) }

// Since says from which day on.
func (w *PieceWords) Since(day string) string { return fmt.Sprintf(w.since, day) }

// Of says which of how many.
func (w *PieceWords) Of(n, all int) string { return fmt.Sprintf(w.of, n, all) }

func counted(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
