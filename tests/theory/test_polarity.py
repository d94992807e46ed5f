"""Three tables of sentences with their polarity, written by hand in the words of students.

`FIRST` (128) was written before the rules: the rules of before, which looked at three words, read 75 of it,
and these 122 at their first run. `SECOND` (60) was written after the rules and scored before anything was
mended: 43 by the rules of before, 52 by these. They were mended by it, and `THIRD` (31) was written and
scored then: 23 and 29. None is held out any more. What is still read wrongly stands in `MISSED`, with the
polarity that a reader would give it; three of it are from the tables.
"""

import time

import pytest

from graders.theory.negation import denies
from graders.theory.patterns import parse, search
from graders.theory.reading import read

FIRST_DENIED = [
    ("Веса между слоями не общие.", "вес* ~4 общ*"),
    ("LSTM не даёт градиенту быстро затухать.", "градиент* ~3 затух*"),
    ("Дропаут при тестировании не применяется.", "дропаут* ~4 применя*"),
    ("У полносвязной сети отсутствует устойчивость к сдвигу.", "устойчив* ~3 сдвиг*"),
    ("Обычная RNN лишена отдельной ячейки памяти.", "ячейк* памят*"),
    ("Сеть обучали без нормализации по батчу.", "нормализ* ~3 батч*"),
    ("Веса вряд ли будут одинаковыми на всех шагах.", "вес* ~5 одинаков*"),
    ("Едва ли генератор обманывает сильный дискриминатор.", "генератор ~3 обман*"),
    ("После насыщения сигмоида перестаёт передавать градиент.", "переда* градиент*"),
    ("Свёртка использует не разные веса, а одно ядро.", "разн* вес*"),
    ("Сеть складывает признаки, а не перемножает их.", "перемнож*"),
    ("Вместо скрытого состояния модель читает весь текст сразу.", "скрыт* состоян*"),
    ("Пулинг не является слоем с обучаемыми весами.", "обуча* вес*"),
    ("Неверно, что ReLU насыщается справа.", "relu ~3 насыща*"),
    ("Неправда, будто глубина всегда помогает.", "глубин* ~3 помога*"),
    ("Заблуждение, что дропаут ускоряет обучение.", "дропаут ~3 ускоря*"),
    ("Нельзя сказать, что LSTM полностью решает проблему затухания.", "lstm ~4 реша*"),
    ("Здесь нет ни рекуррентных связей, ни памяти.", "рекуррентн* связ*"),
    ("В свёртке нет ни общих смещений, ни общих масок.", "общ* масок"),
    ("Ни один нейрон при тесте не выключается.", "нейрон* ~4 выключа*"),
    ("Градиент через ячейку никогда не обнуляется.", "градиент* ~5 обнуля*"),
    ("Разве у пулинга есть параметры?", "пулинг* ~3 параметр*"),
    ("Затухания градиента в ResNet почти нет.", "затух* градиент*"),
    ("Скрытое состояние в такой сети отсутствует.", "скрыт* состоян*"),
    ("Общие веса в этом слое не используются.", "общ* вес*"),
    ("Сеть больше не переобучается.", "сет* ~4 переобуч*"),
    ("Такая модель не хранит в своём внутреннем векторе предыдущие слова.", "предыдущ* слов*"),
    ("Она неспособна выучить нелинейную границу.", "выуч* ~3 нелинейн*"),
    ("Якобы IoU растёт, но это неправда, что он растёт от фона.", "растет ~3 фон*"),
    ("То, что веса общие, неверно.", "вес* общ*"),
    ("Утверждение, что Adam не нуждается в скорости обучения и сам её задаёт, ошибочно.", "сам ~3 зада*"),
    ("Смещение лишено всякого смысла.", "всяк* смысл*"),
]  # fmt: skip
FIRST_SAID = [
    ("Нельзя не заметить, что веса общие.", "вес* ~3 общ*"),
    ("Глубокая сеть не может не переобучиться на ста примерах.", "переобуч*"),
    ("Дропаут не только выключает нейроны, но и усредняет модели.", "выключа* нейрон*"),
    ("Дропаут не только выключает нейроны, но и усредняет модели.", "усредня* модел*"),
    ("Свёртка использует не разные веса, а одно ядро.", "одно ядро"),
    ("Сеть складывает признаки, а не перемножает их.", "складыва* признак*"),
    ("Вместо скрытого состояния модель читает весь текст сразу.", "чита* ~3 текст"),
    ("Пулинг даёт не менее важный эффект: устойчивость к сдвигу.", "устойчив* ~3 сдвиг*"),
    ("Градиент — это не что иное, как вектор частных производных.", "вектор ~3 производн*"),
    ("Слой не делает ничего, кроме умножения на матрицу.", "умнож* ~3 матриц*"),
    ("Несомненно, веса в свёртке общие.", "вес* ~4 общ*"),
    ("Недостаток сигмоиды в том, что она насыщается.", "насыща*"),
    ("Необходимо нормировать вход сети.", "нормир* вход*"),
    ("Нейрон складывает входы с весами.", "складыва* вход*"),
    ("Градиент неравномерно распределяется по слоям.", "градиент ~3 распредел*"),
    ("Без активаций сеть линейна.", "сет* ~2 линейн*"),
    ("Если класс предсказан неверно, веса обновляются.", "вес* обновл*"),
    ("Полносвязная сеть не знает о соседях, а свёртка знает.", "свертк* знает"),
    ("Общие веса не зависят от положения на картинке.", "общ* вес*"),
    ("Нет, веса у всех шагов общие.", "вес* ~5 общ*"),
    ("Сеть не учится из-за затухания градиента.", "затух* градиент*"),
    ("RNN не запоминает далёкие слова, поэтому берут LSTM.", "берут lstm"),
    ("Не секрет, что LSTM хранит состояние.", "хран* состоян*"),
    ("Нет сомнений, что дропаут снижает переобучение.", "снижа* переобуч*"),
    ("Неверно, что веса не общие.", "вес* ~3 общ*"),
    ("Разве веса не общие?", "вес* ~3 общ*"),
    ("Градиент не взрывается, а затухает.", "градиент ~4 затух*"),
    ("Skip-связь не усложняет сеть и пропускает градиент напрямую.", "пропуска* градиент*"),
    ("Отсутствие нелинейности делает сеть линейной моделью.", "сет* линейн*"),
    ("Сеть не перестаёт обновлять скрытое состояние.", "обновл* скрыт*"),
    ("Вес не один: ядро хранит девять чисел.", "ядро ~3 чис*"),
    ("Не зря в U-Net соединяют кодировщик и декодер.", "соединя* кодировщик*"),
]  # fmt: skip
FIRST_DENIED_EN = [
    ("The weights of the two layers are not shared.", "weight* ~8 shared"),
    ("Max pooling doesn't have any trainable weights.", "trainable weight*"),
    ("A plain RNN fails to keep the long context.", "keep* ~3 context"),
    ("A feed-forward net lacks a hidden state.", "hidden state"),
    ("There is a complete lack of weight sharing here.", "weight sharing"),
    ("The model was trained without any dropout.", "dropout"),
    ("With saturation the gradient no longer flows.", "gradient* ~4 flow*"),
    ("Neither the weights nor the biases are shared.", "weight* ~6 shared"),
    ("Pooling has neither weights nor a bias term.", "bias term"),
    ("It is a myth that dropout speeds up training.", "dropout speed*"),
    ("It is false that ReLU saturates on the right.", "relu saturat*"),
    ("It is wrong to say that depth always helps.", "depth ~3 help*"),
    ("It is not true that the discriminator makes images.", "discriminator ~3 image*"),
    ("The LSTM adds the new values rather than multiplying them.", "multipl*"),
    ("Instead of a hidden state, it reads all words at once.", "hidden state"),
    ("The layer uses one kernel instead of separate weights.", "separate weight*"),
    ("A sigmoid hardly ever reaches exactly one.", "reach* ~3 one"),
    ("Weight sharing is not used.", "weight sharing"),
    ("Vanishing gradients do not occur in this network.", "vanish* gradient*"),
    ("A perceptron cannot learn XOR.", "learn* xor"),
    ("The generator never sees the real pictures.", "see* ~3 picture*"),
    ("None of the gates are linear.", "gate* ~3 linear"),
    ("No layer of this network shares its weights.", "share* ~3 weight*"),
    ("That the weights are shared is a myth.", "weight* ~3 shared"),
    ("The claim that ReLU is smooth at zero is false.", "relu ~3 smooth"),
    ("LSTMs prevent the gradient from vanishing.", "gradient* ~3 vanish*"),
    ("The encoder is unable to restore the resolution.", "restor* ~3 resolution"),
    ("It isn't the case that a convolution sees the whole image.", "see* ~3 image"),
    ("The recurrent connection is missing.", "recurrent connection*"),
    ("Are the weights different at each step? No.", "weight* different"),
]  # fmt: skip
FIRST_SAID_EN = [
    ("One cannot but notice that the weights are shared.", "weight* ~3 shared"),
    ("The training is not without instability.", "instability"),
    ("Dropout not only switches off units but also averages models.", "switch* ~3 unit*"),
    ("Dropout not only switches off units but also averages models.", "average* model*"),
    ("Not the gradient but the cell state carries the memory.", "cell state"),
    ("The kernel is the same no matter where the object is.", "object is"),
    ("There is no doubt that the LSTM keeps a state.", "keep* ~3 state"),
    ("It is nothing but a weighted sum of its inputs.", "weighted sum"),
    ("The LSTM adds the new values rather than multiplying them.", "add* ~3 value*"),
    ("Instead of a hidden state, it reads all words at once.", "read* ~3 word*"),
    ("Weight sharing does not change with the position.", "weight sharing"),
    ("Without activations the network is linear.", "network ~2 linear"),
    ("No, the same kernel slides over the picture.", "same kernel"),
    ("If the prediction is wrong the weights are updated.", "weight* ~2 updated"),
    ("NMS removes false positives and keeps the best box.", "keep* ~3 box"),
    ("A dense net does not know neighbours, but a convolution does see them.", "convolution ~3 see"),
    ("It does not learn because the gradient vanishes.", "gradient vanish*"),
    ("Deep nets don't train well due to vanishing gradients.", "vanish* gradient*"),
    ("It is false that the weights are not shared.", "weight* ~4 shared"),
    ("The gate never fails to forget the old state.", "forget ~3 state"),
    ("The network has no recurrence and processes all tokens at once.", "process* ~3 token*"),
    ("Not surprisingly, the deeper net overfits.", "net overfit*"),
    ("The gradients do not explode, they vanish.", "gradient* ~5 vanish"),
    ("A neural network needs normalised inputs.", "normali* input*"),
    ("Noise is added to the input.", "add* ~3 input"),
    ("The notation of the cell state is c.", "cell state"),
    ("Dropout is used only in training, not in testing.", "dropout ~5 training"),
    ("The derivative is no more than 0.25.", "derivative ~6 25"),
    ("An RNN forgets early words, whereas an LSTM does not.", "forget* ~3 word*"),
    ("The cell state is missing in an RNN, so an LSTM adds it.", "lstm add*"),
    ("Early stopping keeps the best weights.", "keep* ~3 weight*"),
    ("Not just depth but also skip connections matter.", "skip connection*"),
]  # fmt: skip

