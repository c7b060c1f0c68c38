"""Words of the frame and of the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import both


@dataclass(frozen=True)
class ChatTexts:
    language: str = both("zh-CN", "en")  # of the HTML element
    title: str = both("有据", "有据")
    colon: str = both("：", ": ")
    comma: str = both("，", ", ")
    tagline: str = both("每个回答都带着出处", "Every answer with its evidence")
    invitation: str = both(
        "问一个问题。证据先到，回答逐句核对原文。",
        "Ask a question. The evidence comes first; every sentence is checked against it.",
    )
    other_language: str = both("English", "中文")  # on the button that switches to it
    tabs: str = both("分页", "Tabs")
    tab_chat: str = both("对话", "Ask")
    tab_search: str = both("检索", "Search")
    tab_library: str = both("资料库", "Library")
    tab_evaluation: str = both("评测", "Evaluate")
    tab_settings: str = both("设置", "Settings")
    copied: str = both("已复制", "Copied")
    open_in_article: str = both("在文中看", "See it in the article")
    placeholder: str = both("想从这些文章里知道什么？", "What would you like to know?")
    send: str = both("提问", "Ask")
    stop: str = both("停止", "Stop")
    clear: str = both("新对话", "New")
    theme: str = both("切换深浅色", "Light or dark")
    hint: str = both("Enter 提问，Shift + Enter 换行", "Enter to ask, Shift + Enter for a new line")
    try_asking: str = both("可以这样问", "You might ask")
    articles: str = both("馆藏 {count} 篇", "Articles: {count}")
    more_articles: str = both("另有 {count} 篇", "and {count} more")
    no_articles: str = both(
        "还没有文章。到“资料库”把文件拖进来，就可以提问。",
        "No articles yet. Drop some files into the Library, then ask.",
    )
    no_date: str = both("日期不详", "undated")
    understood: str = both("理解为", "Understood as")
    searching: str = both("正在查找原文", "Looking through the articles")
    writing: str = both("找到证据 {count} 条，正在作答", "Evidence found: {count}. Writing")
    stopped: str = both("已停止。", "Stopped.")
    cut_off: str = both("这次没有答完就断了。", "This was cut off before it was answered.")
    unchecked: str = both("以上文字未经核对。", " The text above has not been checked.")
    ask_again: str = both("再问一次", "Ask again")
    ask_everywhere: str = both("在全部文章里再问", "Ask in all articles")
    asked_on: str = both("提问日：{day}", "asked on {day}")
    too_long: str = both(
        "问题有 {count} 字，最多 {most} 字，还没有提问。请写短一些；要问整篇文章，把它加进资料库再问。",
        "This is {count} characters long, and a question may have {most}; it was not asked. Shorten it, or add what is an "
        "article to the Library and ask about it.",
    )
    answered: str = both("回答完毕：", "Answered:")
    version_before: str = both("上一个问法", "Previous version")
    version_after: str = both("下一个问法", "Next version")
    version_of: str = both("第 {number} 个，共 {count} 个", "{number} of {count}")
    refused: str = both("资料中没有答案。", "The articles do not say.")
    failed: str = both(
        "出了意料之外的错误，详情在启动本程序的终端里。",
        "Something unforeseen went wrong. The terminal that started the program has the details.",
    )  # an error that no one foresaw
    awaits_loading: str = both(
        "向量模型正在装入，装好就查找原文", "The embedding model is being loaded; then the articles are looked through"
    )
    awaits_indexing: str = both(
        "正在收入文章，会慢一些；先查找这个问题",
        "Articles are being indexed, which slows this down; your question goes first",
    )
    awaits_starting: str = both(
        "证据已找到，语言模型正在启动（头一次要先下载）",
        "The evidence is there; the language model is being started (fetched, the first time)",
    )
    evidence_count: str = both("证据 {count} 条", "Evidence: {count}")
    evidence_used: str = both("，回答引用了 {count} 条", ", of which the answer quotes {count}")
    evidence_unused: str = both("没有引用的证据 {count} 条", "Evidence not quoted: {count}")
    evidence_gone: str = both("原文已删除", "article deleted")
    cited: str = both("已引用", "Quoted")
    also_found: str = both("另有相近的段落 {count} 段", "Other passages found: {count}")
    line: str = both("第 {first} 行", "line {first}")
    lines: str = both("第 {first}–{last} 行", "lines {first}–{last}")
    whole_article: str = both("阅读全文", "Read the article")
    own_page: str = both("单独打开", "Own page")
    close: str = both("关闭", "Close")
    cite: str = both("查看证据 {marker}", "Show evidence {marker}")
    source_gone: str = both("当时与原文相符；原文后来删除了", "Agreed with its passage, which has been deleted since")
    supported: str = both("与所引原文相符", "Agrees with the passage it cites")
    differs: str = both("与所引原文不符", "Differs from the passage it cites")
    not_found: str = both("所引原文中没有找到", "Not found in the passage it cites")
    all_supported: str = both("核对 {count} 句，与原文相符", "Sentences that agree with the source: {count} of {count}")
    some_not: str = both(
        "核对 {count} 句，{bad} 句与原文对不上", "Sentences that do not match the source: {bad} of {count}"
    )
    claim_differs: str = both("回答写“{claimed}”，原文是“{found}”", "The answer says “{claimed}”, the source “{found}”")
    claim_not_found: str = both("原文中没有“{claimed}”", "The source does not say “{claimed}”")
    conflict: str = both("各篇说法不一", "The articles differ")
    details: str = both("详情", "Details")
    seconds: str = both("{value} 秒", "{value} s")
    timing_evidence: str = both("证据", "evidence")
    timing_first: str = both("首字", "first word")
    timing_total: str = both("全部", "total")
    running_at: str = both("有据在 {address} ，按 Ctrl-C 结束。", "Youju is at {address} ; Ctrl-C ends it.")
    away: str = both(
        "有据没有应答，正在重连。写下的字都还在；程序若已退出，请再启动它。",
        "Youju does not answer; trying again. What you typed stays. If the program has ended, start it again.",
    )
    back: str = both("又连上了，可以接着用。", "Connected again. Go on.")
    restarted: str = both(
        "程序重新启动过。这一页上还有没保存的内容，抄下来后请重新载入。",
        "The program was started anew. Something on this page is not saved: copy it, then reload.",
    )
    reload: str = both("重新载入", "Reload")
    missing_article: str = both("这篇文章已经不在资料库里。", "This article is no longer in the library.")
    missing_advice: str = both(
        "这里留着的是当时引用的原话；把文件重新加进资料库，就能再看全文。",
        " What was quoted is kept here; add the file to the library again to read all of it.",
    )
    edit_question: str = both("改一改再问", "Change the question")
    ask_edited: str = both("改成这样问", "Ask this instead")
    waiting: str = both("接着问", "Asked next")
    ask_now: str = both("现在问", "Ask now")
    unwait: str = both("不问了", "Do not ask")
    copy_cited: str = both("复制（带出处）", "Copy with sources")
    retry: str = both("再答一次", "Ask again")
    judge_good: str = both("答得对", "Correct")
    judge_bad: str = both("有问题", "Report a problem")
    judge_why: str = both("哪里有问题？", "What is wrong?")
    judge_expected: str = both(
        "正确的答案（可以不填；填了就能导出成评测题）",
        "The right answer (if given, it can be exported as a question of an evaluation)",
    )
    judge_send: str = both("记下", "Keep")
    fault_figure: str = both("数字或事实不对", "A figure or fact is wrong")
    fault_quote: str = both("引的原文不对", "The wrong passage is quoted")
    fault_beside: str = both("答非所问", "Not what was asked")
    fault_refusal: str = both("资料里有，却说没有", "The articles do say it")
    fault_other: str = both("其他", "Something else")
    next_questions: str = both("接着问", "Ask next")
    next_instead: str = both("资料里能答的", "What the articles can answer")
    nearest: str = both("最接近的几处原文（没有用作出处）", "The nearest passages (not used as sources)")
    show_earlier: str = both("再显示前面 {count} 轮", "Show {count} earlier")
    history: str = both("对话记录", "Conversations")
    history_none: str = both(
        "还没有。问过的都会留在这里，重启后也在。", "None yet. What you ask is kept here, also after a restart."
    )
    history_read_only: str = both(
        "索引所在的文件夹不能写入，对话不会保留。", "The index cannot be written: conversations are not kept."
    )
    history_busy: str = both(
        "正在作答：停止，或等它答完，再打开别的对话。",
        "An answer is being written: stop it, or wait, before opening another conversation.",
    )
    history_find: str = both("在对话里找", "Find in conversations")
    history_no_match: str = both("没有含“{words}”的对话。", "No conversation contains “{words}”.")
    history_name: str = both("改名", "Rename")
    history_deleted: str = both("已删除“{title}”。", "Deleted: “{title}”.")
    history_export: str = both("导出这次对话", "Export this conversation")
    export_title: str = both("有据：对话记录", "有据: a conversation")
    history_judged: str = both("导出我评过的题", "Export what I judged")
    history_judged_none: str = both(
        "还没有可以导出的题。在回答下面点“答得对”，或点“有问题”并写出正确的答案，就有了。",
        "Nothing to export yet: judge an answer right, or faulty with the right answer.",
    )
