"""What may hang, crash or run out of memory runs in a process of its own: tasks and answers are lines of JSON.

A child imports this module too: `serve` answers tasks on a copy of its standard output, since libraries print on the first.
"""
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import traceback


class Worker:
    """A script of this folder that is started when it has something to do, and again after it was lost."""

    def __init__(self, script, env=None):
        self.words = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), script)]
        self.env, self.process = {**os.environ, **(env or {})}, None

    def ask(self, task, limit):
        """The child's answer, or {"failed": why}: a task that takes longer than the limit ends the child."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(task).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return {"failed": "the process ended: " + self.lost()}
        line, end = b"", time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(0, end - time.monotonic())):
                    self.close()
                    return {"failed": "took longer than %g s" % limit}
                part = os.read(self.process.stdout.fileno(), 1 << 16)
                if not part:
                    return {"failed": "the process ended: " + self.lost()}
                line += part
        return json.loads(line)

    def start(self):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0,
                                        env=self.env, start_new_session=True)

    def lost(self):
        """How a child ended that did not answer."""
        code = self.process.wait()
        self.errors.seek(0)
        text = self.errors.read().decode(errors="replace").strip()
        self.close()
        return "%s; %s" % ("signal %d" % -code if code < 0 else "exit %d" % code, text[-1000:])

    def close(self):
        """Ends the child and whatever it started, and gives its memory back."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        for file in (self.process.stdin, self.process.stdout, self.errors):
            file.close()
        self.process = None


def serve(answer):
    """Of a child: answers tasks until there are none."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            found = answer(json.loads(line))
        except Exception as error:  # whatever it is, it is this task's answer; torch.compile and backends raise anything
            traceback.print_exc()
            text = (str(error).strip().splitlines() or [""])[0][:400]
            found = {"failed": "%s: %s" % (type(error).__name__, text)}
        out.write(json.dumps(found) + "\n")
        out.flush()
