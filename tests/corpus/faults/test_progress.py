"""What a person sees of a run that goes on: on a terminal, in a log, after a kill."""

from __future__ import annotations

import json
import os
import pty
import re
import threading

from faultlab import content, finish, kill, reports


class Terminal:
    """A terminal for a command's standard error; `text` is all that it was sent."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        self._sent: list[bytes] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        try:
            while sent := os.read(self._ours, 4096):
                self._sent.append(sent)
        except OSError:  # all others closed it
            return

    def close(self) -> str:
        os.close(self.theirs)
        self._reader.join()
        os.close(self._ours)
        return b"".join(self._sent).decode()


LINE = re.compile(r"([0-9]+)%: ([0-9,]+) records, ([0-9]+) rejected, [0-9,]+ a second \([0-9.]+ MB\)(?:, (.+?))?\x1b")


def test_a_resumed_run_on_a_terminal_tells_how_far_the_whole_is(unbroken, out):
    lab, expected = unbroken
    process = lab.begun(out, shards=4)
    kill(process.pid)
    finish(process)
    standing = len(reports(lab.folder / out))
    terminal = Terminal()
    done = lab.start(out, stderr=terminal.theirs)
    told, _ = done.communicate(timeout=60)
    lines = LINE.findall(terminal.close())
    shares = [int(share) for share, *_ in lines]
    tasks = json.loads((lab.folder / out / "manifest.json").read_text())["plan"]["tasks"]
    assert shares == sorted(shares)
    assert 100 * standing / tasks * 0.8 <= shares[0] < 100  # tasks differ a little in size
    assert lines[-1][:3] == ("100", "369", "9")
    assert re.fullmatch(r"in [0-9]+ s", lines[-1][3])
    assert f"resumed: {standing} shards stood already" in told
    left = [int(left.split()[0]) for *_, left in lines[:-1] if left]
    assert all(re.fullmatch(r"[0-9]+ s left", left) for *_, left in lines[:-1] if left)
    assert max(left, default=0) < 60  # of a run that takes a few seconds
    assert content(lab.folder / out) == expected
