"""`Photo`: the picture everything is made of, and its file."""

import io
import stat
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from parallax.array import check_array
from parallax.camera import DEFAULT_FOV_DEG, Intrinsics
from parallax.errors import PhotoError

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "BMP", "GIF")  # none runs other programs
HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
FULL_FRAME_DIAGONAL_MM = 43.2666  # of 36 × 24 mm, which "35 mm equivalent" refers to
PLAUSIBLE_FOV_DEG = (3.0, 120.0)  # EXIF outside it is a mistake of the software that wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoParams:
    """What is accepted as a photo."""

    min_side_px: int = 16
    """Less has no structure to build from."""
    max_pixels: int = 150_000_000
    """Refused before decoding, so that a small file cannot fill the memory."""
    background_srgb8: tuple[int, int, int] = (255, 255, 255)
    """What shows through transparent pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A picture, upright, in sRGB.

    Attributes:
        srgb8: uint8 (H, W, 3).
        alpha8: uint8 (H, W), how much of each pixel is there; `srgb8` shows the background through
            the rest. None where all of it is.
        focal_px: Focal length in pixels of `srgb8`, None where the file does not say.
        name: What to call it in messages.
        warnings: What was found odd while reading, one sentence each.
    """

    srgb8: NDArray[np.uint8]
    focal_px: float | None = None
    name: str = "photo"
    warnings: tuple[str, ...] = field(default=())
    alpha8: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        srgb8 = check_array("Photo.srgb8", self.srgb8, np.uint8, ("H", "W", 3))
        object.__setattr__(self, "srgb8", srgb8)
        if self.alpha8 is not None:
            alpha8 = check_array("Photo.alpha8", self.alpha8, np.uint8, srgb8.shape[:2])
            object.__setattr__(self, "alpha8", alpha8)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height."""
        return self.srgb8.shape[1], self.srgb8.shape[0]

    def intrinsics(self, *, fov_deg: float | None = None) -> Intrinsics:
        """The camera that took it: as told, or as the file says, or a usual one.

        Args:
            fov_deg: Vertical field of view, if known better than the file knows it.
        """
        if fov_deg is None and self.focal_px is not None:
            return Intrinsics(self.size_wh, self.focal_px)
        return Intrinsics.from_fov(self.size_wh, fov_deg or DEFAULT_FOV_DEG)

    def resized(self, size_wh: tuple[int, int]) -> "Photo":
        """The photo at another size: averaged where it shrinks, Lanczos where it grows."""
        if size_wh == self.size_wh:
            return self
        shrinks = size_wh[0] < self.size_wh[0]
        flag = cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4
        srgb8 = cv2.resize(self.srgb8, size_wh, interpolation=flag).astype(np.uint8, copy=False)
        alpha8 = self.alpha8
        if alpha8 is not None:
            alpha8 = np.asarray(cv2.resize(alpha8, size_wh, interpolation=flag), np.uint8)
        scale = size_wh[1] / self.size_wh[1]
        focal_px = None if self.focal_px is None else self.focal_px * scale
        return Photo(srgb8, focal_px, self.name, self.warnings, alpha8)


def load_photo(path: Path, *, params: PhotoParams | None = None) -> Photo:
    """The photo in a file: JPEG, PNG, WebP, TIFF, AVIF, BMP or GIF, whatever its name ends in.

    HEIC too, where pillow-heif is installed.

    Turned upright by its EXIF, converted to sRGB by its ICC profile, 16 bits rounded to 8,
    transparency laid on a background.

    Raises:
        PhotoError: Missing, not a picture, damaged, too small or too large.
    """
    params = params or PhotoParams()
    data = _read_regular_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; odd pixels raise
        try:
            with Image.open(io.BytesIO(data), formats=_formats_of(data)) as image:
                _check_size(path, image, params)
                return _decode(path, data, image, params)
        except UnidentifiedImageError as error:
            raise PhotoError(f"{path}: {_what_else_it_is(data)}") from error
        except Image.DecompressionBombError as error:
            raise PhotoError(
                f"{path}: expected at most {params.max_pixels / 1e6:.0f} megapixels, got more; "
                "scale the picture down"
            ) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise PhotoError(f"{path}: expected a whole picture, got {error}") from error


def _read_regular_file(path: Path) -> bytes:
    """The bytes of a file; refuses folders, pipes and devices, which could hang."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise PhotoError(f"{path}: expected a photo, got nothing there") from error
    except OSError as error:
        raise PhotoError(f"{path}: expected a readable photo, got {error.strerror}") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "something that is not a plain file"
        raise PhotoError(f"{path}: expected a photo, got {kind}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PhotoError(f"{path}: expected a readable photo, got {error.strerror}") from error
    if not data:
        raise PhotoError(f"{path}: expected a photo, got an empty file")
    return data


def _formats_of(data: bytes) -> tuple[str, ...]:
    """What Pillow may take the bytes for; it learns HEIC from an extra, if that is there."""
    if not _is_heif(data):
        return FORMATS
    try:
        import pillow_heif
    except ImportError:
        return FORMATS
    pillow_heif.register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def _what_else_it_is(data: bytes) -> str:
    """A guess at why Pillow does not know it, with the way out."""
    if _is_heif(data):
        return (
            "expected a JPEG, PNG or WebP photo, got HEIC; "
            "run: pip install 'parallax-film[heif]', or convert it to JPEG"
        )
    if data[:2] == b"\xff\x0a" or data[4:8] == b"JXL ":
        return "expected a JPEG, PNG or WebP photo, got JPEG XL; convert it to JPEG first"
    return f"expected a picture ({', '.join(FORMATS)}), got something else"


def _check_size(path: Path, image: Image.Image, params: PhotoParams) -> None:
    """Refuses by the header, before a pixel is decoded."""
    width, height = image.size
    if min(width, height) < params.min_side_px:
        raise PhotoError(
            f"{path}: expected at least {params.min_side_px} pixels a side, got {width}×{height}"
        )
    if width * height > params.max_pixels:
        raise PhotoError(
            f"{path}: expected at most {params.max_pixels / 1e6:.0f} megapixels, "
            f"got {width}×{height}; scale the picture down"
        )


def _decode(path: Path, data: bytes, image: Image.Image, params: PhotoParams) -> Photo:
    """The photo of an opened file."""
    notes: list[str] = []
    num_pictures = getattr(image, "n_frames", 1)
    if num_pictures > 1 and image.format != "MPO":
        notes.append(f"{path}: holds {num_pictures} pictures, the first is used")
    focal_mm = _focal_35mm(image)
    profile = image.info.get("icc_profile")
    image = _to_8_bits(data, image, notes, path)
    image = ImageOps.exif_transpose(image)
    image = _to_srgb(image, profile, notes, path)
    alpha8 = None
    if image.mode == "RGBA":
        if image.getchannel("A").getextrema() != (255, 255):
            alpha8 = np.array(image.getchannel("A"), np.uint8)
            notes.append(
                f"{path}: transparent pixels are laid on {params.background_srgb8} "
                "wherever transparency cannot be kept"
            )
        ground = Image.new("RGBA", image.size, (*params.background_srgb8, 255))
        image = Image.alpha_composite(ground, image).convert("RGB")
    srgb8 = np.array(image, np.uint8)
    return Photo(srgb8, _focal_px(focal_mm, image.size), path.name, tuple(notes), alpha8)


def _to_8_bits(data: bytes, image: Image.Image, notes: list[str], path: Path) -> Image.Image:
    """The picture as L, RGB, RGBA or CMYK with 8 bits, rounded, with its EXIF still on it."""
    exif = image.getexif()
    if image.mode == "F":
        levels = np.asarray(image, np.float32)
        if not (np.isfinite(levels).all() and levels.min() >= 0 and levels.max() <= 1):
            notes.append(f"{path}: values that are no brightness from 0 to 1 are cut off")
        levels = np.nan_to_num(levels, nan=0.0, posinf=1.0, neginf=0.0)
        eight = Image.fromarray(np.rint(np.clip(levels, 0, 1) * 255).astype(np.uint8))
    elif image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.float32)
        eight = Image.fromarray(np.rint(np.clip(levels / 257, 0, 255)).astype(np.uint8))
    elif _is_16_bit_color(image):
        # Pillow would cut the low byte off instead of rounding; OpenCV keeps both
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if raw is None or raw.dtype != np.uint16 or raw.ndim != 3:
            return image
        order = cv2.COLOR_BGRA2RGBA if raw.shape[2] == 4 else cv2.COLOR_BGR2RGB
        eight = Image.fromarray(np.rint(cv2.cvtColor(raw, order) / 257).astype(np.uint8))
    elif image.mode in ("RGB", "RGBA", "CMYK", "L"):
        return image
    else:
        transparent = "A" in image.mode or "a" in image.mode or "transparency" in image.info
        return image.convert("RGBA" if transparent else "RGB")
    eight.getexif().update(exif)
    return eight


