"""A console that is no meter: it echoes what is typed and answers as it is told."""

import json

LEG = {"name": "L1", "ma": 5000, "base_ma": 5000, "limit_ma": 80000, "headroom_ma": 75000}
STATUS = {
    "version": "0.1.0", "board": "pico", "micropython": "1.28", "uptime_ms": 1000,
    "cause": "start", "boot": 1, "good": True, "legs": [LEG], "ev_ma": -1, "nominal_v": 120,
    "energy": [], "faults": [], "settings_hash": "01234567", "unsaved": False, "lock": "open",
    "chargers": [],
}  # fmt: skip


class Scripted:
    """A console that echoes and answers as it is told; `answers` by the line."""

    def __init__(self, status=STATUS, **answers):
        self.said = b""
        self.answers = {"json_status": json.dumps(status), "json_time": '{"time": ""}'} | answers
        self.typed = ""

    def read(self):
        data, self.said = self.said, b""
        return data

    def write(self, data):
        for character in data.decode():
            if character == "\x15":
                self.typed = ""
                self.said += b"\x1b[K"  # so the meter's own console clears its line
            elif character == "\r":
                self.say(f"{self.typed}\n" + self.answer(self.typed) + "> ")
                self.typed = ""
            else:
                self.typed += character

    def answer(self, line):
        said = self.answers.get(line.replace(" ", "_"), "")
        return said + "\n" if said else ""

    def say(self, text):
        self.said += text.replace("\n", "\r\n").encode()
