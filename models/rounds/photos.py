"""Photos of rounds: taken only where the plan asks for one at each point, and each for one point."""

from domain.access import Viewer
from domain.files import KINDS
from domain.refusals import RefusalCode, Refused
from domain.rounds import RoundState, invalid
from domain.words import Text
from models.files.rows import File
from models.permits import found, not_found

from .rows import Round, RoundPlan, RoundScan

PICTURES = frozenset(kind for kind in KINDS if kind.startswith("image/"))


async def check_wanted(round_: Round) -> None:
    """Refuses (ILLEGAL_MOVE) to take a photo of a round that nobody is on, and (INVALID) one that no plan asks for."""
    if round_.state is not RoundState.UNDER_WAY:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text(f"The round is {round_.state}: nobody is on the way.", f"该巡查{round_.state.zh}，未在进行中。"),
            path=("subject",),
            hint=Text("Set out first (roundStart).", "请先开始巡查（roundStart）。"),
        )
    if not (await RoundPlan.get(id=round_.plan_id)).asks_photo:
        raise _unwanted("subject")


async def check_photo(viewer: Viewer, round_: Round, plan: RoundPlan, photo_id: str | None) -> None:
    """Refuses (INVALID) a photo that is missing where one is asked for, one that is not, and one that was used for another
    point; (NOT_FOUND) what was not attached to this round."""
    if not plan.asks_photo:
        if photo_id is not None:
            raise _unwanted("photo_id")
        return
    if photo_id is None:
        raise invalid(
            ("photo_id",),
            Text("There is no photo.", "缺少照片。"),
            Text("Attach one to the round (POST /files), and name it here.", "请先上传照片（POST /files），再填写其编号。"),
        )
    file = await found(File, photo_id, viewer, path=("photo_id",))
    if file.subject_id != round_.id or file.removed_at is not None:
        raise not_found(("photo_id",))
    if file.media_type not in PICTURES or await RoundScan.exists(photo_id=photo_id):
        raise invalid(
            ("photo_id",),
            Text("This is no photo of this point.", "该附件不是此点位的照片。"),
            Text("Take one for each point: JPEG, PNG or WebP.", "请为每个点位各拍一张照片（JPEG、PNG 或 WebP）。"),
        )


def _unwanted(field: str) -> Refused:
    return invalid(
        (field,),
        Text("No photo is asked for.", "此计划不要求拍照。"),
        Text("Leave it out; the scan is enough.", "请勿上传照片，扫码即可。"),
    )
