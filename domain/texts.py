"""What a person wrote, made fit to be kept."""

from .refusals import RefusalCode, Refused
from .words import Text


def written(value: str, field: str, most: int, *, least: int = 1) -> str:
    """``value`` without the blanks around it, ``least`` to ``most`` characters long.

    Refuses (INVALID, naming ``field``) a text that is too short or too long, or that holds a character which no
    database can keep: NUL or half of a surrogate pair.
    """
    text = value.strip()
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise Refused(
            RefusalCode.INVALID,
            Text("The text holds a character that cannot be stored.", "文本含有无法保存的字符。"),
            path=(field,),
            hint=Text("Remove NUL characters (U+0000) and broken emoji.", "请删除空字符（U+0000）和不完整的表情符号。"),
        )
    if not least <= len(text) <= most:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"The text has {len(text)} characters.", f"文本共 {len(text)} 个字符。"),
            path=(field,),
            hint=Text(f"Write {least} to {most} characters.", f"请填写 {least} 到 {most} 个字符。"),
        )
    return text
