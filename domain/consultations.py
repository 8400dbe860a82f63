"""Consultations: questions put to homes before something is decided for all of them, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .refusals import RefusalCode, Refused
from .texts import written
from .words import Text, Word

QUESTIONS_MAX, OPTIONS_MAX = 20, 10
QUESTION_MAX, OPTION_MAX, REMARK_MAX = 300, 80, 500


class ConsultationState(Word):
    """Where a consultation stands."""

    OPEN = "OPEN", "征询中", "Homes answer."
    CLOSED = "CLOSED", "已结束", "Nobody answers any more; what came of it is told."


@dataclass(frozen=True)
class Question:
    """A question, with the options of which a home chooses one."""

    text: str
    options: tuple[str, ...]


def check_questions(asked: Sequence[Question]) -> tuple[Question, ...]:
    """The questions as they are kept. Refuses (INVALID, ``questions``) none, too many, empty text, and fewer than two options or
    the same twice."""
    if not 1 <= len(asked) <= QUESTIONS_MAX:
        raise _invalid(
            "questions",
            Text(f"There are {len(asked)} questions.", f"共 {len(asked)} 个问题。"),
            Text(f"Ask 1 to {QUESTIONS_MAX}.", f"请设置 1 到 {QUESTIONS_MAX} 个问题。"),
        )
    return tuple(_question(each) for each in asked)


def _question(asked: Question) -> Question:
    options = tuple(written(each, "questions", OPTION_MAX) for each in asked.options)
    if not 2 <= len(options) <= OPTIONS_MAX or len(set(options)) < len(options):
        raise _invalid(
            "questions",
            Text("A question has two options at least, each once.", "每个问题至少有两个不同的选项。"),
            Text(f"Give 2 to {OPTIONS_MAX} different options.", f"请填写 2 到 {OPTIONS_MAX} 个不同的选项。"),
        )
    return Question(written(asked.text, "questions", QUESTION_MAX), options)


def check_until(until: date, today: date) -> None:
    """Refuses (INVALID) a last day that has passed."""
    if until < today:
        raise _invalid(
            "until",
            Text(f"The last day, {until}, has passed.", f"截止日期 {until} 已过。"),
            Text("Give today or a later day.", "请填写今天或以后的日期。"),
        )


def check_answers(questions: Sequence[Question], chosen: Sequence[int | None]) -> list[int | None]:
    """What a home chose: for each question the option's number from 0, or None. Refuses (INVALID) what was not asked."""
    fits = len(chosen) == len(questions) and all(
        pick is None or 0 <= pick < len(question.options) for question, pick in zip(questions, chosen, strict=True)
    )
    if fits and any(pick is not None for pick in chosen):
        return list(chosen)
    raise _invalid(
        "answers",
        Text("That is no answer to these questions.", "答复与问题不符。"),
        Text(
            f"Give {len(questions)} numbers in the order of the questions: the option, from 0; null for none; one at least.",
            f"请按问题顺序填写 {len(questions)} 个选项序号（从 0 开始），未选填 null，至少回答一题。",
        ),
    )


def counted(questions: Sequence[Question], answers: Iterable[Sequence[int | None]]) -> list[dict[str, object]]:
    """Of each question how many homes chose which option, and how many none."""
    tallies = [[0] * len(question.options) for question in questions]
    silent = [0] * len(questions)
    for chosen in answers:
        for n, pick in enumerate(chosen):
            if pick is None:
                silent[n] += 1
            else:
                tallies[n][pick] += 1
    return [
        {"question": question.text, "options": dict(zip(question.options, tally, strict=True)), "none": none}
        for question, tally, none in zip(questions, tallies, silent, strict=True)
    ]


def kept(questions: Sequence[Question]) -> list[dict[str, object]]:
    """The questions as a JSON column holds them."""
    return [{"text": each.text, "options": list(each.options)} for each in questions]


def read(stored: Iterable[Mapping[str, object]]) -> tuple[Question, ...]:
    """What ``kept`` wrote."""
    made: list[Question] = []
    for each in stored:
        options = each["options"]
        assert isinstance(options, list)
        made.append(Question(str(each["text"]), tuple(map(str, options))))  # pyright: ignore[reportUnknownArgumentType]
    return tuple(made)


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
