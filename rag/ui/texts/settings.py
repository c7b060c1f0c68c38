"""Words of the settings tab."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import both


@dataclass(frozen=True)
class SettingsTexts:
    settings_where: str = both("什么在本机，什么离开本机", "What stays on this machine, and what leaves it")
    settings_stays: str = both("留在本机", "Stays here")
    settings_leaves: str = both("离开本机", "Leaves")
    settings_stays_files: str = both(
        "文章、索引、对话、评价和评测结果，都在“{index}”文件夹里。",
        "Articles, index, conversations, judgements and evaluations: all in the folder “{index}”.",
    )
    settings_stays_embedding: str = both(
        "向量由本机上的 {model} 计算。", "Vectors are computed on this machine by {model}."
    )
    settings_stays_check: str = both("检索和核对都在本机做。", "Searching and checking run on this machine.")
    settings_stays_llm: str = both(
        "回答由本机上的语言模型写。", "Answers are written by a language model on this machine."
    )
    settings_stays_none: str = both("不用语言模型，答案是原文摘录。", "No language model: answers are quotations.")
    settings_stays_loopback: str = both(
        "回答由本机上的服务 {place} 写。", "Answers are written by a service on this machine, {place}."
    )
    settings_leaves_nothing: str = both("什么也不离开本机。", "Nothing leaves this machine.")
    settings_leaves_question: str = both(
        "每次提问，问题（追问的已补全）和选出的引文（至多约 {tokens} 个 token）会发到 {place}。",
        "Each question (made whole where it follows another) and the quotations chosen (about {tokens} tokens at most) are sent to {place}.",
    )
    settings_leaves_key: str = both("密钥只发给这个地址。", "The key is sent to that address alone.")
    settings_leaves_not: str = both(
        "整篇文章、文件和对话记录不会发出去。", "Whole articles, files and the list of conversations are not sent."
    )
    settings_model: str = both("语言模型", "Language model")
    settings_provider: str = both("用哪个", "Which")
    settings_embedded: str = both("自带的（在本机运行）", "The embedded one (runs here)")
    settings_openai: str = both("另一个服务（兼容 OpenAI 接口）", "Another service (OpenAI-compatible)")
    settings_none: str = both("不用，只摘原文", "None, quotations only")
    settings_base_url: str = both("服务地址", "Address of the service")
    settings_base_url_hint: str = both("多以 /v1 结尾", "most end in /v1")
    settings_model_name: str = both("模型名", "Name of the model")
    settings_model_hint: str = both(
        "服务端的模型名；自带的可填另一个 .gguf 文件", "its name there; for the embedded one, another .gguf file"
    )
    settings_key: str = both("密钥", "Key")
    settings_key_set: str = both("已有，不再显示；要换就填新的", "set, and not shown again; type another to replace it")
    settings_key_none: str = both("还没有密钥", "no key yet")
    settings_key_forget: str = both("删去密钥", "Remove the key")
    settings_key_forgotten: str = both("密钥已删去。", "The key is removed.")
    settings_key_dropped: str = both(
        "地址换了，原来的密钥已删去：要用密钥请填新的。",
        "The address is another one, so the old key is removed: type one for it if it needs one.",
    )
    settings_timeout: str = both("最多等多少秒", "Seconds to wait at most")
    settings_answers: str = both("检索与回答", "Searching and answering")
    settings_evidence_tokens: str = both("引文预算（token）", "Evidence budget (tokens)")
    settings_evidence_tokens_hint: str = both(
        "给模型看的引文；越短越快", "quotations shown to the model; fewer is faster"
    )
    settings_max_tokens: str = both("回答长度（token）", "Length of an answer (tokens)")
    settings_top_k: str = both("显示几段", "Passages shown")
    settings_refuse_below: str = both("拒答界限", "Refuse below")
    settings_refuse_below_hint: str = both(
        "0 到 1：估计证据能回答的概率低于它就不答；越大越谨慎",
        "0 to 1: below this estimated probability it does not answer; larger is more careful",
    )
    settings_window: str = both("窗口", "Window")
    settings_language: str = both("语言", "Language")
    settings_theme: str = both("深浅", "Theme")
    settings_theme_hint: str = both("只在这个浏览器里，立即生效", "in this browser only, at once")
    settings_theme_auto: str = both("随系统", "As the system")
    settings_theme_light: str = both("浅色", "Light")
    settings_theme_dark: str = both("深色", "Dark")
    settings_port: str = both("端口", "Port")
    settings_next_start: str = both("下次启动生效", "at the next start")
    settings_embedding: str = both("向量模型", "Embedding model")
    settings_embedding_now: str = both("现在用的是 {name}。", "In use now: {name}.")
    settings_embedding_model: str = both("换成", "Change to")
    settings_embedding_hint: str = both(
        "Hugging Face 上 sentence-transformers 模型的名字，或本机上模型文件夹的路径；embedded 是自带的",
        "the name of a sentence-transformers model on Hugging Face, or the path of a model's folder; embedded is the one "
        "that comes along",
    )
    settings_embedding_note: str = both(
        "换了模型，向量就不通用：{documents} 篇文章、{passages} 段都要重新嵌入，文章多时要等很久。期间照常提问，用的还是现在的索引；"
        "全部做完才换上。停下或出错，现在的索引都不动。拒答的界限是按自带的模型定的，换后可能偏松或偏严。",
        "Vectors of one model mean nothing to another: all articles ({documents}, with {passages} passages) must be embedded "
        "again, which takes long where there are many. Questions go on meanwhile with the index there is; it is replaced when all "
        "is done. If it is stopped or fails, that index is left as it is. When to refuse is tuned to the model that comes along: "
        "with another it may be too soon or too late.",
    )
    settings_embedding_fetch: str = both(
        "本机没有的模型会从 Hugging Face 下载，只发出模型的名字。",
        "A model that is not on this machine is fetched from Hugging Face, which learns its name and nothing else.",
    )
    settings_reembed: str = both("换模型，重新嵌入全部文章", "Change it and embed all articles again")
    settings_reembed_same: str = both("现在用的就是它。", "That is the one in use.")
    settings_reembed_none: str = both("先填一个模型。", "Name a model first.")
    settings_reembed_start: str = both("正在打开 {name}", "Opening {name}")
    settings_reembed_article: str = both(
        "重新嵌入第 {number}/{total} 篇", "Embedding article {number} of {total} again"
    )
    settings_reembed_passages: str = both("{done}/{total} 段", "{done} of {total} passages")
    settings_reembed_left: str = both("还要{value}", "{value} left")
    settings_reembed_stop: str = both("停止", "Stop")
    settings_reembed_stopping: str = both("正在停下", "Stopping")
    settings_reembed_stopped: str = both(
        "已停下，仍用 {name}，索引没有动。", "Stopped. {name} is still in use, and the index is as it was."
    )
    settings_reembed_done: str = both(
        "已换成 {name}：{documents} 篇文章都重新嵌入了，已写进 {file}，现在就用它检索。",
        "{name} is in use now: all articles ({documents}) are embedded again, and {file} says so.",
    )
    settings_reembed_kept: str = both(
        "仍用 {name}，索引没有动。", "{name} is still in use, and the index is as it was."
    )
    settings_reembed_broken: str = both(
        "换模型时出了意料之外的错误，详情在启动本程序的终端里。",
        "Something unforeseen went wrong. The terminal that started the program has the details.",
    )
    settings_try_embedding: str = both("试向量模型", "Test the embedding model")
    settings_try_model: str = both("试语言模型", "Test the language model")
    settings_trying: str = both("正在试", "Testing")
    settings_tried_embedding: str = both(
        "{name} 可用：一句话 {value} 毫秒，{dimension} 维。",
        "{name} works: one sentence in {value} ms, {dimension} dimensions.",
    )
    settings_tried_model: str = both(
        "{name} 可用：{value} 秒，首字 {first} 秒。它说：“{said}”",
        "{name} works: {value} s, first word after {first} s. It said: “{said}”",
    )
    settings_tried_none: str = both("没有选语言模型，无可试。", "No language model is chosen: nothing to test.")
    settings_save: str = both("保存", "Save")
    settings_saved: str = both("已保存到 {file}，现在就生效。", "Saved to {file}, in force now.")
    settings_saved_later: str = both(
        "已保存到 {file}。端口下次启动生效，其余现在就生效。",
        "Saved to {file}. The port counts at the next start, the rest now.",
    )
    settings_nothing: str = both("没有改动。", "Nothing was changed.")
    settings_fixed: str = both("由环境变量 {name} 决定", "set by the environment variable {name}")
    settings_remote: str = both(
        "窗口对别的机器开放着：设置在这里只能看，请改 youju.toml。",
        "The window is open to other machines: settings can only be looked at here. Edit youju.toml.",
    )
