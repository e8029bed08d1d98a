"""Held-out PDF forms. Invented; written before the reader and not looked at while it was tuned."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.paper_pdf import write_pdf

CHILD_ALLOWANCE = """
#text(9pt)[様式第２号（第１条の４関係）]
#align(center)[#text(15pt)[児童手当・特例給付　認定請求書]]
杉並区長　殿
#align(right)[請求年月日　令和　　　年　　　月　　　日 #f("請求年月日","date")]
#table(columns: (14mm, 26mm, 1fr, 24mm, 1fr),
  table.cell(rowspan: 6)[請求者],
  [フリガナ], [#f("氏名","person_name")], [性別], [#f("性別","choice") 男　・　女],
  [氏　名], [#f("氏名","person_name")], [生年月日], [#f("生年月日","date") 昭和・平成　　年　　月　　日],
  [住　所], table.cell(colspan: 3)[#f("住所","address") 〒　　　　－　　　　　],
  [電話番号], [#f("電話番号","phone")], [個人番号], [#f("個人番号","my_number")],
  [職　業], [#f("職業","choice|choices|text") 会社員・公務員・自営業・その他], [加入する年金], [#f("加入する年金","choice|choices|text") 厚生年金・国民年金・未加入],
  [配偶者の有無], [#f("配偶者の有無","yes_no|choice") □ 有　　□ 無], [配偶者の氏名], [#f("配偶者の氏名","person_name")],
)
#v(4pt)
支給要件児童（１８歳に達する日以後の最初の３月３１日までの間にある児童）
#table(columns: (1fr, 20mm, 34mm, 22mm, 22mm, 30mm),
  [児童の氏名], [続柄], [生年月日], [同居・別居], [監護の有無], [住所（別居の場合）],
  [#f("支給要件児童","group") #f("児童の氏名","person_name|text",inside:"支給要件児童")], [#f("続柄","relationship|text",inside:"支給要件児童")], [#f("生年月日","date",inside:"支給要件児童") 　年　月　日], [#f("同居・別居","choice",inside:"支給要件児童") 同・別], [#f("監護の有無","yes_no|choice",inside:"支給要件児童") 有・無], [#f("住所","address|text",inside:"支給要件児童")],
  [], [], [　年　月　日], [同・別], [有・無], [],
  [], [], [　年　月　日], [同・別], [有・無], [],
  [], [], [　年　月　日], [同・別], [有・無], [],
)
#v(4pt)
支払を希望する金融機関（請求者名義の口座に限ります。）
#table(columns: (30mm, 1fr, 22mm, 1fr),
  [金融機関名], [#f("支払を希望する金融機関","bank_account") 　　　　　銀行・信金・農協], [支店名], [#f("支払を希望する金融機関","bank_account") 　　　　　　本店・支店],
  [口座種別], [#f("支払を希望する金融機関","bank_account") 普通・当座], [口座番号], [#f("支払を希望する金融機関","bank_account")],
  [口座名義（カナ）], table.cell(colspan: 3)[#f("支払を希望する金融機関","bank_account")],
)
#v(4pt)
添付書類
- #f("健康保険の資格情報が分かるものの写し","file") 健康保険の資格情報が分かるものの写し
- #f("振込先口座の通帳の写し","file") 振込先口座の通帳の写し
- #f("別居監護申立書","file") 別居監護申立書（児童と別居している場合）
#v(4pt)
#table(columns: (1fr, 1fr, 1fr, 1fr),
  table.cell(colspan: 4)[※市区町村記入欄],
  [認定・却下], [認定年月日], [支給開始年月], [手当月額],
  [], [　　年　月　日], [　　年　月], [　　　　　　円],
)
"""

ADDRESS_CHANGE = """
#grid(columns: (1fr, 30mm), [#text(16pt, weight: "bold")[住民異動届]
  #v(2mm)
  杉並区長　あて], rect(height: 22mm, width: 28mm)[受付印])
#table(columns: (34mm, 1fr),
  [届出の種類], [#f("届出の種類","choice|choices") □転入　□転居　□転出　□世帯変更],
  [異動日（引越しをした日）], [#f("異動日","date") 令和　　年　　月　　日],
  [届出日], [#f("届出日","date") 令和　　年　　月　　日],
)
#v(3mm)
#table(columns: (34mm, 1fr, 20mm, 1fr),
  [新しい住所], table.cell(colspan: 3)[#f("新しい住所","address") 〒　　　－],
  [いままでの住所], table.cell(colspan: 3)[#f("いままでの住所","address")],
  [新しい世帯主], [#f("新しい世帯主","person_name|text")], [いままでの世帯主], [#f("いままでの世帯主","person_name|text")],
  [本　籍], [#f("本籍","address|text")], [筆頭者], [#f("筆頭者","person_name|text")],
)
#v(3mm)
異動した方（全員をご記入ください）
#table(columns: (8mm, 1fr, 36mm, 16mm, 18mm, 24mm),
  [], [氏名（フリガナ）], [生年月日], [性別], [続柄], [カードの有無],
  [１], [#f("異動した方","group")#f("氏名","person_name|text",inside:"異動した方")], [#f("生年月日","date",inside:"異動した方") 大昭平令　年　月　日], [#f("性別","choice",inside:"異動した方") 男・女], [#f("続柄","relationship|text",inside:"異動した方")], [#f("カードの有無","yes_no|choice",inside:"異動した方") 有・無],
  [２], [], [大昭平令　年　月　日], [男・女], [], [有・無],
  [３], [], [大昭平令　年　月　日], [男・女], [], [有・無],
  [４], [], [大昭平令　年　月　日], [男・女], [], [有・無],
)
#v(3mm)
窓口に来た方
#table(columns: (24mm, 1fr, 24mm, 1fr),
  [お名前], [#f("お名前","person_name")], [ご関係], [#f("ご関係","choice|relationship|text|choices") □本人　□世帯員　□代理人],
  [ご住所], [#f("ご住所","address")], [お電話], [#f("お電話","phone")],
)
#v(3mm)
職員記入欄
#table(columns: (1fr, 1fr, 1fr, 1fr), [本人確認], [入力], [照合], [交付], [免・個・旅・他], [], [], [])
"""

MEDICAL = """
#align(right)[第４号様式]
#align(center)[#text(14pt)[子ども医療費助成金支給申請書]]
#v(2mm)
（宛先）杉並区長
#h(1fr) 年#sp(3)月#sp(3)日 #f("申請日","date")

#h(80mm) 申請者（保護者）

#h(80mm) 住　所 #f("申請者　住所","address")

#h(80mm) 氏　名 #f("申請者　氏名","person_name") #h(45mm) 印

#h(80mm) 電　話 #f("申請者　電話","phone")

下記のとおり医療費の助成を申請します。
#table(columns: (32mm, 1fr, 26mm, 1fr),
  [受給者証番号], [#f("受給者証番号","insured_number|text")], [子どもとの続柄], [#f("子どもとの続柄","relationship|text")],
  [子どもの氏名], [#f("子どもの氏名","person_name")], [生年月日], [#f("子どもの生年月日","date") 平成・令和　　年　　月　　日],
  [受診した医療機関名], table.cell(colspan: 3)[#f("受診した医療機関名","text")],
  [受診年月], [#f("受診年月","year_month|date") 令和　　年　　月分], [入院・外来の別], [#f("入院・外来の別","choice") 入院 ・ 外来 ・ 調剤],
  [支払った額], [#f("支払った額","yen") 　　　　　　　　円], [領収書の枚数], [#f("領収書の枚数","integer") 　　　　　　枚],
  [加入している保険], table.cell(colspan: 3)[#f("加入している保険","choice|choices") □国民健康保険　□協会けんぽ　□健康保険組合　□共済組合　□その他（#sp(6)） #f("その他","text")],
  [申請の理由], table.cell(colspan: 3, inset: (y: 22pt, x: 5pt))[#f("申請の理由","textarea")],
)
#v(3mm)
#table(columns: (32mm, 1fr, 26mm, 1fr),
  table.cell(rowspan: 3)[振込先口座], [#f("振込先口座","bank_account") 銀行名], [支店名], [#f("振込先口座","bank_account")],
  [#f("振込先口座","bank_account") □普通　□当座], [口座番号], [#f("振込先口座","bank_account")],
  [口座名義人（カナ）], table.cell(colspan: 2)[#f("振込先口座","bank_account")],
)
□　医療費の助成に必要な範囲で、区が保険の加入状況を確認することに同意します。 #f("保険の加入状況の確認に同意","consent")

注　領収書の原本を添付してください。
"""

OPEN_DATA = """
#text(9pt)[様式第８号]
#align(center)[#text(15pt, weight: "bold")[集会施設使用料減免申請書]]
#align(right)[申請日　#sp(2)年#sp(2)月#sp(2)日 #f("申請日","date")]
サンプル区民センター所長　宛
#table(columns: (38mm, 1fr),
  [団体名], [#f("団体名","text")],
  [団体登録番号], [#f("団体登録番号","text")],
  [代表者　ふりがな], [#f("代表者氏名","person_name")],
  [代表者　氏名], [#f("代表者氏名","person_name")],
  [代表者　住所], [#f("代表者住所","address")],
  [法人番号（法人の場合）], [#f("法人番号","corporate_number")],
  [日中の連絡先], [#f("日中の連絡先","phone")],
  [Ｅメール], [#f("Ｅメール","email")],
)
#v(3mm)
#table(columns: (38mm, 1fr, 30mm, 1fr),
  [施設名], [#f("施設名","text")], [室　名], [#f("室名","text")],
  [使用日], [#f("使用日","date") 　　年　　月　　日], [使用時間], [#f("使用時間","time|text") 　時　　分～　　時　　分],
  [使用人数], [#f("使用人数","integer") 　　　　　人], [うち区民], [#f("うち区民","integer") 　　　　　人],
  [使用面積], [#f("使用面積","decimal|integer") 　　　　　㎡], [使用料], [#f("使用料","yen") 金　　　　　円],
  [使用目的], table.cell(colspan: 3, inset: (y: 18pt, x: 5pt))[#f("使用目的","textarea")],
  [減免の理由], table.cell(colspan: 3)[#f("減免の理由","choice|choices") □障害者団体　□高齢者団体　□青少年団体　□その他（#sp(10)） #f("その他","text")],
)
#v(3mm)
（決裁欄）
#table(columns: (1fr, 1fr, 1fr, 1fr), [所長], [副所長], [係長], [担当], [#v(12mm)], [], [], [])
"""


def child_allowance(folder: Path) -> None:
    """児童手当認定請求書: children's table, bank account, list of papers, office block."""
    write_pdf(
        folder / "h11_jido_teate.pdf",
        title="児童手当・特例給付認定請求書",
        addressee="杉並区長",
        source=CHILD_ALLOWANCE,
        left_out=["市区町村記入欄"],
    )


def address_change(folder: Path) -> None:
    """住民異動届: stamp box beside the title, numbered rows."""
    write_pdf(
        folder / "h12_jumin_ido.pdf",
        title="住民異動届",
        addressee="杉並区長",
        source=ADDRESS_CHANGE,
        left_out=["受付印", "職員記入欄"],
    )


def medical_expenses(folder: Path) -> None:
    """子ども医療費助成金支給申請書: unruled header, labels inside blanks."""
    write_pdf(folder / "h13_iryohi.pdf", title="子ども医療費助成金支給申請書", addressee="杉並区長", source=MEDICAL)


def hall_reduction(folder: Path) -> None:
    """集会施設使用料減免申請書: units of every kind, decision boxes."""
    write_pdf(
        folder / "h14_shisetsu_genmen.pdf",
        title="集会施設使用料減免申請書",
        addressee="サンプル区民センター所長",
        source=OPEN_DATA,
        left_out=["決裁欄"],
    )


ALL = (child_allowance, address_change, medical_expenses, hall_reduction)
