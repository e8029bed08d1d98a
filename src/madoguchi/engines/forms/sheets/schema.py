"""The shape of ``sheets/<form_id>.yaml``: how a form is laid out on paper (様式第n号). Pure: no Django.

Two ways: ``blocks`` — a ruled table whose lines are cells with widths in 24ths of the paper's measure — or ``boxes`` at
exact places over a blank paper (``background``, SVG files of the same folder, one for each page; PDF/UA-1 takes no PDF). What an answer looks like follows from its type.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

UNITS = 24
"""Columns of the table; a width of 24 is the whole measure."""
LABEL_UNITS = 5
HEADING_UNITS = 3
PAPERS: dict[str, tuple[float, float]] = {"a4": (210, 297), "a4_landscape": (297, 210), "a5": (148, 210)}
"""Width and height of the papers in mm."""
MARGIN_MM = 17

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


Ground = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.svg$")]
"""The name of a blank paper."""


class Strict(BaseModel):
    """Base of the layout: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cell(Strict):
    """A label and what stands beside it: the answers of one or several questions, or fixed words.

    ``options: chosen`` prints only what was chosen (long lists); ``number: true`` prints a 個人番号 for who may read it.
    """

    label: str = ""
    label_units: int = Field(default=LABEL_UNITS, ge=1, le=UNITS)
    field: Identifier | None = None
    fields: list[Identifier] = []
    text: str = ""
    units: int | None = Field(
        default=None, ge=1, le=UNITS, description="答えの欄の幅（24分の1）。書かなければ残りを分け合う"
    )
    options: Literal["all", "chosen"] = "all"
    number: bool = Field(default=False, description="個人番号を、見る権限のある人に印字する")

    @property
    def shown(self) -> list[str]:
        """Return the questions whose answers stand in the cell."""
        return [*([self.field] if self.field else []), *self.fields]

    @model_validator(mode="after")
    def _one_thing(self) -> Cell:
        if (self.field is not None) + bool(self.fields) + bool(self.text) > 1:
            raise ValueError("field・fields・text はどれか一つだけ書いてください")
        return self


def _as_line(value: Any) -> Any:
    """Return a line written as one cell, or as a list of cells, in its full form."""
    if isinstance(value, list):
        return {"cells": value}
    if isinstance(value, dict) and "cells" not in value:
        return {"cells": [{key: item for key, item in value.items() if key != "height"}], **_height(value)}
    return value


def _height(value: dict[str, Any]) -> dict[str, Any]:
    return {"height": value["height"]} if "height" in value else {}


class Line(Strict):
    """One line of the table; ``height`` in mm is kept whatever the answers are (choices may need more)."""

    cells: list[Cell] = Field(min_length=1, max_length=8)
    height: float = Field(default=8.5, ge=5, le=200)


class Column(Strict):
    """One column of a table of rows."""

    field: Identifier
    label: str
    units: int = Field(ge=1, le=UNITS)


class Rows(Strict):
    """A repeating group as a table: ``count`` ruled lines; more rows go onto the continuation sheet (別紙)."""

    group: Identifier
    columns: list[Column] = Field(min_length=1, max_length=12)
    count: int = Field(default=4, ge=1, le=40)
    height: float = Field(default=8, ge=5, le=60)


class Block(Strict):
    """Lines under one heading at the left, or a table of rows."""

    heading: str = ""
    heading_units: int = Field(default=HEADING_UNITS, ge=1, le=8)
    lines: list[Annotated[Line, BeforeValidator(_as_line)]] = []
    rows: Rows | None = None

    @property
    def inner_units(self) -> int:
        """Return the width that is left beside the heading."""
        return UNITS - (self.heading_units if self.heading else 0)

    @model_validator(mode="after")
    def _lines_or_rows(self) -> Block:
        if bool(self.lines) == (self.rows is not None):
            raise ValueError("lines か rows のどちらか一つを書いてください")
        return self


def _as_list(value: Any) -> Any:
    """Return a single name as a list of one."""
    return [value] if isinstance(value, str) else value


class Box(Strict):
    """An answer at an exact place of a blank paper; mm from the top left corner of the paper."""

    field: Identifier
    page: int = Field(default=1, ge=1, le=20)
    x: float = Field(ge=0)
    y: float = Field(ge=0)
    w: float = Field(gt=0)
    h: float = Field(gt=0)
    option: str | None = Field(default=None, description="選択肢の値。選ばれたとき、ここに印を付ける")
    part: str | None = Field(default=None, description="日付の y・m・d など、答えの一部だけを書く")
    size: float = Field(default=10.5, ge=5, le=24, description="文字の大きさ（pt）。入らなければ 6.5pt まで縮める")
    align: Literal["left", "center", "right"] = "left"


class StampBox(Strict):
    """Where the mark of receipt (収受印) goes on a blank paper, mm."""

    x: float = Field(ge=0)
    y: float = Field(ge=0)
    w: float = Field(default=36, ge=25)
    h: float = Field(default=24, ge=15)


class SheetDefinition(Strict):
    """The paper of one form; ``id`` is the form's. ``sample`` marks a layout that was invented."""

    id: Identifier
    number: str = Field(min_length=1, description="様式の番号（第1号様式（第4条関係））")
    title: str = Field(min_length=1)
    to: str = Field(default="", description="宛先（杉並区長　あて）")
    basis: str = Field(default="", description="様式を定める規則や要綱")
    sample: bool = False
    paper: Literal["a4", "a4_landscape", "a5"] = "a4"
    intro: str = ""
    applicant: list[Cell] = Field(default=[], max_length=6, description="右上の申請者の欄")
    blocks: list[Block] = []
    background: Annotated[list[Ground], BeforeValidator(_as_list)] = []
    boxes: list[Box] = []
    stamp: StampBox | None = None
    office: list[str] = Field(default=[], max_length=6, description="区の処理欄の見出し")
    notes: list[str] = []

    @model_validator(mode="after")
    def _one_way(self) -> SheetDefinition:
        if bool(self.blocks) == bool(self.boxes):
            raise ValueError("blocks（表）か boxes（位置の指定）のどちらか一つを書いてください")
        if any(box.page > len(self.background) for box in self.boxes if self.background):
            raise ValueError("boxes の page に、background（白紙の様式）がありません")
        if bool(self.boxes) != bool(self.background):
            raise ValueError("boxes には background（白紙の様式）が、background には boxes が要ります")
        return self

    @property
    def opens_number(self) -> bool:
        """Tell whether a 個人番号 is printed for who may read it."""
        return any(cell.number for block in self.blocks for line in block.lines for cell in line.cells)

    def placed(self) -> set[str]:
        """Return the questions that have a place on the paper."""
        cells = [*self.applicant, *(cell for block in self.blocks for line in block.lines for cell in line.cells)]
        named = {name for cell in cells for name in cell.shown} | {box.field for box in self.boxes}
        return named | {block.rows.group for block in self.blocks if block.rows}


class Background(Strict):
    """A blank paper: an SVG file of the folder, its bytes as base64."""

    name: str
    base64: str
