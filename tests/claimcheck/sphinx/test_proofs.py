"""What is proved stands beside its claim, in the ledger and in tables; a file of proofs is a page; nothing is old."""

import re

import pytest

from claimcheck.proofs.record import files_of_proofs, record_of, theorems_of, write
from claimcheck.sphinx.proofs import in_short, named_after_claim
from links import dead_links, previews
from small_sites import CLAIM_LIST, GOOD, NOTEBOOK, build

TWO_CLAIMS = CLAIM_LIST + CLAIM_LIST.replace("[sum]", "[other]")
PLAN = 'package = "sums"\nclaims = "claims.toml"\ngoals = "proofs/goals.py"\n'
PROOFS = r"""(* It is nothing else.
   For: the case of the page. *)
Theorem sum_counterexample : ~ 1 + 1 = 3.
Proof. by []. Qed.

(* What is given. *)
Definition fact := True.
Section Sums.
Hypothesis given : fact.
(* Adding alpha to alpha doubles it.
   For: every alpha, every beta; all of them. *)
Theorem sum : forall n, n + n <= 2 * n.
Proof. by move=> n; rewrite addnn mul2n. Qed.
End Sums.

(* What no page claims.
   For: all. *)
Theorem beyond : True.
Proof. by []. Qed.
"""
PAGE = GOOD + GOOD.replace(NOTEBOOK, "").replace("# A page", "## More").replace("sum", "other")
REPORTS = """
## Reports

```{theorems}
```

```{ledger}
```

```{verdicts}
```
"""
NOTATION = "\n(notation-of-proofs)=\n\n## How it reads\n\nWell.\n"


@pytest.fixture
def course(tmp_path):
    """Return the folder of a course with proofs, a package, and a record of what is there."""
    files = {
        "claims.toml": TWO_CLAIMS,
        "proofs/plan.toml": PLAN,
        "proofs/sums.v": PROOFS,
        "proofs/goals.py": "",
        "sums/__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    plan = tmp_path / "proofs" / "plan.toml"
    theorems = theorems_of(plan, tmp_path, files_of_proofs(plan))
    write(tmp_path / "proofs.json", record_of(plan, tmp_path, theorems[:1]))
    return tmp_path


def built(course, page=PAGE + REPORTS, *options, record="proofs.json"):
    """Build the course, which shows what the record says, without a warning; return its page."""
    named = [f"-Dclaimcheck_root={course}", f"-Dclaimcheck_proofs={record}"]
    status, printed = build(course, page, TWO_CLAIMS, [*named, *options])
    assert status == 0, printed
    return (course / "html" / "index.html").read_text(encoding="utf-8")


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("\N{ZERO WIDTH SPACE}", "").split())


def test_a_claim_has_its_theorems_beside_its_verdict_and_no_others(course):
    html = built(course)
    of_sum, of_other = html.split('id="verdict-other"')
    (fold,) = re.findall(r'<details class="proved">(.*?)</details>', of_sum, re.DOTALL)
    assert words(fold) == (
        "proved for every α : proofs/sums.v "
        "It is nothing else. For the case of the page: proofs/sums.v, line 3 "
        "Theorem sum_counterexample : ~ 1 + 1 = 3 . "
        "Adding α to α doubles it. For every α, every β; all of them: proofs/sums.v, line 12 "
        "Hypothesis given : fact . Theorem sum : forall n , n + n &lt;= 2 * n ."
    )
    assert '<span class="kn">Theorem</span>' in fold  # as the lexer of Coq has it
    assert '<a class="code-link" href="proofs/sums.html#line-7"><span class="n">fact</span></a>' in fold
    assert "proved" not in of_other.partition('id="reports"')[0]


def test_a_link_leads_to_the_line_of_the_theorem(course):
    html = built(course)
    assert 'href="proofs/sums.html#line-12"' in html
    page = (course / "html" / "proofs" / "sums.html").read_text(encoding="utf-8")
    (line,) = re.findall(r'<span id="line-12">(.*)', page)
    assert words(line).startswith("Theorem sum :")
    assert words(page.partition("<h1>")[2]).startswith("proofs/sums.v Theorems about Claim 1.1 . (* It is nothing")
    assert 'href="../index.html#claim-sum"' in page
    assert [
        link for link in dead_links(course / "html") if "proofs/" in link or link.startswith("sums.html: ../i")
    ] == []


