"""More development forms, drawn after the first held-out measure to widen the reader without looking at what it missed."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.gold import F
from evals.forms_import.paper_docx import C, WordPaper
from evals.forms_import.paper_pdf import write_pdf
from evals.forms_import.paper_xlsx import ExcelPaper


def food_licence(folder: Path) -> None:
    """営業許可申請書: digit boxes, numbered choices, marks of the office inside the table."""
    p = ExcelPaper("営業許可申請書", addressee="杉並保健所長", sheet="許可申請", columns=44)
    p.put(1, 2, "別記第４号様式（第７条関係）", w=16, box=False)
    p.put(2, 14, "営　業　許　可　申　請　書", w=18, box=False, size=15, align="center")
    p.put(3, 30, "年　　月　　日", w=12, box=False, f=F("申請日", "date"))
    p.put(4, 2, "杉並保健所長　殿", w=12, box=False)
    p.put(6, 2, "申\n請\n者", w=2, h=6)
    who = F("氏名", "person_name|text")
    p.row(6, 4, ("ふりがな", 6), ("", 34, who))
    p.row(7, 4, ("氏名（法人の場合は名称及び代表者の職・氏名）", 6), ("", 34, who), h=2)
    p.row(9, 4, ("住所（法人の場合は主たる事務所の所在地）", 6), ("〒　　　－", 34, F("住所", "address")))
    p.row(
        10, 4, ("電話", 6), ("　　　－　　　　－", 14, F("電話", "phone")), ("FAX", 6), ("", 14, F("FAX", "phone|text"))
    )
    p.row(
        11,
        4,
        ("法人番号", 6),
        *[("", 1, F("法人番号", "corporate_number") if n == 0 else None) for n in range(13)],
        ("生年月日", 6),
        ("　　年　　月　　日生", 15, F("生年月日", "date")),
    )
    p.row(13, 2, ("営業所の名称、屋号又は商号", 9), ("", 33, F("営業所の名称、屋号又は商号", "text")))
    p.row(
        14,
        2,
        ("営業所の所在地", 9),
        ("杉並区", 20, F("営業所の所在地", "address")),
        ("電話", 4),
        ("", 9, F("営業所の電話", "phone")),
    )
    p.row(
        15,
        2,
        ("営業の種類", 9),
        (
            "①飲食店営業　②菓子製造業　③魚介類販売業　④食肉販売業　⑤その他（　　　　　　　）",
            33,
            [F("営業の種類", "choice|choices"), F("その他", "text")],
        ),
    )
    p.row(
        16,
        2,
        ("許可の番号及び年月日", 9),
        ("第　　　　　　号　　　　年　　月　　日", 33, [F("許可の番号", "text"), F("許可の年月日", "date")]),
    )
    p.row(
        17,
        2,
        ("使用水", 9),
        ("水道水 ・ 井戸水 ・ その他", 13, F("使用水", "choice")),
        ("食品衛生責任者", 9),
        ("", 11, F("食品衛生責任者", "person_name|text")),
    )
    p.row(
        18,
        2,
        ("申請者の欠格事由", 9),
        ("(1) 法に違反して刑に処せられたことの有無", 20),
        ("□有　□無", 13, F("法に違反して刑に処せられたことの有無", "yes_no|choice")),
    )
    p.row(
        19,
        2,
        ("", 9),
        ("(2) 許可を取り消されたことの有無", 20),
        ("□有　□無", 13, F("許可を取り消されたことの有無", "yes_no|choice")),
    )
    p.row(
        20,
        2,
        ("営業日", 9),
        (
            "月　火　水　木　金　土　日（定休日　　　　　）",
            13,
            [F("営業日", "choices|text|choice"), F("定休日", "text")],
        ),
        ("営業時間", 5),
        ("　時　分～　時　分", 15, [F("営業時間（開始時刻）", "time"), F("営業時間（終了時刻）", "time")]),
    )
    p.row(21, 2, ("施設の平面図", 9), ("別紙のとおり", 33))
    p.row(23, 2, ("※受付", 5), ("", 10), ("※手数料", 5), ("円", 10), ("※許可番号", 5), ("", 7))
    p.put(24, 2, "備考　※印の欄には記入しないでください。", w=40, box=False)
    p.gold.left_out = ["※受付"]
    p.save(folder / "d10_eigyo_kyoka.xlsx")


def subsidy(folder: Path) -> None:
    """補助金交付申請書: numbered lines of an ordinance's form, a budget below."""
    p = WordPaper("地域活動補助金交付申請書", addressee="杉並区長")
    p.para("様式第１号（第５条関係）")
    p.para("令和　　年　　月　　日", F("申請日", "date"), align="right")
    p.para("（宛先）杉並区長")
    p.para("　　　　　　　　　　　　申請者　住　　所", F("住所", "address"))
    p.para("　　　　　　　　　　　　　　　　団　体　名", F("団体名", "text"))
    p.para(
        "　　　　　　　　　　　　　　　　代表者職氏名　　　　　　　　　　　　㊞", F("代表者職氏名", "person_name|text")
    )
    p.para("　　　　　　　　　　　　　　　　電　　話", F("電話", "phone"))
    p.para("地域活動補助金交付申請書", align="center", size=14)
    p.para("　標記の補助金の交付を受けたいので、次のとおり申請します。")
    p.para("１　補助事業の名称　　　　　　　　　　　　　　　　　", F("補助事業の名称", "text"))
    p.para("２　交付申請額　　　金　　　　　　　　　　円", F("交付申請額", "yen"))
    p.para(
        "３　補助事業の期間　　令和　年　月　日　から　令和　年　月　日　まで",
        [F("補助事業の期間（開始）", "date"), F("補助事業の期間（終了）", "date")],
    )
    p.para("４　実施場所　＿＿＿＿＿＿＿＿＿＿＿＿＿", F("実施場所", "text|address"))
    p.para("５　参加予定者数　（　　　　　）人", F("参加予定者数", "integer"))
    p.para("６　消費税の課税区分　　□課税事業者　□免税事業者", F("消費税の課税区分", "choice"))
    p.para("７　他の補助金の有無　　あり　・　なし", F("他の補助金の有無", "yes_no|choice"))
    p.para("収支予算", bold=True)
    group = "支出の部"
    kids = [F("科目", "text", group), F("予算額", "yen|integer|text", group), F("内訳", "text", group)]
    p.gold.add(F(group, "group"), "表1 行3 列1")
    p.table(
        [
            [C("支出の部", span=3)],
            ["科目", "予算額（円）", "内訳"],
            *[[("", kid if n == 0 else None) for kid in kids] for n in range(3)],
            ["合計", ("", F("合計", "yen|integer|text")), ""],
        ],
        columns=3,
    )
    p.para("関係書類")
    for text in ("(1) 事業計画書", "(2) 団体規約", "(3) その他区長が必要と認める書類"):
        p.para(text, F(text[4:], "file"))
    p.save(folder / "d11_hojokin.docx")


