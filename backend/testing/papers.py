"""What stands on a paper that the program printed, as a reader of PDFs sees it."""

import re
import shutil
import subprocess

import pytest

_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def pages_of(pdf: bytes, *options: str) -> list[str]:
    """The text of each page, with single spaces; `options` are those of pdftotext."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run(  # noqa: S603
        ["pdftotext", *options, "-enc", "UTF-8", "-", "-"],  # noqa: S607
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout.decode()
    plain = _DIRECTION_MARKS.sub("", text)
    return [" ".join(page.split()) for page in plain.split("\f")[:-1]]