def test_a_link_to_a_theorem_shows_its_statement_under_its_hypotheses(course):
    built(course)
    shown = previews(course, "proofs/sums")
    assert list(shown) == ["line-3", "line-12", "line-18", "line-7"]
    assert shown["line-12"] == (
        "Adding α to α doubles it. For every α, every β; all of them: "
        "Hypothesis given : fact . Theorem sum : forall n , n + n &lt;= 2 * n ."
    )


def test_a_link_to_a_definition_shows_it_and_what_is_said_of_it(course):
    built(course)
    assert previews(course, "proofs/sums")["line-7"] == "What is given. Definition fact := True ."


def test_each_fold_leads_to_where_the_notation_is_explained(course):
    (fold,) = re.findall(r'<details class="proved">(.*?)</details>', built(course, PAGE + NOTATION), re.DOTALL)
    assert '<a class="reference internal" href="#notation-of-proofs">How it reads</a>' in fold


def test_the_ledger_says_of_each_claim_on_how_many_instances_it_ran_and_for_what_it_is_proved(course):
    ledger = words(built(course))
    assert "Its cases ran on 2 instances in all; proved for every α (2 theorems)." in ledger
    assert "Its cases ran on 2 instances in all; not proved for every size." in ledger


def test_the_table_of_all_claims_says_for_what_they_are_proved(course):
    shown = words(built(course))
    header = "no. claim verdict for every size"
    assert f"{header} 1.1 sum ✓ holds proved for every α 1.2 other ✓ holds" in shown


def test_the_theorems_are_tabled_those_of_no_claim_too(course):
    shown = words(built(course))
    assert "3 theorems are proved, 2 of them about 1 claims. proofs/sums.v theorem claim for it says" in shown
    assert "sum 1.1 every α, every β; all of them Adding α to α doubles it. beyond all What no page claims." in shown
    assert "1 goals written from the code It is nothing else. For the case of the page." in shown


@pytest.mark.parametrize("changed", ["proofs/sums.v", "sums/__init__.py", "proofs.json"])
def test_nothing_is_shown_where_the_record_is_of_something_else(course, changed):
    with (course / changed).open("a", encoding="utf-8") as file:
        file.write("x = 1\n")
    status, printed = build(
        course, PAGE + REPORTS, TWO_CLAIMS, [f"-Dclaimcheck_root={course}", "-Dclaimcheck_proofs=proofs.json"]
    )
    assert status == 0
    assert printed.count("proofs.json is not of this version: nothing is shown as proved") == 1
    shown = words((course / "html" / "index.html").read_text(encoding="utf-8"))
    assert "proved for" not in shown
    assert "Its cases ran" not in shown
    assert "What was proved is not of this version, so it is not shown." in shown
    assert not (course / "html" / "proofs").exists()


def test_what_is_shown_goes_at_the_next_build_when_the_code_has_changed(course):
    assert "proved for" in built(course)
    (course / "sums" / "__init__.py").write_text("x = 1\n", encoding="utf-8")
    assert "proved for" not in built(course)


def test_a_course_without_proofs_sees_nothing_of_it(course):
    shown = words(built(course, record=""))
    assert "for every size" not in shown
    assert "is not of this version" in shown  # where a page asks for theorems


@pytest.mark.parametrize(("builder", "file"), [("singlehtml", "index.html"), ("text", "index.txt")])
def test_elsewhere_it_is_a_line(course, builder, file):
    built(course)
    assert built(course, PAGE, "-b", builder)
    shown = (course / "html" / file).read_text(encoding="utf-8")
    assert "(proved for every α: proofs/sums.v)" in " ".join(shown.split())
    assert "Adding α" not in shown
    assert "<details" not in shown


def test_a_claim_without_a_theorem_of_its_name_is_proved_for_what_the_first_is(course):
    plan = course / "proofs" / "plan.toml"
    first, named, _ = theorems_of(plan, course, files_of_proofs(plan))
    assert named_after_claim([first, named]) == named
    assert named_after_claim([first]) == first


def test_it_is_said_what_is_proved_of_a_claim_that_does_not_hold_as_it_is(course):
    plan = course / "proofs" / "plan.toml"
    found = theorems_of(plan, course, files_of_proofs(plan))
    assert in_short(found[:2], "holds") == "proved for every α"
    assert in_short(found[:2], "holds if small") == "on its condition, proved for every α"
    assert in_short(found[:2], "slip") == "as meant, proved for every α"
    assert in_short(found[:2], "wrong") == "true instead, proved for every α"
