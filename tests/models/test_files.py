"""Files: what is kept of a content, who may attach and remove, and what the clock clears away."""

import asyncio
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from domain.access import ANONYMOUS, Role, Viewer
from domain.refusals import RefusalCode, Refused
from models import Fact, File, Ticket
from models.files import (
    Attached,
    Folder,
    Missing,
    NoRoom,
    acts,
    attach,
    cleaning,
    clear_removed,
    drop_orphans,
    may_attach,
    readable,
    remove,
)
from models.files.cleaning import clean
from models.ids import new_id
from models.viewers import viewer_of
from settings import Settings
from tests.builders import a_building, a_community, a_company_serving, a_compound, a_home, a_ticket, a_unit, an_account

from .pictures import PDF, SECRET, a_picture, opened, with_a_place


class World:
    """A ticket that a resident opened, and who has to do with it."""

    def __init__(self, ticket: Ticket, store: Folder, viewers: dict[str, Viewer]) -> None:
        self.ticket, self.store, self.viewers = ticket, store, viewers

    async def attach(self, who: str, content: bytes | None = None, name: str = "leak.jpg") -> Attached:
        with self.store.spooled() as sent:
            sent.write_bytes(a_picture() if content is None else content)
            return await attach(self.viewers[who], self.ticket.id, name, sent, self.store)

    async def content(self, file: File) -> bytes:
        return b"".join([piece async for piece in self.store.read(file.id)])


@pytest.fixture
async def world(database: Settings, tmp_path: Path) -> World:
    community = await a_community()
    compound = await a_compound(community)
    accounts = {
        "resident": await an_account(Role.RESIDENT, home=await a_home(await a_unit(await a_building(compound)))),
        "neighbour": await an_account(Role.RESIDENT, home=await a_home(await a_unit(await a_building(compound)))),
        "company": await an_account(Role.COMPANY_STAFF, organisation=await a_company_serving(compound)),
        "foreign": await an_account(Role.COMPANY_STAFF, organisation=await a_company_serving(await a_compound(community))),
        "committee": await an_account(Role.COMMITTEE_MEMBER, compound=compound),
    }
    ticket = await a_ticket(compound, opened_by_id=accounts["resident"].id)
    viewers = {name: await viewer_of(account.id) or ANONYMOUS for name, account in accounts.items()}
    return World(ticket, Folder(database.model_copy(update={"data": tmp_path})), viewers)


# what is kept


def cleaned(content: bytes, folder: Path) -> tuple[str, bytes]:
    (folder / "sent").write_bytes(content)
    media_type = clean(folder / "sent", folder / "kept")
    return media_type, (folder / "kept").read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_upright_and_without_where_it_was_made(kind: str, tmp_path: Path):
    sent = with_a_place(kind)
    assert SECRET in sent
    media_type, kept = cleaned(sent, tmp_path)
    assert media_type == f"image/{kind.lower()}"
    assert b"PLACE" not in kept
    picture = opened(kept)
    assert picture.format == kind
    assert picture.size == (20, 40)
    assert not picture.getexif()
    assert set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "loop",
        "background",
        "timestamp",
        "duration",
    }
    pixel: Any = picture.convert("RGB").getpixel((10, 5))
    assert pixel[0] > 150 > pixel[2]


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_pictures_of_every_colour_model_are_kept(kind: str, mode: str, tmp_path: Path):
    media_type, kept = cleaned(a_picture(kind, mode=mode), tmp_path)
    assert media_type == f"image/{kind.lower()}"
    assert opened(kept).size == (40, 20)


