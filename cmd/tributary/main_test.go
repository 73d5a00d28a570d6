package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the command itself, in a process of its own that can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("TRIBUTARY_TEST_COMMAND") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command is the product in a process of its own.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "TRIBUTARY_TEST_COMMAND=1")
	return cmd
}

// startServer starts "serve" on a free port and returns its address once it answers.
func startServer(t *testing.T, database string) (*exec.Cmd, string) {
	t.Helper()
	cmd := command("serve", "--database", database, "--listen", "127.0.0.1:0", "--rate", "0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	_, base, found := strings.Cut(strings.TrimSpace(line), "serves at ")
	if err != nil || !found {
		cmd.Wait()
		t.Fatalf("the server said %q, %v: %s", line, err, &stderr)
	}
	go io.Copy(io.Discard, out)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if answer, err := http.Get(base + "/healthz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return cmd, base
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not answer: %s", &stderr)
		}
	}
}

// do runs a command in this process and returns what it prints.
func do(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	err := run(context.Background(), args, strings.NewReader(input), &out, &errs)
	if err != nil {
		return out.String(), fmt.Errorf("%w: %s", err, &errs)
	}
	return out.String(), nil
}
