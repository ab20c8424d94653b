import json

import pytest

from faults.run import FAULTS, RESULTS, ROOT, sources, verdicts_with
from hw3.verify.claims import listed_claims

MEASURED = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_faults_are_distinct_and_stand_once():
    assert len({(fault["module"], fault["before"], fault["after"]) for fault in FAULTS}) == len(FAULTS) >= 30
    for fault in FAULTS:
        source = (ROOT / "hw3" / f"{fault['module']}.py").read_text(encoding="utf-8")
        assert source.count(fault["before"]) == 1, fault["name"]


def test_results_are_of_this_version():
    assert MEASURED["sources"] == sources(), "run make faults, and commit docs/faults.json"
    assert list(MEASURED["caught_by"]) == [f"{fault['module']}: {fault['name']}" for fault in FAULTS]


def test_no_fault_survives():
    assert all(MEASURED["caught_by"].values())


def test_every_claim_catches_a_fault():
    assert set(listed_claims()) <= {claim for claims in MEASURED["caught_by"].values() for claim in claims}


def test_a_fault_that_stands_nowhere_is_refused():
    with pytest.raises(ValueError, match=r"must stand once in lstm\.py"):
        verdicts_with({"name": "none", "module": "lstm", "before": "no such line", "after": ""})
