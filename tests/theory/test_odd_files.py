"""Files as odd as students' own: what belongs to which question, from its first words to its last.

Written by hand before the parser was tried on them; `{ru1}` stands for question 1's words in Russian. An
expectation `first … last` says how the answer begins and ends, so that neither the question's words nor a
neighbour's answer may be in it.
"""

import tomllib
from pathlib import Path

import pytest

from graders.model import Rubric
from graders.theory import Document, find_answers

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"

# name: (lesson, text or cells of a notebook, expected)
FILES = {
    "mixed forms and a joke": ("l04_cnn", """\
# ДЗ 4, теория
Привет! Отвечаю как умею 🙃

**Вопрос 1**: {ru1}
Тем, что веса общие. А ещё он не боится котиков.

## 2. Рецептивное поле
Это кусок входа, который видит нейрон.

3.
Сжимает карту :)

### Question 4
$\\lfloor (n + 2p - k)/s \\rfloor + 1$

5) дропаут выключен

№6 потому что softmax уже внутри лосса
""", {"1": "Тем, что … котиков.", "2": "Это кусок … нейрон.", "3": "Сжимает … :)",
      "4": "$\\lfloor … 1$", "5": "дропаут … выключен", "6": "потому что … лосса"}),
    "question bold, answer in the same line": ("l04_cnn", """\
**1. {ru1}** Локальностью.

**2. {ru2}** Область входа.

**3. {ru3}** Уменьшает размер.
""", {"1": "Локальностью. …", "2": "Область входа. …", "3": "Уменьшает размер. …"}),
    "question and answer labels": ("l04_cnn", """\
Вопрос: {ru3}
Ответ: берёт максимум.

Вопрос: {ru2}
Ответ: это окно.
""", {"3": "берёт максимум. …", "2": "это окно. …"}),
    "quoted questions": ("l05_lstm", """\
> 1. {ru1}

Сеть с памятью.

> 7. {ru7}

Подбором на валидации.
""", {"1": "Сеть с памятью. …", "7": "Подбором на валидации. …"}),
    "quote over several lines": ("l04_cnn", """\
> **Вопрос 2.** Что такое рецептивное поле нейрона
> и зачем вместо одного ядра 5×5
> ставят два слоя с ядрами 3×3?

Меньше весов, больше нелинейностей.

> **Вопрос 5.** Чем поведение dropout и batch normalization при обучении
> отличается от поведения при проверке и что будет, если забыть model.eval()?

Будет шум.
""", {"2": "Меньше весов, … нелинейностей.", "5": "Будет шум. …"}),
    "only half of the question": ("l04_cnn", """\
1. Чем свёрточный слой отличается от полносвязного?
Общими весами.

2. Что такое рецептивное поле нейрона?
Область входа.

6. Почему сеть-классификатор в PyTorch отдаёт логиты, а не вероятности?
Софтмакс в лоссе.
""", {"1": "Общими весами. …", "2": "Область входа. …", "6": "Софтмакс в лоссе. …"}),
    "questions in the other language": ("l08_gan", """\
## 1. {en1}
Генератор выдаёт одно и то же.

## 2. {en2}
Ансамбль сетей.

## 5. {en5}
Разницу средних и ковариаций.
""", {"1": "Генератор … то же.", "2": "Ансамбль сетей. …", "5": "Разницу средних … ковариаций."}),
    "numbers of his own": ("l04_cnn", """\
1. {ru3}
Максимум по окну.

2. {ru6}
Так устойчивее.

3. {ru1}
Локальностью.
""", {"3": "Максимум по окну. …", "6": "Так устойчивее. …", "1": "Локальностью. …"}),
    "list of steps in each answer": ("l05_lstm", """\
1. Сеть с циклом. Блок:
   1. забыть
   2. записать
   3. выдать

2. Лучше помнит. Платим:
   1) параметрами
   2) временем

4. Режем цепочку:

1. делим текст
2. учим по кускам
3. состояние переносим

5. Окном по словам.
""", {"1": "Сеть с циклом. … выдать", "2": "Лучше помнит. … временем", "4": "Режем цепочку: … переносим",
      "5": "Окном по словам. …"}),
    "struck out and begun again": ("l04_cnn", """\
## Вопрос 1
~~Вопрос 2 кажется проще, начну с него~~ Ладно. Веса общие.

## Вопрос 2
~~не знаю~~

3×3 два раза дают 5×5.

## Вопрос 3

""", {"1": "~~Вопрос 2 кажется … Веса общие.", "2": "~~не знаю~~ … дают 5×5."}),
    "headings inside an answer": ("l05_lstm", """\
# 3. Чему равна производная состояния ячейки LSTM по состоянию много шагов назад?

## Вывод

$$
\\frac{\\partial c_{t}}{\\partial c_{t-1}} = f_t
$$

## Когда затухает

Когда $f_t < 1$.

# 4. Truncated BPTT

Режем на куски.
""", {"3": "## Вывод … $f_t < 1$.", "4": "Режем на куски. …"}),
    "code with comments like headings": ("l04_cnn", """\
5. Вот так:
```python
# 6. проверка
model.eval()
1. / 2
```
и всё.

6. Логиты точнее.
""", {"5": "Вот так: … и всё.", "6": "Логиты точнее. …"}),
    "labels in words": ("l04_cnn", """\
Ответ на первый вопрос: общие веса.

Ответ на второй вопрос: область входа.

Ответ на третий вопрос: уменьшает карту.
""", {"1": "общие веса. …", "2": "область входа. …", "3": "уменьшает карту. …"}),
    "ordinals": ("l04_cnn", """\
**Первый вопрос**

Общие веса.

**Третий вопрос**

Сжимает.

**Вопрос пятый**

Dropout отключён.
""", {"1": "Общие веса. …", "3": "Сжимает. …", "5": "Dropout отключён. …"}),
    "numbers with the number behind": ("l04_cnn", """\
1-й вопрос. Общие веса.

2-й вопрос. Область входа.

4 вопрос: размер $n$.
""", {"1": "Общие веса. …", "2": "Область входа. …", "4": "размер $n$. …"}),
    "a table": ("l04_cnn", """\
| № | Ответ |
|---|-------|
| 1 | Общие веса |
| 2 | Область входа |
| 6 | Логиты точнее |
""", {"1": "Общие веса …", "2": "Область входа …", "6": "Логиты точнее …"}),
    "html": ("l04_cnn", """\
<h2>Вопрос 1</h2>
Общие веса.

<b>2.</b> Область входа.

<details><summary>Вопрос 3</summary>

Сжимает.
</details>
""", {"1": "Общие веса. …", "2": "Область входа. …", "3": "Сжимает. …"}),
    "escaped numbers and hash signs": ("l04_cnn", """\
1\\. Общие веса.

2\\) Область входа.

\\#3 Сжимает.

#4 Размер $n$.
""", {"1": "Общие веса. …", "2": "Область входа. …", "3": "Сжимает. …", "4": "Размер $n$. …"}),
    "copied from a document": ("l04_cnn",
        "\ufeff1.\u00a0Чем свёрточный слой отличается от полносвязного и почему для изображений он обычно"
        " подходит лучше?\u200b\n\u00a0\u00a0Общие веса.\n\n\u200b2.\u00a0Область входа.\n\n"
        "\u00a0\u00a0\u00a0\u00a0\u00a03.\tСжимает.\n\nВопрос\u00a04.\u00a0Размер.",
        {"1": "Общие веса. …", "2": "Область входа. …", "3": "Сжимает. …", "4": "Размер. …"}),
    "indented under a list": ("l10_project", """\
- 1. {ru1}
    - $z = \\mu + \\sigma\\epsilon$
    - случайность снаружи
- 2. KL тянет к нормальному
    - схлопывание: код не используется
- 4. Неравенство Йенсена
""", {"1": "- $z = … снаружи", "2": "KL тянет … не используется", "4": "Неравенство Йенсена …"}),
    "english, q and a": ("l04_cnn", """\
Q1: {en1}
A: It shares its weights.

Q2. What is the receptive field of a unit?
A2: The part of the input that it sees.

Q.3 It shrinks the map.

Question #4 - the size is n.

Task 5 / dropout is off
""", {"1": "It shares its weights. …", "2": "The part of the … sees.", "3": "It shrinks the map. …",
      "4": "the size is n. …", "5": "dropout is off …"}),
    "the question retold in the answer": ("l04_cnn", """\
1. Свёрточный слой отличается от полносвязного тем, что веса у него общие, и для изображений подходит лучше.

3. Слой пулинга делает карту меньше, сети даёт устойчивость, а платить приходится точностью.
""", {"1": "Свёрточный слой … лучше.", "3": "Слой пулинга делает … точностью."}),
    "all questions first, then answers": ("l10_project", """\
## Вопросы
1. {ru1}
2. Что делает слагаемое KL в потерях VAE?
3. Сравните VAE и GAN: какие картинки у них получаются?
4. Почему ELBO — лишь нижняя оценка log p(x)?

## Ответы
1. Выносим шум.
2. Прижимает к приору.
3. У VAE мыльно.
4. Йенсен.
""", {"1": "Выносим шум. …", "2": "Прижимает к приору. …", "3": "У VAE мыльно. …", "4": "Йенсен. …"}),
    "one line for all": ("l04_cnn", """\
1) общие веса; 3) сжимает; 5) dropout выключен
""", {"1": "общие веса; … выключен"}),
    "answers of one word and of none": ("l04_cnn", """\
1. -
2. не знаю
3.
4. ?
5. пропущено
6. хз
""", {"2": "не знаю …", "4": "? …", "5": "пропущено …", "6": "хз …"}),
    "years and versions begin lines": ("l07_detection", """\
1. Глубина: ResNet.
2015 год — остаточные связи.
3.14 раза быстрее.
2.0 версия YOLO хуже.

3. Одностадийные быстрее.
4 якоря на клетку.
""", {"1": "Глубина: … хуже.", "3": "Одностадийные … клетку."}),
    "notebook: question cells and answer cells": ("l04_cnn", [
        "# Теория",
        "**Вопрос 1.** {ru1}",
        "Общие веса.",
        "**Вопрос 2.** {ru2}\n\n*Ваш ответ:*",
        "Область входа.",
        "### 6. {ru6}\n_Ответ здесь:_ точнее",
        "## 3. Обучение\nУчим сеть.",
    ], {"1": "Общие веса. …", "2": "Область входа. …", "6": "точнее …"}),
    "notebook: answer cells labelled": ("l01_perceptron", [
        "### Question 1\n{en1}",
        "**Answer 1:** the product of matrices is a matrix.",
        "### Question 4\n{en4}",
        "**Answer:** the factors are at most 1/4.\n\n1. ReLU\n2. batch norm\n3. skips",
    ], {"1": "the product … is a matrix.", "4": "the factors … skips"}),
    "one cell holds many": ("l01_perceptron", [
        "# Theory\n1. "
        "Why does a network of several linear layers without activations remain a linear model?\n\n"
        "A product is linear.\n\n"
        "2. What are activation functions for?\n\nFor bends.\n\n5. {en5}\n\nIt ignores neighbours.",
    ], {"1": "A product is linear. …", "2": "For bends. …", "5": "It ignores neighbours. …"}),
    "no line breaks between": ("l08_gan", """\
Вопрос 1.Мода схлопнулась.
Вопрос 2.Ансамбль.
Вопрос 3.Градиент не затухает в начале.
Вопрос 5.Расстояние между гауссианами.
""", {"1": "Мода схлопнулась. …", "2": "Ансамбль. …", "3": "Градиент … начале.",
      "5": "Расстояние … гауссианами."}),
    "sections of the homework around it": ("l08_gan", """\
# Отчёт
## 1 Практика
### 1.1 Обучение
Училось долго.
## 2 Теория
### 2.1 {ru1}
Схлопывание мод.
### 2.2 {ru2}
Нейроны не сговорятся.
""", {"1": "Схлопывание мод. …", "2": "Нейроны не сговорятся. …"}),
    "emoji and box numbers": ("l08_gan", """\
1️⃣ Схлопывание мод.

2️⃣ Ансамбль сетей.

❓ Вопрос 3: чтобы градиент был больше.

✅ **Вопрос 5** Гауссианы.
""", {"1": "Схлопывание мод. …", "2": "Ансамбль сетей. …", "3": "чтобы градиент … больше.",
      "5": "Гауссианы. …"}),
}  # fmt: skip