def test_of_several_pictures_in_one_file_the_first_is_kept(tmp_path: Path):
    first, second = opened(a_picture()), Image.new("RGB", (40, 20))
    for kind, found in (("MPO", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP")):
        sent = BytesIO()
        first.save(sent, kind, save_all=True, append_images=[second])
        _, kept = cleaned(sent.getvalue(), tmp_path)
        assert (opened(kept).format, getattr(opened(kept), "n_frames", 1)) == (found, 1)


def test_what_is_hidden_in_a_picture_goes(tmp_path: Path):
    page = b"<html><script>alert(1)</script></html>"
    _, kept = cleaned(a_picture("PNG") + page, tmp_path)
    assert b"script" not in kept


def test_a_pdf_is_kept_as_it_is(tmp_path: Path):
    assert cleaned(PDF, tmp_path) == ("application/pdf", PDF)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"just words", id="text"),
        pytest.param(b"<html><script>alert(1)</script></html>", id="page"),
        pytest.param(b"%PDF-1.7 and no end", id="half a pdf"),
        pytest.param(b"<html>%PDF-1.7\n%%EOF", id="a page that calls itself a pdf"),
        pytest.param(a_picture("GIF"), id="gif"),
        pytest.param(a_picture("BMP"), id="bmp"),
        pytest.param(a_picture("TIFF"), id="tiff"),
        pytest.param(a_picture(size=(400, 400))[:-2_000], id="half a jpeg"),
        pytest.param(a_picture("PNG", size=(400, 400))[:-60], id="half a png"),
        pytest.param(a_picture("WEBP", size=(400, 400))[:-60], id="half a webp"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, id="a head and nothing"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\xff" * 1_000, id="a jpeg of noise"),
        pytest.param(a_picture() + b"\xff\xda" * 200, id="a jpeg of many passes"),
        pytest.param(b"PK\x03\x04" + b"\0" * 100, id="zip"),
    ],
)
def test_everything_else_is_refused(content: bytes, tmp_path: Path):
    with pytest.raises(Refused) as refused:
        cleaned(content, tmp_path)
    assert refused.value.code is RefusalCode.INVALID


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(cleaning.PIXELS, "JPEG", 799)
    with pytest.raises(Refused, match="million pixels"):
        cleaned(a_picture(), tmp_path)
    for kind in ("PNG", "WEBP"):
        with pytest.raises(Refused, match="16 million pixels"):
            cleaned(a_picture(kind, (4_001, 4_000)), tmp_path)
    huge = bytearray(a_picture("PNG"))
    huge[16:24] = (60_000).to_bytes(4) * 2
    with pytest.raises(Refused):
        cleaned(bytes(huge), tmp_path)


async def test_many_files_of_one_account_wait_for_each_other_and_not_everybody_for_them(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    started, go_on = threading.Event(), threading.Event()
    cleaned: list[bytes] = []

    def slowly(sent: Path, target: Path) -> str:
        started.set()
        assert go_on.wait(10)
        cleaned.append(sent.read_bytes()[:1])
        return clean(sent, target)

    subject = replace(acts.SUBJECTS[Ticket.prefix], clean=slowly)
    monkeypatch.setattr(acts, "SUBJECTS", {Ticket.prefix: subject})
    many = [asyncio.create_task(world.attach("resident", b"%d" % n)) for n in range(3)]
    await asyncio.to_thread(started.wait, 10)
    another = asyncio.create_task(world.attach("company", b"company"))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*many, another, return_exceptions=True)
    assert cleaned == [b"0", b"c", b"1", b"2"]


# the store


