package bench

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const nginxConfig = `daemon off;
worker_processes auto;
pid %[1]s/pid;
error_log %[1]s/error.log crit;
events { worker_connections 2048; }
http {
	access_log off;
	keepalive_requests 100000000;
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	server { listen %[2]s; location / { return 302 https://shop.example/; } }
}
`

// serveNginx runs nginx with a bare redirect until stop is called, which tells how long it was on the processors. Where it is
// not installed the address is empty.
func serveNginx(ctx context.Context, folder string) (address string, stop func() time.Duration, err error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return "", func() time.Duration { return 0 }, nil
		}
	}
	dir, err := os.MkdirTemp(folder, "nginx-")
	if err != nil {
		return "", nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = l.Addr().String()
	l.Close() // nginx takes the port over
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, dir, address), 0o600); err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-p", dir, "-c", config)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() time.Duration {
		cmd.Process.Signal(os.Interrupt) // nginx ends its workers itself
		cmd.Wait()
		os.RemoveAll(dir)
		return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	for range 100 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return address, stop, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	return "", nil, fmt.Errorf("nginx does not answer at %s", address)
}
