"""Words of the search tab."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import both


@dataclass(frozen=True)
class SearchTexts:
    search_placeholder: str = both("要找的词或一句话", "Words or a sentence to look for")
    search_go: str = both("检索", "Search")
    search_intro: str = both(
        "不问模型，直接看找到的段落，以及每一段为什么排在这里。",
        "No model is asked: the passages found, and why each stands where it does.",
    )
    search_none: str = both("没有找到。换一个说法，或放宽筛选。", "Nothing found. Try other words, or fewer filters.")
    search_count: str = both("找到 {count} 段，用时 {value} 毫秒", "Passages: {count}, in {value} ms")
    search_dense: str = both("意思第 {rank} 近（相似度 {score}）", "no. {rank} in meaning (similarity {score})")
    search_no_dense: str = both("意思不近", "not near in meaning")
    search_lexical: str = both("用词第 {rank} 像（BM25 {score}）", "no. {rank} in wording (BM25 {score})")
    search_no_lexical: str = both("用词不像", "not alike in wording")
    search_all_words: str = both("所查的词都在一处", "all words in one place")
    search_words: str = both("所查的词有 {share}% 在一处", "{share}% of the words in one place")
    search_no_words: str = both("没有所查的词", "none of the words")
    search_time: str = both("时间相符", "the time agrees")
    search_other_time: str = both("说的是别的时间", "of another time")
    search_fused: str = both("合计 {score} 分", "{score} in all")
    search_legend: str = both(
        "荧光：与所查字面相同的词。下划线：意思最接近的句子。",
        "Highlighted: the same words. Underlined: the sentences nearest in meaning.",
    )
    search_document: str = both("文章", "Article")
    search_every: str = both("全部文章", "All articles")
    search_since: str = both("日期从", "Dated from")
    search_until: str = both("到", "to")
    search_type: str = both("文件类型", "File type")
    search_every_type: str = both("全部类型", "All types")
    search_undated: str = both(
        "按日期筛选时，日期不详的文章不在结果里。", "With a date given, undated articles are left out."
    )
    search_clear: str = both("清除筛选", "Clear filters")
    search_ask: str = both("在这个范围里提问", "Ask within these")
    scope: str = both("范围", "Within")
    scope_all: str = both("全部", "all")
    scope_choose: str = both("只在这些文章里找答案", "Answer from these articles only")
    scope_between: str = both("{since} 至 {until}", "{since} to {until}")
    scope_since: str = both("{since} 起", "from {since}")
    scope_until: str = both("到 {until} 为止", "to {until}")
    scope_several: str = both("《{title}》等 {count} 篇", "{title} and others, {count} articles")
    search_ask_this: str = both("问这一段", "Ask about this")
    scope_empty: str = both(
        "“{scope}”这个范围里没有文章。放宽范围再问。", "There are no articles within “{scope}”. Widen it and ask again."
    )
    search_collection: str = both("文集", "Collection")
    search_every_collection: str = both("全部文集", "All collections")
