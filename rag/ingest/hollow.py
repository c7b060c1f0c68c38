"""Whether a file is an article at all: saved error pages, waiting pages and three words are none.

A crawler that was refused saves the refusal under the name of the article, and its next run would put 「404 Not Found」
in the place of what was read before. Told by what is left when the phrases of such pages are taken out of the text:
an article that speaks of a 404 page has sentences of its own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

_MARKUP = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style|noscript)\b.*?</\1\s*>|</?[a-zA-Z!?][^<>]{0,2000}>",
    re.DOTALL | re.IGNORECASE,
)
_HIDDEN = re.compile(r"<!--(?:(?!<!--).)*?-->|<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]", re.UNICODE)
_MOST = 1200  # characters; no error page says more
_OWN = 10  # characters that a site may have of its own beside the phrases: its name
_FEW = 8  # characters or words; less is no article

_STATUS = r"(?:40[0-9]|41[0-9]|42[0-9]|451|50[0-9]|52[0-9])"
# What only a page that shows no article says.
_PHRASES = re.compile(
    "|".join(
        (
            rf"(?:(?:http|error|err|错误|状态码?|code)[\s:：_/\-—]*(?:1\.[01]|2)?[\s:：\-]*)?{_STATUS}[\s:：,，.\-—|(（]*(?:error|错误|not found|forbidden|"
            r"unauthorized|bad request|bad gateway|internal server error|service (?:temporarily )?unavailable|gateway time-?out|"
            r"too many requests|method not allowed|gone|request time-?out|页面?|找不到|未找到|禁止访问|无权访问|服务器)",
            rf"(?:http|error|err|错误|状态码|code)[\s:：_\-—]*{_STATUS}",
            r"(?:page|file|object|resource|url|site)?\s*(?:is |was |could )?not (?:be )?found|access (?:is )?(?:denied|forbidden)|access ?denied|no ?such ?key",
            r"(?:internal )?server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|too many requests|permission denied|forbidden",
            r"the (?:requested|specified) (?:page|url|resource|file|key)[^.\n]{0,40}(?:not found|does(?: not|n.t) exist|cannot be found|not available)[^.\n]{0,30}",
            r"(?:you )?(?:don.t|do not) have permission[^.\n]{0,60}|just a moment|checking your browser[^.\n]{0,40}|verify(?:ing)? (?:that )?you are (?:a )?human[^.\n]{0,30}",
            r"(?:please )?(?:enable|turn on|activate) javascript[^.。\n]{0,60}|[^.。\n]{0,60}(?:requires?|without|needs?|need to enable) javascript[^.。\n]{0,40}|javascript (?:is )?(?:disabled|required)[^.。\n]{0,40}",
            r"(?:now )?loading|please wait|redirecting[^.\n]{0,30}",
            r"(?:请|需要?|您?尚?未|没有|必须)?\s*(?:先)?(?:开启|启用|打开|允许|支持|禁用了?|关闭了?)\s*(?:浏览器的?)?\s*(?:javascript|java ?script|js|cookies?)(?:\s*(?:脚本|功能|支持))?[^。\n]{0,16}|需要\s*javascript",
            r"(?:正在|努力|拼命)?(?:加载|载入|跳转|读取)中?|(?:数据|页面|内容)(?:正在)?加载中?|加载失败|请稍[候后等]|请耐心等[待候]|稍后再[试来]",
            r"(?:很?抱歉|对不起|非常抱歉|sorry|oops|哎呀|糟糕)",
            r"您?(?:所)?(?:要|想|正在)?(?:访问|请求|查[看找]|浏览|打开|寻找)的(?:页面?|网页|内容|文章|地址|资源|网址|链接|文件|信息|稿件|网站)[^。！\n]{0,24}?(?:不存在|出错|错误|失效|丢失|找不到|未找到|删除|下线|搬家|更名|无法(?:访问|显示|打开)|不可用|不见)了?",
            r"(?:该|此|这个?|本)?(?:页面?|网页|内容|文章|资源|网址|链接|信息|稿件|网站|帖子?)(?:可能)?(?:已经?|暂时|当前)?(?:不存在|出错|走丢|失效|丢失|找不到|未找到|被?(?:作者)?(?:删除|移除|下线|屏蔽)|搬家|过期|无法(?:访问|显示|打开)|不可用|不见|违规)了?(?!任何)",
            r"(?:找不到|没有找到|未找到|无法(?:找到|访问|显示|打开|加载))(?:该|此|这个?|您?(?:所)?(?:要|请求|访问)的)?(?:页面?|网页|内容|文章|资源|网站|网址|文件)",
            r"(?:服务器|系统|网络|网站|后台|服务)(?:内部)?(?:错误|异常|繁忙|超时|维护(?:中|升级)?|开小差了?|出错|忙|无响应|连接失败)",
            r"(?:拒绝|禁止|限制)访问|访问(?:被拒绝|受限|过于频繁|太频繁|异常|受到限制)|(?:没有|无)(?:权限)?访问(?:权限)?|无权限?(?:访问|查看|操作)?|请求(?:过于频繁|太频繁|失败|错误|超时)|操作(?:过于)?频繁",
            r"请(?:先)?(?:登录|登陆|输入验证码|完成(?:安全)?验证|进行(?:安全)?验证)(?:后再?[^。\n]{0,8})?|(?:人机|安全|滑动)验证|验证码",
            r"暂无(?:数据|内容|信息|权限|相关内容)|网页(?:解析|打开)失败",
        )
    ),
    re.IGNORECASE,
)
# What stands beside them.
_FURNITURE = re.compile(
    "|".join(
        (
            r"nginx(?:/[\d.]+)?|apache(?:/[\d.]+)?[^\n]{0,40}|openresty(?:/[\d.]+)?|tengine(?:/[\d.]+)?|iis|cloudflare|microsoft-\S+|powered by[^\n]{0,40}",
            r"[©(]?c?[)]?\s*copyright[^\n]{0,80}|版权所有[^\n]{0,60}|\S{0,3}icp[备证]\S{0,20}|all rights reserved\.?",
            r"\d+\s*秒(?:钟)?(?:之?后|内)?[^。\n]{0,20}?(?:跳转|返回|转到|刷新)[^。\n]{0,12}|(?:点击(?:这里|此处)?)?(?:返回|回到|前往|进入)(?:网站|本站)?(?:首页|主页|上一?[页级])|首页|上一页|刷新(?:页面|重试)?|重新加载|重试|联系我们|网站地图|帮助中心|关闭(?:页面|窗口)",
            r"可能(?:的)?(?:原因|是因为?)(?:如下|有)?|(?:网址|地址|链接|路径|url)[^。；\n]{0,10}(?:错误|有误|正确|失效|过期|更改|不全)|请?(?:检查|核对|确认)[^。；\n]{0,16}(?:网址|地址|链接|网络|拼写|url)[^。；\n]{0,12}|(?:页面|网页|内容|文章|文件)?(?:可能)?(?:已经?)?被?(?:删除|移[除动走]|更名|改名|转移|下线)|暂时不可用|您?(?:可以|还?可)?(?:尝试|通过)?(?:以下操作|搜索)|如有(?:疑问|问题)[^。\n]{0,20}|给您带来不便[^。\n]{0,12}",
            r"go (?:back|home|to (?:the )?home ?page)|back to home|home ?page|home|try again(?: later)?|refresh|contact (?:us|the administrator|support)[^.\n]{0,40}|request id[^\n]{0,80}|host ?id[^\n]{0,80}|ray id[^\n]{0,60}|reference[^\n]{0,60}|on this server|additionally[^\n]{0,120}|to continue|your (?:browser|ip)[^.\n]{0,60}|please|then|the server[^.\n]{0,120}|we.re sorry[^.\n]{0,20}?(?=but|,|\.)|sorry|but",
            r"https?://\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\S*|\b[0-9a-f-]{16,}\b",
            r"浏览器|您|你|的|了|或|已|请|后|再|并|以|继续|访问|浏览|查看|本站|网站|页面|网页|重新",
        )
    ),
    re.IGNORECASE,
)
_ENVELOPE = frozenset(
    "code status status_code statuscode error errors err errno errcode err_code error_code errorcode errmsg error_msg error_message "
    "error_description msg message info detail details description reason success ok ret result data timestamp time path trace "
    "traceid trace_id requestid request_id hostid type title instance exception cause method url".split()
)
_GOOD = frozenset(("0", "200", "ok", "success", "true"))

Reason = tuple[str, str]
ERROR_PAGE: Reason = ("是一张出错或等待的页面，不是文章", "an error or waiting page, not an article")
NO_WORDS: Reason = ("里面没有正文", "there are no words of an article in it")


def no_article(text: str) -> Reason | None:
    """Why a text is no article, in Chinese and English; None where it may well be one."""
    if len(text) > 40 * _MOST:
        return None
    told = _json(text)
    if told is not None:
        return told
    seen = html.unescape(_MARKUP.sub("\n", text)).strip()
    if not _WORDS.search(seen):
        # what a page says to a browser without scripts may be all it says
        seen = html.unescape(re.sub(r"<[^<>]*>", "\n", _HIDDEN.sub("\n", text))).strip()
        if not _WORDS.search(seen):
            return NO_WORDS
    if len(seen) > _MOST:
        return None
    left, phrases = _PHRASES.subn("\n", seen)
    if not phrases:
        return ERROR_PAGE if re.fullmatch(rf"[\s\W]*{_STATUS}[\s\W]*", seen) else None
    said = _size(seen) - _size(left)
    own = _size(_FURNITURE.sub("\n", left))
    return ERROR_PAGE if own <= _OWN + said // 4 else None


def hardly_any(text: str) -> bool:
    """Whether a text is so short that it can hardly be an article: three words. A figure or a whole sentence is one."""
    return _size(text) < _FEW and not re.search(r"[\d。！？!?]|\w\.\s*$", text)


def _size(text: str) -> int:
    """Chinese characters, kana and syllables, and words of other scripts: what is said, in units of about two syllables."""
    return len(
        re.findall(r"[\u3400-\u9fff\u3041-\u30fa\uac00-\ud7a3]|[^\W\u3400-\u9fff\u3041-\u30fa\uac00-\ud7a3_]+", text)
    )


def _json(text: str) -> Reason | None:
    """An answer of a server in JSON that tells of a fault, or of nothing."""
    body = text.strip()
    if body[:1] not in "{[" or body[-1:] not in "}]":
        return None
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if isinstance(value, list):
        return None if value else NO_WORDS
    if not isinstance(value, Mapping) or not all(str(key).lower() in _ENVELOPE for key in value):
        return None
    if any(_size(each) > 60 for each in _strings(value)):
        return None
    said = {str(key).lower(): each for key, each in value.items()}
    fault = any(key.startswith(("err", "exception", "code", "stat", "ret")) and not _good(said[key]) for key in said)
    fault |= any(not said[key] for key in ("success", "ok") if key in said)
    empty = not any(said.get(key) for key in ("data", "result", "title", "description"))
    return ERROR_PAGE if fault or empty else None


def _good(value: Any) -> bool:
    return not value or str(value).lower() in _GOOD


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    each = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for item in each for text in _strings(item)]
