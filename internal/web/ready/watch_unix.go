//go:build unix

package ready

import (
	"io"
	"net"
	"syscall"
)

// watch waits until the reader leaves, or the read deadline passes, and takes nothing off the
// connection: what comes meanwhile is the next request, and stays for whoever reads it.
func watch(c *net.TCPConn) (supported bool, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return true, err
	}
	var left error
	err = raw.Read(func(fd uintptr) (done bool) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
		switch {
		case err == syscall.EAGAIN || err == syscall.EINTR:
			return false
		case err != nil:
			left = err
		case n == 0:
			left = io.EOF
		}
		return left != nil
	})
	if err == nil {
		err = left
	}
	return true, err
}
