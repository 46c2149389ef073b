# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a terminal of its own, as a person would: terminal.py STEP... -- COMMAND...

Steps: wait:TEXT until it was shown; send:TEXT (a backslash begins an escape as in Python); echo:on or
echo:off is what the terminal must be set to by now; columns:N is its width.  What was shown goes to
stdout as it came.  Ends with the command's status, 128 and more for a signal, or 99 when a step did not
come true.
"""
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE_S = 60


def columns(fd, count):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, count, 0, 0))


class Terminal:
    def __init__(self, command, width):
        self.seen = b""
        self.used = 0
        self.ended = False
        ready, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.close(go)
            os.read(ready, 1)
            os.close(ready)
            os.execvp(command[0], command)
        os.close(ready)
        columns(self.fd, width)
        os.close(go)

    def read(self, seconds):
        if self.ended or not select.select([self.fd], [], [], seconds)[0]:
            return
        try:
            more = os.read(self.fd, 65536)
        except OSError:  # the other side is closed
            more = b""
        self.ended = not more
        self.seen += more

    def wait(self, text):
        until = time.monotonic() + PATIENCE_S
        while text not in self.seen[self.used:]:
            if self.ended or time.monotonic() > until:
                return False
            self.read(0.2)
        self.used = self.seen.index(text, self.used) + len(text)
        return True

    def echo(self, wanted):
        until = time.monotonic() + 5
        while bool(termios.tcgetattr(self.fd)[3] & termios.ECHO) != wanted:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def end(self):
        until = time.monotonic() + PATIENCE_S
        while not self.ended and time.monotonic() < until:
            self.read(0.2)
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def main():
    cut = sys.argv.index("--")
    steps = [step.partition(":")[::2] for step in sys.argv[1:cut]]
    width = next((int(text) for verb, text in steps if verb == "columns"), 80)
    terminal = Terminal(sys.argv[cut + 1:], width)
    failed = None
    for verb, text in steps:
        raw = codecs.escape_decode(text.encode())[0]
        if verb == "send":
            os.write(terminal.fd, raw)
        elif (verb == "wait" and not terminal.wait(raw)) or (
            verb == "echo" and not terminal.echo(text == "on")
        ):
            failed = f"{verb}:{text}"
            os.kill(terminal.pid, signal.SIGKILL)
            break
    status = terminal.end()
    sys.stdout.buffer.write(terminal.seen)
    if failed:
        sys.stderr.write(f"terminal: this did not come: {failed}\n")
        return 99
    return status


if __name__ == "__main__":
    sys.exit(main())