# Written after the parser, which had 11 of them right at first.
MORE_FILES = {
    "titles of his own": (
        "l04_cnn",
        "Теор. часть\n\n"
        "1) Отличие свёрточного от полносвязного\n\n"
        "Веса общие, связи локальные.\n\n"
        "2) Рецептивное поле\n\n"
        "Область входа. Два 3x3 вместо 5x5: 18 против 25 весов.\n\n"
        "3) пулинг\n\n"
        "- меньше карта\n"
        "- платим деталями\n",
        {"1": "… локальные.", "2": "… весов.", "3": "… деталями"},
    ),
    "a label with a full stop": (
        "l04_cnn",
        "### Вопрос 1. {ru1}\n\n**Мой ответ.** Общие веса\n\n### Вопрос 2. {ru2}\n\n**Мой ответ.** Окно\n",
        {"1": "Общие веса … Общие веса", "2": "Окно … Окно"},
    ),
    "bold numbers with bullets": (
        "l05_lstm",
        "* **1** Сеть с памятью\n* **2** Лучше помнит\n* **3** Произведение $f_t$\n",
        {"1": "Сеть … памятью", "2": "Лучше … помнит", "3": "Произведение … $f_t$"},
    ),
    "q and a without numbers": (
        "l05_lstm",
        "**Q:** {en7}\n**A:** Try several.\n\n**Q:** {en4}\n**A:** Cut the chain.\n",
        {"7": "Try … several.", "4": "Cut … chain."},
    ),
    "lists right below the question": (
        "l08_gan",
        "1. Что может пойти не так при обучении GAN?\n"
        "   1. mode collapse\n"
        "   2. осцилляции\n"
        "2. Почему dropout уменьшает переобучение?\n"
        "   1. ансамбль\n"
        "3. Почему генератор обычно максимизирует log D(G(z))?\n"
        "   1. градиент\n",
        {"1": "… осцилляции", "2": "… ансамбль", "3": "… градиент"},
    ),
    "labels on lines of their own": (
        "l06_unet",
        "Вопрос 1\n{ru1}\nОтвет\nПоканальная и точечная.\n\nВопрос 2\n{ru2}\nОтвет\nСдвиг окна.\n",
        {"1": "Поканальная … точечная.", "2": "Сдвиг … окна."},
    ),
    "quoted answers": (
        "l06_unet",
        "# 4\n{ru4}\n> Аугментации.\n> 1. повороты\n> 2. сдвиги\n\n# 5\n> Сжать и разжать.\n",
        {"4": "> Аугментации. … сдвиги", "5": "> Сжать … разжать."},
    ),
    "answer and number": (
        "l10_project",
        "Ответ 1.\n"
        "z = mu + sigma*eps\n\n"
        "Ответ 2.\n"
        "КЛ тянет к приору.\n\n"
        "Ответ 3.\n"
        "VAE мыльные; GAN резкие:\n"
        "1. качество\n"
        "2. разнообразие\n"
        "3. устойчивость\n\n"
        "Ответ 4.\n"
        "Йенсен\n",
        {"1": "z = … eps", "2": "КЛ … приору.", "3": "VAE … устойчивость", "4": "Йенсен … Йенсен"},
    ),
    "question, dash and answer in one line": (
        "l10_project",
        "4. {ru4} - Йенсен.\n3. {ru3} - VAE мыльнее.\n1. {ru1} - шум снаружи.\n",
        {"4": "Йенсен. … Йенсен.", "3": "VAE … мыльнее.", "1": "шум … снаружи."},
    ),
    "points in brackets": (
        "l01_perceptron",
        "Первый. Линейно.\n\n### Вопрос 2 (5 баллов)\nНелинейность.\n\n### Вопрос 3 [2 балла]\nЦепочка.\n",
        {"2": "… Нелинейность.", "3": "… Цепочка."},
    ),
    "numbers with titles": (
        "l01_perceptron",
        "## №1: Линейность\n"
        "Композиция линейных линейна.\n\n"
        "## №2: Активации\n"
        "Изгиб.\n\n"
        "## №6: Потери\n"
        "- регрессия: MSE\n"
        "- классификация: CE\n",
        {"1": "… линейна.", "2": "… Изгиб.", "6": "… CE"},
    ),
    "folded sections": (
        "l07_detection",
        "<details>\n"
        "<summary><b>Вопрос 1</b></summary>\n\n"
        "ResNet, MobileNet, внимание.\n\n"
        "</details>\n\n"
        "<details>\n"
        "<summary><b>Вопрос 3</b></summary>\n\n"
        "Якоря.\n\n"
        "</details>\n",
        {"1": "ResNet, … внимание.", "3": "Якоря. … Якоря."},
    ),
    "one cell puts two questions, the next one answers both": (
        "l07_detection",
        [
            "## Теория",
            "1. {ru1}",
            "Остаточные связи.",
            "2. {ru2}",
            "Переобучение: смотрим на валидацию.\n\n1. лосс\n2. метрика",
            "3. {ru3}\n4. {ru4}",
            "3. Якоря.\n\n4. Перекрытия.",
        ],
        {"1": "Остаточные … связи.", "2": "Переобучение: … метрика", "3": "Якоря. …", "4": "Перекрытия. …"},
    ),
}


def _filled(rubric, text):
    for question in rubric.questions:
        for language in ("ru", "en"):
            text = text.replace(f"{{{language}{question.id}}}", question.text.to(language))
    return text


@pytest.mark.parametrize("name", FILES | MORE_FILES)
def test_each_answer_of_an_odd_file_is_found_whole_and_alone(name):
    lesson, content, expected = (FILES | MORE_FILES)[name]
    rubric = Rubric.model_validate(
        tomllib.loads((ASSIGNMENTS / lesson / "theory.toml").read_text(encoding="utf-8"))
    )
    if isinstance(content, str):
        documents = [Document("a.md", _filled(rubric, content))]
    else:
        documents = [Document(f"cell {n}", _filled(rubric, text), n) for n, text in enumerate(content, 1)]
    found = {answer.question: answer.text for answer in find_answers(rubric, documents) if answer.text}
    assert list(found) == sorted(expected)  # in the order of the rubric
    for question, said in expected.items():
        first, _, last = said.removesuffix(" …").removeprefix("… ").rpartition(" … ")
        assert found[question].startswith(first or ("" if said.startswith("… ") else last))
        assert found[question].endswith(last)
