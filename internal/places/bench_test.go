package places

import "testing"

// BenchmarkFirst is what the first look-up costs besides its own work.
func BenchmarkFirst(b *testing.B) {
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	built()
	for _, query := range []string{"s", "sa", "san", "jerus", "ירוש", "springfield, il", "s, zz", "a b c d e f"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				Search(query, 10)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	built()
	for _, name := range []string{"London", "Springfield", "Jeruslem"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _ = Find(name)
			}
		})
	}
}

func BenchmarkNear(b *testing.B) {
	built()
	for b.Loop() {
		Near(31.78, 35.22, 5)
	}
}