SECOND_DENIED = [
    ("Батч-нормализация вовсе не заменяет активацию.", "замен* актив*"),
    ("Никакого внимания в этой архитектуре ещё не было.", "внимани*"),
    ("Думаю, что дискриминатор не видит случайный шум напрямую.", "видит ~3 шум*"),
    ("Градиент по логитам ничем не ограничен.", "градиент ~5 ограничен*"),
    ("Эмбеддинги не обучаются, а берутся готовыми.", "эмбеддинг* ~3 обуча*"),
    ("Вместо пулинга здесь свёртка с шагом два.", "пулинг*"),
    ("Модель больше не забывает начало предложения.", "забыва* ~3 начал*"),
    ("Это не значит, что сеть обобщает.", "сет* обобща*"),
    ("Считать, что softmax независим по классам, ошибочно.", "softmax независим*"),
    ("Маленький шаг не позволяет выбраться из локального минимума.", "выбра* ~3 минимум*"),
    ("Якорные рамки у этой модели отсутствуют.", "якорн* рамк*"),
    ("Генератор никогда не получает настоящие картинки.", "настоящ* картинк*"),
    ("Из-за нулей ReLU теряет информацию, а не сохраняет её.", "сохраня*"),
    ("Смещение в слое перед BatchNorm не нужно.", "смещен*"),
    ("Ни веса, ни смещения при тесте не обновляются.", "вес* ~8 обновл*"),
    ("The optimiser does not look at the validation data.", "look* ~3 validation"),
    ("We can't reuse the activations of the old batch.", "reus* activation*"),
    ("Contrary to a common belief, dropout isn't active at test time.", "dropout ~3 active"),
    ("It is incorrect to assume that softmax outputs are independent.", "output* ~2 independent"),
    ("Anchor boxes are absent from this detector.", "anchor box*"),
    ("Attention doesn't process the tokens one after another.", "process* ~3 token*"),
    ("The decoder no longer needs the whole sentence.", "need* ~3 sentence"),
    ("No gradient flows into the real images.", "gradient flow*"),
    ("The U-Net copies feature maps instead of pooling indices.", "pooling indices"),
    ("Nothing in the loss rewards diversity.", "loss reward*"),
    ("The embedding is far from being one-hot.", "one-hot"),
    ("One should not think that a bigger batch always converges faster.", "batch ~3 converge*"),
    ("The bias can be dropped since it plays no role.", "role"),
    ("I doubt that the momentum changes the minimum.", "momentum ~2 change*"),
    ("A GAN trains without an explicit likelihood.", "explicit likelihood"),
]  # fmt: skip
SECOND_SAID = [
    ("Батч-нормализация не просто ускоряет обучение, она ещё и регуляризует.", "ускоря* обучен*"),
    ("Не вызывает сомнений, что внимание видит все слова.", "внимани* видит"),
    ("Эмбеддинги не обучаются, а берутся готовыми.", "берутся готов*"),
    ("Нельзя обойтись без функции активации.", "функц* актив*"),
    ("Если не перемешивать данные, градиент будет смещён.", "градиент ~2 смещ*"),
    ("Якорей нет, зато центр объекта предсказывается напрямую.", "центр ~3 предсказ*"),
    ("Невозможно обучить глубокую сеть, потому что градиент исчезает.", "градиент исчез*"),
    ("Небольшой шаг делает спуск устойчивым.", "спуск устойчив*"),
    ("Дискриминатор не обманут, и он по-прежнему отличает подделки.", "отлича* поддел*"),
    ("Чем больше слоёв, тем не меньше памяти нужно.", "памят* нуж*"),
    ("Шум на входе не мешает сети находить границы.", "наход* границ*"),
    ("Без сомнения, IoU считает пересечение.", "iou ~2 пересеч*"),
    ("Функция потерь штрафует неправильные ответы сильнее.", "штраф* ~3 ответ*"),
    ("Он не зависит от масштаба, поскольку вход нормирован.", "вход нормир*"),
    ("Не имея меток, автокодировщик учится восстанавливать вход.", "восстан* вход*"),
    ("Not a single example is skipped: the loader gives all of them.", "loader give*"),
    ("It is hard not to see that the batch statistics differ.", "statistic* differ*"),
    ("Without momentum, SGD oscillates.", "sgd oscillat*"),
    ("There is nothing random here: the weights are fixed.", "weight* ~2 fixed"),
    ("The loss never stops decreasing.", "loss ~3 decreas*"),
    ("Unlike a plain RNN, the LSTM keeps a cell.", "keep* ~2 cell"),
    ("The bias is small, not zero.", "bias ~2 small"),
    ("If the gate isn't closed, the state passes through.", "state pass*"),
    ("The encoder cannot see the future, so a mask is applied.", "mask ~2 applied"),
    ("Wrong predictions raise the loss.", "rais* ~2 loss"),
    ("The discriminator learns to tell real from fake.", "tell* ~3 fake"),
    ("No pooling is needed: a stride of two shrinks the map.", "stride ~4 shrink*"),
    ("Softmax outputs sum to one, which is not true of sigmoids.", "sum ~2 one"),
    ("Nobody disputes that attention sees all the words.", "attention see*"),
]  # fmt: skip

