from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from graders import data
from graders.data import caption_grammar
from graders.data.caption_grammar import next_words, sample, vocabulary
from graders.data.captions import END, PAD, START
from graders.data.captions_mini import CAPTIONS, HIDDEN, HIDDEN_WHOLE, LONGEST, TRAIN, VALIDATION, cut
from graders.data.encoders import ENCODERS
from graders.data.scenes import COLOURS, QUARTER, SHAPES, Scene, Thing, draw_scenes, render
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"
PAIR = Scene((Thing("circle", "orange", "large", 0, 0), Thing("circle", "orange", "small", 1, 1)), "dark")
ALONE = Scene((Thing("star", "red", "large", 0, 0),), "dark")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("captions", "mini", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    return data.hidden("captions", "mini", SECRET, tmp_path_factory.mktemp("cache"))


def all_captions(scene: Scene) -> dict[tuple[str, ...], float]:
    """Every caption of a scene with its probability, by writing the grammar out from left to right."""
    whole: dict[tuple[str, ...], float] = defaultdict(float)
    waiting = [(1.0, (), (caption_grammar.Part("caption"),))]
    while waiting:
        share, said, stack = waiting.pop()
        if not stack:
            whole[said] += share
        elif isinstance(stack[0], str):
            waiting.append((share, (*said, stack[0]), stack[1:]))
        else:
            options = caption_grammar._options(scene, stack[0])
            waiting += [(share * likely, said, more + stack[1:]) for likely, more in options]
    return whole


@pytest.mark.parametrize("scene", [PAIR, *draw_scenes(random_stream(b"scenes"), 3)])
def test_next_words_are_those_of_all_captions_written_out(scene):
    captions = all_captions(scene)
    assert sum(captions.values()) == pytest.approx(1)
    likeliest = sorted(captions, key=lambda caption: -captions[caption])[:2]
    for caption in likeliest:
        for place in range(len(caption) + 1):
            expected: Counter[str] = Counter()
            for other, share in captions.items():
                if other[:place] == caption[:place]:
                    expected[(*other, END)[place]] += share
            total = sum(expected.values())
            found = next_words(scene, caption[:place])
            assert found == pytest.approx({word: share / total for word, share in expected.items()})


def test_captions_are_drawn_as_often_as_the_grammar_says():
    random, captions = random_stream(b"often"), all_captions(PAIR)
    drawn = Counter(sample(random, PAIR) for _ in range(4000))
    assert set(drawn) <= set(captions)
    top = max(captions, key=lambda caption: captions[caption])
    error = (captions[top] * (1 - captions[top]) / 4000) ** 0.5
    assert abs(drawn[top] / 4000 - captions[top]) < 4 * error


def test_a_prefix_that_no_caption_has_is_refused():
    with pytest.raises(ValueError, match="no caption"):
        next_words(PAIR, ("a", "green"))


def test_a_cut_says_nothing_of_what_comes_after_it():
    """Words after one prefix come as often as the grammar says, though short captions have fewer places."""
    prefix = ("a", "red", "star")
    cuts = cut(random_stream(b"cuts"), [ALONE] * 15_000)
    words = [one.word for one in cuts if one.prefix == (START, *prefix)]
    likely = next_words(ALONE, prefix)[END]
    assert likely == pytest.approx(0.7)
    assert abs(words.count(END) / len(words) - likely) < 3 * (likely * (1 - likely) / len(words)) ** 0.5


def test_students_files_fit_together(folder):
    words = (folder / "vocabulary.txt").read_text().split()
    assert words[:4] == ["<pad>", "<start>", "<end>", "<unk>"]
    assert len(set(words)) == len(words)
    captions = pd.read_csv(folder / "captions.txt")
    names = [(folder / f"{split}.txt").read_text().split() for split in ("train", "validation")]
    assert [len(found) for found in names] == [TRAIN, VALIDATION]
    assert captions["image"].value_counts().to_dict() == dict.fromkeys(names[0] + names[1], CAPTIONS)
    assert set(" ".join(captions["caption"]).split()) == set(words[4:])
    picture = np.asarray(Image.open(folder / "Images" / names[0][0]))
    for encoder, encode in ENCODERS.items():
        features = np.load(folder / f"features.{encoder}.npy")
        assert len(features) == TRAIN + VALIDATION
        assert features.dtype == np.float32
        np.testing.assert_allclose(encode(picture[None])[0], features[0], rtol=1e-4, atol=1e-5)


def test_validation_is_what_students_see(folder):
    split = data.validation("captions", "mini", folder.parent.parent)
    table = pd.read_csv(folder / "validation_prefixes.csv")
    words = vocabulary()
    said = [" ".join(words[word] for word in row if words[word] != PAD) for row in split.inputs["prefixes"]]
    assert said == table["prefix"].tolist()
    assert [words[word] for word in split.targets["words"]] == table["next"].tolist()
    np.testing.assert_array_equal(
        split.inputs["resnet50"], np.load(folder / "features.resnet50.npy")[TRAIN:], strict=True
    )


def test_each_hidden_picture_is_asked_for_one_word(hidden):
    prefixes, truth, words = hidden.inputs["prefixes"], hidden.targets["truth"], hidden.targets["words"]
    assert prefixes.shape == (HIDDEN, LONGEST)
    assert (prefixes[:, 0] == vocabulary().index(START)).all()
    assert len(np.unique(hidden.inputs["resnet50"], axis=0)) == HIDDEN
    np.testing.assert_allclose(truth.sum(axis=1), 1)
    assert (truth[np.arange(HIDDEN), words] > 0).all()
    lengths = (prefixes != 0).sum(axis=1)
    assert all(
        (row[:n] != 0).all() and (row[n:] == 0).all() for row, n in zip(prefixes, lengths, strict=True)
    )


def test_the_loss_of_the_truth_is_its_entropy_but_for_chance(hidden):
    truth, words = hidden.targets["truth"], hidden.targets["words"]
    logarithms = np.log(np.where(truth > 0, truth, 1))
    entropies = -(truth * logarithms).sum(axis=1)
    losses = -logarithms[np.arange(len(words)), words]
    assert abs((losses - entropies).mean()) < 3 * (losses - entropies).std() / len(words) ** 0.5


def test_the_same_secret_draws_the_same_and_another_one_others(hidden, tmp_path):
    again, other = (data.hidden("captions", "mini", secret, tmp_path) for secret in (SECRET, b"another"))
    for name, array in hidden.inputs.items():
        np.testing.assert_array_equal(array, again.inputs[name])
    rows = [set(map(bytes, split.inputs["resnet50"])) for split in (hidden, other)]
    assert not rows[0] & rows[1]


def test_whole_captions_are_of_other_hidden_pictures(hidden, folder, tmp_path):
    whole = data.hidden("whole_captions", "mini", SECRET, tmp_path)
    assert whole.targets["references"].shape == (HIDDEN_WHOLE, CAPTIONS)
    both = np.concatenate([hidden.inputs["resnet50"], whole.inputs["resnet50"]])
    assert len(np.unique(both, axis=0)) == HIDDEN + HIDDEN_WHOLE
    public = np.load(folder / "features.resnet50.npy")
    assert not set(map(bytes, public)) & set(map(bytes, both))


def test_whole_validation_captions_are_those_of_the_public_file(folder):
    split = data.validation("whole_captions", "mini", folder.parent.parent)
    captions = pd.read_csv(folder / "captions.txt")["caption"].to_numpy().reshape(-1, CAPTIONS)
    np.testing.assert_array_equal(split.targets["references"], captions[TRAIN:])
    first = np.asarray(Image.open(folder / "Images" / f"{TRAIN:04d}.png"))
    np.testing.assert_array_equal(split.inputs["images"][0], first)


def test_both_encoders_tell_colours_and_the_better_one_shapes():
    random = random_stream(b"encoders")
    scenes = draw_scenes(random, 1500)
    pictures = render(random, scenes)
    right = {}
    for name, encode in ENCODERS.items():
        quarters = encode(pictures).reshape(len(scenes), 2, 2, -1)
        pairs = [(quarters[n, t.row, t.column], t) for n, scene in enumerate(scenes) for t in scene.things]
        features, half = np.array([found for found, _ in pairs]), len(pairs) // 2
        for what, among in (("colour", list(COLOURS)), ("shape", list(SHAPES))):
            labels = np.array([among.index(getattr(thing, what)) for _, thing in pairs])
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
            model.fit(features[:half], labels[:half])
            right[name, what] = model.score(features[half:], labels[half:])
    assert min(right["googlenet", "colour"], right["resnet50", "colour"]) > 0.95
    assert 0.5 < right["googlenet", "shape"] < 0.85
    assert right["resnet50", "shape"] > 0.95


def test_a_thing_is_drawn_in_its_quarter():
    scene = Scene((Thing("square", "red", "large", 1, 0),), "dark")
    picture = render(random_stream(b"one"), [scene])[0].astype(int)
    red = picture[..., 0] - picture[..., 2] > 60
    assert red[QUARTER:, :QUARTER].sum() > 100
    assert red.sum() == red[QUARTER:, :QUARTER].sum()


@pytest.mark.parametrize(
    "text", ["", "image,prefix\n", "image,prefix,next\n" + "0.png,<start>\n" * VALIDATION]
)
def test_a_damaged_folder_is_an_authors_error(folder, tmp_path, text):
    mine = tmp_path / folder.parent.name / folder.name
    mine.mkdir(parents=True)
    for path in folder.glob("*.*"):
        (mine / path.name).symlink_to(path)
    (mine / "validation_prefixes.csv").unlink()
    (mine / "validation_prefixes.csv").write_text(text)
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("captions", "mini", tmp_path)
