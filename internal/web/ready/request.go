package ready

import "bytes"

// A request is one that came whole: a line, a header, and nothing after it.
type request struct {
	path   []byte // as it stands in the line: without a query and without escapes if simple
	accept []byte // of Accept-Encoding; nil without one
	match  []byte // of If-None-Match; nil without one
	simple bool   // it is a GET of a plain path, with no header that could change the answer
}

var (
	lineEnd   = []byte("\r\n")
	headerEnd = []byte("\r\n\r\n")
	get       = []byte("GET ")
	version11 = []byte(" HTTP/1.1")
)

// harmless are the headers that change nothing about the answer of a page, beside the ones
// that parse reads. A request with any other is the server's to answer.
var harmless = map[string]bool{
	"user-agent": true, "accept": true, "accept-language": true, "accept-charset": true, "cache-control": true, "pragma": true, "referer": true, "dnt": true,
	"cookie": true, "priority": true, "origin": true, "from": true, "via": true, "forwarded": true, "x-forwarded-for": true, "x-forwarded-proto": true,
	"x-forwarded-host": true, "x-forwarded-port": true, "x-real-ip": true, "x-request-id": true, "upgrade-insecure-requests": true, "save-data": true,
	"sec-fetch-site": true, "sec-fetch-mode": true, "sec-fetch-user": true, "sec-fetch-dest": true, "sec-gpc": true, "sec-purpose": true,
	"sec-ch-ua": true, "sec-ch-ua-mobile": true, "sec-ch-ua-platform": true, "if-modified-since": true,
}

// parse reads bytes that are one whole request without a body and nothing else (RFC 9112, 2
// to 3); whole is false for everything else, and for whatever a careful reader could
// understand otherwise. It allocates nothing.
func parse(b []byte) (r request, whole bool) {
	if !bytes.HasSuffix(b, headerEnd) {
		return r, false // an end before this one is an empty line, which is no header either
	}
	line, rest, _ := bytes.Cut(b[:len(b)-len(lineEnd)], lineEnd)
	if !clean(line) || !bytes.HasSuffix(line, version11) {
		return r, false
	}
	line = line[:len(line)-len(version11)]
	r.simple = bytes.HasPrefix(line, get)
	if _, target, found := bytes.Cut(line, []byte(" ")); found {
		r.path = target
	}
	r.simple = r.simple && plainPath(r.path)
	hosts := 0
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, lineEnd)
		if !r.header(line, &hosts) {
			return r, false
		}
	}
	return r, hosts == 1 && len(r.path) > 0
}

// clean reports whether a line has no control character: a lone CR or LF is one.
func clean(line []byte) bool {
	for _, c := range line {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// plainPath reports whether a target is a path that means what it says.
func plainPath(target []byte) bool {
	if len(target) == 0 || target[0] != '/' || len(target) > 1 && target[1] == '/' {
		return false
	}
	for _, c := range target {
		if !letter(c) && c != '/' && c != '-' && c != '.' && c != '_' && c != '~' {
			return false
		}
	}
	return true
}

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// header reads one line of the header; false if the request may have a body, or the line is
// no ordinary one.
func (r *request) header(line []byte, hosts *int) bool {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || colon > 40 || !clean(line) {
		return false
	}
	var lower [40]byte
	for i, c := range line[:colon] {
		if !letter(c) && c != '-' && c != '_' {
			return false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	value := bytes.Trim(line[colon+1:], " \t")
	switch name := lower[:colon]; string(name) {
	case "content-length", "transfer-encoding", "trailer", "expect", "upgrade":
		return false
	case "host":
		*hosts++
		return plainHost(value)
	case "connection":
		r.simple = r.simple && bytes.EqualFold(value, []byte("keep-alive"))
	case "accept-encoding":
		r.simple = r.simple && r.accept == nil
		r.accept = value
	case "if-none-match":
		r.simple = r.simple && r.match == nil
		r.match = value
	default:
		r.simple = r.simple && harmless[string(name)]
	}
	return true
}

// plainHost reports whether a host is a name or number with or without a port.
func plainHost(host []byte) bool {
	for _, c := range host {
		if !letter(c) && c != '.' && c != '-' && c != ':' && c != '[' && c != ']' {
			return false
		}
	}
	return len(host) > 0
}