def _is_16_bit_color(image: Image.Image) -> bool:
    """Whether a picture that Pillow opens as 8 bits holds 16 bits a colour."""
    tiles = getattr(image, "tile", None)
    if image.mode not in ("RGB", "RGBA") or not tiles:
        return False
    arguments = tiles[0][3]
    raw_mode = arguments[0] if isinstance(arguments, tuple) else arguments
    return isinstance(raw_mode, str) and ";16" in raw_mode


def _to_srgb(
    image: Image.Image, profile: bytes | None, notes: list[str], path: Path
) -> Image.Image:
    """The picture as RGB or RGBA in sRGB, by its ICC profile where that works."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    opaque = image.convert("RGB") if alpha else image
    converted = None
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                opaque, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, ValueError, OSError):
            notes.append(f"{path}: the colour profile does not fit the picture, sRGB is assumed")
    srgb = converted if converted is not None else opaque.convert("RGB")
    if alpha:
        srgb.putalpha(alpha)
    return srgb


def _focal_35mm(image: Image.Image) -> float | None:
    """The 35-mm equivalent focal length that the EXIF names, in mm."""
    value: Any = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.FocalLengthIn35mmFilm)
    try:
        focal_mm = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return focal_mm if focal_mm > 0 else None


def _focal_px(focal_mm: float | None, size_wh: tuple[int, int]) -> float | None:
    """Focal length in pixels of a 35-mm equivalent, by the diagonal, if plausible."""
    if focal_mm is None:
        return None
    diagonal_px = float(np.hypot(*size_wh))
    focal_px = focal_mm / FULL_FRAME_DIAGONAL_MM * diagonal_px
    fov_deg = Intrinsics(size_wh, focal_px).fov_deg
    return focal_px if PLAUSIBLE_FOV_DEG[0] <= fov_deg <= PLAUSIBLE_FOV_DEG[1] else None