def care_need(folder: Path) -> None:
    """介護認定申請書: sections down the left side, a nested proxy block."""
    p = WordPaper("介護保険要介護認定・要支援認定申請書", addressee="杉並区長")
    p.para("介護保険　要介護認定・要支援認定申請書", align="center", size=14)
    p.para("杉並区長　あて")
    p.para("次のとおり申請します。")
    insured = F("被保険者　氏名", "person_name")
    p.table(
        [
            [
                C("被保険者", down=5),
                "被保険者番号",
                ("", F("被保険者番号", "insured_number")),
                "申請年月日",
                ("令和　年　月　日", F("申請年月日", "date")),
            ],
            ["フリガナ", ("", insured), "生年月日", ("明・大・昭　年　月　日", F("被保険者　生年月日", "date"))],
            ["氏名", ("", insured), "性別", ("男　・　女", F("性別", "choice"))],
            [
                "住所",
                C(
                    "〒　　　－　　　　　　　　　　　　　　　　電話番号　　　（　　　）",
                    [F("被保険者　住所", "address"), F("被保険者　電話番号", "phone")],
                    span=3,
                ),
            ],
            [
                "前回の認定結果",
                C(
                    "要介護状態区分　１　２　３　４　５　　要支援　１　２",
                    F("前回の認定結果", "choice|choices|text"),
                    span=3,
                ),
            ],
            [
                C("提出代行者", down=2),
                "名称",
                C(
                    "該当に○（地域包括支援センター・居宅介護支援事業者・介護保険施設）",
                    F("提出代行者　名称", "choice|text|choices"),
                    span=3,
                ),
            ],
            ["住所", C("〒", F("提出代行者　住所", "address"), span=3)],
            [
                C("主治医", down=2),
                "医療機関名",
                ("", F("医療機関名", "text")),
                "主治医の氏名",
                ("", F("主治医の氏名", "person_name|text")),
            ],
            ["所在地", C("", F("主治医　所在地", "address"), span=3)],
        ],
        columns=5,
    )
    p.para("第二号被保険者（４０歳から６４歳の医療保険加入者）のみ記入")
    p.table(
        [
            [
                "医療保険者名",
                ("", F("医療保険者名", "text")),
                "医療保険記号番号",
                ("", F("医療保険記号番号", "insured_number|text")),
            ],
            ["特定疾病名", C("", F("特定疾病名", "text"), span=3)],
        ],
        columns=4,
    )
    p.para(
        "□　認定調査の結果を、地域包括支援センターに提示することに同意します。",
        F("認定調査の結果の提示に同意", "consent"),
    )
    p.para("本人氏名　＿＿＿＿＿＿＿＿＿＿＿＿", F("本人氏名", "person_name"))
    p.save(folder / "d12_kaigo_nintei.docx")


