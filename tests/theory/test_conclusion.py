import pytest

from graders.theory import read_conclusion

# text, what it says of width, what it says of depth
SENTENCES = [
    # Russian
    ("С ростом ширины точность растёт: 0.84, 0.87, 0.89.", "gain", None),
    ("Чем больше фильтров, тем лучше результат на валидации.", "gain", None),
    ("При увеличении числа каналов с 8 до 32 точность поднялась на 4 процента.", "gain", None),
    ("Более широкая сеть точнее узкой.", "gain", None),
    ("Узкая сеть заметно хуже остальных.", "gain", None),
    ("При уменьшении ширины точность падает.", "gain", None),
    ("Увеличение ширины повышает точность, но после 32 каналов она насыщается.", "no_gain", None),
    ("Значимого прироста от ширины нет.", "no_gain", None),
    ("Ширина почти не влияет на точность.", "no_gain", None),
    ("Разница между сетями разной ширины в пределах шума.", "no_gain", None),
    ("От числа фильтров точность практически не зависит.", "no_gain", None),
    ("Слишком широкая сеть хуже: точность упала до 0.86.", "loss", None),
    ("С увеличением глубины точность снижается.", None, "loss"),
    ("Третий блок ухудшает результат.", None, "loss"),
    ("Добавление слоёв даёт прирост около двух процентов.", None, "gain"),
    ("Чем глубже сеть, тем выше точность.", None, "gain"),
    ("Глубокая сеть не даёт улучшения по сравнению с мелкой.", None, "no_gain"),
    ("Ширина помогает, а глубина нет.", "gain", "no_gain"),
    ("С ростом ширины точность растёт, а с ростом глубины падает.", "gain", "loss"),
    ("И ширина, и глубина не дали значимого прироста.", "no_gain", "no_gain"),
    ("Ошибка уменьшается с увеличением числа каналов.", "gain", None),
    ("Ширину я менял от 4 до 16. Точность при этом выросла.", "gain", None),
    # English
    ("Accuracy grows with width: 0.84, 0.87, 0.89.", "gain", None),
    ("Wider networks are better.", "gain", None),
    ("As width increases, accuracy improves from 0.82 to 0.88.", "gain", None),
    ("Doubling the number of filters gives no significant gain.", "no_gain", None),
    ("Beyond 16 channels the accuracy saturates.", "no_gain", None),
    ("The width hardly matters: all three runs are within the noise.", "no_gain", None),
    ("Accuracy does not change with the number of channels.", "no_gain", None),
    ("The widest network is worse than the middle one.", "loss", None),
    ("The narrow network performs worse.", "gain", None),
    ("Increasing the depth improves accuracy by three points.", None, "gain"),
    ("Deeper is better here.", None, "gain"),
    ("Adding layers lowers the accuracy.", None, "loss"),
    ("A third block hurts.", None, "loss"),
    ("The deeper nets did not improve on the shallow one.", None, "no_gain"),
    ("Width helps, but depth does not.", "gain", "no_gain"),
    ("Accuracy rises with width while extra layers make it worse.", "gain", "loss"),
    ("Neither width nor depth makes a difference.", "no_gain", "no_gain"),
    ("With fewer filters the accuracy drops sharply.", "gain", None),
    ("The validation error falls as the network gets wider.", "gain", None),
    ("The gain from width is larger than the noise between seeds.", "gain", None),
    # Nothing is claimed
    ("## Как ширина влияет на точность", None, None),
    ("Как меняется точность с ростом ширины и глубины?", None, None),
    ("Исследуйте, как точность растёт с шириной сети.", None, None),
    ("Обучите сети трёх размеров по ширине и напишите, есть ли прирост.", None, None),
    ("**Прирост точности от глубины**", None, None),
    ("С ростом ширины число параметров растёт квадратично.", None, None),
    ("Ожидаю, что с глубиной точность вырастет.", None, None),
    ("Свёрточные слои лучше полносвязных.", None, None),
    ("### Accuracy grows with depth", None, None),
    ("Does accuracy grow with width?", None, None),
    ("Compare at least three widths and say whether accuracy improves.", None, None),
    ("We expect deeper networks to be better.", None, None),
    ("Training time increases with depth.", None, None),
    ("I used 8, 16 and 32 channels.", None, None),
    ("The model reached 0.91 accuracy.", None, None),
    ("", None, None),
    # Written after the reader, to see how it does on what it was not made for; mended since
    ("Видно, что увеличение ширины с 16 до 64 прибавляет около процента точности.", "gain", None),
    ("Ширина влияет сильно: на 8 каналах 0.81, на 32 уже 0.9, то есть точность растёт.", "gain", None),
    ("По графику видно, что при добавлении фильтров качество монотонно повышается.", "gain", None),
    ("Дальше 32 каналов выигрыша уже нет.", "no_gain", None),
    ("Расширение сети ничего не дало.", "no_gain", None),
    ("Точность вышла на плато при ширине 24.", "no_gain", None),
    ("Все три ширины дают примерно одинаковую точность (0.90 ± 0.01).", "no_gain", None),
    ("Увеличение ширины только навредило: 0.89 вместо 0.91.", "loss", None),
    ("С глубиной точность растёт слабо, разница меньше погрешности.", None, "no_gain"),
    ("Сеть из трёх блоков оказалась лучше сети из одного.", None, "gain"),
    ("Если убрать один слой, точность проседает.", None, "gain"),
    ("Углубление не улучшило результат.", None, "no_gain"),
    ("Более глубокие сети учатся хуже, точность ниже на 3%.", None, "loss"),
    ("В отличие от ширины, глубина результат улучшает.", None, "gain"),
    ("Вывод: ширина даёт больше, чем глубина.", None, None),
    ("Ширина улучшает точность, глубина, напротив, её снижает.", "gain", "loss"),
    ("Ни ширина, ни глубина на этой задаче не важны: всё в пределах шума.", "no_gain", "no_gain"),
    ("На маленьких данных глубокая сеть переобучается, и точность на валидации падает.", None, "loss"),
    ("The more channels, the higher the accuracy.", "gain", None),
    ("Going from 8 to 32 filters raised accuracy from 0.83 to 0.89.", "gain", None),
    ("More filters didn't help.", "no_gain", None),
    ("There is no significant difference between the widths.", "no_gain", None),
    ("Accuracy flattens out once the network has 24 channels.", "no_gain", None),
    ("Accuracy is highest for the widest network.", "gain", None),
    ("Depth has almost no effect on accuracy.", None, "no_gain"),
    ("Two layers beat one by 4 points, and three beat two by another point.", None, "gain"),
    ("Making the network deeper reduced the error from 14% to 11%.", None, "gain"),
    ("Width improves accuracy, whereas depth leaves it unchanged.", "gain", "no_gain"),
    ("Accuracy went up with width; with depth it went down.", "gain", "loss"),
    ("Both width and depth improve accuracy.", "gain", "gain"),
    ("Here I vary the width of the network.", None, None),
    ("Wider networks have more parameters and train slower.", None, None),
    ("Число каналов удваивается после каждого пулинга.", None, None),
    ("Постройте график точности от глубины.", None, None),
    ("Свёрточные слои извлекают признаки, а полносвязные классифицируют.", None, None),
    ("The convolution layers use padding so that the size stays the same.", None, None),
    ("Pooling after every block reduces the resolution.", None, None),
    ("Фильтры первого слоя помогают находить границы.", None, None),
    ("Итого: при переходе от 8 к 16 каналам точность прибавила 3%, от 16 к 32 ещё 1%.", "gain", None),
    ("Самая узкая сеть показала 0.79, самая широкая 0.88, значит ширина полезна.", "gain", None),
    ("Дополнительные каналы почти ничего не дают.", "no_gain", None),
    ("После 16 фильтров рост точности прекращается.", "no_gain", None),
    ("Ширина на точность не влияет.", "no_gain", None),
    ("Широкие сети показали результат хуже.", "loss", None),
    ("Глубина важнее: с каждым блоком качество растёт.", None, "gain"),
    ("Сеть с тремя слоями точнее, чем с двумя.", None, "gain"),
    ("Добавление четвёртого слоя не привело к росту точности.", None, "no_gain"),
    ("Прирост от глубины есть, но он незначительный.", None, "no_gain"),
    ("Точность падает, если добавить слишком много слоёв.", None, "loss"),
    ("Увеличивая ширину, мы получаем более высокую точность; увеличивая глубину — нет.", "gain", "no_gain"),
    ("В моих опытах точность с шириной почти не изменилась, а с глубиной выросла.", "no_gain", "gain"),
    ("Обе величины, ширина и глубина, повышают точность.", "gain", "gain"),
    ("Accuracy keeps improving with every extra block.", None, "gain"),
    ("Using twice as many channels made no difference.", "no_gain", None),
    ("The wider the network, the better it classifies.", "gain", None),
    ("I saw diminishing returns past 32 channels.", "no_gain", None),
    ("Width 32 is 5 points better than width 8.", "gain", None),
    ("The wide model scored lower than the small one.", "loss", None),
    ("Depth turned out to be harmful: accuracy fell by two points.", None, "loss"),
    ("With one block the accuracy is 0.81, and with three it climbs to 0.9.", None, "gain"),
    ("Deep networks did no better than shallow ones.", None, "no_gain"),
    ("Depth made almost no difference, but width improved accuracy a lot.", "gain", "no_gain"),
    ("All depths give the same accuracy within one standard deviation.", None, "no_gain"),
    ("The gain from extra layers is smaller than the noise.", None, "no_gain"),
    ("Я взял три ширины: 8, 16 и 32.", None, None),
    ("Каждый блок состоит из свёртки, ReLU и пулинга.", None, None),
    ("Число слоёв меняется от одного до трёх.", None, None),
    ("Ширина увеличивает время обучения.", None, None),
    ("The number of channels doubles in each block.", None, None),
    ("Dropout improves accuracy.", None, None),
    ("Batch norm after every layer makes training faster.", None, None),
    ("Your conclusion: does accuracy grow with depth, or is the gain within noise?", None, None),
]

