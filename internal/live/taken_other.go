//go:build !linux

package live

import (
	"errors"
	"net/http"
)

// Elsewhere every reader keeps its goroutine.

func takeRunner(func(*reader)) (*runner, error) { return nil, nil }

func canTake(*http.Request) bool { return false }

func take(http.ResponseWriter) (int32, error) {
	return 0, errors.New("connections are taken over on Linux only")
}

func drop(int32) {}