THIRD_DENIED = [
    ("ну сеть тут вообще ничего не запоминает про контекст", "запомина* ~3 контекст*"),
    ("Она не то чтобы учит признаки, скорее просто усредняет.", "учит призна*"),
    ("По моему опыту, аугментации почти не влияют на точность.", "аугментац* ~4 влия* ~3 точн*"),
    ("Пиксели фона сеть никак не классифицирует.", "сет* ~3 классифиц*"),
    ("Я бы не сказал, что скорость обучения важна.", "скорост* ~3 важн*"),
    ("Полносвязный слой игнорирует порядок и не использует соседство пикселей.", "использ* сосед*"),
    ("Слой пулинга обходится без весов.", "вес*"),
    ("Сигмоида? Нет, на выходе её не ставят.", "выход* ~3 ставят"),
    ("Инициализация нулями не приведёт к разным градиентам.", "разн* градиент*"),
    ("dropout doesnt remove any weights permanently", "remov* ~3 weight*"),
    ("There isn't much of a memory in a plain convnet.", "memory"),
    ("ReLU has zero gradient there, so nothing is learned by the unit.", "learned ~3 unit"),
    ("It would be a mistake to believe that IoU ignores the background.", "iou ignor*"),
    ("I don't think the encoder sees the labels.", "encoder ~2 see* ~3 label*"),
    ("The model ends up without a useful gradient.", "useful gradient"),
]  # fmt: skip
THIRD_SAID = [
    ("не знаю точно но вроде веса общие", "вес* общ*"),
    ("Без общих весов параметров было бы больше.", "параметр* ~3 больше"),
    ("Сеть не очень большая, но видит всю картинку.", "видит ~3 картин*"),
    ("Дело не в глубине, дело в skip-связях.", "skip-связ*"),
    ("Если убрать BatchNorm, обучение не сломается, просто станет медленнее.", "стан* медлен*"),
    ("Хоть и не сразу, сеть выучивает границы.", "выучива* границ*"),
    ("Не зная класса, детектор всё равно находит рамку.", "наход* рамк*"),
    ("Нет активации — вся сеть линейна.", "сет* линейн*"),
    ("Неважно, где объект: фильтр тот же.", "фильтр ~2 же"),
    ("Ядро 3x3 видит не всю картинку, а окно.", "окно"),
    ("I'm not sure but the weights are shared", "weight* ~2 shared"),
    ("No wonder the gradient vanishes: factors below one are multiplied.", "gradient vanish*"),
    ("It is not until the last layer that the classes are predicted.", "class* ~3 predict*"),
    ("You don't have to tune it: Adam adapts the step.", "adapt* ~2 step"),
    ("If you don't shuffle, the batches are biased.", "batch* ~2 bias*"),
    ("Not all pixels matter; the kernel looks at a window.", "look* ~3 window"),
]  # fmt: skip

