"""Which requests there are, and where each is answered. Imports nothing of ours until initialize has been answered."""

import asyncio
import gc
import io
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from huldra.lsp.client import Client
from huldra.lsp.extensions import ACTION_KIND, COMMANDS
from huldra.lsp.extensions import HANDLERS as EXTENSIONS
from huldra.lsp.headers import HeaderReader
from huldra.lsp.protocol import RobustProtocol

if TYPE_CHECKING:
    from huldra.lsp.desk import Desk

REQUESTS = {
    types.TEXT_DOCUMENT_CODE_LENS: "code_lens",
    types.CODE_LENS_RESOLVE: "code_lens_resolve",
    types.TEXT_DOCUMENT_HOVER: "hover",
    types.TEXT_DOCUMENT_CODE_ACTION: "code_action",
    types.CODE_ACTION_RESOLVE: "code_action_resolve",
    types.WORKSPACE_EXECUTE_COMMAND: "execute_command",
    types.TEXT_DOCUMENT_INLAY_HINT: "inlay_hint",
    types.TEXT_DOCUMENT_DEFINITION: "definition",
    types.TEXT_DOCUMENT_REFERENCES: "references",
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: "document_symbol",
    types.WORKSPACE_SYMBOL: "workspace_symbol",
    types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY: "prepare_type_hierarchy",
    types.TYPE_HIERARCHY_SUPERTYPES: "supertypes",
    types.TYPE_HIERARCHY_SUBTYPES: "subtypes",
    types.TEXT_DOCUMENT_DOCUMENT_LINK: "document_link",
    types.TEXT_DOCUMENT_COMPLETION: "completion",
    **EXTENSIONS,
}
"""Each request with the module of `handlers` that answers it."""

DAG_REQUESTS = {
    types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: "prepare_call_hierarchy",
    types.CALL_HIERARCHY_INCOMING_CALLS: "incoming_calls",
    types.CALL_HIERARCHY_OUTGOING_CALLS: "outgoing_calls",
}
"""Only where the setting `callHierarchy` asks for them: an editor that asks one server only would ask the wrong one."""

NOTIFICATIONS = {
    types.TEXT_DOCUMENT_DID_OPEN: "did_open",
    types.TEXT_DOCUMENT_DID_CHANGE: "did_change",
    types.TEXT_DOCUMENT_DID_CLOSE: "did_close",
    types.TEXT_DOCUMENT_DID_SAVE: "did_save",
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: "did_change_watched_files",
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: "did_change_configuration",
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: "did_change_workspace_folders",
}
"""Each notification with the module of `handlers` that takes it."""

_PATIENCE_SECONDS = 3.0
_GARBAGE = (10_000, 10, 10)
"""How many new objects make Python look for those that are held only by each other."""
_SWITCH_S = 0.0005
"""How long the thread that analyses lets the one that answers wait, each time that one has something to do: a dozen
times for an answer. Python's own 5 ms made 60 ms of it."""

_OPTIONS = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=["(", "=", ",", " ", '"']),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        code_action_kinds=[ACTION_KIND, types.CodeActionKind.QuickFix], resolve_provider=True
    ),
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        identifier="huldra", inter_file_dependencies=True, workspace_diagnostics=False
    ),
}

_Answer = Callable[["Desk", object], Coroutine[object, object, object]]


class HuldraServer(LanguageServer):
    """The process's server. All that it knows of projects is at its desk, which is made when it is first needed."""

    def __init__(self, version: str, stores: tuple[Path, ...] = ()) -> None:
        super().__init__("huldra", version, protocol_cls=RobustProtocol, max_workers=2)  # pyright: ignore[reportUnknownMemberType]  # its *args
        self.stores = stores
        self.client = Client(self)
        self._desk: Desk | None = None

    @property
    def desk(self) -> "Desk":
        """Where buffers and projects are kept. The first use imports the analysis."""
        if self._desk is None:
            # Not before initialize is answered. What is let go of is room for what is imported then.
            from huldra.lsp.lean_types import let_go_of_copies  # noqa: PLC0415

            let_go_of_copies()
            from huldra.lsp.desk import Desk  # noqa: PLC0415

            self._desk = Desk(self.client, self.stores, self.guard)
        return self._desk

    @property
    def wire(self) -> RobustProtocol:
        """The protocol, as what it is."""
        if not isinstance(self.protocol, RobustProtocol):
            raise TypeError("the protocol was replaced")
        return self.protocol

    def leave(self) -> None:
        """Effect: end what is being done, so that no thread is cut off while the interpreter goes."""
        if self._desk is not None:
            self._desk.end()
            if not self._desk.wait_for_end(_PATIENCE_SECONDS):
                # The editor has left; nothing that is still read is wanted, and nothing is being written.
                os._exit(self.wire.exit_code)

    def guard(self, name: str, work: Callable[[], None]) -> None:
        """Effect: do a piece of work; a fault of ours is logged, once for each distinct cause. For any thread."""
        try:
            work()
        except Exception as error:  # the place of this face for what nobody waits for
            logging.getLogger(__name__).exception("%s", name)
            self.client.log_from_anywhere(f"a fault in {name}: {type(error).__name__}: {error}")

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002  # pygls' signature
        """Effect: answer what cannot be read, and log the rest once for each distinct cause."""
        if isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError):
            return  # answered as such
        if isinstance(error, ValueError | RecursionError):
            self.wire.refuse_unreadable(error)
        self.client.log(f"{type(error).__name__}: {error}")


