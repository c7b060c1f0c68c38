"""The web server of the window. Nothing it serves reaches beyond the machine it runs on."""

from __future__ import annotations

import logging
import re
import socket
import sys
import threading
import uuid
import webbrowser
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import SettingsError, StoreError, YoujuError
from rag.pipeline import Youju
from rag.settings import Settings
from rag.types import Span
from rag.ui import article, export, keeping
from rag.ui.texts import texts
from rag.ui.window import LOOPBACK, build

# Gradio's page names addresses on the network (social previews, fonts for Spaces); the browser is told to
# fetch nothing from them. Gradio makes functions of strings (templates of gr.HTML, handlers in JavaScript), so eval
# stays; scripts written into the page run only where their sum is named here, and those of a document never are.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_SCRIPT_TAG = b'<script src="window.js"></script>'
_SCRIPT = re.compile(rb"<script\b[^>]*>(.*?)</script>", re.DOTALL)
_ARTICLE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_ATTACHED = {"Content-Disposition": "attachment", "Content-Security-Policy": _ARTICLE_POLICY}
_STYLES = ("frame", "connection", "chat", "actions", "library", "search", "evaluation", "settings")
_SCRIPTS = ("quiet", "frame", "address", "connection", "article", "chat", "search", "library", "evaluation", "settings")


class _Headers:
    """Adds the headers that keep a page at home, where a response has not set its own; to the page, its script.

    Gradio itself would write the script into the page later, where the policy lets nothing run.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []  # the start of the window's page, until its scripts are known
        body = b""

        async def send_with_headers(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if _is_page(scope) and "Content-Security-Policy" not in headers:
                    held.append(message)
                    return
                headers.setdefault("Content-Security-Policy", _POLICY.format(scripts=""))
            elif held:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                start = held.pop()
                body = body.replace(b"<head>", b"<head>" + _SCRIPT_TAG, 1)
                MutableHeaders(scope=start)["Content-Security-Policy"] = _POLICY.format(scripts=_sums(body))
                MutableHeaders(scope=start)["Content-Length"] = str(len(body))
                await send(start)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        if _is_page(scope):  # read before it is sent, so not compressed
            kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, send_with_headers)


def _is_page(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET")


def _sums(page: bytes) -> str:
    """The scripts written into a page, each as a source for Content-Security-Policy.

    https://www.w3.org/TR/CSP3/#match-element-to-source-list
    """
    scripts = {script.replace(b"\r\n", b"\n") for script in _SCRIPT.findall(page) if script.strip()}
    return " ".join(sorted(f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts))


class _Server(uvicorn.Server):
    """Open pages hold a connection for as long as they are open: that the end cuts them off is no error to report."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def application(youju: Youju, settings: Settings) -> FastAPI:
    """The window, and the page of an article, as one ASGI application."""
    css = "".join(_asset(f"styles/{name}.css") for name in _STYLES)
    script = "".join(_asset(f"scripts/{name}.js") for name in _SCRIPTS)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Headers)
    if settings.server.host in LOOPBACK:  # a page elsewhere that calls itself by our address is turned away
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, "[::1]"])

    @app.get("/article")
    def show_article(id: str, start: int = 0, end: int = 0, lang: str = "zh", both: bool = False) -> HTMLResponse:
        t = texts(lang)
        headers = {"Content-Security-Policy": _ARTICLE_POLICY}
        try:
            page = article.page(youju.document(id), Span(start, end), css, t, both=both)
        except StoreError:
            return HTMLResponse(article.message(t.missing_article + t.missing_advice, css, t), 404, headers)
        return HTMLResponse(page, 200, headers)

    started = uuid.uuid4().hex

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        """Whether this answers, and whether it is still the program that a page was opened with."""
        return JSONResponse({"started": started}, headers={"Cache-Control": "no-store"})

    @app.get("/window.js")
    def window_script() -> Response:
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @app.get("/conversation.md")
    def export_conversation(id: str, lang: str = "zh") -> PlainTextResponse:
        conversation = keeping.take_up(youju.notes, id)
        exchanges = conversation.exchanges if conversation else []
        named = f"attachment; filename*=UTF-8''{quote(export.file_name(exchanges))}"
        headers = {**_ATTACHED, "Content-Disposition": named}
        return PlainTextResponse(export.markdown(exchanges, texts(lang)), headers=headers, media_type="text/markdown")

    @app.get("/judged.jsonl")
    def export_judgements() -> PlainTextResponse:
        text = export.question_set(youju.notes.judgements())
        return PlainTextResponse(text, headers=_ATTACHED, media_type="application/jsonl")

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(youju, settings),
        path="/",
        server_name=settings.server.host,
        server_port=settings.server.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=False,
        favicon_path=str(files("rag.ui") / "window.svg"),
        theme=_theme(),
        head=f"<style>{css}</style>",
    )
    return mounted


def serve(youju: Youju, settings: Settings, *, open_browser: bool = False) -> None:
    """Serve the window until Ctrl-C. Prints its address. Raises SettingsError where the address cannot be had."""
    listener = listen(settings)
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    config = uvicorn.Config(
        application(youju, settings),
        log_level="warning",
        timeout_graceful_shutdown=1,  # open pages keep a connection; they are not waited for
    )
    print(texts(settings.language).running_at.format(address=address), flush=True)
    threading.Thread(target=_warm_up, args=(youju, settings.language), name="youju-warm-up", daemon=True).start()
    if open_browser:
        webbrowser.open(address)
    with listener, suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Raises SettingsError where it cannot."""
    host, port = settings.server.host, settings.server.port
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise SettingsError(
            (f"不能在这个地址打开窗口（{error.strerror}）", f"the window cannot be opened here ({error.strerror})"),
            subject=f"{host}:{port}",
            advice=(
                "换一个端口：--port 0 由系统挑选，或设置 YOUJU_SERVER_PORT。",
                "Choose another port: --port 0 lets the system pick, or set YOUJU_SERVER_PORT.",
            ),
        ) from None


def _warm_up(youju: Youju, language: str) -> None:
    try:
        youju.warm_up()
    except YoujuError as error:  # the first question will meet it again, in the window
        print(error.text(language), file=sys.stderr, flush=True)


def _asset(name: str) -> str:
    return (files("rag.ui") / name).read_text(encoding="utf-8")


def _theme() -> gr.themes.Base:
    """Fonts of the system only: a theme's own would be fetched."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
