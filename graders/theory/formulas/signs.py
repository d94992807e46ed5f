r"""Tables of what students write for the same thing: commands, Unicode signs, names of functions."""

from collections.abc import Mapping


def _words(text: str) -> list[str]:
    return text.split()


GREEK: Mapping[str, str] = dict(
    zip(
        "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΦΨΩ∇ϵϕ",
        _words(
            """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi prod sum Phi Psi Omega nabla epsilon phi
"""
        ),
        strict=True,
    )
)
"""Greek letters; the capitals that stand for a sum or a product are read as such."""

LETTER_COMMANDS: Mapping[str, str] = {
    **{name: name for name in GREEK.values() if name not in ("sum", "prod")},
    **{"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma"},
    **{"ell": "l", "hbar": "h", "eps": "epsilon"},
}

SIGNS: Mapping[str, str] = {
    **dict.fromkeys("*·×⋅∙⊙∘•∗⨀⊗", "*"),
    **dict.fromkeys(("cdot", "times", "odot", "otimes", "ast", "circ", "bullet", "star"), "*"),
    **dict.fromkeys(("+", "\uff0b"), "+"),
    **dict.fromkeys(("-", "−", "–", "—"), "-"),
    **dict.fromkeys(("/", "÷", "⁄", "∕", "div"), "/"),
    **dict.fromkeys(("=", "≈", "≡", "≜", "←", "approx", "equiv", "triangleq", "leftarrow", "gets"), "="),
    **dict.fromkeys("<>≤≥≠∈∼→⇒⇔∝∀∃", "rel"),
    **dict.fromkeys(
        _words("le ge leq geq leqslant geqslant lt gt neq ne in sim to rightarrow"),
        "rel",
    ),
    **dict.fromkeys(
        _words("Rightarrow implies iff Leftrightarrow propto forall ll gg mapsto"),
        "rel",
    ),
    **dict.fromkeys((",", ";", ":", "?", "quad", "qquad", "\n\n"), "sep"),
    **dict.fromkeys(("...", "…", "⋯", "cdots", "ldots", "dots", "dotsc", "dotsb"), "dots"),
    **dict.fromkeys(("(", "lparen"), "("),
    **dict.fromkeys((")", "rparen"), ")"),
    **dict.fromkeys(("[", "lbrack"), "["),
    **dict.fromkeys(("]", "rbrack"), "]"),
    **dict.fromkeys(("|", "mid", "vert", "Vert", "lvert", "rvert", "lVert", "rVert", "‖", "∥", "\\|"), "|"),
    **dict.fromkeys(("⌊", "lfloor"), "floor("),
    **dict.fromkeys(("⌋", "rfloor"), "floor)"),
    **dict.fromkeys(("⌈", "lceil"), "ceil("),
    **dict.fromkeys(("⌉", "rceil"), "ceil)"),
    **dict.fromkeys(("∂", "partial"), "∂"),
    **dict.fromkeys(("∏", "prod"), "prod"),
    **dict.fromkeys(("∑", "sum"), "sum"),
    **dict.fromkeys(("√", "sqrt"), "sqrt"),
    **dict.fromkeys(("∩", "cap"), "cap"),
    **dict.fromkeys(("∪", "cup"), "cup"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"),
    **{"!": "!", "{": "{", "}": "}", "^": "^", "_": "_", "'": "'", "′": "'", "prime": "'", "’": "'"},
}
"""Kind of token for a character or for a command without its backslash."""

WORDS: Mapping[str, str] = {"lr": "eta", "mean": "mu", "std": "sigma", "D_kl": "KL", "learning_rate": "eta"}
"""Words that stand for a letter."""

BRACKETS: Mapping[str, str] = {"(": ")", "[": "]", "{": "}", "floor(": "floor)", "ceil(": "ceil)"}
"""Kinds of token that open something, and what closes it."""

STARTS = tuple(_words("num name pair function sqrt frac sum prod ∂ decoration transparent"))
"""Kinds of token that a factor can begin with, less brackets; `|` can too, where none is open."""

SKIPPED = frozenset(
    _words(
        """
left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr displaystyle textstyle scriptstyle
limits nolimits , ; : ! > & hfill thinspace centering nonumber notag ~
"""
    )
) | {" ", "&"}
"""Commands that change only the look."""

TRANSPARENT = frozenset(
    _words(
        """
mathbf boldsymbol bm mathcal mathbb mathit mathsf vec overrightarrow mathfrak textbf boxed
"""
    )
)
"""Commands that change only the look of their argument."""

DECORATIONS: Mapping[str, str] = {
    **dict.fromkeys(("hat", "widehat", "\u0302"), "hat"),
    **dict.fromkeys(("tilde", "widetilde", "\u0303"), "tilde"),
    **dict.fromkeys(("bar", "overline", "\u0304", "\u0305"), "bar"),
}
"""What makes another variable of a letter."""

FUNCTIONS: Mapping[str, str] = {
    **{name: name for name in _words("exp sqrt tanh sinh cosh sin cos tan softmax relu max min abs")},
    **{name: name for name in ["ceil", "softplus", "argmax", "argmin"]},
    **dict.fromkeys(("ln", "log", "лог"), "ln"),
    **dict.fromkeys(("lg", "log10"), "lg"),
    **{
        "log2": "log2",
        "th": "tanh",
        "ReLU": "relu",
        "RELU": "relu",
        "Softmax": "softmax",
        "SoftMax": "softmax",
    },
    **dict.fromkeys(("sigmoid", "Sigmoid", "sigm", "logistic", "сигмоида"), "sigmoid"),
    **dict.fromkeys(("floor", "int"), "floor"),
    **{"Tanh": "tanh", "Exp": "exp", "Log": "ln", "Max": "max", "Min": "min", "tg": "tan"},
}
"""Functions by the names that they go by."""

NAMES = frozenset(_words("TP FP TN FN KL IoU AP mAP MSE MAE RMSE CE BCE ELBO IOU NLL FID lr"))
"""Names of several letters, which are no product of one-letter variables."""

OPAQUE = frozenset(_words("p q P Q D G F H I J L N f g E V KL ELBO"))
"""Letters that name a function where a plain argument follows them at once: `D(x)`."""
