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
    settings_key_none: str = both("没有", "none")
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
    settings_embedding_note: str = both(
        "换向量模型要重建索引：在 youju.toml 里改 embedding.model，再用 youju index --rebuild。",
        "Another one needs the index built anew: set embedding.model in youju.toml, then youju index --rebuild.",
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
