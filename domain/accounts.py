"""Accounts: who or what they stand for, and how a client of theirs is named."""

import re

from .words import Text, Word


class AccountKind(Word):
    """Who logs in."""

    PERSON = "PERSON", "人员", "A person, with a password or an identity of an issuer."
    SERVICE = "SERVICE", "服务账号", "A machine, with API tokens and no password."


#: Marks of programs in a User-Agent, the telling ones first: most claim to be Mozilla, Chrome and Safari too.
_FAMILIES = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
    ("node", "Node.js"),
    ("okhttp", "Android"),
)
UNKNOWN_CLIENT = "unknown"
COMMAND_LINE = "command line"

#: The name of an account that was erased; it is stored in Chinese, the street's language.
ERASED = Text("Erased account", "已注销用户")

#: Characters that a log-in name may be made of: it is typed on phones and read aloud.
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38}[a-z0-9])")


def client_family(user_agent: str) -> str:
    """The family of the program that calls itself so (``Firefox``, ``WeChat``); nothing else of it is kept."""
    told = user_agent[:500].lower()
    return next((family for mark, family in _FAMILIES if mark.lower() in told), UNKNOWN_CLIENT)


def is_login(text: str) -> bool:
    """Whether a new account may be called so: 3 to 40 small letters, digits, ``.``, ``_`` and ``-``, none of these at an end."""
    return _LOGIN.fullmatch(text) is not None
