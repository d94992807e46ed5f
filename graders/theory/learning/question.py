"""Learns one question from a few marks: a Gaussian process on what the other models leave over.

Two answers to a question get residuals as alike as their words are (Rasmussen & Williams, 2006, ch. 2). With
no marks it says nothing; with each mark the question's own difficulty and its usual answers become known.
"""

from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from graders.model.base import Frozen
from graders.theory.similarity import Profile


class QuestionPrior(Frozen):
    """Variances, in squared shares of a question's points."""

    offset: float
    """Of a question's difficulty."""
    words: float
    """Of what an answer's own words tell."""
    noise: float
    """Of a mark itself."""


@dataclass(frozen=True, slots=True)
class QuestionModel:
    """What the marks of one question taught."""

    prior: QuestionPrior
    marked: tuple[Profile, ...]
    weights: NDArray[np.float64]
    """Shape (marks,)."""
    inverse: NDArray[np.float64]
    """Inverse covariance of the marks, shape (marks, marks)."""

    def __call__(self, answers: Sequence[Profile]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """For each answer what to add to its expected share, and how much of the variance is left, 0 to 1."""
        whole = self.prior.offset + self.prior.words
        if not self.marked:
            return np.zeros(len(answers)), np.ones(len(answers))
        shared = self.prior.offset + self.prior.words * likenesses(answers, self.marked)
        left = whole - np.einsum("ij,jk,ik->i", shared, self.inverse, shared)
        return shared @ self.weights, np.clip(left / whole, 0.0, 1.0)


def left_out(
    model: QuestionModel, residuals: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each marked answer would get from the marks of all others, as `QuestionModel` says it.

    In closed form (Rasmussen & Williams, 2006, section 5.4.2).

    Args:
        model: fitted to `residuals`.
        residuals: as in `fit_question`, shape (marks,).
    """
    precision = np.diag(model.inverse)
    left = (1 / precision - model.prior.noise) / (model.prior.offset + model.prior.words)
    return residuals - model.weights / precision, np.clip(left, 0.0, 1.0)


def fit_question(
    prior: QuestionPrior, marked: Sequence[Profile], residuals: NDArray[np.float64]
) -> QuestionModel:
    """Fit to marked answers.

    Args:
        prior: variances.
        marked: the answers that a person marked.
        residuals: a person's share of the points less the expected one, shape (marks,).
    """
    shared = prior.offset + prior.words * likenesses(marked, marked)
    inverse = np.linalg.inv(shared + prior.noise * np.eye(len(marked))).astype(np.float64)
    return QuestionModel(prior, tuple(marked), inverse @ residuals, inverse)


def likenesses(some: Sequence[Profile], others: Sequence[Profile]) -> NDArray[np.float64]:
    """How alike the words of answers are, 0 to 1, shape (some, others): cosines of stems and of letters."""
    words = _cosines([one.content for one in some], [other.content for other in others])
    pairs = _cosines([one.bigrams for one in some], [other.bigrams for other in others])
    letters = _cosines([one.fourgrams for one in some], [other.fourgrams for other in others])
    return (words + pairs + 2 * letters) / 4


def first_to_mark(answers: Sequence[Profile], count: int, known: Sequence[int] = ()) -> list[int]:
    """Which answers teach most: k-centre order (Gonzalez, 1985), positions in `answers`.

    The first is the most usual answer, each further one the least like those before it; of two the first.

    Args:
        answers: to one question.
        count: how many to name, those that are known included.
        known: positions of answers that are marked already; they come first.
    """
    if not answers or count <= len(known):
        return list(known)
    alike = likenesses(answers, answers)
    order = list(known) or [int(np.argmax(alike.mean(axis=1)))]
    closest = alike[order].max(axis=0)
    while len(order) < min(count, len(answers)):
        closest[order] = np.inf
        order.append(int(np.argmin(closest)))
        closest = np.maximum(closest, alike[order[-1]])
    return order


def _cosines(some: Sequence[Set[Hashable]], others: Sequence[Set[Hashable]]) -> NDArray[np.float64]:
    """Cosines of sets as vectors of ones, shape (some, others); 0 with an empty set."""
    columns: dict[Hashable, int] = {}
    rows, others_rows = (
        [[columns.setdefault(member, len(columns)) for member in members] for members in sets]
        for sets in (some, others)
    )
    product = _vectors(rows, len(columns)) @ _vectors(others_rows, len(columns)).T
    found: NDArray[np.float64] = product.toarray()
    return found


def _vectors(rows: Sequence[Sequence[int]], columns: int) -> csr_matrix:
    """Vectors of length one from the columns that are not zero."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(1, lengths)), lengths)
    flat = np.array([column for row in rows for column in row], dtype=np.int64)
    return csr_matrix((values, flat, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(rows), columns))