async def _answer(server: HuldraServer, module: str, method: str, params: object) -> object:
    """Effect: answer a request. A fault of ours is logged, and is no answer."""
    answer: _Answer = import_module(f"huldra.lsp.handlers.{module}").answer
    try:
        return await answer(server.desk, params)
    except JsonRpcException as error:
        # The task that holds it is held by its traceback, and the frames there hold whole states of the project.
        error.__context__ = None
        raise error.with_traceback(None) from None
    except Exception as error:  # the one place of this face
        logging.getLogger(__name__).exception("%s", method)
        server.client.log(f"a fault in {method}: {type(error).__name__}: {error}")
        if method in EXTENSIONS or method == types.WORKSPACE_EXECUTE_COMMAND:
            raise JsonRpcInternalError(f"{type(error).__name__}: {error}") from error
        return None


def _take(server: HuldraServer, module: str, method: str, params: object) -> None:
    """Effect: take a notification in, in the order of their coming."""
    take: Callable[[Desk, object], None] = import_module(f"huldra.lsp.handlers.{module}").take
    try:
        take(server.desk, params)
    except Exception as error:  # the same place, for what has no answer
        logging.getLogger(__name__).exception("%s", method)
        server.client.log(f"a fault in {method}: {type(error).__name__}: {error}")


def create_server(version: str, stores: tuple[Path, ...] = ()) -> HuldraServer:
    """Return a server that is ready to be started."""
    server = HuldraServer(version, stores)

    def add(method: str, handler: Callable[..., object], options: object = None) -> None:
        server.feature(method, options or _OPTIONS.get(method))(handler)

    def request(method: str, module: str, options: object = None) -> None:
        # pygls hands the server to whoever calls his first parameter so.
        async def handler(ls: HuldraServer, params: object) -> object:
            return await _answer(ls, module, method, params)

        add(method, handler, options)

    for method, module in REQUESTS.items():
        request(method, module)
    for method, module in NOTIFICATIONS.items():
        add(method, partial(_take, server, module, method))

    def on_initialize(params: types.InitializeParams) -> None:
        server.client.begin(params)
        document = params.capabilities.text_document
        if document is not None and document.diagnostic is not None:
            request(types.TEXT_DOCUMENT_DIAGNOSTIC, "diagnostic")
        # A client that does not ask first must not be told that it could.
        prepares = server.client.prepares_renames
        request(types.TEXT_DOCUMENT_RENAME, "rename", types.RenameOptions(prepare_provider=True) if prepares else None)
        if prepares:
            request(types.TEXT_DOCUMENT_PREPARE_RENAME, "prepare_rename")
        options = params.initialization_options
        if isinstance(options, dict) and options.get("callHierarchy") is True:  # pyright: ignore[reportUnknownMemberType]
            for dag_method, dag_module in DAG_REQUESTS.items():
                request(dag_method, dag_module)

    def on_initialized(ls: HuldraServer, _params: object) -> None:
        # The answer has been written by now; what is imported here delays nobody.
        asyncio.get_running_loop().call_soon(ls.desk.begin)

    def on_shutdown(ls: HuldraServer, _params: object) -> None:
        ls.desk.end()

    server.feature(types.INITIALIZE)(on_initialize)
    server.feature(types.INITIALIZED)(on_initialized)
    server.feature(types.SHUTDOWN)(on_shutdown)
    for name in COMMANDS:
        server.command(name)(_never_called)
    return server


def _never_called() -> None:
    """Commands are listed by name; what executes them is the handler of workspace/executeCommand."""


def serve(version: str, stores: tuple[Path, ...] = (), port: int | None = None, *, is_verbose: bool = False) -> int:
    """Effect: serve one client, on stdin and stdout or on a local port, until it leaves. Return the exit code."""
    # Commands seldom look for garbage, since they end soon; this does not.
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_SWITCH_S)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO if is_verbose else logging.CRITICAL)
    server = create_server(version, stores)
    if port is not None:
        server.start_tcp("127.0.0.1", port)
        server.leave()
        return server.wire.exit_code
    output: BinaryIO = sys.stdout.buffer
    # What anything else prints must not get between the messages.
    sys.stdout = sys.stderr
    server.start_io(HeaderReader(io.FileIO(sys.stdin.fileno(), closefd=False)), output)
    server.leave()
    return server.wire.exit_code
