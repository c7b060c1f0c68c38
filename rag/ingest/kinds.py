"""What a line is, as far as its words tell: page furniture, a caption, or neither."""

from __future__ import annotations

import re

from rag.ingest.lines import FINAL, finished
from rag.types import BlockKind

_FURNITURE = re.compile(
    r"""
    (?:第?\s*\d{1,4}\s*[版页]|[-—–·\s]*\d{1,3}[-—–·\s]*|[A-Z]\d{1,2}版?)$   # page numbers
    | (?:本版)?(?:责任编辑|责编|编辑|版面|版式|版面设计|美编|校对|印刷|值班|值班主任|组版|统筹|监制|主编|总编辑|出品|流程编辑
        |审核|一审|二审|三审|编审|终审|责任校对|视觉|制图|见习编辑|网络编辑|来源|稿源|发布时间|更新时间|发表时间
        |发布日期|时间|日期|字号|分享到?|阅读量?|点击数?|浏览次数|责任编辑)\s*[:：丨|]
    | (?:长按|微信|请?扫描?|扫码|扫一扫|识别|关注)[^，。；]{0,14}(?:公众号|二维码|客户端|视频号|微博|小程序|APP|App|关注|观看|看视频|阅读全文)
    | (?:国内统一(?:连续出版物号|刊号)|邮发代号|本报地址|社址|邮政编码|邮编|广告(?:经营)?许可证|零售价|定价|订阅|新闻热线|发行热线
        |广告热线|投稿邮箱|服务热线|电子邮箱|E-?mail|电话)\s*[:：]
    | (?:版权所有|版权声明|免责声明|未经授权|本文来源|本文转自|原标题|©|Copyright)
    | (?:上一[篇版页]|下一[篇版页]|返回(?:首页|顶部|目录)|打印本页|关闭窗口|相关阅读|延伸阅读|点击查看)$
    | (?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日[\s，,]*(?:星期|周)[一二三四五六日天]      # the head of a page
    | \d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:来源|作者|编辑|$)
    """,
    re.VERBOSE,
)
_ALWAYS_WITHIN = 45  # em; furniture and captions that are longer are sentences that only begin alike
_CREDIT = re.compile(
    r"(?:供图|摄影报道|资料图片?|资料照片?|图片来源)\s*[）)]?$|(?:记者|通讯员|社|本报|特约|作者|[\s/·（(])\s*[\u4e00-\u9fff]{2,4}\s*(?:摄影?|制图|绘图?|文/图)\s*[）)]?$"
    r"|(?:供图|摄)\s+\S|^[\u4e00-\u9fff]{2,4}\s*摄$|(?:图片|照片|供图|摄影|制图)(?:来源)?[:：/／]"
)
_PICTURED = re.compile(r"(?:图为|图[:：]|[上下左右]图[为:：是]?|图[一二三四五六七八九十\d]{1,2}[:：\s为]|[▲△↑↓←→▼])")
_PLACE = re.compile(
    r"(?:车间|厂区|厂房|园区|生产线|工地|现场|外景|全景|夜景|一角|一隅|鸟瞰图?|航拍图?|俯瞰|效果图|示意图|实景图?|施工现场"
    r"|建设现场|流水线|展厅|大楼|码头|基地内|展区)$"
)
_BYLINE = re.compile(
    r"[□■◎○●\s]*(?:本报|本刊|本网|新华社|记者|通讯员|特约|见习|实习|文[/／|｜]|图[/／|｜]|作者|撰文|文字)"
    r"(?:见习|实习|首席)?(?:记者|通讯员|撰稿人?|评论员|[:：]|\s)"
)
_SENTENCE = re.compile(f"[{FINAL}，；]")


def is_furniture(text: str, width: float) -> bool:
    """Page numbers, imprints, calls to scan a code, dates and sources of a web page."""
    if width > _ALWAYS_WITHIN:
        return False
    match = _FURNITURE.match(text)
    return match is not None and not (finished(text) and text[-1] not in "!！…")


def is_caption(text: str, width: float) -> bool:
    """Words under a picture, and the credits of pictures and of authors."""
    if _PICTURED.match(text):
        return width <= 160
    if width > 2 * _ALWAYS_WITHIN:
        return False
    if _CREDIT.search(text) and not finished(text):
        return True
    if width > _ALWAYS_WITHIN or _SENTENCE.search(text):
        return False
    return _PLACE.search(text) is not None or (_BYLINE.match(text) is not None and width <= 30)


def kind_of_words(text: str, width: float) -> BlockKind | None:
    """The kind that the words of a single line settle; None where they do not."""
    if is_furniture(text, width):
        return BlockKind.FURNITURE
    if is_caption(text, width):
        return BlockKind.CAPTION
    return None