SCHOOL_AID = """
#text(9pt)[第１号様式（第３条関係）]
#align(center)[#text(15pt)[就学援助費受給申請書]]
#grid(columns: (1fr, auto), [杉並区教育委員会　宛], [令和#sp(2)年#sp(2)月#sp(2)日 #f("申請日","date")])
#v(2mm)
１　申請者（保護者）
#table(columns: (24mm, 1fr, 24mm, 1fr),
  [フリガナ], [#f("申請者氏名","person_name")], table.cell(rowspan: 2)[電話番号], table.cell(rowspan: 2)[#f("電話番号","phone") 自宅#sp(8) \\ #f("電話番号（携帯）","phone") 携帯#sp(8)],
  [申請者氏名], [#f("申請者氏名","person_name")],
  [現住所], table.cell(colspan: 3)[#f("現住所","address") 〒#sp(4)杉並区],
  [住居], [#f("住居","choice|choices") □持家　□借家], [家賃（月額）], [#f("家賃","yen") #sp(6)円],
)
#v(2mm)
２　家族の状況（生計を一にする方全員）
#table(columns: (8mm, 1fr, 18mm, 34mm, 1fr, 30mm),
  [番号], [氏名], [続柄], [生年月日], [学校名・職業], [年収（円）],
  [1], [#f("家族の状況","group")#f("氏名","person_name|text",inside:"家族の状況")], [#f("続柄","relationship|text",inside:"家族の状況") 本人], [#f("生年月日","date",inside:"家族の状況") 　年　月　日], [#f("学校名・職業","text",inside:"家族の状況")], [#f("年収","yen|integer",inside:"家族の状況")],
  [2], [], [], [　年　月　日], [], [], [3], [], [], [　年　月　日], [], [], [4], [], [], [　年　月　日], [], [],
)
#v(2mm)
３　申請の理由（該当するものに✓）
#table(columns: (1fr,),
  [#f("申請の理由","choice|choices") □　生活保護が停止又は廃止になった \\ □　児童扶養手当を受給している \\ □　その他（#sp(12)） #f("その他","text")],
)
#v(2mm)
４　次の質問に答えてください
#table(columns: (1fr, 40mm),
  [昨年度も就学援助を受けましたか。], [#f("昨年度も就学援助を受けましたか。","yes_no|choice") はい ・ いいえ],
  [ほかの区市町村から転入しましたか。], [#f("ほかの区市町村から転入しましたか。","yes_no|choice") はい ・ いいえ],
)
#v(2mm)
５　振込先
#table(columns: (28mm, 1fr, 1fr, 20mm),
  [金融機関], [#f("振込先","bank_account") #sp(5)銀行・信用金庫], [#f("振込先","bank_account") #sp(5)支店], [#f("振込先","bank_account") 普通],
  [口座番号], [#f("振込先","bank_account")], [口座名義（カタカナ）], [#f("振込先","bank_account")],
)
世帯の所得及び課税の状況を確認することに同意します。　署名 #f("署名","person_name|text|consent") #h(40mm)
#v(2mm)
#table(columns: (20mm, 1fr, 20mm, 1fr), [学校確認欄], [], [教委処理欄], [])
"""

LIBRARY = """
#align(center)[#text(15pt)[図書館団体貸出登録申込書]]
#align(right)[申込日#sp(2)年#sp(2)月#sp(2)日 #f("申込日","date")]
サンプル図書館長　様
#v(2mm)
団体の名称#box(width: 80mm, stroke: (bottom: 0.5pt))[] #f("団体の名称","text")

所在地#box(width: 90mm, stroke: (bottom: 0.5pt))[] #f("所在地","address")

代表者氏名#box(width: 80mm, stroke: (bottom: 0.5pt))[] #f("代表者氏名","person_name")

連絡先電話番号#sp(2)（#sp(4)）#sp(4)－#sp(4) #f("連絡先電話番号","phone")

団体の種別#sp(2)□学校#sp(1)□保育園#sp(1)□読書会#sp(1)□その他（#sp(6)） #f("団体の種別","choice|choices") #f("その他","text")
#v(2mm)
#table(columns: (1fr, 1fr, 1fr), [構成員数], [希望冊数], [利用頻度], [#f("構成員数","integer") #sp(5)人], [#f("希望冊数","integer") #sp(5)冊], [#f("利用頻度","choice|text") 週１回・月１回・不定期])
#v(2mm)
主な活動の内容
#rect(width: 100%, height: 28mm)[#f("主な活動の内容","textarea")]
#v(2mm)
【図書館記入欄】#sp(2)登録番号#box(width: 30mm, stroke: (bottom: 0.5pt))[]#sp(1)受付#box(width: 20mm, stroke: (bottom: 0.5pt))[]
"""


def school_aid(folder: Path) -> None:
    """就学援助費受給申請書: questions as labels, a tight bank block."""
    write_pdf(
        folder / "d13_shugaku_enjo.pdf",
        title="就学援助費受給申請書",
        addressee="杉並区教育委員会",
        source=SCHOOL_AID,
        left_out=["学校確認欄", "教委処理欄"],
    )


def library(folder: Path) -> None:
    """図書館団体貸出登録申込書: underlines drawn as lines, not letters."""
    write_pdf(
        folder / "d14_toshokan.pdf",
        title="図書館団体貸出登録申込書",
        addressee="サンプル図書館長",
        source=LIBRARY,
        left_out=["図書館記入欄"],
    )


ALL = (food_licence, subsidy, care_need, school_aid, library)
