#!/usr/bin/env python3
"""Makes the fonts of this folder: `pip install fonttools`, Debian's fonts-noto-core and fonts-noto-cjk, then run this."""

from fontTools import subset

NOTO = "/usr/share/fonts"


def ranges(*pairs):
    return {code for first, last in pairs for code in range(first, last + 1)}


def encoded(codec, leads, trails):
    """The characters of a double-byte encoding in these rows."""
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                found.add(ord(bytes([lead, trail]).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                pass
    return found


# Latin with Vietnamese and African letters, Greek, Cyrillic; marks, punctuation, currencies, arrows.
EUROPEAN = ranges(
    (0x20, 0x7E), (0xA0, 0x3FF), (0x400, 0x52F), (0x1AB0, 0x1AFF), (0x1C80, 0x1C8F), (0x1D00, 0x1FFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2190, 0x2193), (0x2200, 0x22FF),
    (0x25CC, 0x25CC), (0x2C60, 0x2C7F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F), (0xA720, 0xA7FF), (0xFB00, 0xFB06),
)
ARABIC = ranges((0x20, 0x7E), (0xA0, 0xBF), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0x200C, 0x200F), (0x2010, 0x201E), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
# GB 2312, which has kana too; the traditional characters in common use (Big5, level 1); some that stand in names besides;
# punctuation and full-width forms.
CHINESE = (
    encoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    | encoded("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    | {ord(c) for c in "喆堃璟瑄玥昇彧翀犇淼焱垚甯邰郄逄麴佘阚芈昝亓仝嬴璐珺婧妤苡芃菡晞煜烨煊暄昀昕钰铄镕珞琰琬瑀禛祎翊翎骁骐龑燚赟韫頔頫"}
) - EUROPEAN | ranges((0x3000, 0x303F), (0xFF01, 0xFF5E)) | {0x20, 0xB7}


def make(source, number, codes, target):
    options = subset.Options(
        font_number=number, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        layout_features=[] if codes is CHINESE else ["*"],
        drop_tables=["DSIG", "vhea", "vmtx", "VORG", "BASE"], timing=False, glyph_names=False, legacy_kern=False,
    )
    options.recalc_timestamp = False
    font = subset.load_font(f"{NOTO}/{source}", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    make("truetype/noto/NotoSans-Regular.ttf", 0, EUROPEAN, "NotoSans-Regular.ttf")
    make("truetype/noto/NotoNaskhArabic-Regular.ttf", 0, ARABIC, "NotoNaskhArabic-Regular.ttf")
    make("opentype/noto/NotoSansCJK-Regular.ttc", 2, CHINESE, "NotoSansSC-Regular.otf")