async def test_a_content_is_private_whole_and_found_under_its_id_alone(world: World):
    file = (await world.attach("resident")).file
    (path,) = [path for path in world.store._root.rglob("*") if path.is_file()]  # pyright: ignore[reportPrivateUsage]
    assert path.parts[-2:] == (file.id[-2:], file.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    content = await world.content(file)
    assert (len(content), opened(content).format) == (file.size, "JPEG")


async def test_a_name_that_is_no_id_leads_nowhere(tmp_path: Path):
    store = Folder(Settings(data=tmp_path))
    for file_id in ("../../secret.key", "fil_../../../../secret.key", "", "fil_" + "z" * 26, "tkt"):
        with pytest.raises(Missing):
            await anext(store.read(file_id))


async def test_a_full_disk_takes_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("models.files.store._SPARE", 2**62)
    with pytest.raises(NoRoom):
        await world.attach("resident")


# acts


async def test_who_may_comment_may_attach_and_it_is_on_record(world: World):
    for who in ("resident", "company", "committee"):
        file = (await world.attach(who, a_picture("PNG"), "../漏水.png")).file
        assert (file.name, file.media_type, file.audience_id) == ("漏水.png", "image/png", world.ticket.opened_by_id)
        fact = await Fact.filter(action="fileAttach").order_by("-at").first()
        assert fact is not None
        assert (fact.subject_id, fact.actor) == (world.ticket.id, world.viewers[who].account_id)
        assert fact.after == {"file": file.id, "media_type": "image/png", "size": file.size}
        assert "漏水" not in str(fact.words)


@pytest.mark.parametrize("who", ["neighbour", "foreign"])
async def test_to_others_the_ticket_and_its_files_are_not_there(world: World, who: str):
    file = (await world.attach("resident")).file
    for subject in (world.ticket.id, new_id("tkt"), file.id, "", "tkt_x"):
        with pytest.raises(Refused) as refused:
            await may_attach(world.viewers[who], subject)
        assert (refused.value.code, refused.value.path) == (RefusalCode.NOT_FOUND, ("subject",))
    with pytest.raises(Refused) as refused:
        await world.attach(who)
    assert refused.value.code is RefusalCode.NOT_FOUND
    with pytest.raises(Refused) as refused:
        await remove(world.viewers[who], file.id)
    assert refused.value.code is RefusalCode.NOT_FOUND
    assert await readable(world.viewers[who], [file.id]) == {}
    assert len(await world.store.kept_before(datetime.now(UTC) + timedelta(hours=1))) == 1


async def test_the_same_content_from_the_same_person_is_one_file(world: World):
    first, again, other = await world.attach("resident"), await world.attach("resident"), await world.attach("company")
    assert (first.anew, again.anew, other.anew) == (True, False, True)
    assert first.file.id == again.file.id != other.file.id
    assert len(await world.store.kept_before(datetime.now(UTC) + timedelta(hours=1))) == 2


async def test_a_ticket_has_so_many_files_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("models.files.acts.MOST", 1)
    await world.attach("resident")
    with pytest.raises(Refused) as refused:
        await world.attach("company")
    assert refused.value.code is RefusalCode.CONFLICT


async def test_a_file_is_removed_by_who_attached_it_or_handles_the_ticket(world: World):
    own, handled = (await world.attach("committee")).file, (await world.attach("resident")).file
    with pytest.raises(Refused) as refused:
        await remove(world.viewers["committee"], handled.id)
    assert refused.value.code is RefusalCode.FORBIDDEN
    for who, file in (("committee", own), ("company", handled)):
        removed = await remove(world.viewers[who], file.id)
        assert (removed.name, removed.removed_at is not None) == ("", True)
        assert await readable(world.viewers["resident"], [file.id]) == {}
    with pytest.raises(Refused) as refused:
        await remove(world.viewers["company"], own.id)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    assert await Fact.filter(action="fileRemove", subject_id=world.ticket.id).count() == 2


# the clock


async def test_the_content_of_a_removed_file_goes_when_its_days_are_over(world: World):
    gone, kept = (await world.attach("resident")).file, (await world.attach("company")).file
    await remove(world.viewers["resident"], gone.id)
    assert await clear_removed(world.store, datetime.now(UTC) - timedelta(days=1)) == 0
    assert await clear_removed(world.store, datetime.now(UTC)) == 1
    assert await clear_removed(world.store, datetime.now(UTC)) == 0
    with pytest.raises(Missing):
        await anext(world.store.read(gone.id))
    assert await world.content(kept)
    assert (await File.get(id=gone.id)).cleared_at is not None


async def test_what_a_killed_process_left_goes_after_an_hour(world: World):
    kept, orphan = (await world.attach("resident")).file, new_id("fil")
    with world.store.spooled() as sent:
        sent.write_bytes(PDF)
        await world.store.keep(orphan, sent)
    spool = world.store._spool / "half"  # pyright: ignore[reportPrivateUsage]
    spool.write_bytes(b"half a fi")
    now = datetime.now(UTC)
    assert (await drop_orphans(world.store, now), await world.store.sweep_spool(now - timedelta(hours=1))) == (0, 0)
    later = now + timedelta(hours=2)
    assert (await drop_orphans(world.store, later), await world.store.sweep_spool(later - timedelta(hours=1))) == (1, 1)
    with pytest.raises(Missing):
        await anext(world.store.read(orphan))
    assert await world.content(kept)
    assert os.listdir(spool.parent) == []  # noqa: PTH208
