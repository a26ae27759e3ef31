"""Image files as pages: resolution, orientation, several pages, bombs."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from ingest.errors import BadInput
from ingest.ocr.raster import image_pages, page_size


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_the_resolution_of_the_file_gives_the_size(form: str) -> None:
    data = saved(Image.new("RGB", (1500, 900), "white"), form, dpi=(150, 150))
    (raster,) = image_pages(data)
    assert (raster.width, raster.height) == pytest.approx((720, 432), abs=1)
    assert page_size(data) == pytest.approx((720, 432), abs=1)
    assert raster.image.shape == (900, 1500, 3)
    assert raster.points == pytest.approx(0.48, abs=0.01)


def test_without_a_resolution_a_large_picture_is_a4_and_a_small_one_a_cut_out() -> None:
    large = saved(Image.new("L", (1654, 2339), 255), "PNG")
    (raster,) = image_pages(large)
    assert (raster.width, raster.height) == pytest.approx((595, 842), abs=2)
    small = saved(Image.new("L", (400, 100), 255), "PNG")
    (raster,) = image_pages(small)
    assert (raster.width, raster.height) == (400, 100)
    assert raster.image.shape[1] == 1200  # enlarged so that letters can be told apart


def test_orientation_noted_by_a_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.new("RGB", (1500, 1300), "white"), "JPEG", exif=exif, dpi=(200, 200))
    (raster,) = image_pages(data)
    assert raster.image.shape[:2] == (1500, 1300)
    assert (raster.width, raster.height) == pytest.approx(page_size(data))


def test_pages_of_a_tiff() -> None:
    images = [Image.new("1", (1300, 1300), n) for n in (1, 0, 1)]
    data = saved(images[0], "TIFF", save_all=True, append_images=images[1:])
    assert [int(r.image.mean()) for r in image_pages(data)] == [255, 0, 255]
    with pytest.raises(BadInput, match="3 pages, more than the 2"):
        list(image_pages(data, max_pages=2))


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_to_store_colours(mode: str) -> None:
    image = (
        Image.new(mode, (1300, 1300))
        if mode == "I;16"
        else Image.new("L", (1300, 1300)).convert(mode)
    )
    (raster,) = image_pages(saved(image, "TIFF"))
    assert raster.image.shape == (1300, 1300, 3)


def test_transparent_is_paper() -> None:
    (raster,) = image_pages(saved(Image.new("RGBA", (1300, 1300), (0, 0, 0, 0)), "PNG"))
    assert raster.image.min() == 255


def _bomb(width: int, height: int) -> bytes:
    """A PNG that names a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (14_000, 10_000)])
def test_bombs_are_refused_before_they_unpack(size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="too large"):
        list(image_pages(_bomb(*size)))


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\nnothing", _bomb(1300, 1300)[:60], b"\xff\xd8\xff"]
)
def test_damaged_files(data: bytes) -> None:
    with pytest.raises(BadInput, match="damaged"):
        list(image_pages(data))
