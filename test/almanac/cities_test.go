package almanac_test

import (
	"testing"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

// A city is a place below 66 degrees, where the sun sets every day.
type city struct {
	name     string
	lat, lon float64
	zone     string
}

// cities are of every inhabited continent, of both sides of the date line, at the edges of
// wide zones, and as far north and south as people print newspapers.
var cities = []city{
	{"Jerusalem", 31.7690, 35.2163, "Asia/Jerusalem"},
	{"Tel Aviv", 32.0809, 34.7806, "Asia/Jerusalem"},
	{"Haifa", 32.8184, 34.9885, "Asia/Jerusalem"},
	{"Eilat", 29.5581, 34.9482, "Asia/Jerusalem"},
	{"Amman", 31.9552, 35.9450, "Asia/Amman"},
	{"Cairo", 30.0626, 31.2497, "Africa/Cairo"},
	{"Casablanca", 33.5883, -7.6114, "Africa/Casablanca"},
	{"Lagos", 6.4541, 3.3947, "Africa/Lagos"},
	{"Nairobi", -1.2833, 36.8167, "Africa/Nairobi"},
	{"Johannesburg", -26.2023, 28.0436, "Africa/Johannesburg"},
	{"Cape Town", -33.9258, 18.4232, "Africa/Johannesburg"},
	{"Dakar", 14.6937, -17.4441, "Africa/Dakar"},
	{"Addis Ababa", 9.0250, 38.7469, "Africa/Addis_Ababa"},
	{"London", 51.5085, -0.1257, "Europe/London"},
	{"Manchester", 53.4809, -2.2374, "Europe/London"},
	{"Edinburgh", 55.9521, -3.1965, "Europe/London"},
	{"Lerwick", 60.1545, -1.1494, "Europe/London"},
	{"Dublin", 53.3331, -6.2489, "Europe/Dublin"},
	{"Lisbon", 38.7167, -9.1333, "Europe/Lisbon"},
	{"Vigo", 42.2328, -8.7226, "Europe/Madrid"},
	{"Paris", 48.8534, 2.3488, "Europe/Paris"},
	{"Antwerp", 51.2199, 4.4003, "Europe/Brussels"},
	{"Amsterdam", 52.3740, 4.8897, "Europe/Amsterdam"},
	{"Berlin", 52.5244, 13.4105, "Europe/Berlin"},
	{"Vienna", 48.2085, 16.3721, "Europe/Vienna"},
	{"Rome", 41.8919, 12.5113, "Europe/Rome"},
	{"Athens", 37.9838, 23.7278, "Europe/Athens"},
	{"Istanbul", 41.0138, 28.9497, "Europe/Istanbul"},
	{"Kyiv", 50.4547, 30.5238, "Europe/Kyiv"},
	{"Moscow", 55.7522, 37.6156, "Europe/Moscow"},
	{"Saint Petersburg", 59.9386, 30.3141, "Europe/Moscow"},
	{"Riga", 56.9460, 24.1059, "Europe/Riga"},
	{"Stockholm", 59.3326, 18.0649, "Europe/Stockholm"},
	{"Oslo", 59.9127, 10.7461, "Europe/Oslo"},
	{"Trondheim", 63.4305, 10.3951, "Europe/Oslo"},
	{"Helsinki", 60.1695, 24.9354, "Europe/Helsinki"},
	{"Oulu", 65.0124, 25.4682, "Europe/Helsinki"},
	{"Reykjavik", 64.1355, -21.8954, "Atlantic/Reykjavik"},
	{"Akureyri", 65.6835, -18.0878, "Atlantic/Reykjavik"},
	{"Nuuk", 64.1835, -51.7216, "America/Nuuk"},
	{"St. John's", 47.5649, -52.7093, "America/St_Johns"},
	{"Halifax", 44.6453, -63.5724, "America/Halifax"},
	{"Montreal", 45.5088, -73.5878, "America/Toronto"},
	{"Toronto", 43.7001, -79.4163, "America/Toronto"},
	{"New York", 40.7128, -74.0060, "America/New_York"},
	{"Miami", 25.7743, -80.1937, "America/New_York"},
	{"Detroit", 42.3314, -83.0458, "America/Detroit"},
	{"Chicago", 41.8500, -87.6500, "America/Chicago"},
	{"Denver", 39.7392, -104.9847, "America/Denver"},
	{"Phoenix", 33.4484, -112.0740, "America/Phoenix"},
	{"Los Angeles", 34.0522, -118.2437, "America/Los_Angeles"},
	{"Vancouver", 49.2497, -123.1193, "America/Vancouver"},
	{"Anchorage", 61.2181, -149.9003, "America/Anchorage"},
	{"Fairbanks", 64.8378, -147.7164, "America/Anchorage"},
	{"Nome", 64.5011, -165.4064, "America/Nome"},
	{"Honolulu", 21.3069, -157.8583, "Pacific/Honolulu"},
	{"Mexico City", 19.4285, -99.1277, "America/Mexico_City"},
	{"Bogota", 4.6097, -74.0818, "America/Bogota"},
	{"Quito", -0.2299, -78.5250, "America/Guayaquil"},
	{"Lima", -12.0432, -77.0282, "America/Lima"},
	{"La Paz", -16.5000, -68.1500, "America/La_Paz"},
	{"Sao Paulo", -23.5475, -46.6361, "America/Sao_Paulo"},
	{"Santiago", -33.4569, -70.6483, "America/Santiago"},
	{"Buenos Aires", -34.6132, -58.3772, "America/Argentina/Buenos_Aires"},
	{"Ushuaia", -54.8069, -68.3073, "America/Argentina/Ushuaia"},
	{"Stanley", -51.7000, -57.8500, "Atlantic/Stanley"},
	{"Tehran", 35.6944, 51.4215, "Asia/Tehran"},
	{"Dubai", 25.0657, 55.1713, "Asia/Dubai"},
	{"Mumbai", 19.0728, 72.8826, "Asia/Kolkata"},
	{"Kathmandu", 27.7017, 85.3206, "Asia/Kathmandu"},
	{"Kashgar", 39.4704, 75.9898, "Asia/Shanghai"},
	{"Beijing", 39.9075, 116.3972, "Asia/Shanghai"},
	{"Yakutsk", 62.0339, 129.7331, "Asia/Yakutsk"},
	{"Singapore", 1.2897, 103.8501, "Asia/Singapore"},
	{"Tokyo", 35.6895, 139.6917, "Asia/Tokyo"},
	{"Perth", -31.9522, 115.8614, "Australia/Perth"},
	{"Adelaide", -34.9287, 138.5986, "Australia/Adelaide"},
	{"Eucla", -31.6772, 128.8890, "Australia/Eucla"},
	{"Sydney", -33.8679, 151.2073, "Australia/Sydney"},
	{"Lord Howe", -31.5500, 159.0833, "Australia/Lord_Howe"},
	{"Auckland", -36.8485, 174.7635, "Pacific/Auckland"},
	{"Chatham", -43.9535, -176.5597, "Pacific/Chatham"},
	{"Suva", -18.1416, 178.4415, "Pacific/Fiji"},
	{"Apia", -13.8333, -171.7667, "Pacific/Apia"},
	{"Pago Pago", -14.2781, -170.7025, "Pacific/Pago_Pago"},
	{"Kiritimati", 1.9833, -157.4667, "Pacific/Kiritimati"},
}

func (c city) location(t testing.TB) *time.Location {
	t.Helper()
	loc, err := zone.Built().Load(c.zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func (c city) place(t testing.TB, israel bool) almanac.Place {
	t.Helper()
	return almanac.Place{Lat: c.lat, Lon: c.lon, Zone: c.location(t), Israel: israel}
}

// keep is the calendar of a desk in the city that rests from the sunset itself until the
// sun is 8.5 degrees down.
func (c city) keep(t testing.TB, israel bool, lines ...string) almanac.Calendar {
	t.Helper()
	custom := almanac.Custom{Nightfall: almanac.Nightfall{Degrees: 8.5}}
	cal, err := almanac.Keep(almanac.Desk{Place: c.place(t, israel), Custom: custom}, lines...)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func rests(t testing.TB, c almanac.Calendar, from, to time.Time) []almanac.Window {
	t.Helper()
	windows, err := c.Rests(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return windows
}
