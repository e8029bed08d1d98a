"""Variant kanji of Japanese names (異体字) and the usual form each is searched under.

Owns the table only. It serves search, never display: a name is shown, printed and kept exactly as it was typed. Pairs
are old and new forms of 常用漢字・人名用漢字 (常用漢字表 2010, 戸籍法施行規則別表第二) and the everyday variants of
family names (髙・﨑・邊 …). CJK compatibility ideographs are not listed: NFKC folds them already.
"""

from __future__ import annotations

_GROUPS = """
高髙 崎﨑嵜碕 辺邉邊 沢澤 斎斉齋齊 島嶋嶌 浜濱濵 桜櫻 広廣 国國圀 恵惠 栄榮 栃杤 竜龍 滝瀧 条條 塩鹽 宝寶寳 実實
寿壽 将將 豊豐 真眞 吉𠮷 土圡𡈽 徳德 黒黑 桑桒 富冨 峰峯 松枩 柳栁 曽曾 館舘 関關 万萬 与與 彦彥 気氣 渋澁澀 瀬瀨
経經 総總惣 緑綠 縁緣 園薗 蔵藏 薮藪 祢禰 礼禮 郎郞 隣鄰 鉄鐵鉃 鴎鷗 麹麴 麺麵 静靜 頼賴 禅禪 穂穗 稲稻 竈竃 籠篭
亀龜 乗乘 亘亙 伝傳 円圓 剣劍劔剱 勲勳 単單 厳嚴 壮壯 奥奧 尭堯 巌巖 弥彌 応應 悦悅 戸戶 槙槇 横橫 歩步 歳歲 沖冲
浅淺 清淸 満滿 焼燒 犠犧 児兒 学學 会會 区區 台臺 仏佛 桧檜 鴬鶯 蛍螢 証證 読讀 賛贊 遥遙 酔醉 釈釋 鋭銳 録錄 閲閱
霊靈 青靑 顕顯 駅驛 兎兔 凜凛 晃晄 昇曻 熙煕熈 倶俱 宮宫 淵渕渊 船舩 爾尓 来來 増增 寛寬 巣巢 帯帶 庁廳 廃廢 弁辨瓣辯
弐貳 従從 惨慘 戦戰 払拂 抜拔 挙擧 揺搖 摂攝 旧舊 昼晝 暁曉 枢樞 桟棧 検檢 楼樓 楽樂 様樣 権權 欧歐 歯齒 毎每 涼凉 渓溪
湾灣 湿濕 溌潑 炉爐 点點 為爲 状狀 独獨 狭狹 瑶瑤 畳疊 発發 県縣 砕碎 称稱 粋粹 糸絲 絵繪 継繼 続續 聡聰 声聲 脳腦 芸藝
茎莖 荘莊 薬藥 虫蟲 衛衞 装裝 覚覺 覧覽 観觀 触觸 訳譯 誉譽 謡謠 転轉 辞辭 逓遞 遅遲 郷鄕 鋳鑄 銭錢 鎮鎭 闘鬪 陥陷 険險
雑雜 随隨 髄髓 駆驅 騒騷 験驗 鶏鷄 麦麥 黄黃 齢齡
"""


def variant_table() -> dict[int, str]:
    """Return the translation table from each variant's code point to the usual form."""
    table: dict[int, str] = {}
    for group in _GROUPS.split():
        for variant in group[1:]:
            table.setdefault(ord(variant), group[0])
    return table
