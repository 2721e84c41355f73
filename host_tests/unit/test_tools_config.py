"""`meter config`: what the user is told of what a file does not hold."""

import pytest

from meter import config
from meter.link import Refused

REMARK = "# the profile 'custom' is not in these lines: 'profile' gives the lines that make it"
DUMP = f"begin\ndefaults\nset legs 2\nset charger1.profile custom\n{REMARK}\nend 01234567"
DUMP_LINES = [line for line in DUMP.splitlines() if line != REMARK]
FAULT = "charger1 is not driven: custom.json: there is no such file; see 'help profile'"


class Link:
    """A meter that answers and takes all, but a hash that isn't that of what it was sent."""

    asked = []  # noqa: RUF012  what the last one was

    def __init__(self, port):
        self.asked.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, line, patience_s=0):
        assert not line.startswith("#")
        self.asked.append(line)
        if line == "end 01234567" and self.asked != DUMP_LINES:
            raise Refused("the hash is another: lines were lost or changed on the way")
        return {"dump": DUMP, "version": "Headroom"}.get(line, "")

    def ask_json(self, command):
        return [{"hash": "01234567"}] if command == "hash" else []

    def restart(self, line):
        return {"settings_hash": "01234567", "faults": ["L1 clipped", FAULT]}


@pytest.fixture
def link(monkeypatch):
    monkeypatch.setattr(config, "Link", Link)


def test_pull_says_that_the_custom_profile_is_not_in_the_file(link, tmp_path, capsys):
    config.pull("port", tmp_path / "house.cfg")
    told = capsys.readouterr().out
    assert told.splitlines()[0].endswith("house.cfg: 2 settings, hash 01234567")
    assert told.splitlines()[1] == REMARK


def test_push_says_which_charger_is_not_driven(link, tmp_path, capsys):
    (tmp_path / "house.cfg").write_text(DUMP)
    config.push("port", tmp_path / "house.cfg", "")
    assert capsys.readouterr().out.splitlines()[-1] == f"port: {FAULT}"


def test_an_edited_file_is_pushed_though_the_hash_of_the_dump_still_stands_in_it(link, tmp_path):
    (tmp_path / "house.cfg").write_text(DUMP.replace("legs 2", "legs 1"))
    config.push("port", tmp_path / "house.cfg", "")
    assert Link.asked[:4] == ["begin", "defaults", "set legs 1", "set charger1.profile custom"]
    assert Link.asked[4].split()[0] == "end"