MISSED = [
    ("The kernel is not, in any sense, a random matrix.", "kernel ~8 random", True),
    ("This net does not, unlike an LSTM, have a memory cell, it has one vector.", "net ~10 cell", True),
    ("The network need not be deep to overfit.", "overfit", False),
    ("The layer has no gates, cells or memory.", "memory", True),
]


def judge(text, source):
    """Whether every place where the pattern holds is denied; the shortest hits, as a scorer takes them."""
    reading, pattern = read(text), parse(source)
    hits = search(pattern, reading)
    assert hits, f"{source!r} is not found in {text!r}"
    return all(denies(reading, hit, pattern.words) for hit in hits)


@pytest.mark.parametrize(("text", "source"), FIRST_DENIED + FIRST_DENIED_EN + SECOND_DENIED + THIRD_DENIED)
def test_what_is_denied_is_denied(text, source):
    assert judge(text, source)


@pytest.mark.parametrize(("text", "source"), FIRST_SAID + FIRST_SAID_EN + SECOND_SAID + THIRD_SAID)
def test_what_is_said_is_not_denied(text, source):
    assert not judge(text, source)


@pytest.mark.parametrize(
    ("text", "source", "denied"),
    [pytest.param(*row, marks=pytest.mark.xfail(strict=True, reason="known miss")) for row in MISSED],
)
def test_what_is_missed_is_known(text, source, denied):
    assert judge(text, source) == denied


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Сеть не хранит состояние.", "не хран*"),
        ("У сети отсутствует память.", "отсутству* памят*"),
        ("The net lacks a hidden state.", "lack* ~3 state"),
        ("It uses a sum instead of a product.", "instead ~3 product"),
        ("Получается 18 весов вместо 25.", "18 ~4 25"),
    ],
)
def test_a_denial_that_the_pattern_names_denies_nothing(text, source):
    assert not judge(text, source)


@pytest.mark.parametrize(
    "word", ["не", "not", "без", "instead of", "from", "неверно что", "если не", "prevent"]
)
@pytest.mark.parametrize(
    "place", ["{} общие веса", "общие веса {}", "общие {} веса", "{} {} общие веса {} {}"]
)
def test_a_denial_at_the_edge_of_a_text_is_read(word, place):
    text = place.replace("{}", word)
    reading, pattern = read(text), parse("общие ~6 веса")
    assert all(denies(reading, hit, pattern.words) in (True, False) for hit in search(pattern, reading))


@pytest.mark.parametrize(
    "text",
    [
        "веса общие не " * 800,
        "неверно что веса общие, " * 400,
        "не " * 4000 + "веса общие",
        "веса общие " * 1000,
    ],
)
def test_a_hostile_answer_is_read_in_time(text):
    reading, pattern = read(text), parse("вес* ~30 общ*")
    started = time.process_time()
    for hit in search(pattern, reading):
        denies(reading, hit, pattern.words)
    assert time.process_time() - started < 1.0


def test_a_text_of_one_word_is_read():
    assert not judge("that", "that")
