"""A progress bar on stderr: rewritten in place on a terminal, one line per quarter in a log."""
import sys
import time


class Bar:
    def __init__(self, label, total):
        self.label, self.total, self.begin, self.last = label, max(1, total), time.time(), -1

    def __call__(self, done, note=""):
        part = done / self.total
        tty = sys.stderr.isatty()
        tick = int(part * (100 if tty else 4))
        if tick == self.last and not (tty and note):
            return
        self.last = tick
        spent = time.time() - self.begin
        left = spent / part - spent if part else 0
        line = "%s [%-20s] %3d %%  %s left  %s" % (
            self.label, "#" * int(part * 20), part * 100,
            "%d:%02d" % divmod(int(left), 60), note)
        sys.stderr.write(("\r" + line + "\033[K") if tty else line + "\n")
        if tty and done >= self.total:
            sys.stderr.write("\n")
        sys.stderr.flush()
