"""Courses, assignments and rubrics for records to belong to."""

from pathlib import Path
from typing import Any

from graders.model import (
    Assignment,
    Course,
    KeyPoint,
    MetricTask,
    Question,
    Rubric,
    StructureTask,
    StudyTask,
    Text,
    TheoryTask,
    Threshold,
)


def threshold(**changes: Any) -> Threshold:
    values: dict[str, Any] = {
        "zero": 0.70,
        "full": 0.90,
        "margin": 0.012,
        "zero_run": "linear",
        "full_run": "solve",
        "others": {"dense": 0.82},
    }
    return Threshold(**{**values, **changes})


def question(number: str, ru: str, en: str, *points: tuple[str, str, str]) -> Question:
    return Question(
        id=number,
        points=0.5,
        text=Text(ru=ru, en=en),
        answer=Text(ru="Образец ответа.", en="A reference answer."),
        key_points=tuple(
            KeyPoint(id=key, weight=1 / len(points), title=Text(ru=title_ru, en=title_en), any=("word",))
            for key, title_ru, title_en in points
        ),
    )


def rubric() -> Rubric:
    return Rubric(
        questions=(
            question(
                "1",
                "Чем свёрточный слой отличается от полносвязного? Почему у него меньше параметров?",
                "How does a convolutional layer differ from a dense one? Why has it fewer parameters?",
                ("shared", "одни и те же веса во всех местах", "the same weights everywhere"),
                ("local", "связь только с соседними пикселями", "only neighbouring pixels are connected"),
            ),
            question(
                "2",
                "Зачем нужен пулинг?",
                "What is pooling for?",
                ("smaller", "уменьшает карту признаков", "makes the feature map smaller"),
                ("shift", "даёт устойчивость к сдвигу", "makes the network robust to shifts"),
            ),
            question(
                "3",
                "Что такое рецептивное поле?",
                "What is a receptive field?",
                (
                    "area",
                    "область входа, от которой зависит выход",
                    "the part of the input an output depends on",
                ),
            ),
        )
    )


def assignment(**changes: Any) -> Assignment:
    """Lesson 4 with all kinds of tasks: 10 points and a bonus of 1."""
    study = {"kind": "study", "probe": "experiments", "criteria": {"sizes": 1.0}}
    values: dict[str, Any] = {
        "slug": "l04_cnn",
        "folder": Path("assignments/l04_cnn"),
        "title": Text(ru="Свёрточные сети: Fashion-MNIST", en="Convolutional networks: Fashion-MNIST"),
        "dataset": "clothes",
        "possible": 10.0,
        "rubric": rubric(),
        "calibration": None,
        "tasks": (
            MetricTask(
                id="accuracy",
                kind="metric",
                title=Text(ru="Точность на скрытых картинках", en="Accuracy on hidden pictures"),
                points=4,
                metric="accuracy",
                probe="accuracy",
                needs=("predict(images)",),
                zero="linear",
                full="solve",
                scale=("dense",),
            ),
            StructureTask(
                id="architecture",
                kind="structure",
                title=Text(ru="Архитектура в духе AlexNet", en="An architecture in the spirit of AlexNet"),
                points=2,
                probe="architecture",
                criteria={"blocks": 1.0, "kernels": 1.0},
            ),
            StudyTask(
                id="width_study",
                title=Text(ru="Как точность зависит от ширины", en="How accuracy depends on width"),
                points=1.5,
                study="width",
                varies="width",
                **study,
            ),
            StudyTask(
                id="dense_baseline",
                title=Text(ru="Сравнение с полносвязной сетью", en="Comparison with a dense network"),
                points=1,
                bonus=True,
                study="dense",
                **study,
            ),
            TheoryTask(id="theory", kind="theory", title=Text(ru="Теория", en="Theory"), points=2.5),
        ),
    }
    return Assignment(**{**values, **changes})


def course(*assignments: Assignment) -> Course:
    return Course(
        root=Path(),
        title=Text(ru="Нейронные сети", en="Neural networks"),
        language="ru",
        secret=Path("secret"),
        sample_secret=True,
        assignments=assignments or (assignment(),),
    )
