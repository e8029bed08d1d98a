"""Development PDF forms: invented; the reader may be tuned on these."""

from __future__ import annotations

from pathlib import Path

from evals.forms_import.paper_pdf import write_pdf

DISASTER = """
#text(9pt)[第１号様式（第３条関係）]
#align(center)[#text(16pt)[罹災証明書交付申請書]]
#align(right)[令和　　年　　月　　日 #f("申請日","date")]
杉並区長　宛
#table(columns: (12mm, 28mm, 1fr, 24mm, 1fr),
  table.cell(rowspan: 4)[申請者],
  [ふりがな], [#f("氏名","person_name")], [生年月日], [#f("生年月日","date") 　　年　　月　　日],
  [氏　名], [#f("氏名","person_name")], [電話番号], [#f("電話番号","phone")],
  [現住所], table.cell(colspan: 3)[#f("現住所","address") 〒],
  [罹災者との関係], table.cell(colspan: 3)[#f("罹災者との関係","choice|relationship|choices") □本人　□同居の親族　□代理人],
)
#v(3mm)
#table(columns: (40mm, 1fr),
  [罹災日時], [#f("罹災日時","date") 令和　　年　　月　　日　　　時ごろ],
  [罹災原因], [#f("罹災原因","choice|choices|text") □地震　□風水害　□火災　□その他（#sp(8)） #f("その他","text")],
  [罹災した住家の所在地], [#f("罹災した住家の所在地","address") 杉並区],
  [被害の状況], table.cell(inset: (y: 25pt, x: 5pt))[#f("被害の状況","textarea")],
  [必要枚数], [#f("必要枚数","integer") 　　　　　枚],
)
#v(3mm)
世帯構成員
#table(columns: (1fr, 22mm, 22mm, 40mm),
  [氏名], [続柄], [年齢], [備考],
  [#f("世帯構成員","group")#f("氏名","person_name|text",inside:"世帯構成員")], [#f("続柄","relationship|text",inside:"世帯構成員")], [#f("年齢","integer|text",inside:"世帯構成員") 　　歳], [#f("備考","text",inside:"世帯構成員")],
  [], [], [　　歳], [], [], [], [　　歳], [], [], [], [　　歳], [],
)
#v(3mm)
添付書類
+ #f("被害状況が分かる写真","file") 被害状況が分かる写真
+ #f("本人確認書類の写し","file") 本人確認書類の写し
#v(3mm)
※区使用欄
#table(columns: (1fr, 1fr, 1fr), [受付者], [調査日], [判定], [#v(8mm)], [], [])
"""

REFUND = """
#align(center)[#text(14pt, weight: "bold")[介護保険 高額介護サービス費支給申請書]]
#table(columns: (34mm, 1fr, 30mm, 1fr),
  [フリガナ], [#f("被保険者氏名","person_name")], [保険者番号], [#f("保険者番号","insured_number|text")],
  [被保険者氏名], [#f("被保険者氏名","person_name")], [被保険者番号], [#f("被保険者番号","insured_number")],
  [生年月日], [#f("生年月日","date") 明・大・昭　　年　　月　　日], [性　別], [#f("性別","choice") 男 ・ 女],
  [住　所], table.cell(colspan: 3)[#f("住所","address") 〒 #h(50mm) 電話番号 #f("電話番号","phone")],
  [サービス利用月], [#f("サービス利用月","year_month|date") 令和　　年　　月], [支払金額], [#f("支払金額","yen") 　　　　　　円],
)
杉並区長　様

上記のとおり申請します。
#h(1fr) 令和#sp(2)年#sp(2)月#sp(2)日 #f("申請日","date")

申請者

#h(10mm) 住所 #f("申請者　住所","address")

#h(10mm) 氏名 #f("申請者　氏名","person_name") #h(50mm) 印

#h(10mm) 電話番号 #f("申請者　電話番号","phone")
#v(3mm)
口座振込依頼欄
#table(columns: (1fr, 1fr, 24mm, 44mm),
  [金融機関名], [本・支店名], [種目], [口座番号],
  [#f("口座振込依頼欄","bank_account") 　　　　銀行], [#f("口座振込依頼欄","bank_account") 　　　　支店], [#f("口座振込依頼欄","bank_account") 普通・当座], [#f("口座振込依頼欄","bank_account")],
  [口座名義人（フリガナ）], table.cell(colspan: 3)[#f("口座振込依頼欄","bank_account")],
)
"""

CHANGE = """
#grid(columns: (1fr, 30mm), [#text(14pt)[事業内容変更届出書]], [#table(columns: 30mm, [収受印], [#v(14mm)])])
杉並区長　宛
#align(right)[届出日　令和　　年　　月　　日 #f("届出日","date")]
#table(columns: (36mm, 1fr),
  [事業所の名称], [#f("事業所の名称","text")],
  [事業所の所在地], [#f("事業所の所在地","address")],
  [代表者の氏名], [#f("代表者の氏名","person_name")],
  [連絡先（電話）], [#f("連絡先","phone")],
  [連絡先（メールアドレス）], [#f("連絡先（メールアドレス）","email")],
  [変更年月日], [#f("変更年月日","date") 　　年　　月　　日],
  [変更事項（該当に☑）], [#f("変更事項","choices|choice") □名称　□所在地　□代表者　□営業時間　□その他],
)
#v(3mm)
#table(columns: (26mm, 1fr, 1fr),
  [], [変更前], [変更後],
  [名称], [#f("名称　変更前","text")], [#f("名称　変更後","text")],
  [所在地], [#f("所在地　変更前","address")], [#f("所在地　変更後","address")],
  [代表者], [#f("代表者　変更前","person_name|text")], [#f("代表者　変更後","person_name|text")],
)
#v(3mm)
変更の理由
#rect(width: 100%, height: 25mm)[#f("変更の理由","textarea")]
"""


def disaster(folder: Path) -> None:
    """罹災証明書交付申請書."""
    write_pdf(
        folder / "d07_risai.pdf",
        title="罹災証明書交付申請書",
        addressee="杉並区長",
        source=DISASTER,
        left_out=["区使用欄"],
    )


def refund(folder: Path) -> None:
    """介護保険高額介護サービス費支給申請書."""
    write_pdf(
        folder / "d08_kogaku_kaigo.pdf",
        title="介護保険高額介護サービス費支給申請書",
        addressee="杉並区長",
        source=REFUND,
    )


def change(folder: Path) -> None:
    """事業内容変更届出書: before and after."""
    write_pdf(
        folder / "d09_henko.pdf", title="事業内容変更届出書", addressee="杉並区長", source=CHANGE, left_out=["収受印"]
    )


ALL = (disaster, refund, change)
