package app

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the peers whose word counts for where a request comes from: addresses, and
// networks in CIDR notation (RFC 4632).
type Proxies []netip.Prefix

// mostHops bounds how many stations of a request are looked at.
const mostHops = 32

func readProxies(words []string) (p Proxies, err error) {
	for _, w := range words {
		prefix, err := netip.ParsePrefix(w)
		if err != nil {
			a, bad := netip.ParseAddr(w)
			if bad != nil || a.Zone() != "" {
				return nil, fmt.Errorf("proxies has %q, which is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/24", w)
			}
			prefix = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		p = append(p, prefix.Masked())
	}
	return p, nil
}

func (p Proxies) has(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(of netip.Prefix) bool { return of.Contains(a) })
}

// Believing hands requests on with the address of whom they come from. A trusted peer has
// named in X-Forwarded-For who asked it, behind what whoever asked it said: the last address
// there that is no proxy of ours is believed, and nothing before it. Of anybody else the
// header says nothing.
func (p Proxies) Believing(next http.Handler) http.Handler {
	if len(p) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !p.has(peer.Addr().Unmap()) {
			next.ServeHTTP(w, r)
			return
		}
		if a := p.client(r.Header.Values("X-Forwarded-For")); a.IsValid() {
			told := *r
			told.RemoteAddr = net.JoinHostPort(a.String(), "0")
			r = &told
		}
		next.ServeHTTP(w, r)
	})
}

// client is the last address of a chain that is no proxy of ours; where all are, the first.
// Behind what cannot be read nothing is believed.
func (p Proxies) client(headers []string) (a netip.Addr) {
	stations := strings.Split(strings.Join(headers, ","), ",")
	for n := 0; n < len(stations) && n < mostHops; n++ {
		next, ok := stationOf(stations[len(stations)-1-n])
		if !ok {
			return a
		}
		if a = next; !p.has(a) {
			return a
		}
	}
	return a
}

// stationOf reads one address of the header, which some proxies write with a port.
func stationOf(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap(), err == nil && a.Zone() == ""
}