# Not understood yet; nothing false must be said of them.
MISSED = [
    "Each doubling of the width buys about one point of accuracy.",
    "Wider nets overfit and lose two points of accuracy.",
    "Stacking a third block costs accuracy.",
    "The shallow network is just as good as the deep one.",
]


@pytest.mark.parametrize(("text", "width", "depth"), SENTENCES)
def test_says_what_the_sentence_says(text, width, depth):
    assert (read_conclusion([text], "width").says, read_conclusion([text], "depth").says) == (width, depth)


@pytest.mark.parametrize("varies", ["width", "depth"])
@pytest.mark.parametrize("text", MISSED)
def test_what_is_not_understood_is_not_guessed(text, varies):
    assert read_conclusion([text], varies).says is None


def test_contradicting_sentences_say_nothing():
    said = read_conclusion(["Точность растёт с шириной.", "С ростом ширины точность падает."], "width")
    assert said.says is None
    assert "растёт" in said.text


def test_a_hedge_outweighs_a_gain():
    cells = ["Accuracy grows with width.", "The gain from width is within the noise."]
    assert read_conclusion(cells, "width").says == "no_gain"


def test_the_text_is_plain_and_capped():
    said = read_conclusion(["- **Accuracy** grows with `width`."], "width")
    assert said.text.startswith("Accuracy grows with width")
    assert (
        len(read_conclusion([f"Accuracy grows with width, case {n}.\n\n" for n in range(100)], "width").text)
        == 600
    )


def test_code_says_nothing():
    assert read_conclusion(["```\naccuracy grows with width\n```"], "width").says is None
