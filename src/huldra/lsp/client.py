"""The editor as we see it: what it can do, and what we send it. Never waits, and never sends what it cannot take."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from huldra.lsp.extensions import STATUS_CHANGED
from huldra.lsp.json_objects import as_mapping

_PATIENCE_SECONDS = 10.0


class Client:
    """The other end of the wire. `begin` is called once, before anything else."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._said: set[str] = set()
        self._settings: dict[str, object] = {}
        self._initialize_params: types.InitializeParams | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def initialize_params(self) -> types.InitializeParams | None:
        """What the client said at the beginning."""
        return self._initialize_params

    def begin(self, params: types.InitializeParams) -> None:
        """Take in what the client says at the beginning."""
        self._initialize_params, self._loop = params, asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _, context: self._log_fault(context))
        self.configure(params.initialization_options)

    @property
    def capabilities(self) -> types.ClientCapabilities:
        """What the client declares."""
        params = self.initialize_params
        return params.capabilities if params is not None else types.ClientCapabilities()

    @property
    def takes_pull_diagnostics(self) -> bool:
        """Whether it asks for diagnostics by itself; then none are sent."""
        document = self.capabilities.text_document
        return document is not None and document.diagnostic is not None

    @property
    def takes_markdown(self) -> bool:
        """Whether hovers may be Markdown."""
        document = self.capabilities.text_document
        kinds = (document.hover.content_format if document is not None and document.hover is not None else None) or ()
        return types.MarkupKind.Markdown in kinds

    @property
    def takes_progress(self) -> bool:
        """Whether it shows progress that we begin."""
        return bool(self.capabilities.window is not None and self.capabilities.window.work_done_progress)

    @property
    def takes_documents(self) -> bool:
        """Whether it shows documents when asked to."""
        window = self.capabilities.window
        return bool(window is not None and window.show_document is not None and window.show_document.support)

    @property
    def takes_symbol_trees(self) -> bool:
        """Whether the symbols of a document may stand below each other."""
        document = self.capabilities.text_document
        symbol = document.document_symbol if document is not None else None
        return bool(symbol is not None and symbol.hierarchical_document_symbol_support)

    @property
    def watches_files(self) -> bool:
        """Whether it can be asked to watch files."""
        workspace = self.capabilities.workspace
        watched = workspace.did_change_watched_files if workspace is not None else None
        return bool(watched is not None and watched.dynamic_registration)

    def log(self, message: str) -> None:
        """Effect: write to the editor's log of this server; each distinct message once."""
        if message not in self._said:
            self._said.add(message)
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, f"huldra: {message}"))

    def log_from_anywhere(self, message: str) -> None:
        """Effect: the same, from any thread."""
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop has ended, and with it the one who would read
            self._loop.call_soon_threadsafe(self.log, message)

    def _log_fault(self, context: Mapping[str, object]) -> None:
        """A fault in a callback, which nobody waits for."""
        error = context.get("exception")
        if not isinstance(error, JsonRpcException):  # an editor's refusal of something that was offered
            self.log(f"{context.get('message')}: {type(error).__name__}: {error}")

    def warn_once(self, message: str) -> None:
        """Effect: tell the user, once for each distinct cause."""
        if message not in self._said:
            self._said.add(message)
            self.tell(message, types.MessageType.Warning)

    def tell(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Effect: tell the user."""
        self._server.window_show_message(types.ShowMessageParams(kind, f"huldra: {message}"))

    async def ask(self, message: str, answers: tuple[str, ...]) -> str | None:
        """Effect: ask the user. Return the answer; None for none, which means no.

        Args:
            message: What it is about, with what it costs and the equivalent command line.
            answers: The safest first.
        """
        actions = [types.MessageActionItem(answer) for answer in answers]
        params = types.ShowMessageRequestParams(types.MessageType.Info, f"huldra: {message}", actions)
        try:
            chosen = await self._server.window_show_message_request_async(params)
        except JsonRpcException:
            return None
        return chosen.title if chosen is not None else None

    def show_document(self, uri: str, selection: types.Range | None = None, *, is_external: bool = False) -> None:
        """Effect: have a document shown, outside the editor if asked for, or say where it lies."""
        if self.takes_documents:
            params = types.ShowDocumentParams(uri, external=is_external, take_focus=True, selection=selection)
            self._server.window_show_document(params)
        else:
            self.tell(uri)

    @property
    def takes_document_changes(self) -> bool:
        """Whether edits may name the versions they were made for."""
        workspace = self.capabilities.workspace
        edits = workspace.workspace_edit if workspace is not None else None
        return bool(edits is not None and edits.document_changes)

    @property
    def takes_annotations(self) -> bool:
        """Whether edits may say what they do, and ask for a confirmation."""
        workspace = self.capabilities.workspace
        edits = workspace.workspace_edit if workspace is not None else None
        return bool(edits is not None and edits.document_changes and edits.change_annotation_support is not None)

    @property
    def prepares_renames(self) -> bool:
        """Whether it asks what can be renamed before it asks for a name."""
        document = self.capabilities.text_document
        return bool(document is not None and document.rename is not None and document.rename.prepare_support)

    @property
    def makes_files(self) -> bool:
        """Whether edits may make new files."""
        workspace = self.capabilities.workspace
        edits = workspace.workspace_edit if workspace is not None else None
        kinds = (edits.resource_operations if edits is not None else None) or ()
        return types.ResourceOperationKind.Create in kinds

    @property
    def takes_edits(self) -> bool:
        """Whether it makes edits that it did not ask for."""
        workspace = self.capabilities.workspace
        return workspace is not None and bool(workspace.apply_edit)

    async def apply(self, edit: types.WorkspaceEdit, label: str) -> bool:
        """Effect: have the editor apply an edit. Return whether it did."""
        if not self.takes_edits:
            return False
        try:
            answer = await self._server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, label))
        except JsonRpcException:
            return False
        return answer.applied

    @property
    def takes_status(self) -> bool:
        """Whether it wants to be told that counts have changed: `experimental: {huldraStatus: true}`."""
        wishes = self.capabilities.experimental
        fields = as_mapping(wishes) if wishes is not None else None
        return fields is not None and fields.get("huldraStatus") is True

    def refresh(self) -> None:
        """Effect: have lenses, hints and pulled diagnostics asked for again, and our own views."""
        if self.takes_status:
            self._server.protocol.notify(STATUS_CHANGED, None)
        workspace = self.capabilities.workspace
        if workspace is None:
            return
        if workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)
        if workspace.inlay_hint is not None and workspace.inlay_hint.refresh_support:
            self._server.workspace_inlay_hint_refresh(None)
        diagnostics = workspace.diagnostics
        if self.takes_pull_diagnostics and diagnostics is not None and diagnostics.refresh_support:
            self._server.workspace_diagnostic_refresh(None)

    def publish(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        """Effect: send the diagnostics of a document."""
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def watch(self, globs: tuple[str, ...]) -> None:
        """Effect: ask the client to watch files below its folders."""
        watchers = [types.FileSystemWatcher(glob) for glob in globs]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        self._server.client_register_capability(
            types.RegistrationParams([types.Registration("huldra-files", method, options)])
        )

    async def begin_progress(
        self, token: str, title: str, *, is_cancellable: bool = False, percent: int | None = None
    ) -> bool:
        """Effect: show that work goes on; `percent` where it is known how much there is. Return whether it is shown."""
        if not self.takes_progress:
            return False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._server.work_done_progress.create_async(token)  # pyright: ignore[reportUnknownMemberType]  # its future
        except (JsonRpcException, TimeoutError):
            return False
        self._server.work_done_progress.begin(
            token, types.WorkDoneProgressBegin(title=title, cancellable=is_cancellable, percentage=percent)
        )
        return True

    def report_progress(self, token: str, message: str, percent: int) -> None:
        """Effect: show how far it is; only for what has begun with a percentage."""
        self._server.work_done_progress.report(token, types.WorkDoneProgressReport(message=message, percentage=percent))

    def is_cancelled(self, token: str) -> bool:
        """Whether the user has cancelled what a progress shows."""
        future = self._server.work_done_progress.tokens.get(token)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return future is not None and future.cancelled()

    def end_progress(self, token: str, message: str) -> None:
        """Effect: show that it is done; only for what has begun."""
        self._server.work_done_progress.end(token, types.WorkDoneProgressEnd(message=message))

    def configure(self, settings: object) -> None:
        """Take in what the editor's settings say now; a client may send them below our name or as they are."""
        own: object = settings.get("huldra", settings) if isinstance(settings, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
        if isinstance(own, Mapping):
            self._settings.update({str(name): value for name, value in own.items()})  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON

    def setting(self, name: str) -> object:
        """Return a setting of the editor; None where it is not given."""
        return self._settings.get(name)
