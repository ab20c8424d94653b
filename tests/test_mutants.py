"""What `make mutants` may let survive stands in its list in words, once, and is a change of what there is."""

import inspect
import tomllib
from pydoc import locate

import pytest

from mutants import LIST, Mutant, explained

ENTRIES = tomllib.loads(LIST.read_text(encoding="utf-8"))["survivors"]


def test_every_reason_is_a_sentence_and_every_mutant_stands_there_once():
    assert all(entry["why"].endswith(".") for entry in ENTRIES)
    assert all(entry["mutants"] for entry in ENTRIES)
    assert len(explained(LIST)) == sum(len(mutant) - 2 for entry in ENTRIES for mutant in entry["mutants"])


@pytest.mark.parametrize("mutant", explained(LIST), ids=lambda mutant: f"{mutant.function}: {mutant.after}")
def test_every_mutant_changes_a_line_of_its_function(mutant):
    source = inspect.getsource(locate(mutant.function))
    assert " ".join(mutant.before.split()) in " ".join(source.split())
    assert mutant.after != mutant.before


def test_a_list_is_read_by_function_and_lines(tmp_path):
    path = tmp_path / "mutants.toml"
    path.write_text('[[survivors]]\nwhy = "It can\'t be seen."\nmutants = [["f", "1", "2", "3"]]\n', encoding="utf-8")
    assert explained(path) == dict.fromkeys([Mutant("f", "1", "2"), Mutant("f", "1", "3")], "It can't be seen.")
