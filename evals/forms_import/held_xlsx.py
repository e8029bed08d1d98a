"""Held-out Excel forms. Invented; written before the reader and not looked at while it was tuned."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.gold import F
from evals.forms_import.paper_xlsx import ExcelPaper


def road_occupancy(folder: Path) -> None:
    """道路占用許可申請書: the dense two-sided grid of road offices."""
    p = ExcelPaper("道路占用許可申請書", addressee="杉並区長", sheet="占用")
    p.put(1, 1, "様式第１号（第２条関係）", w=14, box=False)
    p.put(3, 12, "道　路　占　用　許　可　申　請　書", w=22, box=False, size=16, align="center")
    p.put(5, 32, "令和　　年　　月　　日", w=12, box=False, f=F("申請日", "date"))
    p.put(6, 2, "杉並区長　宛", w=10, box=False)
    who = F("氏名", "person_name|text")
    for r, label, f in (
        (8, "〒", F("住所", "address")), (9, "住　所", None), (10, "氏　名", who),
        (11, "担当者", F("担当者", "person_name|text")), (12, "ＴＥＬ", F("電話番号", "phone")),
    ):  # fmt: skip
        p.put(r, 24, label, w=4, box=False)
        if r == 8:
            zip_field = f
        p.put(r, 28, w=16, under=True, box=False, f=f or zip_field)
    p.put(14, 2, "道路法第３２条の規定により許可を申請します。", w=40, box=False)
    kind = F("申請の区分", "choice")
    p.row(
        16,
        2,
        ("申請の区分", 7),
        ("□新規　□更新　□変更", 15, kind),
        ("許可番号", 6),
        ("第　　　　　号", 14, F("許可番号", "text")),
    )
    p.row(17, 2, ("占用の目的", 7), ("", 35, F("占用の目的", "text|textarea")), h=2)
    p.row(
        19,
        2,
        ("占用の場所", 7),
        ("路線名", 5),
        ("", 10, F("路線名", "text")),
        ("車道・歩道・その他", 20, F("占用の場所の区分", "choice|choices|text")),
    )
    p.put(20, 2, "", w=7)
    p.row(
        20,
        9,
        ("場　所", 5),
        ("杉並区　　　　　　　　　　　丁目　　　　番　　　　号先", 30, F("占用の場所", "address|text")),
    )
    names = ("占用物件", "名　称", "規　模", "数　量")
    p.put(21, 2, names[0], w=7, h=5)
    for i, (label, w) in enumerate((("名　称", 13), ("規　模", 13), ("数　量", 9))):
        p.put(21, 9 + (0, 13, 26)[i], label, w=w, align="center")
    p.gold.add(F("占用物件", "group"), "占用!I22")
    children = [F("名称", "text", "占用物件"), F("規模", "text", "占用物件"), F("数量", "text|integer", "占用物件")]
    for r in range(22, 26):
        for i, w in enumerate((13, 13, 9)):
            p.put(r, 9 + (0, 13, 26)[i], w=w, f=children[i] if r == 22 else None)
    p.row(
        26,
        2,
        ("占用の期間", 7),
        (
            "令和　　年　　月　　日から\n令和　　年　　月　　日まで　　日間",
            16,
            [F("占用の期間（開始）", "date"), F("占用の期間（終了）", "date")],
        ),
        ("占用物件の構造", 7),
        ("", 12, F("占用物件の構造", "text|textarea")),
        h=2,
    )
    p.row(
        28,
        2,
        ("工事の期間", 7),
        (
            "令和　　年　　月　　日から\n令和　　年　　月　　日まで　　日間",
            16,
            [F("工事の期間（開始）", "date"), F("工事の期間（終了）", "date")],
        ),
        ("工事実施の方法", 7),
        ("", 12, F("工事実施の方法", "text|textarea")),
        h=2,
    )
    p.row(
        30,
        2,
        ("道路の復旧方法", 7),
        ("", 16, F("道路の復旧方法", "text|textarea")),
        ("添付書類", 7),
        ("案内図　平面図　断面図", 12, F("添付書類", "file|choices")),
        h=2,
    )
    p.row(32, 2, ("備　考", 7), ("", 35, F("備考", "textarea|text")), h=3)
    p.put(36, 2, "※処理欄", w=7, h=3)
    p.row(36, 9, ("受付番号", 6), ("", 9), ("占用料", 6), ("円", 14))
    p.row(37, 9, ("許可年月日", 6), ("", 9), ("係", 6), ("", 14), h=2)
    p.put(40, 2, "注　※印の欄は、記入しないでください。", w=40, box=False)
    p.gold.left_out = ["※処理欄"]
    p.save(folder / "h01_doro_senyo.xlsx")


def insurance_reduction(folder: Path) -> None:
    """国民健康保険料減免申請書: income table by month, household rows."""
    p = ExcelPaper("国民健康保険料減免申請書", addressee="杉並区長", sheet="減免申請書", columns=40, width=2.4)
    p.put(1, 30, "受付印", w=8, box=True, align="center")
    p.put(2, 30, w=8, h=4)
    p.put(3, 5, "国民健康保険料減免申請書", w=20, box=False, size=14, bold=True)
    p.put(5, 2, "（宛先）杉並区長", w=12, box=False)
    p.put(7, 2, "次のとおり、保険料の減免を申請します。", w=25, box=False)
    p.put(8, 2, "申請年月日", w=6, fill=True)
    p.put(8, 8, "令和　　年　　月　　日", w=13, f=F("申請年月日", "date"))
    p.put(8, 21, "記号番号", w=6, fill=True)
    p.put(8, 27, "", w=12, f=F("記号番号", "insured_number|text"))
    name = F("世帯主氏名", "person_name")
    p.put(9, 2, "納\n付\n義\n務\n者", w=2, h=5)
    p.row(
        9,
        4,
        ("フリガナ", 5),
        ("", 16, name),
        ("生年月日", 5),
        ("大・昭・平・令　　年　　月　　日", 9, F("生年月日", "date")),
    )
    p.row(10, 4, ("世帯主氏名", 5), ("", 16, name), ("個人番号", 5), ("", 9, F("個人番号", "my_number")), h=2)
    p.row(
        12,
        4,
        ("住　　所", 5),
        ("〒　　　－\n杉並区", 16, F("住所", "address")),
        ("電話番号", 5),
        ("　　　（　　　　）", 9, F("電話番号", "phone")),
        h=2,
    )
    p.put(15, 2, "減免を受けようとする理由（該当する番号を○で囲んでください。）", w=37, fill=True)
    p.put(
        16,
        2,
        "１　震災、風水害、火災等の災害を受けたため\n２　失業・休廃業により収入が著しく減少したため\n３　疾病又は負傷により収入が著しく減少したため\n４　その他（　　　　　　　　　　　　）",
        w=37,
        h=5,
        f=[F("減免を受けようとする理由", "choice|choices"), F("その他", "text")],
    )
    p.row(21, 2, ("具体的な事情", 6), ("", 31, F("具体的な事情", "textarea")), h=5)
    p.put(27, 2, "世帯の状況（国保加入者全員を記入してください。）", w=37, box=False, bold=True)
    heads = (("氏　名", 10), ("続柄", 5), ("生年月日", 8), ("勤務先", 7), ("見込収入額（年額）", 7))
    group = "世帯の状況"
    members = [
        F("氏名", "person_name|text", group),
        F("続柄", "relationship|text", group),
        F("生年月日", "date", group),
        F("勤務先", "text", group),
        F("見込収入額", "yen", group),
    ]
    p.row(28, 2, *[(t, w) for t, w in heads], fill=True)
    p.gold.add(F(group, "group"), "減免申請書!B29")
    for r in range(29, 34):
        p.row(r, 2, *[("円" if i == 4 else "", w, members[i] if r == 29 else None) for i, (_, w) in enumerate(heads)])
    p.row(
        35,
        2,
        ("減免を受けようとする期間", 9),
        (
            "令和　　年　　月分　から　令和　　年　　月分　まで",
            28,
            [
                F("減免を受けようとする期間（開始）", "year_month|date"),
                F("減免を受けようとする期間（終了）", "year_month|date"),
            ],
        ),
    )
    p.row(
        36,
        2,
        ("対象保険料", 9),
        ("　　　　　　　　円", 12, F("対象保険料", "yen")),
        ("減免を希望する額", 8),
        ("　　　　　　　　円", 8, F("減免を希望する額", "yen")),
    )
    p.put(
        38,
        2,
        "□　減免の審査に必要な範囲で、世帯全員の課税状況を調査することに同意します。",
        w=37,
        box=False,
        f=F("課税状況の調査に同意", "consent"),
    )
    p.put(40, 2, "添付書類", w=37, box=False, bold=True)
    for r, text in (
        (41, "(1) り災証明書の写し"),
        (42, "(2) 離職票又は雇用保険受給資格者証の写し"),
        (43, "(3) 収入を証する書類"),
    ):
        p.put(r, 3, text, w=30, box=False, f=F(text[4:], "file"))
    p.put(45, 2, "区処理欄", w=3, h=3)
    p.row(45, 5, ("決定", 5), ("承認・不承認", 9), ("減免率", 5), ("　　％", 6), ("起案", 4), ("", 5), h=3)
    p.gold.left_out = ["受付印", "区処理欄"]
    p.save(folder / "h02_kokuho_genmen.xlsx")


def nursery_application(folder: Path) -> None:
    """保育利用申込書: two parents side by side, wishes in order, nested choices."""
    p = ExcelPaper("保育所等利用申込書", addressee="杉並区長", sheet="申込書", columns=50, width=2.0)
    p.put(1, 2, "第３号様式（第５条関係）", w=12, box=False)
    p.put(2, 12, "保育所等利用申込書（令和９年度）", w=25, box=False, size=14, bold=True)
    p.put(4, 2, "杉並区長　あて", w=10, box=False)
    p.put(4, 34, "申込日　令和　　年　　月　　日", w=15, box=False, f=F("申込日", "date"))
    p.put(6, 2, "■ 申込児童", w=47, fill=True, bold=True)
    child = F("児童氏名", "person_name")
    p.row(
        7,
        2,
        ("ふりがな", 6),
        ("", 18, child),
        ("性別", 4),
        ("□男　□女", 8, F("性別", "choice")),
        ("続柄", 4),
        ("", 7, F("続柄", "relationship|text")),
    )
    p.row(
        8,
        2,
        ("児童氏名", 6),
        ("", 18, child),
        ("生年月日", 4),
        ("令和　　年　　月　　日", 19, F("児童の生年月日", "date")),
        h=2,
    )
    p.row(10, 2, ("現住所", 6), ("〒　　－　　　　杉並区", 41, F("現住所", "address")), h=2)
    p.row(
        12,
        2,
        ("現在の保育状況", 6),
        (
            "□家庭　□認可外保育施設（施設名：　　　　　　　　）　□一時保育　□その他",
            41,
            [F("現在の保育状況", "choice|choices"), F("施設名", "text")],
        ),
    )
    p.row(
        13,
        2,
        ("アレルギー", 6),
        ("□有　□無", 12, F("アレルギー", "yes_no|choice")),
        ("障害者手帳", 6),
        ("有 ・ 無", 8, F("障害者手帳", "yes_no|choice")),
        ("健康上の留意点", 6),
        ("", 9, F("健康上の留意点", "text|textarea")),
    )
    p.put(15, 2, "■ 保護者", w=47, fill=True, bold=True)
    p.row(16, 2, ("", 7), ("父（または　　　　）", 20), ("母（または　　　　）", 20))
    labels = (
        ("氏　名", "person_name"),
        ("生年月日", "date"),
        ("勤務先名称", "text"),
        ("勤務先電話番号", "phone"),
        ("就労時間", "text|time"),
        ("メールアドレス", "email"),
    )
    for i, (label, kind) in enumerate(labels):
        text = "年　　月　　日" if kind == "date" else "時　　分　～　　時　　分" if label == "就労時間" else ""
        plain = label.replace("　", "")
        two = [F(f"父　{plain}", kind), F(f"母　{plain}", kind)]
        if label == "就労時間":
            two = [F(f"父　{plain}", "time|text"), F(f"母　{plain}", "time|text")]
        p.row(17 + i, 2, (label, 7), (text, 20, two[0]), (text, 20, two[1]))
    p.put(24, 2, "■ 利用を希望する施設", w=47, fill=True, bold=True)
    p.row(25, 2, ("第１希望", 6), ("", 18, F("第１希望", "text")), ("第４希望", 6), ("", 17, F("第４希望", "text")))
    p.row(26, 2, ("第２希望", 6), ("", 18, F("第２希望", "text")), ("第５希望", 6), ("", 17, F("第５希望", "text")))
    p.row(27, 2, ("第３希望", 6), ("", 18, F("第３希望", "text")), ("第６希望", 6), ("", 17, F("第６希望", "text")))
    p.row(
        28,
        2,
        ("利用開始希望日", 8),
        ("令和　　年　　月　　日", 16, F("利用開始希望日", "date")),
        ("利用希望時間", 8),
        ("時　　分から　　時　　分まで", 15, F("利用希望時間", "time|text")),
    )
    p.put(30, 2, "■ 保育を必要とする理由（あてはまるもの全てに✓）", w=47, fill=True, bold=True)
    p.put(
        31,
        2,
        "□就労　□妊娠・出産　□疾病・障害　□介護・看護　□災害復旧　□求職活動　□就学　□その他（　　　　　　）",
        w=47,
        h=2,
        f=[F("保育を必要とする理由", "choices"), F("その他", "text")],
    )
    p.put(34, 2, "同居の家族（父母・申込児童を除く）", w=47, box=False, bold=True)
    heads = (("氏名", 14), ("続柄", 7), ("生年月日", 12), ("職業・学校等", 14))
    group = "同居の家族"
    kids = [
        F("氏名", "person_name|text", group),
        F("続柄", "relationship|text", group),
        F("生年月日", "date", group),
        F("職業・学校等", "text", group),
    ]
    p.row(35, 2, *heads)
    p.gold.add(F(group, "group"), "申込書!B36")
    for r in range(36, 40):
        p.row(r, 2, *[("", w, kids[i] if r == 36 else None) for i, (_, w) in enumerate(heads)])
    p.put(41, 2, "税情報・世帯情報を区が確認することに同意します。　署名", w=30, box=False)
    p.put(41, 32, "", w=17, under=True, box=False, f=F("署名", "person_name|consent|text"))
    p.put(43, 2, "【事務処理欄】", w=10, box=False)
    p.row(44, 2, ("受付", 5), ("", 8), ("入力", 5), ("", 8), ("確認", 5), ("", 8), ("指数", 4), ("", 4))
    p.sheet("記入例", columns=50)
    p.put(2, 12, "記入例", w=10, box=False)
    p.row(7, 2, ("児童氏名", 6), ("杉並　花子", 18))
    p.gold.left_out = ["事務処理欄", "記入例"]
    p.save(folder / "h03_hoiku_riyo.xlsx")


def course_application(folder: Path) -> None:
    """講座申込: an ordinary sheet with wide columns and labels above blanks."""
    p = ExcelPaper("区民講座受講申込書", sheet="Sheet1", columns=6, width=18)
    p.put(1, 1, "区民講座受講申込書", w=6, box=False, size=16, bold=True, align="center")
    p.put(2, 1, "サンプル生涯学習センター　行", w=3, box=False)
    p.row(4, 1, ("講座名", 1, None), ("", 3, F("講座名", "text")), ("講座番号", 1), ("", 1, F("講座番号", "text")))
    p.row(5, 1, ("コース", 1), ("ア．昼コース　イ．夜コース　ウ．土日コース", 5, F("コース", "choice|choices")))
    who = F("お名前", "person_name")
    p.row(6, 1, ("（フリガナ）", 1), ("", 2, who), ("年齢", 1), ("　　歳", 2, F("年齢", "integer")))
    p.row(7, 1, ("お名前", 1), ("", 2, who), ("性別（任意）", 1), ("", 2, F("性別", "text|choice")))
    p.row(8, 1, ("ご住所", 1), ("〒", 5, F("ご住所", "address")))
    p.row(9, 1, ("連絡先電話", 1), ("", 2, F("連絡先電話", "phone")), ("E-mail", 1), ("", 2, F("E-mail", "email")))
    p.put(11, 1, "受講料", fill=True)
    p.put(11, 2, "同伴者数", fill=True)
    p.put(11, 3, "一時保育", fill=True)
    p.put(11, 4, "手話通訳", fill=True)
    p.put(11, 5, "この講座を何で知りましたか", w=2, fill=True)
    p.put(12, 1, "　　　　円", f=F("受講料", "yen"))
    p.put(12, 2, "　　　　名", f=F("同伴者数", "integer"))
    p.put(12, 3, "希望する・しない", f=F("一時保育", "yes_no|choice"))
    p.put(12, 4, "要・不要", f=F("手話通訳", "yes_no|choice"))
    p.put(12, 5, "□広報　□ホームページ　□ＳＮＳ　□知人の紹介", w=2, f=F("この講座を何で知りましたか", "choices"))
    p.put(14, 1, "受講の動機・講師への質問など", w=6, fill=True)
    p.put(15, 1, "", w=6, h=6, f=F("受講の動機・講師への質問など", "textarea"))
    p.put(22, 1, "事務局使用欄", fill=True)
    p.put(22, 2, "", w=5)
    p.put(24, 1, "※定員を超えた場合は抽選となります。", w=6, box=False)
    p.gold.left_out = ["事務局使用欄"]
    p.save(folder / "h04_koza_moshikomi.xlsx")


def bicycle_parking(folder: Path) -> None:
    """自転車駐車場定期利用申請: small, with a list of vehicles and a bank account for refunds."""
    p = ExcelPaper("自転車駐車場定期利用申請書兼還付請求書", addressee="杉並区長", sheet="申請", columns=36, width=2.6)
    p.put(1, 1, "別記様式第七号", w=8, box=False)
    p.put(2, 3, "自転車駐車場定期利用申請書兼還付請求書", w=30, box=False, size=13, align="center")
    p.put(3, 2, "杉並区長　様", w=8, box=False)
    p.put(3, 24, "令和　年　月　日", w=11, box=False, f=F("申請日", "date"))
    name = F("申請者氏名", "person_name")
    p.put(5, 2, "申　請　者", w=3, h=5)
    p.row(5, 5, ("ふりがな", 5), ("", 25, name))
    p.row(6, 5, ("氏　　名", 5), ("", 25, name), h=2)
    p.row(8, 5, ("住　　所", 5), ("（〒　　　-　　　　）", 25, F("申請者住所", "address")))
    p.row(
        9,
        5,
        ("電　　話", 5),
        ("自宅　　　　　　　　携帯", 25, [F("電話（自宅）", "phone"), F("電話（携帯）", "phone")]),
    )
    p.row(11, 2, ("利用区分", 8), ("□一般　□学生　□障害者手帳等をお持ちの方", 25, F("利用区分", "choice|choices")))
    p.row(12, 2, ("車種", 8), ("□自転車　□原動機付自転車（５０cc以下）", 25, F("車種", "choice|choices")))
    p.row(
        13,
        2,
        ("利用期間", 8),
        ("□１か月　□３か月　□６か月", 12, F("利用期間", "choice")),
        ("利用開始日", 5),
        ("　年　月　日", 8, F("利用開始日", "date")),
    )
    p.row(
        14, 2, ("防犯登録番号", 8), ("", 12, F("防犯登録番号", "text")), ("車体番号", 5), ("", 8, F("車体番号", "text"))
    )
    p.row(15, 2, ("学校名・学年", 8), ("", 25, F("学校名・学年", "text")))
    p.put(17, 2, "振込先（還付金を受け取る口座）", w=33, fill=True)
    bank = F("振込先", "bank_account")
    p.row(
        18,
        2,
        ("金融機関名", 8),
        ("　　　　　　　　　　　銀行・信用金庫・信用組合", 14, bank),
        ("支店名", 4),
        ("　　　　　　　　支店", 7, bank),
    )
    p.row(
        19,
        2,
        ("預金種目", 8),
        ("１ 普通　２ 当座", 8, bank),
        ("口座番号", 6),
        *[("", 1, bank) for _ in range(7)],
        ("", 4),
    )
    p.row(20, 2, ("口座名義人（カタカナ）", 8), ("", 25, bank))
    p.row(22, 2, ("還付を受けようとする理由", 8), ("", 25, F("還付を受けようとする理由", "textarea|text")), h=3)
    p.put(26, 2, "＊職員記入欄", w=33, h=1)
    p.row(27, 2, ("本人確認", 5), ("□運転免許証　□マイナンバーカード　□その他", 18), ("受付者", 4), ("", 6))
    p.gold.left_out = ["職員記入欄"]
    p.save(folder / "h05_jitensha.xlsx")


ALL = (road_occupancy, insurance_reduction, nursery_application, course_application, bicycle_parking)
