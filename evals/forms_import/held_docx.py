"""Held-out Word forms. Invented; written before the reader and not looked at while it was tuned."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.gold import F
from evals.forms_import.paper_docx import C, WordPaper


def patronage(folder: Path) -> None:
    """後援名義使用承認申請書: header lines with spaces, then one table."""
    p = WordPaper("後援名義使用承認申請書", addressee="杉並区長")
    p.para("第１号様式（第４条関係）")
    p.para("年　　月　　日", F("申請日", "date"), align="right")
    p.para("杉並区長　宛")
    p.para("　　　　　　　　　　　　　　　　申請者　所在地", F("所在地", "address"))
    p.para("　　　　　　　　　　　　　　　　　　　　団体名", F("団体名", "text"))
    p.para(
        "　　　　　　　　　　　　　　　　　　　　代表者氏名　　　　　　　　　　　　　印", F("代表者氏名", "person_name")
    )
    p.para("　　　　　　　　　　　　　　　　　　　　電話番号", F("電話番号", "phone"))
    p.para("杉並区後援名義使用承認申請書", align="center", size=14, bold=True)
    p.para("　下記のとおり、杉並区の後援名義を使用したいので申請します。")
    p.para("記", align="center")
    p.table(
        [
            ["１　事業の名称", C("", F("事業の名称", "text"), span=3)],
            ["２　事業の目的", C("", F("事業の目的", "textarea|text"), span=3)],
            ["３　開催日時", C("令和　　年　　月　　日（　）　　時から　　時まで", [F("開催日時", "date")], span=3)],
            ["４　開催場所", C("", F("開催場所", "text|address"), span=3)],
            ["５　参加予定人数", ("　　　　　人", F("参加予定人数", "integer")), "対象者", ("", F("対象者", "text"))],
            [
                "６　参加費",
                C("有（　　　　　円）　・　無", [F("参加費の有無", "yes_no|choice"), F("参加費の額", "yen")], span=3),
            ],
            ["７　他の後援団体", C("", F("他の後援団体", "text|textarea"), span=3)],
            [C("８　事務担当者", down=3), "氏名", C("", F("事務担当者　氏名", "person_name|text"), span=2)],
            ["電話", C("", F("事務担当者　電話", "phone"), span=2)],
            ["メールアドレス", C("", F("事務担当者　メールアドレス", "email"), span=2)],
        ],
        columns=4,
    )
    p.para("添付書類")
    for text in ("１　事業計画書", "２　収支予算書", "３　団体の規約又は会則", "４　役員名簿"):
        p.para(text, F(text[2:], "file"))
    p.save(folder / "h06_koen_meigi.docx")


def disclosure(folder: Path) -> None:
    """公文書開示請求書: circles and boxes, a big blank, an office table at the end."""
    p = WordPaper("公文書開示請求書", addressee="杉並区長")
    p.para("第１号様式（第３条関係）", align="right")
    p.para("公文書開示請求書", align="center", size=16)
    p.para("令和　　年　　月　　日", F("請求日", "date"), align="right")
    p.para("（実施機関）　杉並区長　殿")
    who = F("氏名", "person_name|text")
    p.table(
        [
            [C("請求者", down=4), "郵便番号", ("〒　　　－", address := F("住所", "address"))],
            ["住所（法人その他の団体にあっては、主たる事務所の所在地）", ("", address)],
            ["氏名（法人その他の団体にあっては、名称及び代表者の氏名）", ("", who)],
            ["連絡先（電話番号）", ("　　　　（　　　　）", F("連絡先", "phone"))],
        ],
        columns=3,
    )
    p.para("　杉並区情報公開条例第６条の規定により、次のとおり公文書の開示を請求します。")
    p.table(
        [
            ["公文書の件名又は内容", ("\n\n\n\n\n", F("公文書の件名又は内容", "textarea"))],
            ["開示の方法", ("□　閲覧\n□　写しの交付（□窓口　□郵送）\n□　視聴", F("開示の方法", "choice|choices"))],
            [
                "請求の区分",
                (
                    "□　区内に住所を有する方\n□　区内に事務所又は事業所を有する方\n□　区内に勤務する方\n□　区内に在学する方\n□　その他（利害関係の内容：　　　　　　　　　　　　　）",
                    [F("請求の区分", "choice|choices"), F("利害関係の内容", "text")],
                ),
            ],
            ["請求の目的（任意）", ("", F("請求の目的", "text|textarea"))],
        ],
        columns=2,
    )
    p.para("※　以下は、記入しないでください。")
    p.table([["担当課", ""], ["公文書の名称", ""], ["備考", ""]], columns=2)
    p.gold.left_out = ["以下は、記入しないでください"]
    p.save(folder / "h07_kobunsho_kaiji.docx")


def dog_registration(folder: Path) -> None:
    """犬の登録申請書: dogs as columns of one row, choices written with dots."""
    p = WordPaper("犬の登録申請書", addressee="杉並保健所長")
    p.para("別記第１号様式")
    p.para("犬　の　登　録　申　請　書", align="center", size=16, bold=True)
    p.para("　　　年　　　月　　　日", F("申請日", "date"), align="right")
    p.para("杉並保健所長　宛")
    owner = F("氏名", "person_name|text")
    place = F("住所", "address")
    p.table(
        [
            [C("所有者", down=4), "ふりがな", C("", owner, span=4)],
            ["氏名\n（法人の場合は名称及び代表者名）", C("", owner, span=4)],
            ["住所", C("〒", place, span=4)],
            [
                "電話番号",
                C(
                    "自宅（　　　）　　　－\n携帯（　　　）　　　－",
                    [F("電話番号（自宅）", "phone"), F("電話番号（携帯）", "phone")],
                    span=4,
                ),
            ],
            [
                C("犬の所在地", span=2),
                C(
                    "□　所有者の住所と同じ\n□　その他（　　　　　　　　　　　　　　　　）",
                    [F("犬の所在地", "choice|choices"), F("その他の所在地", "text|address")],
                    span=4,
                ),
            ],
            [C("犬の種類", span=2), ("", F("犬の種類", "text")), "犬の名", C("", F("犬の名", "text"), span=2)],
            [
                C("生年月日", span=2),
                ("平成・令和　　年　　月　　日", F("犬の生年月日", "date")),
                "性別",
                C("雄　・　雌　・　去勢雄　・　避妊雌", F("犬の性別", "choice"), span=2),
            ],
            [C("毛色", span=2), ("", F("毛色", "text")), "体格", C("大　・　中　・　小", F("体格", "choice"), span=2)],
            [C("その他の特徴", span=2), C("", F("その他の特徴", "text|textarea"), span=4)],
            [
                C("マイクロチップ", span=2),
                C(
                    "□有（番号　　　　　　　　　　　　　　　）　□無",
                    [F("マイクロチップ", "yes_no|choice"), F("マイクロチップの番号", "text")],
                    span=4,
                ),
            ],
            [C("取得年月日", span=2), C("令和　　年　　月　　日", F("取得年月日", "date"), span=4)],
        ],
        columns=6,
    )
    p.para("（注）太枠の中だけ記入してください。")
    p.table(
        [["鑑札番号", "交付年月日", "手数料", "取扱者"], ["第　　　　号", "　　年　　月　　日", "3,000円", "印"]],
        columns=4,
    )
    p.gold.left_out = ["鑑札番号"]
    p.save(folder / "h08_inu_toroku.docx")


def mandate(folder: Path) -> None:
    """委任状: paragraphs only."""
    p = WordPaper("委任状")
    p.para("委　任　状", align="center", size=20)
    p.para("杉並区長　宛")
    p.para("年　　月　　日", F("委任日", "date"), align="right")
    p.para("【代理人】（窓口に来られる方）", bold=True)
    p.para("住所　＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿", F("代理人　住所", "address"))
    p.para("氏名　＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿", F("代理人　氏名", "person_name"))
    p.para("生年月日　　明・大・昭・平・令　　　年　　月　　日", F("代理人　生年月日", "date"))
    p.para("委任者との関係　＿＿＿＿＿＿＿＿＿＿", F("委任者との関係", "relationship|text"))
    p.para("　私は、上記の者を代理人と定め、次の権限を委任します。")
    p.para("委任する事項（該当する□にレ印を付けてください。）", bold=True)
    p.table(
        [
            [
                C(
                    "□住民票の写し（　　　）通の交付の請求及び受領\n□印鑑登録証明書（　　　）通の交付の請求及び受領\n□課税証明書　　　年度分（　　　）通の交付の請求及び受領\n□転出・転入・転居の届出\n□その他（　　　　　　　　　　　　　　　　　　　　　　）",
                    [
                        F("委任する事項", "choices"),
                        F("住民票の写しの通数", "integer|text"),
                        F("印鑑登録証明書の通数", "integer|text"),
                        F("課税証明書の通数", "integer|text"),
                        F("その他", "text"),
                    ],
                )
            ],
        ],
        columns=1,
    )
    p.para("【委任者】（頼む方）※必ず委任者本人が自署してください。", bold=True)
    p.para("住所　＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿", F("委任者　住所", "address"))
    p.para("氏名　＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿㊞", F("委任者　氏名", "person_name"))
    p.para("生年月日　　明・大・昭・平・令　　　年　　月　　日", F("委任者　生年月日", "date"))
    p.para("日中連絡のとれる電話番号　（　　　　　）　　　　　－", F("日中連絡のとれる電話番号", "phone"))
    p.save(folder / "h09_ininjo.docx")


def insurance_notice(folder: Path) -> None:
    """国民健康保険異動届: joining and leaving members in one table, office stamps in the margin."""
    p = WordPaper("国民健康保険異動届", addressee="杉並区長")
    p.para("国民健康保険異動届（資格取得・喪失）", align="center", size=14, bold=True)
    p.table([["収受印", "決裁", "課長", "係長", "係員"], [C("\n\n"), "", "", "", ""]], columns=5)
    p.para("杉並区長　あて　　　次のとおり届け出ます。")
    head = F("世帯主氏名", "person_name")
    p.table(
        [
            ["届出日", ("令和　年　月　日", F("届出日", "date")), "異動日", ("令和　年　月　日", F("異動日", "date"))],
            ["届出の区分", C("□　加入　　□　脱退　　□　変更", F("届出の区分", "choice|choices"), span=3)],
            [
                "異動の事由",
                C(
                    "□　転入　□　転出　□　社会保険離脱　□　社会保険加入　□　出生　□　死亡　□　生活保護　□　その他",
                    F("異動の事由", "choice|choices"),
                    span=3,
                ),
            ],
            ["フリガナ", ("", head), "電話番号", ("", F("電話番号", "phone"))],
            ["世帯主氏名", ("", head), "世帯主の個人番号", ("□□□□ □□□□ □□□□", F("世帯主の個人番号", "my_number"))],
            ["住　所", C("杉並区", F("住所", "address"), span=3)],
            ["前住所", C("", F("前住所", "address"), span=3)],
            ["資格確認書の記号・番号", C("", F("資格確認書の記号・番号", "insured_number|text"), span=3)],
        ],
        columns=4,
    )
    p.para("異動する方", bold=True)
    group = "異動する方"
    kids = [
        F("氏名", "person_name|text", group),
        F("生年月日", "date", group),
        F("性別", "choice", group),
        F("続柄", "relationship|text", group),
        F("個人番号", "my_number", group),
    ]
    rows: list[list[object]] = [["", "氏名（フリガナ）", "生年月日", "性別", "続柄", "個人番号"]]
    p.gold.add(F(group, "group"), "表3 行2 列2")
    for n in range(1, 5):
        row: list[object] = [str(n)]
        for kid, text in zip(kids, ("", "　年　月　日", "男・女", "", ""), strict=True):
            row.append((text, kid if n == 1 else None))
        rows.append(row)
    p.table(rows, columns=6)
    p.para("届出人（世帯主と異なる場合に記入）", bold=True)
    p.table(
        [
            [
                "氏名",
                ("", F("届出人　氏名", "person_name")),
                "世帯主との続柄",
                ("", F("世帯主との続柄", "relationship|text")),
            ],
            ["住所", ("", F("届出人　住所", "address")), "電話", ("", F("届出人　電話", "phone"))],
            ["本人確認", C("□個人番号カード　□運転免許証　□旅券　□その他（　　　）", None, span=3)],
        ],
        columns=4,
    )
    p.gold.left_out = ["収受印"]
    p.save(folder / "h10_kokuho_ido.docx")


ALL = (patronage, disclosure, dog_registration, mandate, insurance_notice)
