package keys_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/keys"
)

// TestCodesOfTheStandard are the test vectors of RFC 6238, appendix B, cut to six digits.
func TestCodesOfTheStandard(t *testing.T) {
	key := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := keys.Code(key, time.Unix(at, 0)); got != want {
			t.Errorf("at %d the code is %s, not %s", at, got, want)
		}
	}
}

func TestACodeWorksOnceAndNearItsTime(t *testing.T) {
	key := []byte("12345678901234567890")
	at := time.Unix(1234567890, 0)
	step, ok := keys.MatchCode(key, "005 924", at.Add(30*time.Second), 0)
	if !ok || step != 1234567890/30 {
		t.Fatal(step, ok)
	}
	if _, again := keys.MatchCode(key, "005924", at, step); again {
		t.Error("a code worked twice")
	}
	if _, late := keys.MatchCode(key, "005924", at.Add(90*time.Second), 0); late {
		t.Error("a code worked late")
	}
	for _, typed := range []string{"", "5924", "0059240", "００５９２４", "000000"} {
		if _, ok := keys.MatchCode(key, typed, at, 0); ok {
			t.Errorf("%q is taken", typed)
		}
	}
}

func TestAKeyOfCodesGoesThroughAnApp(t *testing.T) {
	key, err := keys.NewCodeKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	back, err := keys.ParseCodeKey(strings.ToLower(keys.CodeKeyText(key)))
	if err != nil || !bytes.Equal(back, key) {
		t.Error(back, err)
	}
	if _, err := keys.ParseCodeKey("AAAA"); err == nil {
		t.Error("a short key is taken")
	}
	const want = "otpauth://totp/The%20Meridian:Leah%20Brandt?issuer=The%20Meridian&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	if got := keys.CodeAddress([]byte("12345678901234567890"), "The Meridian", "Leah Brandt"); got != want {
		t.Error(got)
	}
}

func TestAPasswordOpensTheKeyOfItsCodes(t *testing.T) {
	p := keys.NewPasswords()
	s, err := p.Seal(t.Context(), "a long walk by the quay", []byte("the key of the codes"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.Hash, "walk") || bytes.Contains(s.Code, []byte("codes")) || !strings.HasPrefix(s.Hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error("it is kept as", s)
	}
	if code, ok, err := p.Open(t.Context(), &s, "a long walk by the quay"); !ok || string(code) != "the key of the codes" || err != nil {
		t.Error(string(code), ok, err)
	}
	for _, wrong := range []string{"", "a long walk by the quay ", strings.Repeat("a", 5000)} {
		if _, ok, err := p.Open(t.Context(), &s, wrong); ok || err != nil {
			t.Errorf("%.20q: %v, %v", wrong, ok, err)
		}
	}
	if _, ok, err := p.Open(t.Context(), nil, "a long walk by the quay"); ok || err != nil {
		t.Error("nobody's password is right:", ok, err)
	}
	// The same letters in another normal form are the same password.
	s, err = p.Seal(t.Context(), "caf\u00e9 by the quay", []byte("k"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := p.Open(t.Context(), &s, "cafe\u0301 by the quay"); !ok {
		t.Error("another normal form is another password")
	}
}

// TestPasswordsStayWithinTheirMemory: a thousand at once take less than 256 MiB (I-45).
func TestPasswordsStayWithinTheirMemory(t *testing.T) {
	p := keys.NewPasswords()
	ctx, cancel := context.WithCancel(t.Context())
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var done atomic.Int64
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			if _, _, err := p.Open(ctx, nil, "guess after guess"); err == nil {
				done.Add(1)
			}
		})
	}
	most := uint64(0)
	for done.Load() < 40 { // the rest would be the same
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapAlloc)
		runtime.Gosched()
	}
	cancel()
	all.Wait()
	if took := (most - min(most, before.HeapAlloc)) >> 20; took > 256 {
		t.Errorf("they took %d MiB", took)
	} else {
		t.Logf("at most %d MiB", took)
	}
}

func TestPasskeysNeedAName(t *testing.T) {
	for address, may := range map[string]bool{
		"https://newsroom.paper.example": true, "http://localhost:8081": true, "https://paper.example:8443": true,
		"http://newsroom.paper.example": false, "https://192.0.2.7": false, "http://127.0.0.1:8081": false, "https://[2001:db8::1]": false, "": false, "newsroom": false,
	} {
		if _, err := keys.NewParty(address, "The Meridian"); (err == nil) != may {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestNothingThatComesBackPanics(t *testing.T) {
	party, err := keys.NewParty("http://localhost:8081", "The Meridian")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := party.AskProof()
	if err != nil {
		t.Fatal(err)
	}
	h := keys.Holder{ID: 1, Name: "Leah Brandt"}
	for _, answer := range []string{"", "{}", "null", `{"id":"","rawId":"","type":"public-key","response":{}}`, strings.Repeat("[", 100_000), `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}`} {
		if _, err := party.Prove(h, asked.Kept, []byte(answer)); err == nil {
			t.Errorf("%.40q proves something", answer)
		}
		if _, err := party.Take(h, asked.Kept, []byte(answer)); err == nil {
			t.Errorf("%.40q is a passkey", answer)
		}
	}
}

func TestPlaces(t *testing.T) {
	for from, want := range map[string]string{"192.0.2.7:4711": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::", "pipe": "pipe", "[::ffff:192.0.2.7]:1": "::ffff:192.0.2.7"} {
		if got := keys.Place(from); got != want {
			t.Errorf("%s is at %s", from, got)
		}
	}
}
