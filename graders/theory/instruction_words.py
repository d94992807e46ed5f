"""What instruction-like text is made of, Russian and English: the tables of `graders.theory.instructions`.

The patterns run over folded words with one space between them; `.` and `,` stand for the end of a sentence
and for any other mark between words. `~` is up to six words of the same sentence. A pattern that begins with
`^` wants an imperative: nothing before it in its clause but `please`, `you` and the like.
"""

import re

GAP = r"(?:(?:, )?+[\w']++ ){0,6}?(?:, )?+"
"""What `~` stands for."""
OPENS = "(?:^|(?<=[.,] )|(?<=please )|(?<= you )|(?<= now )|(?<= just )|(?<= then )|(?<= and )|(?<= simply ))"
"""What `^` stands for."""

_MARK = "(?:marks?|credits?|grades?)"
_FULL = "(?:full|maximum|max|maximal|highest|top|perfect|complete)"
_WORK = "(?:answer|response|submission|essay|solution|homework|text)s?"
_MACHINE = "(?:ai|llm|gpt|chatgpt|chatbot|bot|assistant|grader|evaluator|marker|autograder)s?"
ENGLISH = (
    # Ignore the rubric, the instructions, what stands above.
    r"(?:ignor(?:e|es|ed|ing)|disregard\w*|overrid\w+|bypass\w*|forget"
    r"|(?:not|don't|never|stop) follow(?:ing)?) ~"
    r"(?:rubrics?|system prompts?"
    r"|(?:grading|marking|scoring|evaluation|assessment)"
    r" (?:schem[ae]|rules?|criteri\w+|guid\w+|instructions?)"
    r"|(?:previous|prior|above|earlier|preceding|original|initial|your)"
    r" (?:\w+ ){0,2}(?:instruction|prompt|directive)s?"
    r"|(?:instruction|prompt|directive)s? (?:\w+ )?(?:above|before|so far|given|you))",
    r"^(?:ignore|disregard|override|bypass|forget) ~(?:instructions?|prompts?|guidelines|directives?)",
    r"^(?:ignore|disregard|forget) (?:(?:all|everything|any) )?(?:of )?the (?:text )?above",
    r"^(?:ignore|disregard|forget) (?:all|everything|anything)(?: \w+){0,3} (?:above|told|wrote|written|said)"
    r"(?= [.,]| and| so| $)",
    # Give full marks.
    rf"(?:give|award|assign|grant|return|output|deserves?|merits?) ~{_FULL} (?:possible |available )?{_MARK}",
    rf"(?:give|award|grant|deserves?) ~{_FULL} points",
    rf"^(?:give|award|assign|grant) (?:me|us|him|her|(?:this|my|the student'?s?) (?:{_WORK}|work|student))"
    rf" ~(?:{_MARK}|scores?|points?|10|100|5)",
    rf"^(?:give|award|grant|rate|score) (?:it|this) (?:a |an |with )?(?:{_FULL} {_MARK}|perfect|10|100)",
    r"^(?:mark|grade|score|rate|accept|treat|consider|regard|judge|evaluate)"
    rf" (?:this|my|the student's|the following) (?:\w+ )?{_WORK}",
    rf"(?:this|my|the student's) (?:\w+ )?{_WORK} (?:should|must|has to|needs to|is to|deserves?|shall) ~"
    rf"(?:{_MARK}|score[ds]?|graded|marked|points|full|maximum|correct)",
    # A note to the machine that marks; a role or a prompt for it.
    rf"(?:note|message|memo|instructions?|notice) (?:to|for) (?:the |any |all |an )?(?:\w+ )?{_MACHINE}",
    rf"(?:dear|hey|hello|hi|attention ,) (?:\w+ )?(?:{_MACHINE}|language model|judge)",
    r"you(?:'re| are) (?:now )?(?:an?|the|my) (?:\w+ ){0,3}?"
    rf"(?:{_MACHINE}|judge|teacher|examiner|professor|language model)",
    r"^(?:as an ai|as a(?: large)? language model)",
    r"(?:new|updated|revised|real) (?:\w+ )?instructions? ,",
    r"system (?:override|prompt ,|message ,)|developer mode|jailbreak\w*",
    # The verdict itself.
    r"^(?:say|answer|output|return|reply|respond|mark) (?:with )?(?:yes|true)"
    r" (?:to|for|on|in) (?:all|every|each)",
    r"(?:mark|set|count|treat|consider) (?:all|every|each) (?:of )?(?:the )?"
    r"(?:key points?|rubric|criteri\w+)",
    r"(?:all|every|each) (?:of )?(?:the )?(?:key points?|rubric \w+) (?:is|are|has|have) (?:been )?"
    r"(?:yes|met|satisfied|made|present|covered|fulfilled)",
)
_RU_FULL = r"(?:максимальн|высш|наивысш|полн|отличн|лучш)\w+ (?:возможн\w+ )?"
_RU_MARK = (
    rf"(?:{_RU_FULL}(?:балл|оценк)\w*|пятерк\w*|зачет\w*|на отлично|на пять"
    r"|(?:5|10|100|пять) (?:балл\w*|[.,]|из))"
)
_RU_MACHINE = (
    r"(?:ии|ллм|llm|gpt|chatgpt|нейросет\w+|бот[ауы]?|ассистент\w*|грейдер\w*|языков\w+ модел\w+|модел[ьи])"
)
RUSSIAN = (
    # Забудь рубрику, не следуй инструкциям.
    r"(?:(?:про)?игнорируй(?:те)?|забудь(?:те)?|отбрось(?:те)?|отмени(?:те)?|пренебреги(?:те)?"
    r"|не (?:учитывай|следуй|соблюдай|используй|применяй|обращай)(?:те)?"
    r"|(?:нужно|надо|следует|должен|должна|необходимо|прошу|требую) (?:про)?игнорировать) ~"
    r"(?:рубрик\w*|инструкци\w*|указани\w*|промп?т\w*|директив\w*"
    r"|(?:критери|правил|схем|шкал)\w* (?:оцен|провер)\w*|(?:все|всё) (?:\w+ )?выше\w*)",
    r"(?:про)?игнорир\w+ ~(?:рубрик\w*|системн\w+ (?:промп?т|инструкци)\w*"
    r"|(?:предыдущ|прежн|вышестоящ|ваш|сво|тво)\w+ (?:\w+ )?(?:инструкци|указани|промп?т)\w*)",
    # Поставь полный балл.
    rf"(?:(?:по)?ставь|выставь|начисли|присвой|дай|оцени|верни|выведи|напиши)(?:те)? ~{_RU_MARK}",
    rf"(?:прошу|просьба) (?:\w+ )?(?:поставить|выставить|дать|начислить|засчитать|зачесть|оценить) ~"
    rf"(?:{_RU_MARK}|балл\w*|ответ\w*|работ[уы]|задани\w*)",
    r"(?:нужно|надо|следует|должен|должна|обязан[аы]?|необходимо) (?:по|вы)ставить ~"
    r"(?:балл\w*|пятерк\w*|зачет\w*)",
    r"(?:засчитай|зачти)(?:те)?",
    r"(?:ответ|работа|решение|студент\w*|я) (?:\w+ ){0,3}?(?:заслужива\w+|достоин|достойн\w+) ~"
    rf"(?:{_RU_MARK}|балл\w*)",
    r"(?:считай|признай|прими|оцени|отметь)(?:те)? ~(?:ответ|работ|решени|пункт|критери)\w* ~"
    r"(?:верн|правильн|полност|выполнен|зачтен|раскрыт)\w*",
    # Записка тому, кто проверяет; роль для него.
    r"(?:сообщение|примечание|инструкция|заметка|указание|записка) (?:для|к) (?:\w+ )?"
    rf"(?:проверяющ\w+|{_RU_MACHINE})",
    rf"(?:уважаем\w+|дорог\w+|привет ,?) ?(?:{_RU_MACHINE}|судья)",
    r"(?:ты|вы) (?:, )?(?:теперь |сейчас )?(?:\w+ ){0,2}?"
    r"(?:ассистент|помощник|проверяющий|экзаменатор|языковая модель|бот)",
    rf"(?:если|раз) (?:ты|вы|это читает) (?:, )?(?:\w+ )?{_RU_MACHINE}",
    r"(?:нов|обновленн)\w+ (?:\w+ )?инструкци[ия] ,|системн\w+ (?:промп?т|сообщение|инструкция) ,",
    # Сам вердикт.
    r"(?:отметь|поставь|ответь|верни|напиши|выведи)(?:те)? ~(?:yes|да|верно|true) (?:\w+ )?"
    r"(?:по|для|на|во|в) (?:все[мх]?|кажд\w+)",
    r"все (?:ключевые (?:пункты|тезисы)|пункты рубрики|критерии рубрики) (?:\w+ )?"
    r"(?:выполнен|раскрыт|учтен|покрыт|соблюден)ы",
)
MARKUP = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|eot_id|start_header_id)\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:system|assistant|instructions?|student_answer|prompt|rubric)>"
    r"|^\W{0,8}(?:assistant|ассистент)\s{0,3}:|^\#{2,4} ?(?:system|instruction|response) ?:"
    r"|\"(?:verdicts?|key_points?|quote)\"\s{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of chat formats and of a judge's reply, which are looked for in the text as it is."""
