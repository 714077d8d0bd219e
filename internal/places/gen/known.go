package main

import (
	"fmt"
	"maps"
	"slices"
)

// What is known better than the sources have it. Each line is a fact about one place,
// by GeoNames' number or division. Every number must be in the table.

// english are names where neither of GeoNames' two is the one in English use.
var english = map[string]string{
	"104515":  "Mecca",
	"284375":  "Beitar Illit", // filed under Battir, whose own number is 284376
	"283991":  "Efrat",
	"293067":  "Zikhron Ya'akov",
	"293703":  "Rishon LeZion",
	"295432":  "Beit Shemesh",
	"295435":  "Beit She'an",
	"293822":  "Kiryat Yam",
	"294097":  "Nof HaGalil",
	"282993":  "Ma'ale Adumim",
	"293203":  "Yeruham",
	"293918":  "Petah Tikva",
	"282926":  "Modi'in-Maccabim-Re'ut",
	"8199378": "Modi'in Illit",
	"293690":  "Rosh HaAyin",
	"293992":  "Ofakim",
	"294117":  "Nahariya",
	"294577":  "Karmiel",
	"293153":  "Yokneam Illit",
	"294245":  "Mevaseret Zion",
	"294210":  "Migdal HaEmek",
	"293420":  "Ma'alot-Tarshiha",
	"294809":  "Hatzor HaGlilit",
	"282431":  "Karnei Shomron",
	"3703443": "Panama City",
	"1790630": "Xi'an",
	"1790353": "Xiamen",
	"1817993": "Anqing",
	"1787323": "Yixing",
	"1790587": "Xiangyang",
	"299137":  "Üsküdar",
	"4140963": "Washington",
	"1526273": "Astana",
	"3687925": "Cali",
}

// hebrew are names that the sources do not have, or not as they are written.
var hebrew = map[string]string{
	"4140963": "וושינגטון",
	"3489854": "קינגסטון",
	"2352778": "אבוג׳ה",
	"95446":   "ארביל",
	"1809858": "גואנגג׳ואו",
	"1799962": "נאנג׳ינג",
	"1808926": "האנגג׳ואו",
	"1886760": "סוג׳ואו",
	"3451190": "ריו דה ז׳ניירו",
	"3378644": "ג׳ורג׳טאון",
}

// customary are spellings on signs and in calendars that GeoNames does not have.
var customary = map[string][]string{
	"293067":  {"Zichron Yaakov", "Zikhron Yaakov", "Zichron Ya'akov", "זיכרון יעקב"},
	"293100":  {"Tzfat", "Tsfat", "Zefat", "Tzefat"},
	"295432":  {"Bet Shemesh"},
	"283991":  {"Efrata"},
	"294097":  {"Upper Nazareth", "Nazareth Illit", "נצרת עילית"},
	"293703":  {"Rishon LeTzion", "Rishon"},
	"295514":  {"Bnai Brak"},
	"282993":  {"Maale Adumim"},
	"282926":  {"Modi'in", "מודיעין מכבים רעות"},
	"8199378": {"Kiryat Sefer", "קריית ספר"},
	"4140963": {"Washington DC", "וושינגטון די סי"},
	"5128581": {"NYC"},
	"5368361": {"LA"},
}

// countryNames are what people write after a city's name, besides CLDR's names.
var countryNames = map[string][]string{
	"US": {"USA", "United States of America"}, "GB": {"Great Britain", "Britain"}, "AE": {"UAE"},
	"NL": {"Holland"}, "CZ": {"Czech Republic"}, "TR": {"Turkey"}, "MM": {"Burma"},
}

// zoneOf are the zones of divisions for which GeoNames' table has another: Aysén got its
// own in tzdata 2025b, after the table was made, and Ceuta's is by zone.tab not Madrid's.
var zoneOf = map[string]string{"CL.02": "America/Coyhaique", "ES.CE": "Africa/Ceuta"}

// settlement is GeoNames' kind of the Israeli towns beyond the line of 1949, and settled
// are those that it has as ordinary towns. They keep Israel's clock, which in some weeks
// differs from that of the zone they lie in.
const settlement = "STLMT"

var settled = []string{"7535657", "8199386", "8199420", "11778032", "12156577"}

// checkKnown refuses a number that the table does not have.
func (s *sources) checkKnown() error {
	ids := map[string]bool{}
	for _, row := range s.rows {
		ids[row[colID]] = true
	}
	all := slices.Concat(slices.Collect(maps.Keys(english)), slices.Collect(maps.Keys(hebrew)), slices.Collect(maps.Keys(customary)), settled)
	for _, id := range all {
		if !ids[id] {
			return fmt.Errorf("GeoNames' table has no %s, which is corrected here", id)
		}
	}
	return nil
}

// regionCodes are the divisions that GeoNames numbers and people write as letters (ISO
// 3166-2:CA and AU); in the United States and the United Kingdom GeoNames' are these.
var regionCodes = map[string]map[string]string{
	"CA": {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU"},
	"AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
}

func regionCode(country, region string) string {
	if country == "US" || country == "GB" {
		return region
	}
	return regionCodes[country][region]
}

// regionName is a division's name. Vietnam's numbers were given to other provinces in
// 2025, after the table of cities was made, so it has none here; and one name is wrong.
func (s *sources) regionName(country, region string) string {
	switch {
	case country == "VN":
		return ""
	case country == "TW" && region == "02":
		return "Kaohsiung"
	}
	return s.regions[country+"."+region]
}
