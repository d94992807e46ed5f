r"""Tables of what students write for the same thing: commands, Unicode signs, names of functions."""

from collections.abc import Mapping

GREEK: Mapping[str, str] = dict(
    zip(
        "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΦΨΩ∇ϵϕ",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "prod",
            "sum",
            "Phi",
            "Psi",
            "Omega",
            "nabla",
            "epsilon",
            "phi",
        ],
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
        [
            "le",
            "ge",
            "leq",
            "geq",
            "leqslant",
            "geqslant",
            "lt",
            "gt",
            "neq",
            "ne",
            "in",
            "sim",
            "to",
            "rightarrow",
        ],
        "rel",
    ),
    **dict.fromkeys(
        ["Rightarrow", "implies", "iff", "Leftrightarrow", "propto", "mid_", "forall", "ll", "gg", "mapsto"],
        "rel",
    ),
    **dict.fromkeys((",", ";", ":", "!", "?", "quad", "qquad", "\n\n"), "sep"),
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
    **{"{": "{", "}": "}", "^": "^", "_": "_", "'": "'", "′": "'", "prime": "'", "’": "'"},
}
"""Kind of token for a character or for a command without its backslash."""

SKIPPED = frozenset(
    [
        r"left",
        r"right",
        r"big",
        r"Big",
        r"bigg",
        r"Bigg",
        r"bigl",
        r"bigr",
        r"Bigl",
        r"Bigr",
        r"biggl",
        r"biggr",
        r"displaystyle",
        r"textstyle",
        r"scriptstyle",
        r"limits",
        r"nolimits",
        r",",
        r";",
        r":",
        r"!",
        r">",
        r"&",
        r"hfill",
        r"thinspace",
        r"centering",
        r"nonumber",
        r"notag",
        r"max_",
        r"~",
    ]
) | {" ", "&"}
"""Commands that change only the look."""

TRANSPARENT = frozenset(
    [
        "mathbf",
        "boldsymbol",
        "bm",
        "mathcal",
        "mathbb",
        "mathit",
        "mathsf",
        "vec",
        "overrightarrow",
        "mathfrak",
        "textbf",
        "boxed",
    ]
)
"""Commands that change only the look of their argument."""

DECORATIONS: Mapping[str, str] = {
    **dict.fromkeys(("hat", "widehat", "\u0302"), "hat"),
    **dict.fromkeys(("tilde", "widetilde", "\u0303"), "tilde"),
    **dict.fromkeys(("bar", "overline", "\u0304", "\u0305"), "bar"),
}
"""What makes another variable of a letter."""

NAMING = frozenset(["text", "mathrm", "operatorname", "textrm", "textit", "mbox", "textsf", "texttt", "rm"])
"""Commands whose argument is a name."""

FUNCTIONS: Mapping[str, str] = {
    **{
        name: name
        for name in [
            "exp",
            "sqrt",
            "tanh",
            "sinh",
            "cosh",
            "sin",
            "cos",
            "tan",
            "softmax",
            "relu",
            "max",
            "min",
            "abs",
        ]
    },
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

NAMES = frozenset(
    [
        "TP",
        "FP",
        "TN",
        "FN",
        "KL",
        "IoU",
        "AP",
        "mAP",
        "MSE",
        "MAE",
        "RMSE",
        "CE",
        "BCE",
        "ELBO",
        "IOU",
        "NLL",
        "FID",
    ]
)
"""Names of several letters, which are no product of one-letter variables."""

OPAQUE = frozenset(
    ["p", "q", "P", "Q", "D", "G", "F", "H", "I", "J", "L", "N", "f", "g", "E", "V", "KL", "ELBO"]
)
"""Letters that name a function where a plain argument follows them at once: `D(x)`."""
