"""Staffed posts (值守岗位): control rooms and guard posts, and who stands there."""

from .keeping import add_post, end_post, set_hours, set_staff
from .rows import Post, PostStint
from .staffing import settle, settle_all
from .stints import begin_stint, end_stint, forget_stints, hand_over

__all__ = [
    "Post",
    "PostStint",
    "add_post",
    "begin_stint",
    "end_post",
    "end_stint",
    "forget_stints",
    "hand_over",
    "set_hours",
    "set_staff",
    "settle",
    "settle_all",
]
