"""The wire: pygls' protocol with an answer to everything that a client can get wrong. Imports nothing else of ours."""
# pyright: reportUnknownMemberType=false
# (pygls leaves its tables of handlers untyped.)

import json
from collections.abc import Generator
from concurrent.futures import Future
from typing import NamedTuple

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
)


_OWN_METHODS = "huldra/"


class Malformed(NamedTuple):
    """A message that does not fit; `message_id` is None for a notification, `method` for a reply."""

    message_id: str | int | None
    method: str | None
    error: JsonRpcException


class RobustProtocol(LanguageServerProtocol):
    """Answers what is malformed, too early or too late; every request gets an answer, and nothing is believed twice.

    Documents are not kept here: `huldra.lsp.buffers` does.
    """

    exit_code = 1
    is_initialized = False

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()
        # These go straight to our handlers.
        for method in _OURS:
            self.fm.builtin_features.pop(method, None)

    def structure_message(self, data: dict[str, object]) -> object:
        """Return a message as a typed object, or what is wrong with it."""
        if "jsonrpc" not in data or not ("method" in data or "id" in data):
            return data
        method = str(data["method"]) if "method" in data else None
        is_own = method is not None and method.startswith(_OWN_METHODS)
        own = data.get("params") if is_own else None
        # Parameters may be left out of any message; pygls lets only those do so that it knows.
        bare = {"params": None} if is_own or (method is not None and self.get_message_type(method) is None) else {}
        try:
            # A copy, since pygls puts its tuples, in which a key like `class` has no name, into what it is given.
            message = super().structure_message({**bare, **data, **({"params": None} if is_own else {})})
        except JsonRpcException as error:
            found = data.get("id")
            message_id = found if isinstance(found, str | int) else None
            what = "the reply does" if method is None else f"{method}: the parameters do"
            return Malformed(message_id, method, JsonRpcInvalidParams(f"{what} not fit: {error}"))
        if own is not None:
            setattr(message, "params", own)  # noqa: B010  # its kinds of message share no type
        return message

    def handle_message(self, message: object) -> None:
        """Effect: do what a message asks for."""
        if isinstance(message, Malformed):
            if message.method is None:
                self._end_question(message)
            elif message.message_id is not None:
                self.refuse(message.message_id, self._untimely(message.method) or message.error)
            return
        method = getattr(message, "method", None)
        if method is None and not hasattr(message, "result") and not hasattr(message, "error"):
            self.refuse(None, JsonRpcInvalidRequest("a message is an object with jsonrpc and a method"))
            return
        message_id = getattr(message, "id", None)
        if message_id is not None and isinstance(method, str):
            untimely = self._untimely(method)
            if untimely is not None:
                self.refuse(message_id, untimely)
                return
        elif not self.is_initialized and isinstance(method, str) and method != types.EXIT:
            return
        super().handle_message(message)  # pyright: ignore[reportArgumentType]  # narrowed above: it has a method, a result or an error

    def _untimely(self, method: str) -> JsonRpcException | None:
        """Why a request cannot be answered now, whatever it asks."""
        if self._shutdown:
            return JsonRpcInvalidRequest("the server is shutting down")
        if not self.is_initialized and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized("initialize comes first")
        return None

    def notify(self, method: str, params: object = None) -> None:
        """Effect: send a notification; one without parameters has no `params`, which must not be null."""
        if params is None:
            self._send_data({"jsonrpc": self.VERSION, "method": method})
        else:
            super().notify(method, params)

    def _end_question(self, reply: Malformed) -> None:
        """Effect: whoever waits for a reply that says nothing is told that there is none, or he would wait for ever."""
        number = reply.message_id
        future: object = None if number is None else self._request_futures.get(number)
        # Those of the client's own requests are tasks.
        if number is not None and isinstance(future, Future) and not future.done():
            del self._request_futures[number]
            future.set_exception(reply.error)

    def refuse(self, message_id: str | int | None, error: JsonRpcException) -> None:
        """Effect: answer with an error. Without an id the answer has none either, as JSON-RPC asks."""
        if message_id is not None:
            self._send_response(message_id, error=error.to_response_error())
            return
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": error.code, "message": error.message}})
        if self.writer is not None:
            self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def refuse_unreadable(self, error: Exception) -> None:
        """Effect: answer a message that is no JSON."""
        self.refuse(None, JsonRpcParseError(f"the message cannot be read: {type(error).__name__}"))

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[object, object, types.InitializeResult]:
        """Answer once; a second one is an error, as the protocol asks."""
        if self.is_initialized:
            raise JsonRpcInvalidRequest("the server is initialized already")
        self.is_initialized = True
        general = params.capabilities.general
        if general is not None and general.position_encodings:
            general.position_encodings = [
                choose_encoding(
                    [
                        str(kind.value if isinstance(kind, types.PositionEncodingKind) else kind)
                        for kind in general.position_encodings
                    ]
                )
            ]
        return (yield from super().lsp_initialize(params))

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: object) -> Generator[object, object, None]:
        """Remember with which code to end."""
        self.exit_code = 0 if self._shutdown else 1
        yield from super().lsp_exit(*args)


def choose_encoding(offered: list[str]) -> str:
    """Return utf-16 unless the client offers only others: two encodings on one buffer confuse some editors."""
    if "utf-16" in offered:
        return "utf-16"
    return next((kind for kind in ("utf-32", "utf-8") if kind in offered), "utf-16")
