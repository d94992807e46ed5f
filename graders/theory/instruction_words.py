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
_WORK = "(?:answer|response|submission|essay|homework)s?"
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
    rf" (?:this|my|the student's) (?:\w+ )?{_WORK}",
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
    r"^(?:say|answer|output|return|reply|respond|mark) (?:with )?yes"
    r" (?:to|for|on|in) (?:all|every|each)",
    r"(?:mark|set|count|treat|consider) (?:all|every|each) (?:of )?(?:the )?"
    r"(?:key points?|rubric|criteri\w+)",
    r"(?:all|every|each) (?:of )?(?:the )?(?:key points?|rubric \w+) (?:is|are|has|have) (?:been )?"
    r"(?:yes|met|satisfied|made|present|covered|fulfilled)",
    # Words that an answer about networks has no use for.
    r"rubrics?|(?:ai|llm|automat\w+) (?:grader|evaluator|judge|marker|examiner)s?",
    r"(?:grading|marking) (?:assistant|model|bot|agent|purposes)",
    rf"(?:full|maximum|highest|top|perfect) (?:possible |available )?{_MARK}|full score",
    r"(?:give|award|return|output|this|response|answer|student) ~"
    r"(?:perfect|maximum possible|highest possible) score",
    rf"(?:this|my) (?:{_WORK}|student) ~(?:correct|excellent|perfect|approved|accepted|verified|valid)",
    r"(?:the |this )?student (?:has |have )?(?:met|satisfied|fulfilled|passed|earned|deserved?s?)",
    r"(?:end|begin\w*|start) of (?:the )?(?:student'?s? )?"
    r"(?:answer|response|submission|prompt|instructions?)",
    r"(?:instructions?|(?:grading|marking) \w+) ~(?:no longer apply|(?:do|does) not apply|are void)",
    r"(?:approved|verified|confirmed) ~by (?:the |a |my )?(?:professor|teacher|instructor|examiner)s?",
    # Orders to whoever marks.
    r"(?:^|(?<=[.] ))(?:grader|evaluator|marker|examiner|chatgpt|gpt|assistant) ,",
    r"^(?:ignore|disregard|forget) ~(?:told|said|written|wrote|stated)",
    r"^(?:ignore|disregard|forget) (?:\w+ ){0,2}(?:prior|previous|earlier)"
    r" (?:directions|orders|rules|messages)",
    r"(?:not|don't|never|stop|skip|without) (?:evaluat|grad|mark|judg|assess|verify|check)(?:e|ing)? "
    rf"(?:this|my) {_WORK}",
    r"^(?:assign|award|grant) me|give me (?:an? |the )?(?:\w+ )?"
    r"(?:marks?|credits?|grade|points?|score|pass)",
    r"(?:grade|mark|score) (?:me|accordingly|it accordingly)",
    rf"^(?:pass|approve|accept) (?:me|this student|(?:this|my) {_WORK})",
    r"^(?:set|mark) ~verdicts?|verdicts? ~yes",
    r"(?:return|output|reply|answer|say|respond) ~(?:yes|true) ~(?:all|every|each) (?:\w+ )?"
    r"(?:points?|criteri\w+)",
    r"your (?:\w+ )?(?:task|job|role|instructions?) (?:has|have|is|are) (?:changed|now)",
    r"you (?:will|must|should|are to|have to) (?:now )?"
    r"(?:act|behave|reply|grade|approve)",
    r"from now on (?:, )?(?:you|respond|reply|answer)",
    r"(?:the )?(?:checker|grader|evaluator|marker|examiner)s? (?:must|should|has to)",
    r"(?:grading|scoring|marking) (?:guide|policy|policies)|i need an a",
    r"(?:give|get|gets|need|want|deserves?) ~(?:best|good|high|higher|top) (?:marks?|grades?)",
    r"^(?:treat|assume|pretend|suppose|consider) ~(?:reference answer|answer key|model answer|rubric)",
    r"^(?:set|approve|accept|count|say|return|output|stop|let|be|treat|ignore|put|write|overlook|print) ~"
    r"(?:criteria aside|grader|this student|marks|lenient|generous|nice|every point"
    r"|complete answer)",
    r"answer key says|i am (?:the |an? )?(?:\w+ )?(?:author|professor|teacher|instructor|admin\w*)",
    r"(?:command|request|appeal|word) (?:to|for) (?:the |any )?(?:grader|evaluator|marker|examiner)s?",
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
    rf"(?:уважаем\w+|привет ,?) ?(?:{_RU_MACHINE}|судья)|дорог(?:ой|ая) (?:{_RU_MACHINE}|судья) ,",
    r"(?:ты|вы) (?:, )?(?:теперь |сейчас )?(?:\w+ ){0,2}?"
    r"(?:ассистент|помощник|проверяющий|экзаменатор|языковая модель|бот)",
    rf"(?:если|раз) (?:ты|вы|это читает) (?:, )?(?:(?:это|большая|тоже|просто) )?{_RU_MACHINE}",
    r"(?:нов|обновленн)\w+ (?:\w+ )?инструкци[ия] ,|системн\w+ (?:промп?т|сообщение|инструкция) ,",
    # Сам вердикт.
    r"(?:отметь|поставь|ответь|верни|напиши|выведи)(?:те)? ~(?:yes|да|верно|true) (?:\w+ )?"
    r"(?:по|для|на|во|в) (?:все[мх]?|кажд\w+)",
    r"все (?:ключевые (?:пункты|тезисы)|пункты рубрики|критерии рубрики) (?:\w+ )?"
    r"(?:выполнен|раскрыт|учтен|покрыт|соблюден)ы",
    # Слова, которым в ответе о сетях делать нечего.
    r"рубрик\w* ~(?:оцен|провер|ответ|распростран|примен)\w*|(?:требовани|критери|пункт)\w* рубрики",
    r"(?:этот|мой|данный) ответ(?! сет| модел) ~(?:верен|верн|правильн|отличн|безупречн|полон|принят)\w*",
    r"(?:оценк|балл)\w* за (?:этот|мой|данный) (?:ответ|вопрос)|мне ~(?:балл|зачет|пятерк)\w*",
    r"(?:преподавател|лектор|проверяющ|учител)\w* (?:\w+ )?(?:разрешил|велел|подтвердил|одобрил|утвердил)\w*",
    r"(?:инструкци|указани|критери|правил)\w* ~(?:отменен|недействительн|больше не действу|утратил)\w*",
    r"(?:пункт|тезис|критери)\w* ~вердикт\w*|вердикт\w* ~(?:yes|пункт\w*|тезис\w*)",
    # Приказы тому, кто проверяет.
    r"(?:^|(?<=[.] ))(?:проверяющ(?:ий|ие|ему|им)|грейдер) ,",
    r"(?:забудь|игнорируй|проигнорируй)(?:те)? ~(?:говорил|сказал|сказан|написан|велел)\w*",
    r"(?:не (?:проверяй|оценивай|суди)|пропусти)(?:те)? ~(?:ответ|работ|проверк|оценк|решени)\w*",
    r"(?:(?:по)?ставь|выставь|выдай|дай)(?:те)? ~"
    r"(?:максимум|балл\w*|зачет\w*|(?:хорош|максимальн|высш)\w+ оценк\w*)",
    r"(?:тво|ваш)\w* (?:нов|настоящ)\w+ (?:задача|роль|цель|инструкци)\w*",
    r"(?:ты|вы) (?:, )?(?:\w+ ){0,2}?(?:экзаменатор|проверяющий|судья|рецензент)",
    r"(?:про)?игнорируйте",
    r"(?:считай|прими)(?:те)? (?:, )?(?:что )?(?:\w+ )?(?:ответ(?! сет| модел)|студент)\w*",
    r"(?:отвечай|пиши|возвращай)(?:те)? ~(?:да|yes|верно)|(?:вернуть|поставить) ~yes",
    r"(?:^|(?<=[.] ))для (?:ии|llm|gpt|chatgpt|языковой модели) ,",
    r"(?:критери|правил)\w* (?:оцен|провер)\w+ ~(?:измен|обновл|отмен)\w*",
    r"(?:любой|каждый|этот|мой) ответ (?:получает|получит|должен получить) ~"
    r"(?:балл|оценк|зачет)\w*",
    r"(?:поставить|получает|получить) ~(?:высок|полн|максимальн|высш)\w+ балл\w*",
    r"(?:прими|зачти|считай|признай|подтверди|одобри|согласись|напиши|ответь|верни|выведи|сообщи|отключи"
    r"|пропусти|закрой|сделай|будь|присвой|оцени|отметь|не сверяй|не снижай|не занижай"
    r"|поставь|выставь|дай)(?:те)? ~"
    r"(?:балл|студент|тезис|рубрик|зачет|тройк|четверк|пятерк|yes|успех|снисходит|лоял)\w*",
    r"(?:нужно|надо|следует|прошу|просьба) (?:\w+ )?(?:зачесть|засчитать)",
    r"(?:команда|приказ|просьба|обращение) (?:для |к )?(?:проверяющ\w+|преподавател\w+)",
    r"я (?:, )?(?:\w+ )?(?:автор курса|преподаватель|администратор|разработчик)",
)
MARKUP = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|eot_id|start_header_id)\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:system|assistant|instructions?|student_answer|prompt|rubric)>"
    r"|^\W{0,8}(?:assistant|ассистент)\s{0,3}:|^\#{2,4} ?(?:system|instruction|response) ?:"
    r"|\b(?:score|mark|grade|балл\w*|оценк\w*|ставь\w*|поставь\w*)\W{1,3}(5|10|100)\s?(?:/|out of|из)\s?\1\b"
    r"|\"(?:verdicts?|key_points?|quote)\"\s{0,3}:",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of chat formats and of a judge's reply, which are looked for in the text as it is."""
