"""`meter config`: what the user is told of what a file does not hold."""

import pytest

from meter import config

REMARK = "# the profile 'custom' is not in these lines: 'profile' gives the lines that make it"
DUMP = f"begin\ndefaults\nset legs 2\nset charger1.profile custom\n{REMARK}\nend 01234567"
FAULT = "charger1 is not driven: custom.json: there is no such file; see 'help profile'"


class Link:
    """A meter that answers and takes all."""

    def __init__(self, port):
        self.asked = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, line, patience_s=0):
        assert not line.startswith("#")
        return {"dump": DUMP, "version": "Headroom"}.get(line, "")

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
