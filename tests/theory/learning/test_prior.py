import json
import subprocess
import sys

from graders.theory.learning.course import JUDGED_BY
from graders.theory.learning.grades import AGREEMENT, LEVELS, NEVER
from graders.theory.learning.prior import PRIOR, load_prior
from graders.theory.similarity import FEATURES


def test_it_has_a_weight_for_each_feature():
    prior = load_prior()
    assert len(prior.text.weights) == len(prior.text.mean) == len(prior.text.spread) == len(FEATURES)
    assert len(prior.rubric.weights) == 4
    assert {len(curve.weights) for curve in prior.grading.curves} == {6 + len(JUDGED_BY)}


def test_it_has_a_curve_for_each_level_above_the_lowest():
    assert len(load_prior().grading.curves) == len(LEVELS) - 1
    assert all(curve.logistic for curve in load_prior().grading.curves)


def test_its_bound_is_no_lower_than_the_agreement_it_stands_for():
    assert AGREEMENT <= load_prior().grading.bound <= NEVER
    assert not load_prior().grading.own


def test_its_variances_are_positive():
    question = load_prior().question
    assert min(question.offset, question.words, question.noise) > 0


def test_it_names_its_sets_and_has_no_other_text():
    def texts(value):
        if isinstance(value, dict):
            return [text for one in value.values() for text in texts(one)]
        if isinstance(value, list):
            return [text for one in value for text in texts(one)]
        return [value] if isinstance(value, str) else []

    found = json.loads(PRIOR.read_text(encoding="utf-8"))
    assert sorted(texts(found)) == sorted([*found["fitted_on"].values(), found["command"]])
    assert all(len(text) < 200 for text in texts(found))


def test_it_is_read_and_answers_are_scored_without_scikit_learn_and_torch():
    script = (
        "import sys\n"
        "from graders.model import Answer, KeyPoint, Question, Text\n"
        "from graders.theory import load_prior, score_answer, untaught\n"
        "text = Text(ru='Зачем?', en='Why?')\n"
        "point = KeyPoint(id='p', weight=1, title=text, any=('общий вес',))\n"
        "asked = Question(id='1', points=1, text=text, answer=text, key_points=(point,))\n"
        "answer = Answer(question='1', text='Общие веса.', source='a.md', matched_by='number')\n"
        "assert score_answer(asked, answer, untaught(load_prior())).earned > 0\n"
        "print([name for name in ('sklearn', 'torch') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
