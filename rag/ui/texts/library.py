"""Words of the library."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import both


@dataclass(frozen=True)
class LibraryTexts:
    library_drop: str = both("把文件或文件夹拖到这里", "Drop files or folders here")
    library_kinds: str = both(
        "可以收进来的有：{kinds}。扫描件请先做文字识别；其他文件不收，也不改动。",
        "What can be taken in: {kinds}. Have the text of scans recognised first; other files are passed over, untouched.",
    )
    library_between: str = both("、", ", ")
    library_files: str = both("选择文件", "Choose files")
    library_folder: str = both("选择文件夹", "Choose a folder")
    library_sending: str = both("正在传送 {done} / {total}", "Sending {done} of {total}")
    library_read_only: str = both(
        "索引所在的文件夹不能写入：只能看，不能增删。", "The index cannot be written: look, but neither add nor delete."
    )
    library_find: str = both("按标题或文件名找", "Find by title or file name")
    library_count: str = both("共 {count} 篇，{passages} 段", "Articles: {count}, passages: {passages}")
    library_none: str = both(
        "这里还没有文章。把文件拖进上面的框里，读完就能提问。",
        "No articles yet. Drop files into the box above; you can ask about them as soon as they are read.",
    )
    library_no_match: str = both("没有标题或文件名含“{words}”的文章。", "No title or file name contains “{words}”.")
    library_more: str = both("再显示 {count} 篇", "Show {count} more")
    library_title: str = both("标题", "Title")
    library_date: str = both("日期", "Date")
    library_reason: str = both("日期的依据", "How the date is known")
    library_passages: str = both("段落", "Passages")
    library_size: str = both("字数", "Characters")
    library_actions: str = both("操作", "Actions")
    library_no_reason: str = both("文中没有写明", "the text does not say")
    library_preview: str = both("与原文件对照", "Compare with the file")
    library_correct: str = both("更正", "Correct")
    library_delete: str = both("删除", "Delete")
    library_save: str = both("保存", "Save")
    library_cancel: str = both("取消", "Cancel")
    library_date_hint: str = both(
        "如 2024年3月18日、2024-03 或 2024；空着表示不详", "such as 2024-03-18, 2024-03 or 2024; empty: not known"
    )
    library_bad_date: str = both(
        "“{date}”不是日期。可写 2024年3月18日、2024-03 或 2024。",
        "“{date}” is no date. Write 2024-03-18, 2024-03 or 2024.",
    )
    library_bad_title: str = both("标题不能空着。", "A title is needed.")
    library_corrected: str = both("已更正《{title}》。", "Corrected: {title}.")
    library_deleted: str = both(
        "已从资料库删除《{title}》，原文件还在原处。刷新网页或再删一篇之前可以撤销。",
        "Deleted from the library: {title}. The file itself is where it was. "
        "This can be undone until the page is reloaded or another article deleted.",
    )
    library_deleted_upload: str = both(
        "已从资料库删除《{title}》，传上来的那份也删了，你自己的文件没有动。刷新网页或再删一篇之前可以撤销。",
        "Deleted from the library: {title}, and the copy that was sent; your own file is untouched. "
        "This can be undone until the page is reloaded or another article deleted.",
    )
    library_undo: str = both("撤销", "Undo")
    library_restored: str = both("《{title}》又在馆藏里了。", "{title} is back in the library.")
    library_waiting: str = both("前面的还没做完，正在排队", "Waiting for what was begun before it")
    library_reading: str = both("正在读第 {number} / {total} 个文件", "Reading file {number} of {total}")
    library_embedding: str = both("{done} / {total} 句组", "{done} of {total} sentence groups")
    library_left: str = both("还要{value}", "{value} left")
    library_report: str = both("读完了：{counts}。", "Done. {counts}.")
    library_added: str = both("新增 {count} 篇", "New: {count}")
    library_replaced: str = both("更新 {count} 篇", "updated: {count}")
    library_present: str = both("已在库中 {count} 篇", "in the library already: {count}")
    library_present_head: str = both("已在库中，没有再收", "In the library already, not taken in again")
    library_present_as: str = both("内容与《{title}》完全相同", "the same, byte for byte, as {title}")
    library_nothing: str = both("没有可收的文件", "There was nothing to take in")
    library_twin_head: str = both("同名而内容不同的文件", "Files whose name another article has, with other content")
    library_twin: str = both(
        "“{name}”库中已有一份，内容不同。两份都收着，新的一份叫“{new}”。",
        "There is a “{name}” already, with other content. Both are kept; the new one is called “{new}”.",
    )
    library_twins: str = both("全部 {count} 个：", "All {count}:")
    library_replace: str = both("用新的替换", "Replace the old one")
    library_keep: str = both("两份都留", "Keep both")
    library_queued: str = both("后面还有 {count} 批在等", "batches waiting: {count}")
    library_tick: str = both("选中", "Select")
    library_ticked: str = both("已选 {count} 篇", "Selected: {count}")
    library_ask: str = both("只在这些文章里提问", "Ask within these")
    library_untick: str = both("取消选择", "Clear the selection")
    library_unread: str = both("没有收进来 {count} 个", "not taken in: {count}")
    library_usable: str = both("去提问", "Ask about them")
    library_stop: str = both("停止", "Stop")
    library_stopping: str = both("正在停下", "Stopping")
    library_stopped: str = both(
        "已停止：{done} 个文件读完了，其余 {left} 个没有收进来。",
        "Stopped. Files read: {done}; not taken in: {left}.",
    )
    library_failed: str = both("没有收进来的文件", "Files not taken in")
    library_noted: str = both("请留意", "Please note")
    library_as_read: str = both("程序读到的", "As the program reads it")
    library_as_given: str = both("原文件", "The file as given")
    library_encoding: str = both("编码 {name}", "encoding: {name}")
    library_not_sent: str = both("没能传过来", "could not be sent")
    library_broken: str = both(
        "读文件时出了意料之外的错误，详情在启动本程序的终端里。",
        "Something unforeseen went wrong while reading. The terminal that started the program has the details.",
    )
    library_collection_hint: str = both("可以不填", "optional")
