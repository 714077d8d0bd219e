package almanac

import "fmt"

// The Hijri calendar as Saudi Arabia computes it for civil use, the Umm al-Qura calendar
// of the King Abdulaziz City for Science and Technology. Its months are no formula: the
// rule changed in 1420 and 1423, so what counts is the published table. These are its
// months from 1411 (23 July 1990) to 1500 (16 November 2077). Its comparative calendars,
// printed and electronic, agree on them (the table in ICU alone has others before 1420 and
// after 1450); for earlier years they do not, and none reaches beyond.
//
// Elsewhere a month begins when the crescent is seen or when a council says so, often a
// day off; that is a desk's correction, not the table's.
const (
	firstHijri = 1411
	lastHijri  = firstHijri + len(hijriYears) - 1
)

// The table's first date, 1 Muharram 1411, and the one after its last, 30 Dhu al-Hijja 1500.
const (
	hijriStart date = 7508  // 23 July 1990
	hijriEnd   date = 39402 // 17 November 2077
)

// hijriYears has a year in each number, twelve bits from Muharram, the highest, to Dhu
// al-Hijja, the lowest: 1 for a month of 30 days, 0 for one of 29.
var hijriYears = [...]uint16{
	0x5b4, 0x9ba, 0x4db, 0x25d, 0x52d, 0xaa5, 0xad4, 0xaea, 0x56d, 0x4bd, // 1411
	0x23d, 0x91d, 0xa95, 0xb4a, 0xb5a, 0x56d, 0x2b6, 0x93b, 0x49b, 0x655, // 1421
	0x6a9, 0x754, 0xb6a, 0x56c, 0xaad, 0x555, 0xb29, 0xb92, 0xba9, 0x5d4, // 1431
	0xada, 0x55a, 0xaab, 0x595, 0x749, 0x764, 0xbaa, 0x5b5, 0x2b6, 0xa56, // 1441
	0xd2a, 0xe95, 0x72a, 0x755, 0x35a, 0x95d, 0x49b, 0xa4d, 0xd26, 0xd53, // 1451
	0x5aa, 0xaad, 0x4b6, 0xa57, 0x527, 0xa95, 0xb4a, 0xb55, 0x36c, 0x9ae, // 1461
	0x4b6, 0xa96, 0xb4a, 0xda5, 0x5d2, 0x5d9, 0x2dc, 0x96d, 0x4ad, 0x655, // 1471
	0x6d2, 0xb69, 0x374, 0x9b6, 0x4d7, 0x2ab, 0x54b, 0x6a5, 0x752, 0xb69, // 1481
	0x56b, 0x2ad, 0x94d, 0xc95, 0xd4a, 0xea5, 0x6ca, 0xad5, 0x556, 0xc97, // 1491
}

// A hijriMonth is one of the table: months count from 1, and first is the civil date of
// its first day, which begins on the evening before.
type hijriMonth struct {
	year, month int
	first       date
}

// hijriMonths yields the months of the table in order.
func hijriMonths(yield func(hijriMonth) bool) {
	first := hijriStart
	for i, lengths := range hijriYears {
		for month := 1; month <= 12; month++ {
			if !yield(hijriMonth{firstHijri + i, month, first}) {
				return
			}
			first += 29 + date(lengths>>(12-month)&1)
		}
	}
}

// checkHijri refuses dates on which the table is silent.
func checkHijri(dates ...date) error {
	for _, d := range dates {
		if d < hijriStart || d >= hijriEnd {
			return fmt.Errorf("the Umm al-Qura table runs from %s to %s, so the Hijri date of %s is not known", hijriStart, hijriEnd-1, d)
		}
	}
	return nil
}
