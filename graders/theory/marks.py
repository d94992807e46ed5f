"""What stands around questions and answers in Markdown: parts of the regular expressions that find them."""

BLANK = r"[ \t\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff]"
"""A character without ink inside a line; those that cannot be seen are among them."""
TAG = r"</?(?:h[1-6]|b|i|u|em|strong|p|div|span|font|center|details|summary|ol|ul|li)\b[^<>\n]{0,80}>"
"""An HTML tag that students lay text out with."""
ASKED = r"(?:вопр(?:ос\w{0,3}+|\.|(?!\w))|question|задание|задача|task)"
"""A word that a question's number stands beside."""
TO = rf"(?:(?:ответ\w*|answer){BLANK}+(?:на|to){BLANK}+(?:the{BLANK}+)?)"
"""`Ответ на`, before such a word."""
ORDINALS = {
    name: number
    for number, names in enumerate(
        (
            "перв first one", "втор second two", "трет third three", "четверт четвёрт fourth four",
            "пят fifth five", "шест sixth six", "седьм seventh seven", "восьм eighth eight",
            "девят ninth nine", "десят tenth ten",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
"""For the beginning of a written number, the number."""
