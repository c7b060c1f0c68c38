"""Words of the evaluation tab. The names of measures and outcomes are those of the reports."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import both


@dataclass(frozen=True)
class EvaluationTexts:
    evaluation_intro: str = both(
        "用答案已知的题考一考：答得对不对，引得准不准，该说“没有”时说没说。",
        "Questions with known answers: are they answered right, quoted exactly, and refused where they should be?",
    )
    evaluation_set: str = both("题集", "Question set")
    evaluation_judged: str = both("对话里评过的答案", "Answers judged in conversations")
    evaluation_path: str = both("或写出文件的路径", "Or the path of a file")
    evaluation_path_hint: str = both("如 eval/seeds.jsonl", "such as eval/seeds.jsonl")
    evaluation_limit: str = both("只评几题（抽样，每次相同）", "Sample (the same every time)")
    evaluation_unfinished: str = both("未完成 {done}/{planned}", "unfinished: {done}/{planned}")
    evaluation_all: str = both("全部", "all")
    evaluation_retrieval_only: str = both("只评检索，不问模型（快）", "Retrieval only, no model asked (quick)")
    evaluation_start: str = both("开始评测", "Run")
    evaluation_no_set: str = both(
        "这里的 eval 文件夹里没有题集。可以写出一个文件的路径，或先在对话里评几个答案。",
        "There is no question set in the folder eval. Type the path of a file, or judge some answers first.",
    )
    evaluation_progress: str = both("已答 {done} / {total} 题", "{done} of {total} questions")
    evaluation_left: str = both("还要{value}", "{value} left")
    evaluation_seconds: str = both("{value} 秒", "{value} s")
    evaluation_stop: str = both("停止", "Stop")
    evaluation_stopping: str = both("正在停下", "Stopping")
    evaluation_broken: str = both(
        "评测时出了意料之外的错误，详情在启动本程序的终端里。",
        "Something unforeseen went wrong. The terminal that started the program has the details.",
    )
    evaluation_runs: str = both("历次评测", "Runs")
    evaluation_no_runs: str = both(
        "还没有。评过的都会留在这里，也能和后来的比较。", "None yet. Runs are kept here, and can be compared."
    )
    evaluation_name: str = both("名称", "Name")
    evaluation_when: str = both("时间", "When")
    evaluation_questions: str = both("题数", "Questions")
    evaluation_correct: str = both("总正确率", "Correct")
    evaluation_recall: str = both("证据召回@5", "Recall@5")
    evaluation_model: str = both("语言模型", "Language model")
    evaluation_only_retrieval: str = both("只评检索", "retrieval only")
    evaluation_compare: str = both("比较两次评测", "Compare two runs")
    evaluation_before: str = both("先前的", "Earlier")
    evaluation_after: str = both("后来的", "Later")
    evaluation_compare_go: str = both("比较", "Compare")
    evaluation_measure: str = both("指标", "Measure")
    evaluation_change: str = both("差", "Change")
    evaluation_interval: str = both("95% 区间", "95 % interval")
    evaluation_verdict: str = both("结论", "Verdict")
    evaluation_better: str = both("变好", "better")
    evaluation_worse: str = both("变差", "worse")
    evaluation_same: str = both("相同", "the same")
    evaluation_chance: str = both("可能只是偶然", "may be chance")
    evaluation_only_one: str = both(
        "只在一边的题不计：先前 {before} 题，后来 {after} 题。",
        "Questions in one run only are left out: {before} earlier, {after} later.",
    )
    evaluation_test: str = both(
        "配对检验：同一题两次的差，若纯属偶然，正负号可以随意互换；p 小于 0.05 才算真的不同。",
        "A paired test: were the runs the same, the sign of each question's difference would be random; "
        "a difference counts where p is below 0.05.",
    )
    evaluation_changed: str = both("结果变了的题", "Questions that came out differently")
    evaluation_now_right: str = both("由错变对", "now right")
    evaluation_now_wrong: str = both("由对变错", "now wrong")
    evaluation_measures: str = both("指标", "Measures")
    evaluation_more_measures: str = both("其余指标", "Other measures")
    evaluation_outcomes: str = both("各题结果", "How the questions ended")
    evaluation_every: str = both("全部", "All")
    evaluation_times: str = both("用时（中位 / 95%）", "Time (median / 95 %)")
    evaluation_left_out: str = both("{count} 行用不了，没有问", "{count} lines could not be used")
    evaluation_facts: str = both(
        "{set} · {count} 题 · {documents} 篇文章 · {when}", "{set} · {count} questions · {documents} articles · {when}"
    )
    evaluation_faulty: str = both("有问题的 {count} 题", "Questions that went wrong: {count}")
    evaluation_no_faulty: str = both("没有答错的题。", "No question went wrong.")
    evaluation_show_all: str = both("看全部 {count} 题", "Show all {count}")
    evaluation_show_faulty: str = both("只看有问题的", "Only those that went wrong")
    evaluation_shown_of: str = both("显示前 {shown} 题，共 {count} 题", "The first {shown} of {count}")
    evaluation_pick: str = both("点开一题，看它的证据、答案和核对。", "Open a question to see its evidence and answer.")
    evaluation_wanted: str = both("应答", "Wanted")
    evaluation_wanted_refusal: str = both("资料中没有答案，应当拒答。", "The articles do not say: a refusal.")
    evaluation_or: str = both("或", "or")
    evaluation_must_not: str = both("不该有", "Must not be said")
    evaluation_gold: str = both("应找到的原文", "The passage that says it")
    evaluation_rank: str = both("证据排在第 {rank}", "evidence at rank {rank}")
    evaluation_no_rank: str = both("没有找到证据", "evidence not found")
    evaluation_ranks: str = both("所需的证据", "The evidence needed")
    evaluation_rank_count: str = both("第 {rank} 位 {count} 题", "rank {rank}: {count}")
    evaluation_rank_none: str = both("没有找到 {count} 题", "not found: {count}")
    evaluation_not_shown: str = both("没有进入给模型的引文", "not among the quotations shown to the model")
    evaluation_got: str = both("实际的回答", "The answer given")
    evaluation_no_words: str = both(
        "这份结果只有编号、数值和位置，没有文字；在本机再评一次就能看到。",
        "This result holds ids, values and places, no words; run the set again on this machine to see them.",
    )
    evaluation_no_answer: str = both("没有问模型。", "No model was asked.")
    evaluation_quotations: str = both("给模型看的引文", "Quotations shown to the model")
    evaluation_back: str = both("回到列表", "Back to the list")
    evaluation_faulty_citations: str = both("引文 {count} 处有误", "faulty citations: {count}")
    evaluation_unwarned: str = both("答错而未示警", "wrong without warning")
    evaluation_history: str = both("此前问过", "Asked before")
