"""Development forms: invented; the reader may be tuned on these."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.gold import F
from evals.forms_import.paper_docx import C, WordPaper
from evals.forms_import.paper_xlsx import ExcelPaper


def greening(folder: Path) -> None:
    """緑化助成金交付申請書: the form of the demonstration."""
    p = ExcelPaper("緑化助成金交付申請書", addressee="杉並区長", sheet="申請書", columns=44)
    p.put(1, 2, "第１号様式（第６条関係）", w=14, box=False)
    p.put(2, 34, "令和　　年　　月　　日", w=10, box=False, f=F("申請日", "date"))
    p.put(4, 2, "杉並区長　宛", w=10, box=False)
    name = F("申請者　氏名", "person_name")
    address = F("申請者　住所", "address")
    p.put(6, 18, "申請者", w=4, box=False)
    p.put(6, 22, "〒", w=5, box=False)
    p.put(6, 27, w=16, box=False, under=True, f=address)
    p.put(7, 22, "住　所", w=5, box=False)
    p.put(7, 27, w=16, box=False, under=True, f=address)
    p.put(8, 22, "フリガナ", w=5, box=False)
    p.put(8, 27, w=16, box=False, under=True, f=name)
    p.put(9, 22, "氏　名", w=5, box=False)
    p.put(9, 27, w=14, box=False, under=True, f=name)
    p.put(9, 41, "印", w=2, box=False)
    p.put(10, 22, "電　話", w=5, box=False)
    p.put(10, 27, w=16, box=False, under=True, f=F("申請者　電話", "phone"))
    p.put(11, 22, "メール", w=5, box=False)
    p.put(11, 27, w=16, box=False, under=True, f=F("申請者　メール", "email"))
    p.put(13, 8, "緑　化　助　成　金　交　付　申　請　書", w=28, box=False, size=16, bold=True, align="center")
    p.put(15, 2, "緑化助成金の交付を受けたいので、関係書類を添えて、次のとおり申請します。", w=42, box=False)
    p.row(
        17,
        2,
        ("緑化の種類", 8),
        ("□接道部緑化（生け垣・植え込み）　□屋上緑化　□壁面緑化", 34, F("緑化の種類", "choice|choices")),
    )
    p.row(18, 2, ("緑化する場所", 8), ("杉並区　　　　　　　　丁目　　　番　　　号", 34, F("緑化する場所", "address")))
    p.row(
        19,
        2,
        ("土地・建物の所有者", 8),
        (
            "□申請者と同じ　□申請者と異なる（所有者名　　　　　　　　　　　　）",
            34,
            [F("土地・建物の所有者", "choice|choices"), F("所有者名", "text|person_name")],
        ),
    )
    p.row(
        20,
        2,
        ("緑化面積", 8),
        ("　　　　　　　　　㎡", 13, F("緑化面積", "decimal")),
        ("緑化延長", 8),
        ("　　　　　　　　　ｍ", 13, F("緑化延長", "decimal")),
    )
    p.row(
        21,
        2,
        ("工事費見込額", 8),
        ("　　　　　　　　　円", 13, F("工事費見込額", "yen")),
        ("交付申請額", 8),
        ("　　　　　　　　　円", 13, F("交付申請額", "yen")),
    )
    p.row(
        22,
        2,
        ("工事着手予定日", 8),
        ("令和　　年　　月　　日", 13, F("工事着手予定日", "date")),
        ("工事完了予定日", 8),
        ("令和　　年　　月　　日", 13, F("工事完了予定日", "date")),
    )
    group = "植栽の内容"
    p.put(24, 2, group, w=42, fill=True, bold=True)
    heads = (("樹種", 16), ("樹高（ｍ）", 8), ("本数", 8), ("備考", 10))
    kids = [
        F("樹種", "text", group),
        F("樹高", "decimal", group),
        F("本数", "integer", group),
        F("備考", "text", group),
    ]
    p.row(25, 2, *heads)
    p.gold.add(F(group, "group"), "申請書!B26")
    for r in range(26, 30):
        p.row(r, 2, *[("本" if i == 2 else "", w, kids[i] if r == 26 else None) for i, (_, w) in enumerate(heads)])
    p.put(31, 2, "施工業者", w=3, h=3)
    p.row(31, 5, ("名称", 5), ("", 34, F("施工業者　名称", "text")))
    p.row(32, 5, ("所在地", 5), ("", 34, F("施工業者　所在地", "address")))
    p.row(33, 5, ("電話番号", 5), ("", 34, F("施工業者　電話番号", "phone")))
    p.row(
        35,
        2,
        ("過去の助成", 8),
        ("□あり（　　　年度）　□なし", 34, [F("過去の助成", "yes_no|choice"), F("過去の助成の年度", "text|integer")]),
    )
    p.put(37, 2, "添付書類", w=42, box=False, bold=True)
    for r, text in enumerate(("案内図", "緑化計画図（平面図・立面図）", "見積書の写し", "現況写真"), start=38):
        p.put(r, 3, f"{r - 37}　{text}", w=30, box=False, f=F(text, "file"))
    p.put(
        43,
        2,
        "□　申請に当たり、緑化助成金交付要綱の内容に同意します。",
        w=42,
        box=False,
        f=F("交付要綱の内容に同意", "consent"),
    )
    p.put(45, 2, "※処理欄", w=4, h=2)
    p.row(45, 6, ("受付番号", 6), ("", 10), ("受付日", 6), ("　年　月　日", 16))
    p.row(46, 6, ("現地調査", 6), ("", 10), ("交付決定額", 6), ("円", 16))
    p.gold.left_out = ["※処理欄"]
    p.save(folder / "d01_ryokuka.xlsx")


def hall_fee(folder: Path) -> None:
    """施設使用料減免申請書: a plain bordered sheet with a stamp box."""
    p = ExcelPaper("施設使用料減免申請書", addressee="杉並区長", columns=30, width=3)
    p.put(1, 24, "受付印", w=6, align="center")
    p.put(2, 24, "", w=6, h=3)
    p.put(2, 3, "施設使用料減免申請書", w=18, box=False, size=14, bold=True)
    p.put(4, 2, "杉並区長　あて", w=8, box=False)
    p.put(5, 2, "申請年月日　　　　年　　月　　日", w=12, box=False, f=F("申請年月日", "date"))
    p.put(6, 2, "申請団体", w=2, h=5)
    p.row(6, 4, ("団体名", 5), ("", 21, F("団体名", "text")))
    lead = F("代表者氏名", "person_name")
    p.row(7, 4, ("フリガナ", 5), ("", 21, lead))
    p.row(8, 4, ("代表者氏名", 5), ("", 21, lead))
    p.row(9, 4, ("所在地", 5), ("〒　　　－", 21, F("所在地", "address")))
    p.row(10, 4, ("電話", 5), ("", 8, F("電話", "phone")), ("メール", 5), ("", 8, F("メール", "email")))
    p.row(12, 2, ("使用施設", 7), ("", 21, F("使用施設", "text")))
    p.row(
        13,
        2,
        ("使用日時", 7),
        (
            "令和　年　月　日（　）　　時　　分から　　時　　分まで",
            21,
            [F("使用日時", "date"), F("使用日時（開始時刻）", "time"), F("使用日時（終了時刻）", "time")],
        ),
    )
    p.row(
        14,
        2,
        ("使用人数", 7),
        ("　　　　人", 8, F("使用人数", "integer")),
        ("使用料", 5),
        ("　　　　円", 8, F("使用料", "yen")),
    )
    p.row(
        15,
        2,
        ("減免の理由", 7),
        (
            "１ 区の共催　２ 学校教育　３ 福祉団体　４ その他（　　　　　）",
            21,
            [F("減免の理由", "choice|choices"), F("その他", "text")],
        ),
    )
    p.row(16, 2, ("使用の目的", 7), ("", 21, F("使用の目的", "textarea")), h=4)
    p.put(21, 2, "以下職員記入欄", w=10, box=False)
    p.row(22, 2, ("減免率", 5), ("全額・５割", 9), ("承認番号", 5), ("", 9))
    p.gold.left_out = ["受付印", "職員記入欄"]
    p.save(folder / "d02_shisetsu_genmen.xlsx")


def after_school(folder: Path) -> None:
    """学童クラブ利用申請書: two columns of guardians, many boxes."""
    p = ExcelPaper("学童クラブ利用申請書", addressee="杉並区長", sheet="学童", columns=40)
    p.put(1, 1, "様式第２号", w=8, box=False)
    p.put(2, 10, "学童クラブ利用申請書", w=20, box=False, size=14)
    p.put(3, 2, "（あて先）杉並区長", w=10, box=False)
    kid = F("児童氏名", "person_name")
    p.put(5, 2, "児\n童", w=2, h=4)
    p.row(
        5,
        4,
        ("ふりがな", 5),
        ("", 14, kid),
        ("生年月日", 5),
        ("平・令　　年　　月　　日", 13, F("児童の生年月日", "date")),
    )
    p.row(6, 4, ("児童氏名", 5), ("", 14, kid), ("性別", 5), ("男 ・ 女", 13, F("性別", "choice")))
    p.row(7, 4, ("住所", 5), ("〒", 32, F("住所", "address")))
    p.row(
        8,
        4,
        ("学校名", 5),
        ("　　　　　　小学校", 14, F("学校名", "text")),
        ("学年", 5),
        ("　　年生", 13, F("学年", "text|integer")),
    )
    p.row(10, 2, ("", 7), ("父", 16), ("母", 16))
    for i, (label, kind) in enumerate(
        (("氏名", "person_name"), ("勤務先", "text"), ("勤務先電話", "phone"), ("携帯電話", "phone"))
    ):
        p.row(11 + i, 2, (label, 7), ("", 16, F(f"父　{label}", kind)), ("", 16, F(f"母　{label}", kind)))
    p.row(
        16,
        2,
        ("利用を希望するクラブ", 9),
        ("第１希望", 5),
        ("", 10, F("第１希望", "text")),
        ("第２希望", 5),
        ("", 10, F("第２希望", "text")),
    )
    p.row(
        17,
        2,
        ("利用希望期間", 9),
        (
            "令和　年　月　日から令和　年　月　日まで",
            30,
            [F("利用希望期間（開始）", "date"), F("利用希望期間（終了）", "date")],
        ),
    )
    p.row(18, 2, ("利用日", 9), ("□月 □火 □水 □木 □金 □土", 30, F("利用日", "choices")))
    p.row(
        19,
        2,
        ("申請の理由", 9),
        (
            "□就労　□疾病　□介護　□就学　□その他（　　　　　　　　）",
            30,
            [F("申請の理由", "choices|choice"), F("その他", "text")],
        ),
    )
    p.row(
        20,
        2,
        ("アレルギーの有無", 9),
        (
            "□有（内容　　　　　　　　　）　□無",
            30,
            [F("アレルギーの有無", "yes_no|choice"), F("アレルギーの内容", "text")],
        ),
    )
    p.row(
        21, 2, ("個人番号", 9), *[("", 1, F("個人番号", "my_number")) for _ in range(1)], *[("", 1) for _ in range(11)]
    )
    group = "迎えに来る方"
    p.put(23, 2, group, w=39, box=False)
    heads = (("氏名", 14), ("続柄", 8), ("電話番号", 17))
    kids = [F("氏名", "person_name|text", group), F("続柄", "relationship|text", group), F("電話番号", "phone", group)]
    p.row(24, 2, *heads)
    p.gold.add(F(group, "group"), "学童!B25")
    for r in (25, 26, 27):
        p.row(r, 2, *[("", w, kids[i] if r == 25 else None) for i, (_, w) in enumerate(heads)])
    p.put(29, 2, "区記入欄", w=39, fill=True)
    p.row(30, 2, ("受理日", 6), ("", 13), ("指数", 6), ("", 14))
    p.gold.left_out = ["区記入欄"]
    p.save(folder / "d03_gakudo.xlsx")


def recycling(folder: Path) -> None:
    """集団回収登録届: Word, lines then a table with nested cells and content controls."""
    p = WordPaper("資源集団回収実施団体登録届", addressee="杉並区長")
    p.para("様式第１号")
    p.para("令和　年　月　日", F("届出日", "date"), align="right")
    p.para("杉並区長　様")
    p.para("資源集団回収実施団体登録届", align="center", size=14, bold=True)
    p.para("資源集団回収を実施するので、次のとおり届け出ます。")
    lead = F("代表者氏名", "person_name")
    p.table(
        [
            [C("団体", down=4), "団体名", C("", F("団体名", "text"), span=2, control="text")],
            ["代表者", C("フリガナ", None), C("", lead)],
            ["", "氏名", C("　　　　　　　　　　　　　　㊞", lead)],
            ["代表者住所", C("〒　　－", F("代表者住所", "address"), span=2)],
            [
                C("連絡先", span=2),
                C(
                    "電話：　　　　　　　　　　\nメール：　　　　　　　　　　",
                    [F("電話", "phone"), F("メール", "email")],
                    span=2,
                ),
            ],
            [
                C("団体の種類", span=2),
                C(
                    "□町会・自治会　□子ども会　□ＰＴＡ　□マンション管理組合　□その他（　　　　　）",
                    [F("団体の種類", "choice|choices"), F("その他", "text")],
                    span=2,
                ),
            ],
            [C("参加世帯数", span=2), C("　　　　　世帯", F("参加世帯数", "integer"), span=2)],
            [C("回収開始日", span=2), C("", F("回収開始日", "date"), span=2, control="date")],
            [
                C("回収品目（該当するものすべてに○）", span=2),
                C("新聞　・　雑誌　・　段ボール　・　アルミ缶　・　古布", F("回収品目", "choices|choice"), span=2),
            ],
            [C("回収場所の案内図", span=2), C("\n\n\n", F("回収場所の案内図", "textarea|file"), span=2)],
        ],
        columns=4,
    )
    p.para("報奨金の振込先", bold=True)
    bank = F("報奨金の振込先", "bank_account")
    p.table(
        [
            ["金融機関", ("　　　　　銀行　　　　　支店", bank), "種別", ("普通・当座", bank)],
            ["口座番号", ("", bank), "口座名義（カナ）", ("", bank)],
        ],
        columns=4,
    )
    p.para("添付書類：団体の規約、会員名簿", [F("団体の規約", "file"), F("会員名簿", "file")])
    p.save(folder / "d04_shudan_kaishu.docx")


def certificate(folder: Path) -> None:
    """証明書交付請求書: Word, dots and boxes, a mandate at the end."""
    p = WordPaper("税務証明書交付請求書", addressee="杉並区長")
    p.para("税務証明書交付請求書", align="center", size=16, bold=True)
    p.para("杉並区長　宛　　　　　　　　　　　　　　令和　　年　　月　　日", F("請求日", "date"))
    p.para("１　窓口に来た方", bold=True)
    who = F("窓口に来た方　氏名", "person_name")
    p.table(
        [
            [
                "ふりがな",
                ("", who),
                C("生年月日", down=2),
                C("明治・大正・昭和・平成・令和\n　　年　　月　　日", F("窓口に来た方　生年月日", "date"), down=2),
            ],
            ["氏名", ("", who)],
            ["住所", C("", F("窓口に来た方　住所", "address"), span=3)],
            ["電話番号", C("　　　（　　　）", F("窓口に来た方　電話番号", "phone"), span=3)],
        ],
        columns=4,
    )
    p.para("２　証明が必要な方　□１と同じ", F("証明が必要な方", "choice|yes_no|consent|choices"), bold=True)
    p.table(
        [
            [
                "氏名",
                ("", F("証明が必要な方　氏名", "person_name")),
                "続柄",
                ("", F("証明が必要な方　続柄", "relationship|text")),
            ],
            ["１月１日の住所", C("", F("１月１日の住所", "address"), span=3)],
        ],
        columns=4,
    )
    p.para("３　必要な証明書", bold=True)
    group = "必要な証明書"
    kids = [
        F("証明書の種類", "choice|text|choices", group),
        F("年度", "text|integer", group),
        F("通数", "integer", group),
    ]
    rows: list[list[object]] = [["証明書の種類", "年度", "通数"]]
    p.gold.add(F(group, "group"), "表3 行2 列1")
    for n in range(3):
        rows.append(
            [
                ("課税・非課税・納税", kids[0] if not n else None),
                ("令和　　年度", kids[1] if not n else None),
                ("　　通", kids[2] if not n else None),
            ]
        )
    p.table(rows, columns=3)
    p.para(
        "使いみち：□金融機関　□保育所　□奨学金　□その他（　　　　　　　　）",
        [F("使いみち", "choice|choices"), F("その他", "text")],
    )
    p.para("法人の場合　法人番号＿＿＿＿＿＿＿＿＿＿＿＿＿", F("法人番号", "corporate_number"))
    p.para("（職員使用欄）")
    p.table([["本人確認書類", "手数料", "取扱者"], ["免許・個番・旅券", "円", ""]], columns=3)
    p.gold.left_out = ["職員使用欄"]
    p.save(folder / "d05_zei_shomei.docx")


def meeting_room(folder: Path) -> None:
    """会議室使用申請書: Word, header lines with brackets."""
    p = WordPaper("会議室使用承認申請書", addressee="サンプル会館長")
    p.para("会議室使用承認申請書", align="center", size=14)
    p.para("サンプル会館長　殿")
    p.para("申請日　　　年　　月　　日", F("申請日", "date"), align="right")
    p.para("■ 申請者", bold=True)
    p.para("団体名（　　　　　　　　　　　　　　　　　）", F("団体名", "text"))
    p.para("責任者氏名（　　　　　　　　　　　　　　　）", F("責任者氏名", "person_name"))
    p.para("住所（　　　　　　　　　　　　　　　　　　　　　　　　）", F("住所", "address"))
    p.para(
        "電話番号（　　　　　　　　　　）　ＦＡＸ（　　　　　　　　　　）",
        [F("電話番号", "phone"), F("ＦＡＸ", "phone|text")],
    )
    p.para("■ 使用内容", bold=True)
    p.para("使用日　令和＿＿年＿＿月＿＿日（＿＿曜日）", F("使用日", "date"))
    p.para("使用時間　□午前　□午後　□夜間", F("使用時間", "choice|choices"))
    p.para("使用人員　＿＿＿＿名", F("使用人員", "integer"))
    p.para("営利目的の有無　　有　・　無", F("営利目的の有無", "yes_no|choice"))
    p.para("使用目的", bold=False)
    p.para("＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿", F("使用目的", "text|textarea"))
    p.para("□　使用上の注意事項を守ることを誓約します。", F("注意事項を守ることを誓約", "consent"))
    p.save(folder / "d06_kaigishitsu.docx")


ALL = (greening, hall_fee, after_school, recycling, certificate, meeting_room)
