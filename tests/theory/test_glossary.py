import pytest

from graders.errors import AuthorError
from graders.theory.glossary import glossary, load_glossary
from graders.theory.patterns import Hit, parse, search
from graders.theory.reading import read

CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя")
HARD, SOFTENED = "а у ом е ы ов ам ами ах", "а у ом е и ов ам ами ах"
# Written anew, so that the table of the package is not tested against itself.
ENDINGS = {
    "а": ("а", "ы е у ой ам ами ах"),
    "ка": ("а", "и е у ой ам ами ах"),
    "ча": ("а", "и е у ей ам ами ах"),
    "га": ("а", "и е у ой ам ами ах"),
    "ия": ("я", "и ю ей ям ями ях"),
    "ь": ("ь", "я ю ем и"),
    "й": ("й", "я ю ем и"),
    "ый": ("ый", "ого ому ым ом ые ых ыми"),
    "ы": ("ы", "ов ам ами ах"),
    "чи": ("и", "ам ами ах"),
    "ги": ("и", "ам ами ах"),
}


def cases(noun):
    """A noun with all case endings that its last letters ask for."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if noun.endswith(ending):
            cut, others = ENDINGS[ending]
            return [noun, *(noun.removesuffix(cut) + other for other in others.split())]
    if noun[-1] in "оеиуюэя":
        return [noun]
    return [noun, *(noun + other for other in (SOFTENED if noun[-1] in "гкхжшщч" else HARD).split())]


def slang():
    """Russian nouns that no dictionary has, one word each, with their concept."""
    for concept, forms in glossary().concepts.items():
        for form in forms:
            part = form.parts[0]
            inflected = len(part.keys) > 1 and all(key.startswith("=") for key in part.keys)
            if len(form.parts) == 1 and inflected and CYRILLIC.issuperset(part.word):
                yield concept, part.word


def load(tmp_path, text):
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    return load_glossary(path)


def problems(tmp_path, text):
    with pytest.raises(AuthorError) as caught:
        load(tmp_path, text)
    assert all(problem.file == tmp_path / "glossary.toml" for problem in caught.value.problems)
    return [(problem.key, problem.message) for problem in caught.value.problems]


def names(text, concept):
    """Whether a pattern of a rubric finds the concept in the text."""
    return bool(search(parse(f"@{concept}"), read(text)))


def test_the_course_has_at_least_250_concepts_in_both_languages():
    assert len(glossary().concepts) >= 250


def test_slang_is_found_in_every_case():
    missed = [
        (concept, form)
        for concept, noun in slang()
        for form in cases(noun)
        if not names(f"про {form} тут", concept)
    ]
    assert not missed


def test_enough_slang_is_tested():
    assert sum(1 for _ in slang()) > 200


def test_every_form_is_found_as_it_is_written():
    missed = []
    for concept, forms in glossary().concepts.items():
        for form in forms:
            text = " ".join(part.word for part in form.parts)
            whole = Hit(0, len(form.parts) - 1)
            if whole not in search(parse(f"@{concept}"), read(text)):
                missed.append((concept, text))
    assert not missed


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("без дропаута", "dropout"),
        ("лоссом", "loss"),
        ("бэкпропом", "backpropagation"),
        ("два батчнорма", "batch_norm"),
        ("веса свёрток", "convolution"),
        ("градиком", "gradient"),
        ("лрелу", "leaky_relu"),
        ("новых фич", "feature"),
        ("инпуты", "input"),
        ("LR", "learning_rate"),
        ("BN", "batch_norm"),
        ("SGD", "sgd"),
        ("порог NMS", "nms"),
        ("learning rates", "learning_rate"),
        ("скоростью обучения", "learning_rate"),
        ("feature maps", "feature_map"),
        ("LSTMки", "lstm"),
        ("dropout'а", "dropout"),
        ("lossом", "loss"),
    ],
)
def test_terms_are_found_as_students_write_them(text, concept):
    assert names(text, concept)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("an optimal choice", "optimizer"),
        ("a normal day", "normalization"),
        ("in general", "generalization"),
        ("a regular grid", "regularization"),
        ("at the initial step", "initialization"),
        ("it was recalled", "recall"),
        ("скорость машины", "learning_rate"),
        ("learning. Rate it", "learning_rate"),
        ("реле и рельсы", "relu"),
        ("плата за платье", "plateau"),
        ("электрический ток", "token"),
        ("расход памяти", "divergence_of_training"),
        ("вероятно, так", "probability"),
        ("входит в набор", "input"),
    ],
)
def test_other_words_are_not_terms(text, concept):
    assert not names(text, concept)


def test_names_are_no_concepts(tmp_path):
    assert set(
        load(tmp_path, 'a = { ru = ["слой"], en = ["layer"] }\n[names]\nwords = ["habr"]').concepts
    ) == {"a"}


def test_all_mistakes_are_told_at_once_with_their_keys(tmp_path):
    found = problems(
        tmp_path,
        """
        Big = { ru = ["слой"], en = ["layer"] }
        one = { ru = ["ядро"], en = ["kernel", "kernel"] }
        two = { ru = ["ядра"], en = ["other"], ambiguous = ["absent"], but_not = ["zebra"] }
        three = { ru = ["фильтр"] }
        four = { ru = "фильтр", en = ["filter"] }
        five = { ru = ["сеть"], en = ["net"], colour = ["red"] }
        six = { ru = ["..."], en = ["six"] }
        """,
    )
    keys = [key for key, _ in found]
    assert len([key for key in keys if key == "one"]) >= 2  # a form twice, and one that `two` has
    assert {"Big", "two", "two.ambiguous", "two.but_not", "three", "four.ru", "five.colour", "six"} <= set(
        keys
    )


def test_a_form_of_two_concepts_is_an_error_that_names_both(tmp_path):
    found = problems(tmp_path, 'a = { ru = ["ядро"], en = ["core"] }\nb = { ru = ["ядра"], en = ["kernel"] }')
    assert [key for key, _ in found] == ["b", "a"]
    assert "`a`" in found[0][1]
    assert "ambiguous" in found[0][1]


def test_a_form_marked_ambiguous_in_both_is_found_as_both():
    assert names("сетка", "grid")
    assert names("сетка", "neural_network")


def test_marked_in_one_only_is_an_error(tmp_path):
    text = (
        'a = { ru = ["ядро"], en = ["core"], ambiguous = ["ядро"] }\nb = { ru = ["ядро"], en = ["kernel"] }'
    )
    assert [key for key, _ in problems(tmp_path, text)] == ["b"]


@pytest.mark.parametrize("text", ["a = [", "\x00", "a = 5", "[names]\nwords = []"])
def test_a_broken_file_is_an_authors_error(tmp_path, text):
    assert problems(tmp_path, text)
